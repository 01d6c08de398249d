"""The kinds of the power desk as data."""

from linhe.desks.power.loop.aid import TRUCK_AID
from linhe.desks.power.loop.event import POWER_EVENT
from linhe.desks.power.loop.finding import FINDING

KINDS = (POWER_EVENT, TRUCK_AID, FINDING)

__all__ = ["FINDING", "KINDS", "POWER_EVENT", "TRUCK_AID"]
