"""Effects on check-ins, needs and logged hours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, Sum

from linhe.core.dated import value
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import ANCESTOR_FIELDS
from linhe.core.points.services import credit
from linhe.desks.volunteering.models import CheckInDetail, HoursDetail, NeedDetail
from linhe.desks.volunteering.schemas.choices import THEMES, name_of
from linhe.desks.volunteering.services.whom import organisation_for, whom
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI


def check_in_organisation(step: Step) -> None:
    """An organisation serves here from now on, with what it offers."""
    organisation = organisation_for(step, step.data.organisation)
    known = {code for code, _ in THEMES}
    if set(step.data.offers) - known:
        raise invalid({"offers": str(Text("请从列表中选择。", "Please choose from the list."))})
    step.matter.organisation = organisation
    step.matter.title, step.matter.title_en = "单位报到", "organisation checked in"
    _keep(
        CheckInDetail(
            matter=step.matter, organisation=organisation, place=step.matter.place,
            offers=sorted(set(step.data.offers)), since_at=step.at,
        )
    )  # fmt: skip


def check_in_member(step: Step) -> None:
    """A member of an organisation serves where they live."""
    account = whom(step)
    organisation = organisation_for(step, step.data.organisation) if step.action.code == "enrol" else _any(step)
    step.matter.organisation = organisation
    step.matter.title, step.matter.title_en = "成员报到", "member checked in"
    _keep(
        CheckInDetail(
            matter=step.matter, organisation=organisation, account=account, place=step.matter.place, since_at=step.at
        )
    )


def end_check_in(step: Step) -> None:
    """It counts no longer."""
    CheckInDetail.objects.filter(matter=step.matter).update(until_at=step.at)


def raise_need(step: Step) -> None:
    """A compound needs something; who raised it looks after it."""
    name = name_of(THEMES, step.data.theme)
    step.matter.title, step.matter.title_en, step.matter.handler = name.zh, name.en, step.by
    NeedDetail.objects.create(matter=step.matter, theme=step.data.theme)


def match_need(step: Step) -> None:
    """An organisation that has checked in around here takes the need on."""
    organisation = organisation_for(step, step.data.organisation)
    matter = step.matter
    around = [getattr(matter, field) for field in ANCESTOR_FIELDS if getattr(matter, field)]
    nearby = Q(place__in=[*around, matter.place_id])
    if matter.at_compound_id:
        nearby |= Q(place__compound=matter.at_compound_id)
    serving = CheckInDetail.objects.filter(
        nearby, organisation=organisation, account__isnull=True, until_at__isnull=True
    )
    if not serving.exists():
        message = Text("该单位还没有在这里报到。", "That organisation has not checked in here.")
        raise Refused("not_checked_in", message, status=422, details={"organisation": str(message)})
    step.matter.organisation = organisation


def release_need(step: Step) -> None:
    """Back to be matched."""
    step.matter.organisation = None


def log_hours(step: Step) -> None:
    """Keep what somebody says they did; no day holds more than the office allows."""
    data, account, place_code = step.data, whom(step), step.matter.place.code
    today = step.at.astimezone(SHANGHAI).date()
    earliest = today - timedelta(days=value("volunteering.hours_back_days", at=step.at, place_code=place_code))
    if not earliest <= data.day <= today:
        text = Text(f"请填写 {earliest} 至今天之间的日期。", f"Choose a day from {earliest} until today.")
        raise invalid({"day": str(text)})
    Account.objects.select_for_update(of=("self",)).only("pk").get(pk=account.pk)
    counting = Matter.objects.filter(kind="hours", stage__in=("logged", "confirmed")).values("pk")
    logged = HoursDetail.objects.filter(account=account, day=data.day, matter__in=counting)
    sum_min = logged.aggregate(minutes=Sum("minutes"))["minutes"] or 0
    most = value("volunteering.hours_most_a_day", at=step.at, place_code=place_code)
    if sum_min + data.minutes > most:
        text = Text(
            f"一天最多登记 {most} 分钟，已登记 {sum_min} 分钟。", f"At most {most} minutes a day; {sum_min} so far."
        )
        raise invalid({"minutes": str(text)})
    name = name_of(THEMES, data.theme)
    step.matter.title, step.matter.title_en = name.zh, name.en
    HoursDetail.objects.create(
        matter=step.matter, account=account, theme=data.theme, day=data.day, minutes=data.minutes
    )


def confirm_hours(step: Step) -> dict[str, Any]:
    """They count from now on, and give points that are pending until the dispute window closes."""
    hours = HoursDetail.objects.select_related("account").get(pk=step.matter.pk)
    if step.by is not None and step.by.pk == hours.account_id:  # also when somebody else logged them
        message = Text(
            "不能核实自己的时长，请另一位工作人员办理。", "Nobody confirms their own hours; ask another person."
        )
        raise Refused("second_person", message, status=403)

    def give(event: Event) -> None:
        event.matter = step.matter
        credit(
            account=hours.account, rule="volunteer_hours", event=event, at=step.at, place=step.matter.place, helped=None
        )  # fmt: skip

    step.after(give)
    return {"minutes": hours.minutes}


def _any(step: Step) -> Organisation:
    """Whoever checks in themselves names any organisation: it has to confirm."""
    found = Organisation.objects.filter(code=step.data.organisation).first()
    if found is None:
        raise invalid({"organisation": str(Text("没有这个单位。", "There is no such organisation."))})
    return found


def _keep(detail: CheckInDetail) -> None:
    try:
        with transaction.atomic():
            detail.save()
    except IntegrityError:
        raise Refused("checked_in", Text("已经在这里报到。", "Checked in here already.")) from None
