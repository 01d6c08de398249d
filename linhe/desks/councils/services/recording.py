"""Effects on the minutes: written from what happened, corrected in new versions, confirmed by the chair."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Step
from linhe.desks.councils.models import MeetingDetail, Minutes
from linhe.desks.councils.queries.minutes import minutes_text
from linhe.desks.councils.services.common import meeting_of
from linhe.lib.text import Text


def first_minutes(meeting: MeetingDetail, *, at: datetime) -> Minutes:
    """The first version, from attendance, motions and results."""
    return Minutes.objects.create(meeting=meeting, version=1, text=minutes_text(meeting, at=at), at=at)


def correct_minutes(step: Step) -> dict[str, int]:
    """A correction is a new version; the older ones stay as they are."""
    meeting = meeting_of(step)
    version = (meeting.minutes.aggregate(last=Max("version"))["last"] or 0) + 1
    Minutes.objects.create(meeting=meeting, version=version, text=step.data.text, by=step.by, at=step.at)
    return {"edition": version}


def confirm_minutes(step: Step) -> None:
    """The chair confirms the version that they have read, which must be the latest."""
    latest = meeting_of(step).minutes.order_by("-version").first()
    if latest is None or latest.version != step.data.edition:
        text = Text("纪要刚刚改过，请重新阅读后确认。", "The minutes have just been corrected. Read them again.")
        raise Refused("minutes_changed", text)
    Minutes.objects.filter(pk=latest.pk).update(confirmed_at=step.at)
