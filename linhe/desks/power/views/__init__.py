"""Pages of the power desk."""
