"""Effects of a petition: who lives there proposes and supports, once each; a body takes it up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from linhe.core.dated import value
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.notices.services import send_notice
from linhe.desks.councils.loop import COLLECTING, DRAFT, SUPPORTED, TOPIC_NAMES
from linhe.desks.councils.models import AgendaItem, Body, MeetingDetail, PetitionDetail, Support
from linhe.desks.councils.queries.standing import lives_in
from linhe.desks.councils.services.common import body_of, must_live_here
from linhe.lib.text import Text


def open_petition(step: Step) -> dict[str, Any]:
    """Begin: only for somebody who lives there, and who counts as the first supporter."""
    matter, data = step.matter, step.data
    proposer = matter.beneficiary or matter.requester
    if proposer is None or not lives_in(proposer, matter.place):
        message = Text("只能对您住的地方提议。", "You can propose only for the place where you live.")
        raise invalid({"place": str(message)})
    topic = TOPIC_NAMES[data.topic]
    matter.title, matter.title_en = f"居民提议：{topic.zh}", f"Petition: {topic.en}"
    needed = value(f"councils.supporters_{matter.place.level}", at=step.at, place_code=matter.place.code)
    detail = PetitionDetail.objects.create(
        matter=matter, topic=data.topic, subject=data.subject, words=data.words, needed=needed
    )
    Support.objects.create(matter=matter, account=proposer)
    return _counted(step, detail, 1)


def support_petition(step: Step) -> dict[str, Any]:
    """One person, one support."""
    must_live_here(step)
    assert step.by is not None
    if Support.objects.filter(matter=step.matter, account=step.by).exists():
        raise Refused("supported_already", Text("您已经附议过了。", "You support it already."))
    Support.objects.create(matter=step.matter, account_id=step.by.pk)
    return _counted(step, PetitionDetail.objects.get(pk=step.matter.pk), 1)


def unsupport_petition(step: Step) -> dict[str, Any]:
    """Take one's support back, as long as no body has taken the petition up."""
    gone, _ = Support.objects.filter(matter=step.matter, account=step.by).delete()
    if not gone:
        raise Refused("not_supported", Text("您还没有附议。", "You do not support it."))
    return _counted(step, PetitionDetail.objects.get(pk=step.matter.pk), -1)


def adopt_petition(step: Step) -> dict[str, Any]:
    """Put it on the agenda of the meeting that is being prepared, or of the next one."""
    body = body_of(step)
    detail = PetitionDetail.objects.get(pk=step.matter.pk)
    AgendaItem.objects.create(
        body=body, meeting=meeting_in_preparation(body), source=step.matter, topic=detail.topic,
        title=step.data.title, title_en=step.data.title_en,
    )  # fmt: skip
    return {"topic": detail.topic}


def meeting_in_preparation(body: Body) -> MeetingDetail | None:
    """The meeting of a body whose agenda can still change."""
    return MeetingDetail.objects.filter(body=body, matter__stage=DRAFT).order_by("matter_id").first()


def _counted(step: Step, detail: PetitionDetail, more: int) -> dict[str, Any]:
    detail.supporters += more
    detail.save(update_fields=["supporters"])
    step.to = SUPPORTED if detail.supporters >= detail.needed else COLLECTING
    if step.to == SUPPORTED != step.from_stage:
        step.after(_tell_proposer(step))
    return {"supporters": detail.supporters}


def _tell_proposer(step: Step) -> Callable[[Event], None]:
    """A notice that enough neighbours support it."""
    matter = step.matter
    proposer = matter.beneficiary or matter.requester

    def tell(event: Event) -> None:
        if proposer is not None:
            send_notice(accounts=[proposer], code="councils.reached", at=event.at, matter=matter)

    return tell
