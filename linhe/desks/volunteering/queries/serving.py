"""Reads of check-ins and needs: which organisation serves where with what, and which need waits for whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.core.people.queries import organisations_of
from linhe.core.places.models import Place, within
from linhe.desks.volunteering.models import CheckInDetail, NeedDetail
from linhe.desks.volunteering.schemas.choices import THEMES, name_of
from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class Serving:
    """An organisation that has checked in, with what it offers and how many of its members serve here."""

    check_in: CheckInDetail
    offers: list[Text]
    members: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A need that waits to be matched, and who around here offers that."""

    matter: Matter
    theme: Text
    offered_by: list[Organisation]
    others: list[Organisation]


def serving_at(place: Place, *, most: int = 200) -> list[Serving]:
    """The organisations that serve at a place, by their names. Two queries."""
    here = Matter.objects.filter(within(place), kind="check_in").values("pk")
    rows = CheckInDetail.objects.filter(matter__in=here, until_at__isnull=True)
    members = dict(
        rows.filter(account__isnull=False, matter__stage="serving")
        .values_list("organisation_id").annotate(n=Count("pk")).order_by("organisation_id")
    )  # fmt: skip
    found = rows.filter(account__isnull=True).select_related("organisation", "place__parent", "matter")
    return [
        Serving(one, [name_of(THEMES, code) for code in one.offers], members.get(one.organisation_id, 0))
        for one in found.order_by("organisation__name", "pk")[:most]
    ]


def needs_waiting(place: Place, *, most: int = 50) -> list[Waiting]:
    """Needs to be matched at a place, the oldest first, each with the organisations that offer it there."""
    here = Matter.objects.filter(within(place), kind="need", stage="open").values("pk")
    needs = list(
        NeedDetail.objects.filter(matter__in=here).select_related("matter__place__parent").order_by("pk")[:most]
    )
    around = Q(pk__in=[])
    for need in needs:
        around |= Q(place__compound=need.matter.at_compound_id) if need.matter.at_compound_id else Q()
        around |= Q(place=need.matter.at_community_id) | Q(place=need.matter.place_id)
    serving = list(
        CheckInDetail.objects.filter(around, account__isnull=True, until_at__isnull=True)
        .select_related("organisation", "place").order_by("organisation__name")
    )  # fmt: skip
    return [_waiting(need, serving) for need in needs]


def needs_under_way(place: Place, *, most: int = 50) -> list[Matter]:
    """Needs that are matched or delivered but not confirmed yet."""
    rows = Matter.objects.filter(within(place), kind="need", stage__in=("matched", "delivered", "fed_back"))
    return list(rows.select_related("place", "organisation").order_by("pk")[:most])


def organisations_in_reach(account: Account, place: Place, *, at: datetime, staff: bool) -> list[Organisation]:
    """Whom somebody may check in: staff any of the district, others their own."""
    if not staff:
        return organisations_of(account, at=at)
    district = place.district_id or place.pk
    return list(Organisation.objects.filter(Q(place=district) | Q(place__district=district)).order_by("name")[:600])


def _waiting(need: NeedDetail, serving: list[CheckInDetail]) -> Waiting:
    matter = need.matter
    near = {matter.place_id, matter.at_community_id, matter.at_compound_id} - {None}
    here = [
        one for one in serving
        if one.place_id in near or (matter.at_compound_id and one.place.compound_id == matter.at_compound_id)
    ]  # fmt: skip
    offered = list({one.organisation_id: one.organisation for one in here if need.theme in one.offers}.values())
    others = list({one.organisation_id: one.organisation for one in here if need.theme not in one.offers}.values())
    return Waiting(matter, name_of(THEMES, need.theme), offered, [one for one in others if one not in offered])
