"""Pages of the care desk."""
