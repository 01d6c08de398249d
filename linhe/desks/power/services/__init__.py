"""Writes of the power desk."""
