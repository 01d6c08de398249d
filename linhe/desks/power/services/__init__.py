"""Writes of the power desk: what pages call, and the effects that actions run."""

from linhe.core.runsheets.running import call_item, fail_item, pause, repeat_item, resume, skip_item
from linhe.desks.power.services.events import add_signal, cancel, finish, locate, raise_alarm, set_weather
from linhe.desks.power.services.feeders import register_truck, store_feeder
from linhe.desks.power.services.planning import make_plan, plan_anew, use_plan

__all__ = [
    "add_signal", "call_item", "cancel", "fail_item", "finish", "locate", "make_plan", "pause", "plan_anew",
    "raise_alarm", "register_truck", "repeat_item", "resume", "set_weather", "skip_item", "store_feeder", "use_plan",
]  # fmt: skip
