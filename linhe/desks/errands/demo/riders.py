"""A courier of a played day: drives from stop to stop at the shift's speed, and knows where it is at any moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from linhe.core.people.models import Account
from linhe.desks.errands.models import Shift
from linhe.desks.errands.queries.state import Ahead, stops_ahead
from linhe.desks.errands.services import Report
from linhe.lib.geography import Point, distance_m


@dataclass(slots=True)
class Rider:
    """Where a courier is and goes. ``turn`` counts changes of plan, so that outdated arrivals are recognised."""

    account: Account
    shift: Shift
    road_factor: float
    at: Point
    since: datetime
    ahead: list[Ahead] = field(default_factory=list)
    target: Ahead | None = None
    arrive_at: datetime | None = None
    serving: Ahead | None = None
    turn: int = 0
    passed: list[tuple[int, datetime]] = field(default_factory=list)
    fresh: bool = True
    """Something happened since the last report."""
    ridden_m: float = 0.0
    own_m: float = field(init=False)
    """What the own stops alone would take, to the end of the shift."""

    def __post_init__(self) -> None:
        self.own_m = self._metres(self.at, *(Point(s.lng, s.lat) for s in self.ahead), self._end)

    def reload(self) -> None:
        """Read the stops ahead again, after an errand joined or left the route."""
        rows = stops_ahead([self.shift.pk]).get(self.shift.pk, [])
        hidden = {self.serving.stop_id if self.serving else 0, *(stop_id for stop_id, _ in self.passed)}
        self.ahead = [stop for stop in rows if stop.stop_id not in hidden]

    def set_out(self, now: datetime) -> datetime | None:
        """Turn to the first stop ahead, from wherever the courier is; when service there begins, None with no stop."""
        here = self.position(now)
        self.ridden_m += self._metres(self.at, here)
        self.at, self.since, self.turn, self.fresh = here, now, self.turn + 1, True
        self.target = self.ahead[0] if self.ahead else None
        self.arrive_at = None
        if self.target is None:
            return None
        metres = self._metres(self.at, Point(self.target.lng, self.target.lat))
        self.arrive_at = now + timedelta(seconds=metres / (self.shift.speed_kmh / 3.6))
        return max(self.arrive_at, self.target.earliest_at or self.arrive_at)

    def stop_here(self, now: datetime) -> Ahead:
        """Service begins at the target."""
        assert self.target is not None
        stop = self.serving = self.target
        self.ahead = [s for s in self.ahead if s.stop_id != stop.stop_id]
        here = Point(stop.lng, stop.lat)
        self.ridden_m += self._metres(self.at, here)
        self.at, self.since, self.target, self.arrive_at, self.fresh = here, now, None, None, True
        return stop

    def position(self, now: datetime) -> Point:
        """Where the courier is, on the straight line to the target."""
        if self.target is None or self.arrive_at is None or self.arrive_at <= self.since:
            return self.at
        share = min(1.0, (now - self.since) / (self.arrive_at - self.since))
        return Point(
            self.at.lng + share * (self.target.lng - self.at.lng), self.at.lat + share * (self.target.lat - self.at.lat)
        )

    @property
    def detour_m(self) -> float:
        """How much further than the own stops alone the courier rode, and has to ride home from here."""
        return self.ridden_m + self._metres(self.at, self._end) - self.own_m

    @property
    def busy(self) -> bool:
        """Riding somewhere or serving at a stop."""
        return self.target is not None or self.serving is not None

    @property
    def driving(self) -> bool:
        """Whether the position changes with time."""
        return self.target is not None

    def report(self, now: datetime, free_at: datetime) -> Report:
        """What the company's system would tell now."""
        here, passed = self.position(now), tuple(self.passed)
        self.passed.clear()
        self.fresh = False
        return Report(self.shift.pk, here.lat, here.lng, free_at, passed)

    @property
    def _end(self) -> Point:
        return Point(self.shift.end_lng, self.shift.end_lat)

    def _metres(self, *way: Point) -> float:
        return self.road_factor * sum(distance_m(a, b) for a, b in pairwise(way))
