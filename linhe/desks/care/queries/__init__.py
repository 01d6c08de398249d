"""Reads of the care desk, each behind its own gate: the generic lists know nothing of it."""
