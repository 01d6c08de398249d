"""Everyone who may come to a matter: by relation, by role and place, by the time of their post, and by none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from linhe.core.people.models import Account, Delegation, Organisation
from linhe.core.people.roles import Role, register_role
from linhe.lib.text import Text
from tests.factories import LONG_AGO, District, make_account, make_post


@dataclass(frozen=True)
class Persona:
    """Someone, and what they are at the district's first building: told here, never asked of linhe."""

    name: str
    account: Account | None
    roles: frozenset[str] = frozenset()
    member_of: frozenset[int] = frozenset()
    active: bool = True

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Cast:
    """The people around one matter: ``acts_for`` tells for whom somebody is a confirmed delegate, ``organisation`` is
    the one that a matter may lie with."""

    requester: Persona
    beneficiary: Persona
    people: tuple[Persona, ...]
    acts_for: dict[int, int]
    organisation: Organisation

    def named(self, name: str) -> Persona:
        """The persona of that name."""
        return next(p for p in self.people if p.name == name)


register_role(Role("member", Text("单位成员", "member"), speaks=True))


def make_cast(town: District, roles: Sequence[str], *, at: datetime, later: datetime) -> Cast:
    """One of each, as things stand from ``at`` until before ``later``."""
    requester, beneficiary = make_account("requester"), make_account("beneficiary")
    people = [Persona("requester", requester), Persona("beneficiary", beneficiary), Persona("system", None)]
    acts_for = {}
    day = timedelta(days=1)
    for name, confirmed, ended, counts in (
        ("delegate", LONG_AGO, None, True),
        ("delegate until later", LONG_AGO, later, True),
        ("delegate confirmed now", at, None, True),
        ("delegate unconfirmed", None, None, False),
        ("delegate confirmed later", later, None, False),
        ("delegate ended", LONG_AGO, at - day, False),
        ("delegate ended now", LONG_AGO, at, False),
    ):
        account = make_account(name)
        Delegation.objects.create(
            principal=beneficiary, delegate=account, asked_at=LONG_AGO, confirmed_at=confirmed, ended_at=ended
        )
        people.append(Persona(name, account))
        if counts:
            acts_for[account.pk] = beneficiary.pk
    asker = make_account("delegate of the requester")
    Delegation.objects.create(principal=requester, delegate=asker, asked_at=LONG_AGO, confirmed_at=LONG_AGO)
    people.append(Persona("delegate of the requester", asker))
    acts_for[asker.pk] = requester.pk
    stranger, disabled = make_account("stranger"), make_account("disabled", is_active=False)
    people += [Persona("stranger", stranger), Persona("disabled", disabled, active=False)]
    several = make_account("several posts")
    people.append(Persona("several posts", several, frozenset(roles)))
    for role in roles:
        make_post(role, town.community, several)
        people += _holders(town, role, at, later)
    office = Organisation.objects.create(code="990201-office", name="测试单位", kind="department", place=town.district)
    people += _members(town, office, at, later)
    return Cast(people[0], people[1], tuple(people), acts_for, office)


def _members(town: District, office: Organisation, at: datetime, later: datetime) -> Iterable[Persona]:
    """Who holds a post in the organisation; what they are called there is a role that no kind of matter names."""
    for name, place, times, counts in (
        ("member at the district", town.district, {}, True),
        ("member at the building", town.building, {}, True),
        ("member elsewhere", town.other_community, {}, False),
        ("member expired now", town.district, {"valid_to": at}, False),
        ("member in future", town.district, {"valid_from": later}, False),
    ):
        account = make_post("member", place, organisation=office, **times)
        yield Persona(name, account, member_of=frozenset({office.pk} if counts else ()))
    other = Organisation.objects.create(code="990201-other", name="别的单位", kind="company", place=town.district)
    stranger = make_post("member", town.district, organisation=other)
    yield Persona("member of another", stranger, member_of=frozenset({other.pk}))  # where a matter may be sent on to


def _holders(town: District, role: str, at: datetime, later: datetime) -> Iterable[Persona]:
    day, holds = timedelta(days=1), frozenset({role})
    for name, place, times, counts in (
        ("at the building", town.building, {}, True),
        ("at the community", town.community, {}, True),
        ("of the same community", town.community, {}, True),
        ("at the district", town.district, {}, True),
        ("from now on", town.community, {"valid_from": at}, True),
        ("elsewhere", town.other_community, {}, False),
        ("below", town.unit, {}, False),
        ("expired", town.community, {"valid_to": at - day}, False),
        ("expired now", town.community, {"valid_to": at}, False),
        ("in future", town.community, {"valid_from": later}, False),
    ):
        yield Persona(f"{role} {name}", make_post(role, place, **times), holds if counts else frozenset())
    account = make_post(role, town.community, make_account(f"{role} disabled", is_active=False))
    yield Persona(f"{role} disabled", account, holds, active=False)
