"""What the actions of the power desk ask for."""

from linhe.core.runsheets.schemas import CallItem, FailItem, PauseRun, RepeatItem, SkipItem
from linhe.desks.power.schemas.event import AddSignal, Cancel, Locate, RaiseAlarm, Report, SetWeather, UsePlan

__all__ = [
    "AddSignal", "CallItem", "Cancel", "FailItem", "Locate", "PauseRun", "RaiseAlarm", "RepeatItem", "Report",
    "SetWeather", "SkipItem", "UsePlan",
]  # fmt: skip
