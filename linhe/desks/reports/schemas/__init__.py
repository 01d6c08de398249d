"""What the actions of this desk ask for, by the names that its loops use."""

from linhe.desks.reports.schemas.hotline import AnswerOrder, AssignOrder, CallBack, ReceiveOrder, ReturnOrder
from linhe.desks.reports.schemas.report import (
    MOST_ID,
    Add,
    AskPause,
    Explain,
    HandOn,
    Hide,
    Latitude,
    Longitude,
    Merge,
    Publish,
    RaiseReport,
    Relimit,
    Reopen,
    Reroute,
    Solve,
)

__all__ = [
    "MOST_ID",
    "Add",
    "AnswerOrder",
    "AskPause",
    "AssignOrder",
    "CallBack",
    "Explain",
    "HandOn",
    "Hide",
    "Latitude",
    "Longitude",
    "Merge",
    "Publish",
    "RaiseReport",
    "ReceiveOrder",
    "Relimit",
    "Reopen",
    "Reroute",
    "ReturnOrder",
    "Solve",
]
