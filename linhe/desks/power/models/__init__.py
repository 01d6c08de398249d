"""Tables of the power desk."""

from linhe.desks.power.models.event import SCENES, SIGNALS, Feeder, Outage, Plan, Signal, Truck

__all__ = ["SCENES", "SIGNALS", "Feeder", "Outage", "Plan", "Signal", "Truck"]
