"""Effects of a resolution: published from a carried motion, perhaps objected to, carried out, confirmed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.notices.services import send_notice
from linhe.core.people.models import Organisation
from linhe.desks.councils.loop import HELD, PETITION
from linhe.desks.councils.models import AgendaItem, Motion, ResolutionDetail
from linhe.desks.councils.queries.objections import objected, objectors_waiting
from linhe.desks.councils.queries.standing import chair_of
from linhe.desks.councils.services.common import must_live_here
from linhe.desks.councils.services.petitions import meeting_in_preparation
from linhe.lib.text import Text
from linhe.lib.working_calendar import add_working_days


def publish_resolution(step: Step) -> dict[str, Any]:
    """Begin: a motion that was carried, once, and only when the minutes are confirmed. Whoever petitioned for it and
    the chair are those who confirm in the end that it is settled."""
    data, matter = step.data, step.matter
    # Locked: of two who publish at once, the second one reads what the first one wrote.
    motion = (
        Motion.objects.select_for_update(of=("self",))
        .select_related("item__meeting__matter", "item__body__place", "item__source")
        .filter(pk=data.motion, state=Motion.State.CARRIED)
        .first()
    )
    if motion is None or not motion.item.body.place.contains(matter):
        raise invalid({"motion": str(Text("请选择一项已通过的表决。", "Choose a motion that was carried."))})
    item = motion.item
    if item.meeting is None or item.meeting.matter.stage != HELD:
        text = Text("纪要确认后才能公示决议。", "The minutes must be confirmed first.")
        raise Refused("minutes_first", text, status=422)
    if ResolutionDetail.objects.filter(motion=motion).exists():
        raise Refused("published_already", Text("这项决议已经公示过了。", "This resolution is published already."))
    matter.organisation = _organisation(data.organisation)
    matter.handler = chair_of(item.body, at=step.at)
    if item.source is not None and item.source.kind == PETITION.code:
        matter.beneficiary = item.source.beneficiary or item.source.requester
    matter.title, matter.title_en = f"决议：{item.title}"[:80], f"Resolution: {item.title_en or item.title}"[:120]
    role = "" if matter.organisation else data.role
    ResolutionDetail.objects.create(
        matter=matter, motion=motion, body=item.body, topic=item.topic, role=role, days=data.days
    )
    return {"topic": item.topic}


def object_to_resolution(step: Step) -> dict[str, Any]:
    """Whoever lives there may object while the resolution is in publicity, once: nobody holds it up for ever."""
    must_live_here(step)
    assert step.by is not None
    if objected(step.by, step.matter):
        text = Text("您已经对这项决议提过异议了。", "You have objected to this resolution already.")
        raise Refused("objected_already", text)
    return {"topic": ResolutionDetail.objects.get(pk=step.matter.pk).topic}


def answer_objections(step: Step) -> dict[str, Any]:
    """One answer to all who objected since the last one: each of them is told, and the event says how many."""
    waiting = objectors_waiting(step.matter)
    params = {"page": reverse("councils:resolution", args=[step.matter.pk])}

    def tell(event: Event) -> None:
        others = [one for one in waiting if event.actor_id != one.pk]
        send_notice(accounts=others, code="councils.answered", at=event.at, params=params, matter=step.matter)

    step.after(tell)
    return {"answers": len(waiting)}


def return_to_meeting(step: Step) -> dict[str, Any]:
    """An objection is right: the item waits for the body's next meeting."""
    detail = ResolutionDetail.objects.select_related("motion__item", "body").get(pk=step.matter.pk)
    item = detail.motion.item
    AgendaItem.objects.create(
        body=detail.body, meeting=meeting_in_preparation(detail.body), source=step.matter, topic=item.topic,
        title=item.title, title_en=item.title_en,
    )  # fmt: skip
    return answer_objections(step)


def set_deadline(step: Step) -> None:
    """The time that the resolution itself gives, in working days."""
    days = ResolutionDetail.objects.get(pk=step.matter.pk).days
    step.due["deadline"] = add_working_days(step.at, days, unpublished="weekends")


def settle_resolution(step: Step) -> dict[str, Any]:
    """Settled: confirmed by the petitioner or the chair."""
    topic = ResolutionDetail.objects.get(pk=step.matter.pk).topic
    took = step.at - step.matter.created_at
    return {"topic": topic, "days": round(took.total_seconds() / 86_400, 1)}


def _organisation(code: str) -> Organisation | None:
    if not code:
        return None
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise invalid({"organisation": str(Text("没有这个单位。", "There is no such organisation."))})
    return found
