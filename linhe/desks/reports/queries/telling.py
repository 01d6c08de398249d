"""Where a report stands, in a sentence for the one who reported it, and as a row of dots."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linhe.core.loop.models import Matter
from linhe.desks.reports.loop.report import (
    CONFIRMED,
    DECLINED,
    LAPSED,
    MERGED,
    PAUSED,
    PAUSING,
    RAISED,
    SOLVED,
    WITHDRAWN,
    WORKING,
)
from linhe.desks.reports.queries.views import ReportView
from linhe.lib.text import Text

STEPS = (
    ((RAISED,), Text("已收到", "received")),
    ((WORKING, PAUSING, PAUSED), Text("办理中", "under way")),
    ((SOLVED,), Text("已办结", "solved")),
    ((CONFIRMED, LAPSED), Text("已确认", "confirmed")),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A headline and what follows from it."""

    head: Text
    more: Text


@dataclass(frozen=True, slots=True)
class Dot:
    """A step of the way: behind, here or ahead."""

    name: Text
    state: str


def told_of(view: ReportView, *, at: datetime) -> Told:
    """What is to be said to whoever reported it."""
    owner, stage = view.owner, view.matter.stage
    if stage == RAISED:
        return Told(
            Text("已收到，转给负责的单位了", "Received and passed on"),
            Text(f"由{owner.zh}受理，受理后会告诉您。", f"{owner.en} will accept it; you will be told."),
        )
    if stage in (WORKING, PAUSING):
        return Told(
            Text(f"{owner.zh}正在办", f"{owner.en} is dealing with it"),
            Text("办好会请您来看一看、点确认。", "When it is done you are asked to have a look."),
        )
    if stage == PAUSED:
        return Told(
            Text("暂时停一停", "Paused for now"),
            Text(
                "遇到客观原因，经批准暂停计时，恢复后继续办。", "For a reason that was approved; it goes on afterwards."
            ),
        )
    if stage == SOLVED:
        return Told(
            Text("说是办好了，您看解决了吗？", "They say it is solved. Is it?"),
            Text("解决了点确认，没解决就退回去继续办。", "Confirm it, or send it back to be dealt with again."),
        )
    return _over(view, stage)


def trail_of(matter: Matter) -> list[Dot]:
    """The way of a report; empty for one that left it."""
    here = next((n for n, (stages, _) in enumerate(STEPS) if matter.stage in stages), None)
    if here is None:
        return []
    return [Dot(name, "behind" if n < here else "here" if n == here else "ahead") for n, (_, name) in enumerate(STEPS)]


def _over(view: ReportView, stage: str) -> Told:
    if stage == CONFIRMED:
        return Told(Text("办好了", "Solved"), Text("谢谢您为大家操心。", "Thank you for looking after us all."))
    if stage == LAPSED:
        return Told(
            Text("到期结案了", "Closed when time ran out"),
            Text(
                "您没来得及确认。没解决的话，点「没解决」就接着办。",
                "You were not heard in time. Say so if it is not solved.",
            ),
        )
    if stage == DECLINED:
        return Told(Text("没有受理", "Not taken on"), Text("原因见下面的记录。", "The reason is on record below."))
    if stage == MERGED:
        return Told(
            Text("并入了同一处的另一件", "Goes on together with another report"),
            Text(f"由 #{view.into} 接着办，有进展会告诉您。", f"#{view.into} goes on; you will hear of it."),
        )
    assert stage == WITHDRAWN, stage
    return Told(Text("已撤回", "Withdrawn"), Text("需要时可以再报。", "You may report it again."))
