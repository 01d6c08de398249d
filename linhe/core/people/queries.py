"""Reads about people, always from the database: a revocation counts at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection
from django.db.models import Q

from linhe.core.dated import value
from linhe.core.people.models import Account, Consent, Delegation, Organisation, Post
from linhe.core.people.roles import Role, role, roles
from linhe.core.places.models import Place
from linhe.lib.prepared import rows_of
from linhe.lib.text import Text


def posts_of(account: Account, *, at: datetime) -> list[Post]:
    """The posts that someone holds at a moment, each with its place, whose outline is read only when it is used.

    Every page and every step asks this, most of them several times: the ORM takes six times as long.
    """
    post_fields, place_fields, statement = _held_posts()
    held = []
    for row in rows_of(statement, [account.pk, at, at]):
        post = Post.from_db(connection.alias, post_fields, row[: len(post_fields)])
        post.place = Place.from_db(connection.alias, place_fields, row[len(post_fields) :])
        held.append(post)
    return held


@cache
def _held_posts() -> tuple[list[str], list[str], str]:
    """Fields of a post and of its place, and the statement that reads both."""
    post = [(f.attname, f"post.{f.column}") for f in Post._meta.concrete_fields]
    place = [(f.attname, f"place.{f.column}") for f in Place._meta.concrete_fields if f.name != "boundary"]
    columns = ", ".join(column for _, column in (*post, *place))
    statement = (
        f"SELECT {columns} FROM people_post post JOIN places_place place ON place.id = post.place_id"
        " WHERE post.account_id = %s AND post.valid_from <= %s AND (post.valid_to IS NULL OR post.valid_to > %s)"
        " ORDER BY post.id"
    )
    return [name for name, _ in post], [name for name, _ in place], statement


def organisations_of(account: Account, *, at: datetime) -> list[Organisation]:
    """The organisations in which someone holds a post at a moment."""
    return list(
        Organisation.objects.filter(
            Q(posts__valid_to__isnull=True) | Q(posts__valid_to__gt=at),
            posts__account=account,
            posts__valid_from__lte=at,
        )
        .distinct()
        .order_by("id")
    )


def members_of(organisation: Organisation, *, at: datetime) -> list[Account]:
    """Who holds a post in an organisation at a moment."""
    return list(
        Account.objects.filter(
            Q(posts__valid_to__isnull=True) | Q(posts__valid_to__gt=at),
            posts__organisation=organisation,
            posts__valid_from__lte=at,
            is_active=True,
        )
        .distinct()
        .order_by("id")
    )


def principals_of(account: Account, *, at: datetime) -> set[int]:
    """Ids of the people that someone acts for at a moment (confirmed and not ended)."""
    rows = rows_of(
        "SELECT principal_id FROM people_delegation"
        " WHERE delegate_id = %s AND confirmed_at <= %s AND (ended_at IS NULL OR ended_at > %s)",
        [account.pk, at, at],
    )
    return {principal_id for (principal_id,) in rows}


CONFIRMING_ROLES = ("community_worker", "grid_worker")
"""Who may confirm by a call that someone's family acts for them."""


def delegations_to_confirm(account: Account, *, at: datetime) -> list[Delegation]:
    """Family requests that wait, of people who live where the reader is the community worker; oldest first."""
    here = Q(pk__in=[])
    for post in posts_of(account, at=at):
        if post.role in CONFIRMING_ROLES:
            here |= Q(principal__home=post.place)
            if post.place.level != "unit":
                here |= Q(**{f"principal__home__{post.place.level}": post.place})
    waiting = Delegation.objects.filter(here, confirmed_at__isnull=True, ended_at__isnull=True)
    return list(waiting.exclude(delegate=account).select_related("principal__home", "delegate").order_by("id"))


def confirms_families(account: Account, *, at: datetime) -> bool:
    """Whether someone holds a post that confirms family requests."""
    return any(post.role in CONFIRMING_ROLES for post in posts_of(account, at=at))


def is_staff(account: Account, *, at: datetime) -> bool:
    """Whether someone holds a post whose role signs in with password and TOTP."""
    return any(role(post.role).staff for post in posts_of(account, at=at))


def grantable_at(account: Account, *, at: datetime) -> list[tuple[Place, list[Role]]]:
    """The places where someone may grant posts, each with the roles they may grant there."""
    found = [
        (post.place, [r for r in roles() if post.role in r.granted_by])
        for post in posts_of(account, at=at)
        if post.delegated_from_id is None
    ]
    return [(place, may) for place, may in found if may]


def may_grant(account: Account, *, role: str, place: Place, at: datetime) -> bool:
    """Whether someone may grant and end a role at a place."""
    return any(role in [r.code for r in may] and where.contains(place) for where, may in grantable_at(account, at=at))


@dataclass(frozen=True, slots=True)
class Purpose:
    """Something that people are asked to agree to, in today's words."""

    code: str
    name: Text
    text: Text
    wording: str
    required: bool


def purposes(*, at: datetime) -> list[Purpose]:
    """All purposes in force at a moment."""
    return [
        Purpose(
            row["code"], Text(row["zh"], row["en"]), Text(row["zh_text"], row["en_text"]), row["wording"],
            row["required"],
        )
        for row in value("people.consents", at=at)
    ]  # fmt: skip


def purpose_of(code: str, *, at: datetime) -> Purpose:
    """One purpose; LookupError when there is none of that code."""
    for purpose in purposes(at=at):
        if purpose.code == code:
            return purpose
    raise LookupError(f"no consent purpose {code!r}")


def has_consent(account: Account, purpose: str) -> bool:
    """Whether someone agreed to a purpose and has not taken it back."""
    return Consent.objects.filter(account=account, purpose=purpose, withdrawn_at__isnull=True).exists()
