"""Pages of the councils desk."""
