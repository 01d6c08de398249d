"""Effects of a meeting from its planning to the close: agenda, notice, check-in, discussion."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pyotp
from django.db.models import F

from linhe.core.dated import value
from linhe.core.loop.access import visible_to
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.desks.councils.models import AgendaItem, MeetingDetail, Membership, Motion, Remark, Seat
from linhe.desks.councils.queries.checkin import code_holds
from linhe.desks.councils.queries.counting import house, seat_of
from linhe.desks.councils.queries.standing import chair_of, lives_in, running
from linhe.desks.councils.services.common import body_of, item_of, meeting_of, tell_members
from linhe.desks.councils.services.recording import first_minutes
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI


def plan_meeting(step: Step) -> dict[str, Any]:
    """Begin: the chair handles the meeting, and what waits for the body's next meeting comes on its agenda."""
    body, data, matter = body_of(step), step.data, step.matter
    if body.place_id != matter.place_id:
        raise invalid({"body": str(Text("会议要在该组织所在地筹备。", "Plan the meeting at the body's own place."))})
    matter.handler = chair_of(body, at=step.at)
    if matter.handler is None:
        raise Refused("no_chair", Text("请先为该组织确定召集人。", "The body needs a chair first."), status=422)
    starts_at = data.starts_at if data.starts_at.tzinfo else data.starts_at.replace(tzinfo=SHANGHAI)
    if starts_at <= step.at:
        raise invalid({"starts_at": str(Text("这个时间已经过了。", "This time has passed."))})
    matter.title = f"{body.name}会议"
    matter.title_en = f"Meeting of the {body.name_en or body.name}"
    meeting = MeetingDetail.objects.create(
        matter=matter, body=body, starts_at=starts_at, room=data.room, link=data.link
    )  # fmt: skip
    AgendaItem.objects.filter(body=body, meeting__isnull=True).update(meeting=meeting)
    return {"body": body.pk}


def add_item(step: Step) -> dict[str, Any]:
    """A matter that the secretary may read, or a title of the body's own."""
    meeting, data = meeting_of(step), step.data
    source = None
    if data.number is not None:
        assert step.by is not None
        source = visible_to(step.by, at=step.at).filter(pk=data.number).first()
        if source is None:
            raise invalid({"number": str(Text("没有找到这个事项。", "There is no such matter."))})
        if AgendaItem.objects.filter(meeting=meeting, source=source).exists():
            raise invalid({"number": str(Text("这件事已在议程里。", "It is on the agenda already."))})
    title = data.title or (source.title if source else "")
    if not title:
        raise invalid({"title": str(Text("请写议题名称，或填事项编号。", "Give a title or the number of a matter."))})
    AgendaItem.objects.create(
        body=meeting.body, meeting=meeting, source=source, topic=data.topic, title=title,
        title_en=data.title_en or (source.title_en if source and not data.title else ""),
    )  # fmt: skip
    return {}


def drop_item(step: Step) -> None:
    """Off this agenda; it waits for the body's next meeting."""
    meeting = meeting_of(step)
    release([item_of(step, meeting)])


def convene_meeting(step: Step) -> dict[str, Any]:
    """Call the members of that day, in time; from now on the agenda stands."""
    meeting = meeting_of(step)
    body = meeting.body
    days = value(f"councils.notice_days_{body.kind}", at=step.at, place_code=body.place.code)
    if meeting.starts_at - step.at < timedelta(days=days):
        text = Text(f"会议通知至少提前 {days} 天发出。", f"A meeting is convened at least {days} days ahead.")
        raise Refused("too_late_to_convene", text, status=422)
    if not meeting.items.exists():
        raise Refused("no_agenda", Text("请先加入议题。", "Put something on the agenda first."), status=422)
    terms = Membership.objects.filter(running(at=step.at), body=body, account__is_active=True).order_by("id")
    members = list(terms.only("area_dm2", "account_id"))
    if not members:
        raise Refused("no_members", Text("该组织还没有委员。", "The body has no members yet."), status=422)
    Seat.objects.bulk_create(Seat(meeting=meeting, membership=m, area_dm2=m.area_dm2) for m in members)
    _tell(step, "councils.convened", [m.account_id for m in members], meeting)
    return {"members": len(members)}


def cancel_meeting(step: Step) -> None:
    """The agenda waits for the next meeting; who was called is told."""
    meeting = meeting_of(step)
    release(list(meeting.items.all()))
    _tell(step, "councils.cancelled", meeting.seats.values_list("membership__account", flat=True), meeting)


def open_meeting(step: Step) -> None:
    """From now on the codes are shown."""
    meeting = meeting_of(step)
    early = value("councils.early_minutes", at=step.at, place_code=meeting.body.place.code)
    if step.at < meeting.starts_at - timedelta(minutes=early):
        raise Refused("too_early", Text("还没到开会时间。", "It is too early to open the meeting."), status=422)
    meeting.opened_at, meeting.secret = step.at, pyotp.random_base32()
    meeting.save(update_fields=["opened_at", "secret"])


def attend_by_code(step: Step) -> dict[str, Any]:
    """A member is here: the code of the moment proves it. Wrong codes are counted, and some are enough."""
    meeting = meeting_of(step)
    seat = seat_of(meeting, step.by.pk) if step.by else None
    if seat is None:
        raise Refused(
            "not_a_member", Text("您不在本次会议的名单里。", "You were not called to this meeting."), status=403
        )
    if seat.attended_at is not None:
        raise Refused("here_already", Text("您已签到。", "You have checked in already."))
    if seat.tries >= value("councils.code_tries", at=step.at, place_code=meeting.body.place.code):
        message = Text("签到码已错太多次，请秘书点名确认。", "Too many wrong codes. Ask the secretary to confirm you.")
        raise Refused("code_locked", message, status=422, details={"code": str(message)})
    if not code_holds(meeting, step.data.code, at=step.at):
        message = Text("签到码不对或已更换，请看屏幕上最新的。", "Wrong or old code: look at the screen again.")
        counted = Seat.objects.filter(pk=seat.pk)
        raise Refused(
            "wrong_code", message, status=422, details={"code": str(message)},
            afterwards=lambda: counted.update(tries=F("tries") + 1),
        )  # fmt: skip
    Seat.objects.filter(pk=seat.pk).update(attended_at=step.at, way=step.data.way)
    return _presence(meeting)


def confirm_present(step: Step) -> dict[str, Any]:
    """The secretary sees them."""
    meeting = meeting_of(step)
    absent = Seat.objects.filter(meeting=meeting, attended_at__isnull=True, pk__in=step.data.seats)
    if not absent.update(attended_at=step.at, way=Seat.Way.SECRETARY):
        raise invalid({"seats": str(Text("请勾选还没签到的委员。", "Tick members who have not checked in yet."))})
    return _presence(meeting)


def note_point(step: Step) -> None:
    """A point of the discussion, without a name."""
    meeting = meeting_of(step)
    Remark.objects.create(item=item_of(step, meeting), words=step.data.words, at=step.at, shown=True)


def keep_comment(step: Step) -> None:
    """A resident's comment waits until the secretary has read it."""
    meeting = meeting_of(step)
    if not lives_in(step.by, meeting.body.place) and (step.by is None or seat_of(meeting, step.by.pk) is None):
        text = Text("只有住在这里的居民和委员可以发表意见。", "Only residents of the place and members may comment.")
        raise Refused("lives_elsewhere", text, status=422)
    Remark.objects.create(item=item_of(step, meeting), author=step.by, words=step.data.words, at=step.at)


def moderate_comment(step: Step) -> None:
    """Show a comment to others, or not."""
    remarks = Remark.objects.filter(item__meeting=step.matter.pk, author__isnull=False, pk=step.data.remark)
    if not remarks.update(shown=step.data.show):
        raise invalid({"remark": str(Text("没有这条意见。", "There is no such comment."))})


def close_meeting(step: Step) -> dict[str, Any]:
    """No vote may be open; the minutes are written from what happened."""
    meeting = meeting_of(step)
    if Motion.objects.filter(item__meeting=meeting, state=Motion.State.VOTING).exists():
        raise Refused("vote_open", Text("还有表决没有结束。", "A vote is still open."), status=422)
    meeting.closed_at, meeting.secret = step.at, ""
    meeting.save(update_fields=["closed_at", "secret"])

    def write(event: Event) -> None:
        first_minutes(meeting, at=event.at)

    step.after(write)
    return _presence(meeting)


def release(items: list[AgendaItem]) -> None:
    """Have items wait for the body's next meeting; what waits already from the same matter is not doubled."""
    waiting = set(
        AgendaItem.objects.filter(body__in={i.body_id for i in items}, meeting__isnull=True).values_list(
            "source", flat=True
        )
    ) - {None}  # fmt: skip
    free = [item.pk for item in items if item.source_id not in waiting]
    AgendaItem.objects.filter(pk__in=free).update(meeting=None)


def _presence(meeting: MeetingDetail) -> dict[str, Any]:
    called, here = house(meeting)
    return {"present": here.number, "called": called.number}


def _tell(step: Step, code: str, accounts: Iterable[int], meeting: MeetingDetail) -> None:
    starts = meeting.starts_at.astimezone(SHANGHAI)
    tell_members(step, code, accounts, meeting, starts=f"{starts:%Y-%m-%d %H:%M}")
