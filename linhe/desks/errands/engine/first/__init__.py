"""The first version of the engine, kept unchanged: what the present one is measured against."""

from .solver import METHODS, solve

__all__ = ["METHODS", "solve"]
