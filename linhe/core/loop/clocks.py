"""Clocks of a matter: started, paused, resumed and stopped by its actions, counted in wall or working time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from linhe.core.dated import parameter, value
from linhe.core.loop.kinds import NEW, Clock
from linhe.core.loop.models import Matter, MatterClock
from linhe.core.loop.step import Step
from linhe.lib.working_calendar import (
    WorkingHours,
    add_working_days,
    add_working_minutes,
    working_days_between,
    working_minutes_between,
)


@dataclass(frozen=True, slots=True)
class ClockMoves:
    """Codes of the clocks that an action stops, and code and limit of those that it starts."""

    stopped: list[str]
    started: dict[str, datetime]


def move_clocks(step: Step) -> ClockMoves:
    """Pause and resume what the action pauses and resumes; return what is to be stopped and started.

    Closing a matter stops every clock. The returned moves are written in one statement with the event.
    """
    code, closes = step.action.code, step.kind.stage(step.to).final
    restarted = [c.code for c in step.kind.clocks if code in c.start]
    if restarted and step.from_stage != NEW:
        running = MatterClock.objects.filter(matter=step.matter, code__in=restarted, stopped_at__isnull=True)
        running.update(stopped_at=step.at, paused_at=None, remaining=None)
    for clock in step.kind.clocks:
        if code in clock.pause:
            _pause(clock, step)
        if code in clock.resume:
            _resume(clock, step)
    started = {c.code: c for c in step.kind.clocks if code in c.start and not closes}
    return ClockMoves(
        stopped=[c.code for c in step.kind.clocks if closes or code in c.stop],
        started={name: step.due.get(name) or due(c, step.at, step.matter) for name, c in started.items()},
    )


def due(clock: Clock, start: datetime, matter: Matter) -> datetime:
    """When a clock started at ``start`` runs out, by the parameter in force on that day at the matter's place."""
    place_code = matter.place.code
    limit = value(clock.limit, at=start, place_code=place_code)
    match parameter(clock.limit).unit:
        case "min":
            return start + timedelta(minutes=limit)
        case "working min":
            return add_working_minutes(start, limit, _hours(start, place_code), unpublished="weekends")
        case "working days":
            return add_working_days(start, limit, unpublished="weekends")
        case unit:
            raise ValueError(f"{clock.limit}: a clock cannot count in {unit!r}")


def _pause(clock: Clock, step: Step) -> None:
    running = MatterClock.objects.filter(
        matter=step.matter,
        code=clock.code,
        stopped_at__isnull=True,
        paused_at__isnull=True,
    ).first()
    if running is None:
        return
    running.paused_at = step.at
    running.remaining = _left(clock, step.at, running.due_at, step.matter)
    running.save(update_fields=["paused_at", "remaining"])


def _resume(clock: Clock, step: Step) -> None:
    paused = MatterClock.objects.filter(
        matter=step.matter,
        code=clock.code,
        stopped_at__isnull=True,
        paused_at__isnull=False,
    ).first()
    if paused is None or paused.remaining is None:
        return
    paused.due_at = _after(clock, step.at, paused.remaining, step.matter)
    paused.paused_at = paused.remaining = None
    paused.save(update_fields=["due_at", "paused_at", "remaining"])


def _left(clock: Clock, at: datetime, due_at: datetime, matter: Matter) -> timedelta:
    """Time left in the clock's own measure (working time or whole working days); negative when already late."""
    unit = parameter(clock.limit).unit
    if unit == "min" or at > due_at:
        return due_at - at
    if unit == "working days":
        return timedelta(days=working_days_between(at, due_at, unpublished="weekends"))
    hours = _hours(at, matter.place.code)
    return timedelta(minutes=working_minutes_between(at, due_at, hours, unpublished="weekends"))


def _after(clock: Clock, at: datetime, left: timedelta, matter: Matter) -> datetime:
    unit = parameter(clock.limit).unit
    if unit == "min" or left < timedelta(0):
        return at + left
    if unit == "working days":
        # With no whole day left, the rest of the first working day from now on remains.
        start, days = (at, left.days) if left.days else (at - timedelta(days=1), 1)
        return add_working_days(start, days, unpublished="weekends")
    hours = _hours(at, matter.place.code)
    return add_working_minutes(at, left.total_seconds() / 60, hours, unpublished="weekends")


def _hours(at: datetime, place_code: str) -> WorkingHours:
    return WorkingHours.parse(value("loop.working_hours", at=at, place_code=place_code))
