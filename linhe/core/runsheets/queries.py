"""Reads of a run sheet: what comes now, how each item went against its time and the runs before, the clocks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, ExpressionWrapper, F, FloatField
from django.db.models.functions import Extract

from linhe.core.dated import value
from linhe.core.loop.models import Matter
from linhe.core.runsheets.models import DONE, FAILED, NONE, OPEN, REPLACED, RunClock, RunItem, RunSheet
from linhe.core.runsheets.template import Template, template_at
from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class ToldItem:
    """An item with its time so far or in all, and the mean of the same step in the runs before. [s]"""

    item: RunItem
    took_s: int | None
    before_s: int | None
    current: bool

    @property
    def late(self) -> bool:
        """Over its target."""
        return self.took_s is not None and self.took_s > self.item.target_s

    @property
    def share(self) -> int:
        """Of its target, in percent, 100 at most (for a bar)."""
        return 0 if self.took_s is None else min(100, 100 * self.took_s // max(self.item.target_s, 1))


@dataclass(frozen=True, slots=True)
class ToldClock:
    """A clock of the run: seconds that count so far, and its limit."""

    clock: RunClock
    elapsed_s: int | None
    running: bool
    paused: bool

    @property
    def late(self) -> bool:
        """Over its limit."""
        return self.elapsed_s is not None and self.elapsed_s > self.clock.limit_s

    @property
    def limit_min(self) -> int:
        """Its limit in minutes."""
        return self.clock.limit_s // 60


@dataclass(frozen=True, slots=True)
class ToldPhase:
    """A phase with its items that count (what a new plan replaced is left out)."""

    code: str
    name: Text
    items: list[ToldItem]

    @property
    def done(self) -> int:
        """How many are behind."""
        return sum(1 for told in self.items if told.item.state != OPEN)

    @property
    def here(self) -> bool:
        """Whether the run stands in this phase."""
        return any(told.current for told in self.items)


@dataclass(frozen=True, slots=True)
class ToldSheet:
    """A whole sheet as pages show it at a moment."""

    sheet: RunSheet
    template: Template
    phases: list[ToldPhase]
    clocks: list[ToldClock]
    current: ToldItem | None
    next: list[RunItem]

    @property
    def total(self) -> int:
        """Items that are to be carried out or were."""
        return sum(1 for phase in self.phases for told in phase.items if told.item.state != NONE)

    @property
    def done(self) -> int:
        """Items that are behind."""
        return sum(1 for phase in self.phases for told in phase.items if told.item.state not in (OPEN, NONE))


def sheet_of(matter: Matter) -> RunSheet | None:
    """The run sheet of a matter, None when it has none."""
    return RunSheet.objects.filter(pk=matter.pk).first()


def told_sheet(sheet: RunSheet, *, at: datetime, place_code: str | None = None) -> ToldSheet:
    """The sheet at a moment, in the words of the template that it was made from."""
    template = template_at(sheet.template, at=sheet.began_at, place_code=place_code)
    items = [item for item in sheet.items.order_by("seq") if item.state != REPLACED]
    waiting = [item for item in items if item.state == OPEN]
    current = waiting[0] if waiting and sheet.ended_at is None else None
    before = means_before(sheet, at=at, place_code=place_code)
    told = [
        ToldItem(item, _took(sheet, item, at, item is current), before.get(item.code), item is current)
        for item in items
    ]
    phases = [ToldPhase(code, name, [one for one in told if one.item.phase == code]) for code, name in template.phases]
    clocks = [_clock(sheet, clock, at) for clock in sheet.clocks.order_by("id")]
    return ToldSheet(sheet, template, phases, clocks, next((one for one in told if one.current), None), waiting[1:])


def means_before(sheet: RunSheet, *, at: datetime, place_code: str | None = None) -> dict[str, int]:
    """Mean seconds of each step in the latest runs of the same template that ended before this one began."""
    most = value("runsheets.compared_runs", at=at, place_code=place_code)
    earlier = RunSheet.objects.filter(template=sheet.template, ended_at__lte=sheet.began_at).exclude(pk=sheet.pk)
    latest = list(earlier.order_by("-began_at").values_list("pk", flat=True)[:most])
    seconds = ExpressionWrapper(
        Extract(F("done_at") - F("opened_at"), "epoch") - F("paused_s"), output_field=FloatField()
    )
    rows = RunItem.objects.filter(sheet__in=latest, state=DONE, opened_at__isnull=False)
    return {code: round(mean) for code, mean in rows.values_list("code").annotate(mean=Avg(seconds)).order_by("code")}


def elapsed_s(clock: RunClock, *, at: datetime, paused_at: datetime | None = None) -> int | None:
    """Seconds that count for a clock at a moment; None before it starts. A halt that still lasts counts in no drill."""
    if clock.started_at is None:
        return None
    until = clock.stopped_at or min(at, paused_at or at)
    return max(0, round((until - clock.started_at).total_seconds()) - clock.paused_s)


def operations_done(sheet: RunSheet) -> Iterable[RunItem]:
    """The planned operations that were carried out, in the order in which they were."""
    return sheet.items.filter(state=DONE, operation__isnull=False).order_by("seq")


def devices_failed(sheet: RunSheet) -> list[str]:
    """The devices whose operation failed, in order, each once."""
    rows = sheet.items.filter(state=FAILED, operation__isnull=False).order_by("seq")
    return list(dict.fromkeys(str(row.operation["device"]) for row in rows if row.operation))


def _took(sheet: RunSheet, item: RunItem, at: datetime, current: bool) -> int | None:
    if item.opened_at is None or not (item.done_at or current):
        return None
    until = item.done_at or min(at, sheet.paused_at or at)
    return max(0, round((until - item.opened_at).total_seconds()) - item.paused_s)


def _clock(sheet: RunSheet, clock: RunClock, at: datetime) -> ToldClock:
    halted = sheet.paused_at if sheet.drill else None
    until = min(at, sheet.ended_at) if sheet.ended_at else at
    running = clock.started_at is not None and clock.stopped_at is None and sheet.ended_at is None
    return ToldClock(clock, elapsed_s(clock, at=until, paused_at=halted), running, running and halted is not None)
