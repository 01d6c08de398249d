"""The kinds of the power desk as data."""

from linhe.desks.power.loop.event import POWER_EVENT

__all__ = ["POWER_EVENT"]
