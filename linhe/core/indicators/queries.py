"""Reads of indicators: figures, series, the drill-down, and the events behind a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Trunc

from linhe.core.indicators.measures import Measure
from linhe.core.indicators.models import Rollup
from linhe.core.indicators.periods import Period, days_of
from linhe.core.loop import registry
from linhe.core.loop.access import visible_to
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.queries import PAGE_SIZE, page_of
from linhe.core.people.models import Account
from linhe.core.places.models import Place, within
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

By = Literal["day", "week", "month"]
_SUMS = {"n": Sum("count"), "sum": Sum("total"), "of": Sum("base")}


@dataclass(frozen=True, slots=True)
class Figure:
    """What a measure came to: ``count`` events that add up to ``total`` (of a ratio: out of ``base``)."""

    measure: Measure
    count: int = 0
    total: Decimal = Decimal(0)
    base: Decimal = Decimal(0)

    @property
    def value(self) -> float | None:
        """What is shown: how many, the sum, the mean, or percent of the base (None when nothing happened)."""
        if self.measure.value == "count":
            return self.count
        if self.measure.value[0] == "ratio":
            return float(100 * self.total / self.base) if self.base else None
        if not self.measure.shows_mean:
            return float(self.total)
        return float(self.total / self.count) if self.count else None


@dataclass(frozen=True, slots=True)
class Behind:
    """An event behind a figure, without any person. ``matter`` only for who may read it."""

    event_id: int
    at: datetime
    kind: Text
    action: Text
    place: Place
    matter: Matter | None


@dataclass(frozen=True, slots=True)
class EventsPage:
    """A page of the events behind a figure, newest first; ``next_before`` is the key of the following page."""

    rows: list[Behind]
    next_before: int | None


def figures(place: Place, measures: Iterable[Measure], period: Period, *, at: datetime) -> dict[str, Figure]:
    """The figures of several measures at a place in a period, by code, in the given order; one query for all."""
    chosen = list(measures)
    rows = _rollups(period, at).filter(place=place, measure__in=[m.code for m in chosen])
    summed = {row["measure"]: row for row in rows.values("measure").annotate(**_SUMS)}
    return {m.code: _figure(m, summed.get(m.code)) for m in chosen}


def series(
    measure: Measure, place: Place, first: date, after: date, *, by: By = "day"
) -> list[tuple[date, Figure]]:  # fmt: skip
    """A measure from the day ``first`` until before ``after``, by day, week (from Monday) or month, without gaps."""
    rows = (
        Rollup.objects.filter(place=place, measure=measure.code, day__gte=first, day__lt=after)
        .annotate(step=Trunc("day", by))
        .values("step")
        .annotate(**_SUMS)
    )
    found = {row["step"]: _figure(measure, row) for row in rows}
    return [(step, found.get(step, Figure(measure))) for step in _steps(first, after, by)]


def breakdown(measure: Measure, place: Place, period: Period, *, at: datetime) -> list[tuple[Place, Figure]]:
    """A measure at each place right below a place, those without any event included, in the order of their codes."""
    rows = _rollups(period, at).filter(measure=measure.code, place__parent=place)
    summed = {row["place_id"]: row for row in rows.values("place_id").annotate(**_SUMS)}
    children = Place.objects.filter(parent=place).order_by("code")
    return [(child, _figure(measure, summed.get(child.pk))) for child in children]


def events_behind(
    measure: Measure,
    place: Place,
    period: Period,
    account: Account,
    *,
    at: datetime,
    before: int | None = None,
    size: int = PAGE_SIZE,
) -> EventsPage:
    """A page of the events that a figure counts. Each names its matter only if ``account`` may read that matter."""
    first, after = days_of(period, at)
    here = Matter.objects.filter(within(place), kind=measure.kind)
    rows = Event.objects.filter(matter__in=here, action__in=measure.actions, at__lt=_midnight(after))
    if measure.kept:
        rows = rows.filter(data__contains=measure.kept)
    if period != "all":
        rows = rows.filter(at__gte=_midnight(first))
    rows = rows.filter(_has_value(measure))
    page = page_of(rows.select_related("matter__place"), before=before, size=size)
    readable = set(
        visible_to(account, at=at).filter(pk__in=[e.matter_id for e in page.rows]).values_list("pk", flat=True)
    )
    return EventsPage([_behind(event, event.matter_id in readable) for event in page.rows], page.next_before)


def _has_value(measure: Measure) -> Q:
    """Events without the number, or without the earlier action, are not behind the figure."""
    if measure.value == "count":
        return Q()
    how, *names = measure.value
    if how != "minutes_since":
        return Q(data__has_keys=names)
    name = names[0]
    return Q(Exists(Event.objects.filter(matter=OuterRef("matter"), action=name, seq__lt=OuterRef("seq"))))


def _behind(event: Event, readable: bool) -> Behind:
    matter = event.matter
    kind = registry.kind(matter.kind, matter.kind_version)
    action = kind.action(event.action).name
    return Behind(event.pk, event.at, kind.name, action, matter.place, matter if readable else None)


def _figure(measure: Measure, row: Mapping[str, Any] | None) -> Figure:
    return Figure(measure, row["n"], row["sum"], row["of"]) if row else Figure(measure)


def _rollups(period: Period, at: datetime) -> QuerySet[Rollup]:
    first, after = days_of(period, at)
    return Rollup.objects.filter(day__gte=first, day__lt=after)


def _steps(first: date, after: date, by: By) -> list[date]:
    step = {"day": first, "week": first - timedelta(days=first.weekday()), "month": first.replace(day=1)}[by]
    found = []
    while step < after:
        found.append(step)
        if by == "month":
            step = (step.replace(day=28) + timedelta(days=4)).replace(day=1)
        else:
            step += timedelta(days=1 if by == "day" else 7)
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
