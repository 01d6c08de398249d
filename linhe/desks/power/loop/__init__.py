"""The kinds of the power desk as data."""

from linhe.desks.power.loop.aid import TRUCK_AID
from linhe.desks.power.loop.event import POWER_EVENT
from linhe.desks.power.loop.feeder import FEEDER_DATA
from linhe.desks.power.loop.finding import FINDING

KINDS = (POWER_EVENT, TRUCK_AID, FINDING, FEEDER_DATA)

__all__ = ["FEEDER_DATA", "FINDING", "KINDS", "POWER_EVENT", "TRUCK_AID"]
