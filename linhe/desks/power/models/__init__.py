"""Tables of the power desk."""

from linhe.desks.power.models.aid import GuestLink, RunFinding, TruckAid
from linhe.desks.power.models.event import SCENES, SIGNALS, Feeder, Outage, Plan, Signal, Truck
from linhe.desks.power.models.feeder import FeederChange

__all__ = [
    "SCENES", "SIGNALS", "Feeder", "FeederChange", "GuestLink", "Outage", "Plan", "RunFinding", "Signal", "Truck",
    "TruckAid",
]  # fmt: skip
