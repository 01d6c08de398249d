"""Effects on an activity and its places: published, signed up, given up, called off, held, struck off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyotp
from django.db.models import F, Q

from linhe.core.dated import value
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.notices.services import send_notice
from linhe.core.points.services import reverse
from linhe.desks.volunteering.models import ActivityDetail, SignUp
from linhe.desks.volunteering.schemas.choices import THEMES, name_of
from linhe.desks.volunteering.services.vouching import credit_who_came
from linhe.desks.volunteering.services.whom import organisation_for
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI


def publish_activity(step: Step) -> None:
    """Announce it; who publishes it runs it. The secret of its code is made here and never leaves the server."""
    data, matter, at = step.data, step.matter, step.at
    starts_at, ends_at = _aware(data.starts_at), _aware(data.ends_at)
    if ends_at <= at:
        raise invalid({"ends_at": str(Text("这个时间已经过了。", "This time has passed."))})
    ahead = value("volunteering.ahead_days", at=at, place_code=matter.place.code)
    if starts_at > at + timedelta(days=ahead):
        raise invalid({"starts_at": str(Text(f"最多提前 {ahead} 天。", f"At most {ahead} days ahead."))})
    if ends_at > starts_at + timedelta(days=1):
        raise invalid({"ends_at": str(Text("一次活动不超过一天。", "An activity lasts a day at most."))})
    if data.organisation:
        matter.organisation = organisation_for(step, data.organisation)
    matter.title, matter.title_en, matter.handler = data.title, name_of(THEMES, data.theme).en, step.by
    ActivityDetail.objects.create(
        matter=matter, theme=data.theme, title=data.title, words=data.words, venue=data.venue, starts_at=starts_at,
        ends_at=ends_at, capacity=data.capacity, secret=pyotp.random_base32(),
    )  # fmt: skip


def sign_up(step: Step) -> dict[str, Any]:
    """A firm place while there are some, otherwise the waiting list. The matter is locked, so nobody slips in."""
    activity = ActivityDetail.objects.get(pk=step.matter.pk)
    if step.at >= activity.ends_at:
        raise Refused("over", Text("活动已经结束。", "It is over."))
    assert step.by is not None
    if place_of(step) is not None:
        raise Refused("signed_up", Text("您已经报过名了。", "You have signed up already."))
    made = SignUp.objects.create(matter=step.matter, account=step.by, state=take_place(activity), asked_at=step.at)
    return {"sign_up": made.pk, "state": made.state}


def give_up_place(step: Step) -> dict[str, Any]:
    """The place goes to whoever waits longest; they hear of it."""
    mine = place_of(step)
    if mine is None or mine.arrived_at is not None:
        raise Refused("no_place", Text("您没有可以取消的报名。", "You have no place to give up."))
    was, mine.state = mine.state, SignUp.State.GIVEN_UP
    mine.save(update_fields=["state"])
    record: dict[str, Any] = {"sign_up": mine.pk}
    if was == SignUp.State.GOING:
        moved = SignUp.objects.filter(matter=step.matter, state=SignUp.State.WAITING).order_by("id").first()
        if moved is None:
            ActivityDetail.objects.filter(pk=step.matter.pk).update(taken=F("taken") - 1)
        else:
            moved.state = SignUp.State.GOING
            moved.save(update_fields=["state"])
            record["moved_up"] = moved.pk
            step.after(lambda event: _tell_moved_up(step, moved))
    return record


def call_off_activity(step: Step) -> dict[str, Any]:
    """Everyone who had signed up hears of it."""
    coming = SignUp.objects.filter(matter=step.matter, state__in=(SignUp.State.GOING, SignUp.State.WAITING))
    told = [s.account for s in coming.filter(account__isnull=False).select_related("account") if s.account]
    step.after(lambda event: _tell(step, told, "volunteering.called_off") if told else None)
    return {"people": len(told)}


def finish_activity(step: Step) -> dict[str, Any]:
    """Hours are what lies between check-in and check-out, within the time of the activity; they give points."""
    activity = ActivityDetail.objects.get(pk=step.matter.pk)
    if step.at < activity.starts_at:
        raise Refused("not_begun", Text("活动还没有开始。", "It has not begun yet."))
    came = list(
        SignUp.objects.filter(matter=step.matter, state=SignUp.State.GOING, arrived_at__isnull=False)
        .select_related("account", "arrival")
        .order_by("account_id")
    )
    for one in came:
        assert one.arrived_at is not None
        if one.left_at is None:
            one.left_at = max(one.arrived_at, min(step.at, activity.ends_at))
        one.minutes = minutes_within(activity, one.arrived_at, one.left_at)
    SignUp.objects.bulk_update(came, ["left_at", "minutes"])
    ActivityDetail.objects.filter(pk=activity.pk).update(guests=step.data.guests)
    step.after(lambda event: credit_who_came(step, came))
    return {"people": len(came), "minutes": sum(one.minutes for one in came)}


def rate_activity(step: Step) -> None:
    """Once, by whoever was there."""
    mine = SignUp.objects.filter(
        matter=step.matter, account=step.by, state=SignUp.State.GOING, arrived_at__isnull=False, stars__isnull=True
    )
    if not mine.update(stars=step.data.stars):
        raise Refused("no_feedback", Text("参加过的人可以评价一次。", "Whoever took part may give feedback once."))


def strike_arrival(step: Step) -> dict[str, Any]:
    """Somebody was not there after all: hours and points are taken back."""
    found = SignUp.objects.filter(pk=step.data.sign_up_id, matter=step.matter, state=SignUp.State.GOING).first()
    if found is None or found.arrival is None:
        raise Refused("no_arrival", Text("没有这条签到。", "There is no such check-in."))
    minutes, found.state = found.minutes, SignUp.State.STRUCK
    found.minutes = 0
    found.save(update_fields=["state", "minutes"])
    taken = reverse(event=found.arrival, reason="struck_off", at=step.at, by=step.by)
    return {"people": -1, "minutes": -minutes, "points": sum(t.points for t in taken)}


def minutes_within(activity: ActivityDetail, arrived_at: datetime, left_at: datetime) -> int:
    """Whole minutes of somebody's stay that lie within the activity."""
    stay = min(left_at, activity.ends_at) - max(arrived_at, activity.starts_at)
    return max(0, int(stay.total_seconds() // 60))


def take_place(activity: ActivityDetail) -> SignUp.State:
    free = ActivityDetail.objects.filter(pk=activity.pk, taken__lt=F("capacity"))
    return SignUp.State.GOING if free.update(taken=F("taken") + 1) else SignUp.State.WAITING


def place_of(step: Step) -> SignUp | None:
    standing = Q(state__in=(SignUp.State.GOING, SignUp.State.WAITING))
    return SignUp.objects.filter(standing, matter=step.matter, account=step.by).first()


def _tell_moved_up(step: Step, moved: SignUp) -> None:
    if moved.account is not None:
        _tell(step, [moved.account], "volunteering.moved_up")


def _tell(step: Step, people: list[Any], code: str) -> None:
    send_notice(accounts=people, code=code, at=step.at, matter=step.matter)


def _aware(moment: datetime) -> datetime:
    """Times typed without a zone are Shanghai's."""
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
