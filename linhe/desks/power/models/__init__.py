"""Tables of the power desk."""

from linhe.desks.power.models.aid import GuestLink, RunFinding, TruckAid
from linhe.desks.power.models.event import SCENES, SIGNALS, Feeder, Outage, Plan, Signal, Truck

__all__ = [
    "SCENES", "SIGNALS", "Feeder", "GuestLink", "Outage", "Plan", "RunFinding", "Signal", "Truck", "TruckAid",
]  # fmt: skip
