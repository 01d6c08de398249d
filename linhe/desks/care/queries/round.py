"""The worker's round of today: alarms and visits as one walk, ordered by the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from linhe.core.dated import value
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.care import engine
from linhe.desks.care.queries.people import care_places
from linhe.desks.care.queries.today import Alarm, alarms, visits_today
from linhe.lib.geography import Point
from linhe.lib.masking import mask_name
from linhe.lib.periods import day_of
from linhe.lib.text import Text

WIDTH, HEIGHT, MARGIN = 320, 200, 20
"""The sketch of the walk, in its own units."""


@dataclass(frozen=True, slots=True)
class Door:
    """One stop of the walk: ``reached`` and ``late`` as the engine says; ``x`` and ``y`` on the sketch."""

    number: int
    matter: Matter
    name: str
    home: Place
    what: Text
    tone: str
    reached: datetime
    until: datetime | None
    late: bool
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Walk:
    """A round: ``kept`` tells that all windows can be kept."""

    doors: list[Door]
    start: tuple[int, int]
    metres: int
    ends: datetime
    kept: bool
    unplaced: int

    @property
    def line(self) -> str:
        """The walk as points of an SVG line."""
        return " ".join(f"{x},{y}" for x, y in [self.start, *((d.x, d.y) for d in self.doors)])


def walk_of(account: Account, *, at: datetime, found: list[Alarm] | None = None) -> Walk:
    """Order today's doors. Windows that cannot all be kept are said so, and missed by as little as possible."""
    midnight, _ = day_of(at)
    now_s = max(0, int((at - midnight).total_seconds()))
    look_s = 60 * int(value("care.look_minutes", at=at))
    stops: list[tuple[Matter, str, Place | None, Text, str, int, int, int]] = []
    for alarm in found if found is not None else alarms(account, at=at):
        due = _seconds(alarm.check.matter.due_at, midnight, now_s)
        stops.append((
            alarm.check.matter, alarm.name, alarm.check.enrolment.home, alarm.level,
            "bad", now_s, max(now_s, due), look_s,
        ))  # fmt: skip
    for visit in visits_today(account, at=at):
        name = mask_name(visit.matter.beneficiary.name if visit.matter.beneficiary else "")
        first, last = (_seconds(m, midnight, now_s) for m in (visit.from_at, visit.until_at))
        stops.append((visit.matter, name, visit.home, Text("上门", "visit"), "move", first, max(first, last),
                      60 * visit.minutes))  # fmt: skip
    placed = [one for one in stops if _point(one[2])][: engine.problem.MOST_STOPS]
    start = _start(account, placed, at=at)
    problem = engine.Problem(
        start, now_s,
        tuple(
            engine.Stop(one[0].pk, _point(one[2]) or start, min(one[5], _WEEK), min(one[6], _WEEK), one[7])
            for one in placed
        ),
        float(value("care.walking_kmh", at=at)), float(value("care.way_factor", at=at)),
    )  # fmt: skip
    work = float(value("care.round_seconds", at=at))
    result = engine.solve(problem, engine.Params(work=work))
    kept = result.status != "infeasible"
    if not kept:
        result = engine.solve(problem, engine.Params(late_allowed=True, work=work))
    known = {one[0].pk: one for one in placed}
    spots = _sketch([start, *(_point(known[c.id][2]) or start for c in result.calls)])
    doors = []
    for n, (call, (x, y)) in enumerate(zip(result.calls, spots[1:], strict=True), 1):
        matter, name, home, what, tone, _, last, _ = known[call.id]
        assert home is not None
        until = midnight + timedelta(seconds=last)
        reached = midnight + timedelta(seconds=call.begins_s)
        doors.append(Door(n, matter, name, home, what, tone, reached, until, call.late_s > 0, x, y))
    ends = midnight + timedelta(seconds=result.finish_s)
    return Walk(doors, spots[0], round(result.walk_m), ends, kept, len(stops) - len(placed))


_WEEK = 7 * 86_400


def _seconds(moment: datetime | None, midnight: datetime, now_s: int) -> int:
    """A moment on the axis of the day; limits of yesterday count as now."""
    return now_s if moment is None else max(0, int((moment - midnight).total_seconds()))


def _point(place: Place | None) -> Point | None:
    for one in (place, place.building if place else None, place.compound if place else None):
        if one is not None and one.lat is not None and one.lng is not None:
            return Point(one.lng, one.lat)
    return None


def _start(
    account: Account, stops: list[tuple[Matter, str, Place | None, Text, str, int, int, int]], *, at: datetime
) -> Point:
    """The community's own point, else the first door."""
    for place in care_places(account, at=at):
        if place.lat is not None and place.lng is not None:
            return Point(place.lng, place.lat)
    return next((p for one in stops if (p := _point(one[2]))), Point(0, 0))


def _sketch(points: list[Point]) -> list[tuple[int, int]]:
    """Where points lie on the sketch, north above, to one scale."""
    west, south = min(p.lng for p in points), min(p.lat for p in points)
    wide, tall = max(p.lng for p in points) - west, max(p.lat for p in points) - south
    # A degree of longitude is about four fifths of one of latitude where the desk is used; a sketch needs no more.
    scale = min((WIDTH - 2 * MARGIN) / max(0.8 * wide, 1e-6), (HEIGHT - 2 * MARGIN) / max(tall, 1e-6))
    return [
        (round(MARGIN + 0.8 * (p.lng - west) * scale), round(HEIGHT - MARGIN - (p.lat - south) * scale))
        for p in points
    ]  # fmt: skip
