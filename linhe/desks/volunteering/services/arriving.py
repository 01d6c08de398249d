"""Effects of coming and going: by the rotating code, ticked off by the organiser, added on the spot."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyotp
from django.db.models import F

from linhe.core.dated import value
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.codes import account_of_phone
from linhe.core.people.models import Account
from linhe.desks.volunteering.models import ActivityDetail, CodeTry, SignUp
from linhe.desks.volunteering.services.activities import place_of, take_place
from linhe.desks.volunteering.services.guessing import check_guesses, wrong_guess
from linhe.lib.text import Text


def code_now(activity: ActivityDetail, *, at: datetime) -> tuple[str, int]:
    """The code to show, and for how many seconds it is the newest."""
    interval = _seconds(activity, at)
    left = interval - int(at.timestamp()) % interval
    return pyotp.TOTP(activity.secret, interval=interval).at(at), left


def open_for_arrivals(activity: ActivityDetail, *, at: datetime) -> bool:
    """Whether people can check in now: from a while before the start until a while after the end."""
    code = activity.matter.place.code
    early = timedelta(minutes=value("volunteering.early_minutes", at=at, place_code=code))
    late = timedelta(minutes=value("volunteering.late_minutes", at=at, place_code=code))
    return activity.starts_at - early <= at <= activity.ends_at + late


def arrive_by_code(step: Step) -> dict[str, Any]:
    """Whoever types the code that is on the screen now is here. Without a place they get one if any is free."""
    activity = _open_activity(step)
    assert step.by is not None
    by, matter = step.by, step.matter
    tried = CodeTry.objects.filter(matter=matter, account=by).values_list("tries", flat=True).first() or 0
    if tried >= value("volunteering.code_tries", at=step.at, place_code=matter.place.code):
        message = Text("输错太多次了，请让组织者代签。", "Too many wrong codes. Ask the organiser to tick you off.")
        raise Refused("code_locked", message, status=422, details={"code": str(message)})
    totp = pyotp.TOTP(activity.secret, interval=_seconds(activity, step.at))
    if not totp.verify(step.data.code, for_time=step.at, valid_window=1):
        message = Text(
            "签到码不对或已过期，请看屏幕上最新的。", "Wrong or outdated; use the newest code on the screen."
        )
        raise Refused(
            "wrong_code", message, status=422, details={"code": str(message)},
            afterwards=lambda: _count_try(matter.pk, by.pk),
        )  # fmt: skip
    return _arrived(step, activity, place_of(step), by)


def tick_arrival(step: Step) -> dict[str, Any]:
    """The organiser ticks somebody off who has no network."""
    activity = _open_activity(step)
    found = SignUp.objects.filter(
        pk=step.data.sign_up_id, matter=step.matter, state__in=(SignUp.State.GOING, SignUp.State.WAITING)
    ).first()
    if found is None or found.account is None:
        raise Refused("no_place", Text("名单上没有这个人。", "That person is not on the list."))
    return _arrived(step, activity, found, found.account)


def add_on_the_spot(step: Step) -> dict[str, Any]:
    """Somebody who is here without having signed up, found by their number."""
    activity = _open_activity(step)
    check_guesses(step, "phone")
    account = account_of_phone(step.data.phone)
    if account is None or not account.is_active:
        message = Text(
            "没有用这个号码登记的居民，可计入未登记人数。", "Nobody registered with this number; count them as guests."
        )
        raise invalid({"phone": str(message)}, afterwards=wrong_guess(step))
    standing = SignUp.objects.filter(
        matter=step.matter, account=account, state__in=(SignUp.State.GOING, SignUp.State.WAITING)
    ).first()
    return _arrived(step, activity, standing, account)


def depart(step: Step) -> dict[str, Any]:
    """Gone before the end."""
    mine = place_of(step)
    if mine is None or mine.arrived_at is None or mine.left_at is not None:
        raise Refused("not_here", Text("您还没有签到，或已经签退。", "You have not checked in, or left already."))
    mine.left_at = max(step.at, mine.arrived_at)
    mine.save(update_fields=["left_at"])
    return {"sign_up": mine.pk}


def _arrived(step: Step, activity: ActivityDetail, found: SignUp | None, account: Account) -> dict[str, Any]:
    if found is not None and found.arrived_at is not None:
        raise Refused("here_already", Text("已经签到了。", "Checked in already."))
    if found is None:
        found = SignUp(matter=step.matter, account=account, state=SignUp.State.WAITING, asked_at=step.at)
    if found.state == SignUp.State.WAITING and take_place(activity) != SignUp.State.GOING:
        raise Refused("full", Text("名额已满。", "There is no free place."))
    found.state, found.arrived_at = SignUp.State.GOING, step.at
    found.save()

    def remember(event: Event) -> None:
        SignUp.objects.filter(pk=found.pk).update(arrival=event)

    step.after(remember)
    return {"sign_up": found.pk}


def _open_activity(step: Step) -> ActivityDetail:
    activity = ActivityDetail.objects.select_related("matter__place").get(pk=step.matter.pk)
    if not open_for_arrivals(activity, at=step.at):
        raise Refused("not_now", Text("现在不是签到时间。", "It is not the time to check in."))
    return activity


def _seconds(activity: ActivityDetail, at: datetime) -> int:
    seconds: int = value("volunteering.code_seconds", at=at, place_code=activity.matter.place.code)
    return seconds


def _count_try(matter_id: int, account_id: int) -> None:
    _, made = CodeTry.objects.get_or_create(matter_id=matter_id, account_id=account_id)
    if not made:
        CodeTry.objects.filter(matter_id=matter_id, account_id=account_id).update(tries=F("tries") + 1)
