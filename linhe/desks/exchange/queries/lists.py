"""Lists of the desk: the exchange's worklist, a seller's own applications and drafts, who reviews, ties."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from linhe.core.loop.access import visible_to
from linhe.core.loop.models import Matter
from linhe.core.loop.queries import Page, page_of
from linhe.core.people.models import Account, Organisation, Post
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.exchange.loop.review import IN_REVIEW, LISTED, RETURNED, SUSPENDED
from linhe.desks.exchange.loop.roles import REVIEWER, SELLER
from linhe.desks.exchange.models import Draft, Tie
from linhe.desks.exchange.queries.awaiting import with_tallies
from linhe.lib.text import Text

FILTERS: tuple[tuple[str, Text, tuple[str, ...]], ...] = (
    ("open", Text("待审核", "to be reviewed"), IN_REVIEW),
    ("returned", Text("退回补正", "returned"), (RETURNED,)),
    ("listed", Text("挂牌中", "listed"), (LISTED, SUSPENDED)),
    ("all", Text("全部", "all"), ()),
)
"""Code, name and stages of the tabs of the worklist."""
NUMBER = re.compile(r"(?:BD\d{4}-)?0*(\d{1,12})", re.ASCII | re.IGNORECASE)


def worklist(
    account: Account, *, at: datetime, stages: Sequence[str] = (), mine: bool = False, sought: str = "",
    before: int | None = None,
) -> Page[Matter]:  # fmt: skip
    """Listings that someone may read, newest first, each with its lot and a ``tally`` of what was found last.

    ``sought`` is a lot's number, or part of its name or of the seller's.
    """
    rows = visible_to(account, at=at).filter(kind="listing")
    if stages:
        rows = rows.filter(stage__in=stages)
    if mine:
        rows = rows.filter(listing__reviewer=account)
    if sought:
        rows = rows.filter(_fits(sought))
    page = page_of(rows.select_related("place", "listing__lot__seller", "listing__reviewer"), before=before)
    with_tallies(page.rows)
    return page


def _fits(sought: str) -> Q:
    """Found by its number (``BD2026-000044`` or ``44``), or by a name."""
    named = Q(listing__lot__name__icontains=sought) | Q(listing__lot__seller__name__icontains=sought)
    number = NUMBER.fullmatch(sought)
    return named | Q(listing__lot=int(number[1])) if number else named


def tallies(account: Account, *, at: datetime) -> dict[str, int]:
    """How many listings each tab holds, in one query."""
    wanted = {code: Count("pk", filter=Q(stage__in=stages)) for code, _, stages in FILTERS if stages}
    return visible_to(account, at=at).filter(kind="listing").aggregate(**wanted, all=Count("pk"))


def sold_for(account: Account, *, at: datetime) -> list[tuple[Organisation, Place]]:
    """The institutions that someone sells for, each with the province of the post."""
    held = [p for p in posts_of(account, at=at) if p.role == SELLER and p.organisation_id]
    names = Organisation.objects.in_bulk([p.organisation_id for p in held if p.organisation_id])
    return [(names[p.organisation_id], p.place) for p in held if p.organisation_id]


def own_drafts(account: Account, *, at: datetime) -> list[Draft]:
    """What someone's institutions have not lodged yet, where the post reaches."""
    held = sold_for(account, at=at)
    rows = Draft.objects.filter(organisation__in=[one.pk for one, _ in held], lodged_as__isnull=True)
    related = ("organisation", "province", "previous__lot", "corrects__lot")
    found = rows.select_related(*related).order_by("-pk")[:50]
    return [one for one in found if _reached(one, held)]


def draft_for(account: Account, draft_id: int, *, at: datetime) -> Draft | None:
    """A draft of one of someone's institutions."""
    held = sold_for(account, at=at)
    mine = [organisation.pk for organisation, _ in held]
    related = ("organisation", "province", "previous__matter", "previous__lot", "corrects__matter", "corrects__lot")
    found = Draft.objects.filter(pk=draft_id, organisation__in=mine).select_related(*related, "lodged_as").first()
    if found is None:
        return None
    return found if _reached(found, held) else None


def _reached(draft: Draft, held: Sequence[tuple[Organisation, Place]]) -> bool:
    return any(one.pk == draft.organisation_id and where.contains(draft.province) for one, where in held)


def reviewers_at(place: Place, *, at: datetime) -> list[Account]:
    """Who holds a reviewer's post at a place now."""
    held = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), valid_from__lte=at, role=REVIEWER)
    posts = held.filter(place__in=place.ancestor_ids(), account__is_active=True).select_related("account")
    return list({p.account_id: p.account for p in posts.order_by("account_id")}.values())


def ties_of(account: Account) -> list[Tie]:
    """What someone declared, newest first."""
    return list(Tie.objects.filter(account=account).select_related("organisation").order_by("-pk")[:100])


def institutions(place: Place) -> list[Organisation]:
    """The institutions that have lots or sellers here: those with which a tie can be declared."""
    sells = Q(posts__role=SELLER, posts__place=place) | Q(exchange_lots__province=place)
    return list(Organisation.objects.filter(sells).distinct().order_by("name")[:500])
