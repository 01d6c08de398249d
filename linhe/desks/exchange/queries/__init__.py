"""Reads of the exchange desk."""
