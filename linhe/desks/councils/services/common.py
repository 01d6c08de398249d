"""What several effects share: finding the rows that an action names, and saying that they are not there."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse

from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.notices.services import send_notice
from linhe.core.people.models import Account
from linhe.desks.councils.models import AgendaItem, Body, MeetingDetail, Motion
from linhe.desks.councils.queries.standing import lives_in
from linhe.lib.text import Text


def body_of(step: Step) -> Body:
    """The body that an action names; it must sit at the matter's place or above."""
    body = Body.objects.select_related("place").filter(pk=step.data.body).first()
    if body is None or not body.place.contains(step.matter):
        raise invalid({"body": str(Text("请从本地的议事组织中选择。", "Choose a body of this place."))})
    return body


def meeting_of(step: Step) -> MeetingDetail:
    """The meeting under way."""
    return MeetingDetail.objects.select_related("body__place", "matter").get(matter=step.matter.pk)


def item_of(step: Step, meeting: MeetingDetail) -> AgendaItem:
    """An item of the meeting's agenda."""
    item = AgendaItem.objects.filter(pk=step.data.item, meeting=meeting).first()
    if item is None:
        raise invalid({"item": str(Text("议程里没有这一项。", "There is no such item on the agenda."))})
    return item


def motion_of(step: Step, meeting: MeetingDetail, *states: str) -> Motion:
    """A motion of the meeting that stands at one of these states, locked."""
    motion = (
        Motion.objects.select_for_update(of=("self",))
        .select_related("item__meeting__body__place")
        .filter(pk=step.data.motion, item__meeting=meeting)
        .first()
    )
    if motion is None:
        raise invalid({"motion": str(Text("没有这个表决事项。", "There is no such motion."))})
    if motion.state not in states:
        raise Refused("motion_moved_on", Text("这项表决已经往下走了，请刷新。", "This motion has moved on. Reload."))
    return motion


def must_live_here(step: Step) -> None:
    """Only people who live at the place may go on."""
    if not lives_in(step.by, step.matter.place):
        raise Refused(
            "lives_elsewhere",
            Text("只有住在这里的居民可以办这一步。", "Only people who live here may do this."),
            status=422,
        )


def tell_members(step: Step, code: str, accounts: Iterable[int], meeting: MeetingDetail, **params: str) -> None:
    """A notice to these people, except the one who acts, once the event is written."""
    told = [pk for pk in accounts if step.by is None or pk != step.by.pk]
    people, matter = Account.objects.filter(pk__in=told).only("pk"), step.matter
    filled = {"body": meeting.body.name, "body_en": meeting.body.name_en or meeting.body.name, **params}
    filled["page"] = reverse("councils:meeting", args=[matter.pk])  # members do not see the generic page

    def tell(event: Event) -> None:
        send_notice(accounts=people, code=code, at=event.at, params=filled, matter=matter)

    step.after(tell)
