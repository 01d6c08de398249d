"""Clocks of a matter: started, paused, resumed and stopped by its actions, counted in wall or working time."""

from __future__ import annotations

from datetime import datetime, timedelta

from linhe.core.dated import parameter, value
from linhe.core.loop.kinds import NEW, Clock
from linhe.core.loop.models import Matter, MatterClock
from linhe.core.loop.step import Step
from linhe.lib.working_calendar import (
    WorkingHours,
    add_working_days,
    add_working_minutes,
    working_minutes_between,
)


def move_clocks(step: Step) -> None:
    """Apply an action to the clocks of its matter; closing a matter stops them all."""
    code, closes = step.action.code, step.kind.stage(step.to).final
    clocks = step.kind.clocks
    stopped = [c.code for c in clocks if closes or code in c.stop or code in c.start]
    if stopped and step.from_stage != NEW:
        running = MatterClock.objects.filter(matter=step.matter, code__in=stopped, stopped_at__isnull=True)
        running.update(stopped_at=step.at, paused_at=None, remaining=None)
    for clock in clocks:
        if code in clock.start and not closes:
            MatterClock.objects.create(
                matter=step.matter,
                code=clock.code,
                started_at=step.at,
                due_at=step.due.get(clock.code) or due(clock, step.at, step.matter),
            )
        elif code in clock.pause:
            _pause(clock, step)
        elif code in clock.resume:
            _resume(clock, step)


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
    """Time left in the clock's own measure (working time for working limits); negative when already late."""
    if parameter(clock.limit).unit == "min":
        return due_at - at
    hours = _hours(at, matter.place.code)
    minutes = working_minutes_between(min(at, due_at), max(at, due_at), hours, unpublished="weekends")
    return timedelta(minutes=minutes if at <= due_at else -minutes)


def _after(clock: Clock, at: datetime, left: timedelta, matter: Matter) -> datetime:
    if parameter(clock.limit).unit == "min" or left <= timedelta(0):
        return at + left
    hours = _hours(at, matter.place.code)
    return add_working_minutes(at, left.total_seconds() / 60, hours, unpublished="weekends")


def _hours(at: datetime, place_code: str) -> WorkingHours:
    return WorkingHours.parse(value("loop.working_hours", at=at, place_code=place_code))
