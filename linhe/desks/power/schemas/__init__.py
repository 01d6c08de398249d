"""What the actions of the power desk ask for."""

from linhe.core.runsheets.schemas import CallItem, FailItem, PauseRun, RepeatItem, SkipItem
from linhe.desks.power.schemas.aid import AcceptAid, AskAid, DeclineAid, FixFinding, RegisterFinding
from linhe.desks.power.schemas.event import AddSignal, Cancel, Locate, RaiseAlarm, Report, SetWeather, UsePlan
from linhe.desks.power.schemas.feeder import SendBackFeeder, SubmitFeeder

__all__ = [
    "AcceptAid", "AddSignal", "AskAid", "CallItem", "Cancel", "DeclineAid", "FailItem", "FixFinding", "Locate",
    "PauseRun", "RaiseAlarm", "RegisterFinding", "RepeatItem", "Report", "SendBackFeeder", "SetWeather",
    "SkipItem", "SubmitFeeder", "UsePlan",
]  # fmt: skip
