"""The rotating check-in code of a meeting (RFC 6238)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyotp

from linhe.core.dated import value
from linhe.desks.councils.models import MeetingDetail


@dataclass(frozen=True, slots=True)
class CheckIn:
    """The code of the moment and when the next one comes."""

    code: str
    until_at: datetime


def check_in(meeting: MeetingDetail, *, at: datetime) -> CheckIn:
    """What the secretary's screen shows now."""
    totp = _totp(meeting, at)
    steps = int(at.timestamp()) // totp.interval
    return CheckIn(totp.at(at.astimezone(UTC)), datetime.fromtimestamp((steps + 1) * totp.interval, UTC))


def code_holds(meeting: MeetingDetail, code: str, *, at: datetime) -> bool:
    """Whether a code is the one on the screen, or the one just before: typing takes a while."""
    if not meeting.secret:
        return False
    totp = _totp(meeting, at)
    shown = (at.astimezone(UTC), at.astimezone(UTC) - timedelta(seconds=totp.interval))
    return any(totp.verify(code, for_time=moment) for moment in shown)


def _totp(meeting: MeetingDetail, at: datetime) -> pyotp.TOTP:
    seconds = value("councils.code_seconds", at=at, place_code=meeting.body.place.code)
    return pyotp.TOTP(meeting.secret, interval=seconds)
