"""Bodies and terms: founded and filled by the secretary of the place. Rows beside the loop, each a dated fact."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from linhe.core.dated import value
from linhe.core.loop import refusals
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place
from linhe.desks.councils.models import Body, Membership
from linhe.desks.councils.queries.standing import keeps
from linhe.lib.text import Text


@transaction.atomic
def found_body(*, by: Account, place: Place, kind: str, name: str, name_en: str = "", at: datetime) -> Body:
    """Found a body at a place. Refused when there is one of that kind, or ``by`` is not its secretary."""
    _check(by, place, at)
    if kind not in Body.Kind.values or not name:
        raise invalid({"name": str(Text("请填写名称和类型。", "Give a name and a kind."))})
    try:
        with transaction.atomic():
            return Body.objects.create(place=place, kind=kind, name=name, name_en=name_en, founded_at=at, founded_by=by)
    except IntegrityError as error:
        if "body_one_of_a_kind_a_place" not in str(error):
            raise
        there_is_one = Text("这里已有同类组织。", "There is one of this kind already.")
        raise invalid({"kind": str(there_is_one)}) from error


@transaction.atomic
def add_member(
    *,
    by: Account,
    body: Body,
    account: Account,
    at: datetime,
    function: str = Membership.Function.MEMBER,
    part_time: bool = False,
    organisation: Organisation | None = None,
    area_dm2: int = 0,
    years: int | None = None,
) -> Membership:
    """Begin a term. Refused when the person sits in the body already, or it has a chair already."""
    _check(by, body.place, at)
    Body.objects.select_for_update().get(pk=body.pk)
    _close_expired(body, at)
    standing = body.memberships.filter(ended_at__isnull=True)
    if standing.filter(account=account).exists():
        raise invalid({"phone": str(Text("此人已是委员。", "This person is a member already."))})
    if function == Membership.Function.CHAIR and standing.filter(function=function).exists():
        raise invalid(
            {"function": str(Text("已有召集人，请先结束其任期。", "There is a chair already; end that term first."))}
        )
    if body.by_owners and area_dm2 <= 0:
        raise invalid({"area": str(Text("业主要填专有面积。", "Owners need their exclusive area."))})
    return Membership.objects.create(
        body=body, account=account, organisation=organisation, function=function, part_time=part_time,
        area_dm2=area_dm2 if body.by_owners else 0, from_at=at, until_at=_end_of_term(body, at, years),
    )  # fmt: skip


@transaction.atomic
def end_membership(*, by: Account, membership: Membership, at: datetime) -> None:
    """End a term early. It stays on record."""
    _check(by, membership.body.place, at)
    if not Membership.objects.filter(pk=membership.pk, ended_at__isnull=True).update(ended_at=at):
        raise Refused("ended_already", Text("任期已经结束。", "The term has ended already."))


@transaction.atomic
def renew_membership(*, by: Account, membership: Membership, at: datetime) -> Membership:
    """Re-election: the term ends and the next one begins at the same moment."""
    end_membership(by=by, membership=membership, at=at)
    return Membership.objects.create(
        body=membership.body, account=membership.account, organisation=membership.organisation,
        function=membership.function, part_time=membership.part_time, area_dm2=membership.area_dm2,
        from_at=at, until_at=_end_of_term(membership.body, at, None), renews=membership,
    )  # fmt: skip


def _end_of_term(body: Body, at: datetime, years: int | None) -> datetime:
    years = years or value("councils.term_years", at=at, place_code=body.place.code)
    day = min(at.day, 28)  # every month has it
    return at.replace(year=at.year + years, day=day)


def _close_expired(body: Body, at: datetime) -> None:
    """Terms that ran out make room for others."""
    for one in body.memberships.filter(ended_at__isnull=True, until_at__lte=at):
        one.ended_at = one.until_at
        one.save(update_fields=["ended_at"])


def _check(by: Account, place: Place, at: datetime) -> None:
    if not keeps(by, place, at=at):
        raise refusals.not_allowed()
