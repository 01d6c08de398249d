"""Who is told that points are about to expire."""

from __future__ import annotations

from datetime import datetime, timedelta

from linhe.core.dated import value
from linhe.core.notices.services import send_notice
from linhe.core.points.expiring import owners_to_tell
from linhe.lib.periods import day_of


def tell_of_expiry(*, at: datetime) -> int:
    """Tell those whose points expire on the day that is so many days ahead. Run once a day; returns how many."""
    days = value("points.expiry_notice_days", at=at)
    first, after = day_of(at + timedelta(days=days))
    owners = owners_to_tell(first=first, after=after)
    send_notice(accounts=owners, code="volunteering.points_expire", at=at, params={"days": days})
    return len(owners)
