"""Who looks after someone, by when, and which meter counts: changed by the community at the person's word."""

from __future__ import annotations

from typing import Any

from linhe.core.loop.acting import act
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused, invalid, out_of_step
from linhe.core.loop.step import Step
from linhe.core.people.models import Account
from linhe.core.people.queries import has_consent
from linhe.desks.care.loop import DAILY_CHECK, DUE, NEIGHBOUR
from linhe.desks.care.models import Check, Enrolment
from linhe.desks.care.services.enrolling import check_neighbour, set_meter
from linhe.lib.text import Text


def arrange(step: Step) -> dict[str, Any]:
    """Effect: what staff change. The event keeps what changed and how the person agreed, not who looks now."""
    enrolment, data, changed = _standing(step), step.data, []
    neighbour_id = None if data.no_neighbour else data.neighbour_id or enrolment.neighbour_id
    if neighbour_id != enrolment.neighbour_id:
        changed.append("neighbour")
        _hand_over(enrolment, neighbour_id, step)
    if data.check_time and data.check_time.replace(tzinfo=None) != enrolment.check_time:
        changed.append("time")
        enrolment.check_time = data.check_time.replace(tzinfo=None)
    before = enrolment.meter_index
    if data.no_meter or data.meter:
        set_meter(enrolment, "" if data.no_meter else data.meter)
    if enrolment.meter_index != before:
        changed.append("meter")
    if not changed:
        raise Refused("unchanged", Text("没有改动，请先改再保存。", "Nothing was changed yet."), status=422)
    _keep(enrolment)
    return {"changed": changed}


def let_go(step: Step) -> dict[str, Any]:
    """Effect: the person wants this neighbour no more. Nobody has to say why; the community looks for another."""
    enrolment = _standing(step)
    if enrolment.neighbour_id is None:
        raise Refused("unchanged", Text("现在没有邻居照看。", "There is no neighbour at present."))
    _hand_over(enrolment, None, step)
    _keep(enrolment)
    return {"changed": ["neighbour"]}


def _standing(step: Step) -> Enrolment:
    """The enrolment that stands, locked, at this community and as the actor saw it."""
    person = step.matter.beneficiary or step.by
    rows = Enrolment.objects.select_for_update(of=("self",), no_key=True)
    enrolment = rows.filter(
        person=person, community=step.matter.at_community_id, ended_at__isnull=True
    ).first()  # fmt: skip
    if enrolment is None or person is None or not has_consent(person, "daily_check"):
        raise Refused("no_consent", Text("没有参加日常关照。", "There is no agreement to a daily look-in."))
    if step.data.seen is not None and step.data.seen != enrolment.version:
        raise out_of_step()
    return enrolment


def _hand_over(enrolment: Enrolment, neighbour_id: int | None, step: Step) -> None:
    """Another neighbour, or none, from now on: today's check leaves whoever it lay with."""
    neighbour = Account.objects.filter(pk=neighbour_id).first() if neighbour_id else None
    if neighbour is None and neighbour_id is not None:
        raise invalid({"neighbour": str(Text("请换一位邻居。", "Please choose another neighbour."))})
    check_neighbour(enrolment, neighbour)
    enrolment.neighbour = step.matter.handler = neighbour
    step.after(lambda event: _pass_on(enrolment, event))


def _pass_on(enrolment: Enrolment, event: Event) -> None:
    """A check that waits for a neighbour who is gone goes on to the unit chief; one under way since before a check
    could be passed on stays as it is."""
    open_now = Check.objects.filter(
        enrolment=enrolment, matter__stage__in=(DUE, NEIGHBOUR), matter__kind_version=DAILY_CHECK.version
    )
    for check in open_now.select_related("matter__place"):
        act(check.matter, "pass_on", by=None, at=event.at)
        if enrolment.neighbour_id is None and check.matter.stage == NEIGHBOUR:
            act(check.matter, "ask_chief", by=None, at=event.at)


def _keep(enrolment: Enrolment) -> None:
    enrolment.version += 1
    enrolment.save(update_fields=["neighbour", "check_time", "meter_index", "version"])
