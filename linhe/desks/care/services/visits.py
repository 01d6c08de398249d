"""Needs are noted with consent; visits are planned, moved and done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from linhe.core.dated import value
from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused, invalid, not_allowed
from linhe.core.loop.step import Step
from linhe.core.people.models import Account, Post
from linhe.core.people.queries import has_consent
from linhe.core.people.services import give_consent
from linhe.desks.care.loop import PLANNED, VISIT
from linhe.desks.care.models import Enrolment, Need, Visit
from linhe.desks.care.queries.people import works_at
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI


@transaction.atomic
def note_needs(*, person: Account, by: Account, needs: dict[str, str], at: datetime) -> list[Need]:
    """Note what someone needs help with: themselves, or a community worker in their presence. It is agreed to by this,
    and replaces what was noted before."""
    home = person.home
    if home is None or home.community is None:
        raise invalid({"home": str(Text("请先填写住址。", "Set the home first."))})
    if by.pk != person.pk and not works_at(by, home, at=at):
        raise not_allowed()
    known = {row["code"] for row in value("care.needs", at=at)}
    if not needs or not set(needs) <= known:
        raise invalid({"needs": str(Text("请从列表中选择。", "Please choose from the list."))})
    give_consent(account=person, purpose="health_needs", at=at)
    Account.objects.select_for_update().get(pk=person.pk)
    Need.objects.filter(person=person).delete()
    return Need.objects.bulk_create(
        Need(person=person, community=home.community, code=code, words=words[:200], noted_by=by, noted_at=at)
        for code, words in sorted(needs.items())
    )


@transaction.atomic
def forget_needs(person: Account, at: datetime) -> None:
    """What happens when the consent ends: the needs go, and planned visits are cancelled."""
    Need.objects.filter(person=person).delete()
    planned = Matter.objects.filter(kind=VISIT.code, beneficiary=person, stage=PLANNED).select_related("place")
    for matter in planned:
        act(matter, "cancel", by=None, at=at)


def plan_visit(step: Step) -> None:
    """Effect: somebody comes between two moments. Without consent to note needs there are no visits."""
    person, data = step.matter.beneficiary, step.data
    if person is None or person.home is None or person.home.community_id != step.matter.at_community_id:
        raise invalid({"person": str(Text("这位居民不住在这里。", "This person does not live here."))})
    if not has_consent(person, "health_needs"):
        raise Refused("no_consent", Text("本人还没有同意登记照护需求。", "There is no consent to note needs of care."))
    from_at, until_at = _window(data, step.at)
    step.matter.handler = _visitor(data.visitor_id, step)
    Visit.objects.create(matter=step.matter, home=person.home, from_at=from_at, until_at=until_at, minutes=data.minutes)
    step.due["visit"] = until_at


def move_visit(step: Step) -> None:
    """Effect: another time."""
    from_at, until_at = _window(step.data, step.at)
    Visit.objects.filter(pk=step.matter.pk).update(from_at=from_at, until_at=until_at)
    step.due["visit"] = until_at


def _window(data: Any, at: datetime) -> tuple[datetime, datetime]:
    from_at, until_at = (m if m.tzinfo else m.replace(tzinfo=SHANGHAI) for m in (data.from_at, data.until_at))
    if until_at <= at:
        raise invalid({"until_at": str(Text("这个时间已经过去。", "This time is over."))})
    return from_at, until_at


def _visitor(account_id: int | None, step: Step) -> Account | None:
    """Whoever plans, a neighbour of the person, or somebody with a post of the neighbourhood. The same answer for all
    others, so that nobody learns who is here."""
    if account_id is None:
        return step.by
    known = Q(pk__in=Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=step.at), valid_from__lte=step.at,
        place__community=step.matter.at_community_id,
    ).values("account"))  # fmt: skip
    known |= Q(
        pk__in=Enrolment.objects.filter(person=step.matter.beneficiary, ended_at__isnull=True).values("neighbour")
    )
    found = Account.objects.filter(known, pk=account_id, is_active=True).first()
    if found is None:
        raise invalid({"visitor_id": str(Text("请从列表中选择。", "Please choose from the list."))})
    return found
