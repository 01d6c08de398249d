"""The few plain choices of when: now, urgently, or a part of today and tomorrow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linhe.core.dated import value
from linhe.lib.text import Text
from linhe.lib.units import duration
from linhe.lib.working_calendar import SHANGHAI

SHORTEST = timedelta(minutes=45)
"""A part of the day is offered until so long before its end."""
PARTS = (
    ("am", Text("上午", "morning"), 8, 12),
    ("pm", Text("下午", "afternoon"), 12, 18),
    ("eve", Text("晚上", "evening"), 18, 21),
)
DAYS = (Text("今天", "This"), Text("明天", "Tomorrow"))


@dataclass(frozen=True, slots=True)
class Slot:
    """One choice of time. Without limits the desk's own apply."""

    code: str
    name: Text
    hint: Text
    earliest_at: datetime | None = None
    latest_at: datetime | None = None
    urgent: bool = False


def slots(*, at: datetime, place_code: str = "") -> list[Slot]:
    """The choices at a moment, the soonest first."""
    soon = duration(60 * value("errands.find_minutes", at=at, place_code=place_code))
    today = at.astimezone(SHANGHAI).date()
    parts = [_slot(today, day, part) for day in range(len(DAYS)) for part in range(len(PARTS))]
    return [
        Slot("asap", Text("尽快", "As soon as possible"), Text(f"{soon.zh}内送到", f"within {soon.en}")),
        Slot("urgent", Text("急用", "Urgent"), Text("优先找人", "asked for first"), urgent=True),
        *(s for s in parts if s.latest_at is not None and s.latest_at - at >= SHORTEST),
    ]


def slot_of(code: str, *, at: datetime, place_code: str = "") -> Slot | None:
    """The choice of that code, None when it is no longer open."""
    return next((s for s in slots(at=at, place_code=place_code) if s.code == code), None)


def _slot(today: date, day: int, part: int) -> Slot:
    code, name, first, last = PARTS[part]
    on = today + timedelta(days=day)
    return Slot(
        f"{on.isoformat()}-{code}",
        Text(f"{DAYS[day].zh}{name.zh}", f"{DAYS[day].en} {name.en}"),
        Text(f"{first}–{last} 点", f"{first}:00–{last}:00"),
        datetime.combine(on, time(first), SHANGHAI),
        datetime.combine(on, time(last), SHANGHAI),
    )
