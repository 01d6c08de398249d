"""Reads of this desk."""

from linhe.desks.volunteering.queries.panel import detail

__all__ = ["detail"]
