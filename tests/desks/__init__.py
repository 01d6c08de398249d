"""Desks that only the tests know."""
