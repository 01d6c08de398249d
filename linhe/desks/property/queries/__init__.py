"""Reads of the property desk."""
