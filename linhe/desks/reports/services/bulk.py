"""One step and one reply for many reports: each goes through the door by itself, and says itself why not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linhe.core.loop.access import visible_to
from linhe.core.loop.acting import act
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.desks.reports.loop import REPORT
from linhe.lib.text import Text


def act_on_many(
    *, by: Account, numbers: Sequence[int], action: str, words: str, at: datetime, key: str
) -> tuple[int, list[tuple[int, Text]]]:
    """Take an action on every report of these numbers. Returns how many were done, and the others with the reason."""
    declared = REPORT.action(action)
    data = {"words": words} if declared.data else None
    found = {m.pk: m for m in visible_to(by, at=at).filter(pk__in=numbers, kind=REPORT.code).select_related("place")}
    done, refused = 0, []
    for number in dict.fromkeys(numbers):
        matter = found.get(number)
        if matter is None:
            refused.append((number, Text("没有找到。", "not found")))
            continue
        try:
            act(matter, action, by=by, data=data, at=at, key=f"{key[:60]}.{number}")
            done += 1
        except Refused as refusal:
            why = next(iter(refusal.details.values()), "")
            refused.append((number, Text(why, why) if why else refusal.message))
    return done, refused
