"""Template filters of the exchange desk."""
