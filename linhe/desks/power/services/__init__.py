"""Writes of the power desk: what pages call, and the effects that actions run."""

from linhe.core.runsheets.running import call_item, pause, repeat_item, resume, skip_item
from linhe.desks.power.services.aid import accept_aid, ask_aid, connect_aid, end_aid, release_aid, send_aid
from linhe.desks.power.services.events import add_signal, cancel, finish, locate, raise_alarm, set_weather
from linhe.desks.power.services.feeder_changes import adopt_feeder, end_feeder, submit_feeder
from linhe.desks.power.services.feeder_files import read_file
from linhe.desks.power.services.feeders import register_truck, store_feeder
from linhe.desks.power.services.findings import register_finding
from linhe.desks.power.services.guests import invite, note_visit, revoke
from linhe.desks.power.services.planning import fail_item, make_plan, plan_anew, use_plan

__all__ = [
    "accept_aid",
    "add_signal",
    "adopt_feeder",
    "ask_aid",
    "call_item",
    "cancel",
    "connect_aid",
    "end_aid",
    "end_feeder",
    "fail_item",
    "finish",
    "invite",
    "locate",
    "make_plan",
    "note_visit",
    "pause",
    "plan_anew",
    "raise_alarm",
    "read_file",
    "register_finding",
    "register_truck",
    "release_aid",
    "repeat_item",
    "resume",
    "revoke",
    "send_aid",
    "set_weather",
    "skip_item",
    "store_feeder",
    "submit_feeder",
    "use_plan",
]
