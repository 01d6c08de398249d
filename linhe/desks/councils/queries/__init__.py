"""Reads of the councils desk."""
