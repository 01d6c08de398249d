"""Reads of supervision cases: lists of a province, and what the page of one shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.loop.access import visible_to
from linhe.core.loop.models import Matter
from linhe.core.loop.queries import Page, page_of
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.exchange.loop.roles import MANAGER, SUPERVISOR
from linhe.desks.exchange.models import Check, Finding, Inspection, Listing
from linhe.desks.exchange.queries.risks import names_of
from linhe.lib.text import Text

GROUNDS = {"sampled": Text("抽样", "drawn by lot"), "flagged": Text("风险标记", "risk flags")}


def provinces_of(account: Account, *roles: str, at: datetime) -> list[Place]:
    """The provinces where someone holds a post of these roles (supervisors' unless said)."""
    held = [post.place for post in posts_of(account, at=at) if post.role in (roles or (SUPERVISOR,))]
    return list({place.pk: place for place in held if place.kind == "province"}.values())


def sides_of(account: Account, *, at: datetime) -> list[Place]:
    """The provinces whose supervision cases someone reads: for the province, or for its exchange."""
    return provinces_of(account, SUPERVISOR, MANAGER, at=at)


def cases_page(
    account: Account, province: Place, *, at: datetime, stages: tuple[str, ...] = (), before: int | None = None
) -> Page[Matter]:
    """The cases of a province that someone reads, newest first."""
    rows = visible_to(account, at=at, place=province).filter(kind="inspection")
    if stages:
        rows = rows.filter(stage__in=stages)
    return page_of(rows.select_related("inspection__listing__lot__seller"), before=before)


def case_detail(matter: Matter) -> dict[str, Any]:
    """What a case looks into: the listing with its chain, the flags, and what the rules said when it was listed."""
    one = Inspection.objects.select_related("listing__lot__seller", "listing__matter", "draw").get(pk=matter.pk)
    chain = Listing.objects.filter(lot=one.listing.lot_id).select_related("matter").order_by("sequence")
    run = Check.objects.filter(filing__listing=one.listing_id).order_by("-filing__number", "-pk").first()
    found = Finding.objects.filter(run=run, status__in=("fail", "unknown")).select_related("run")
    return {
        "matter": matter, "inspection": one, "ground": GROUNDS[one.ground], "flags": names_of(one.flags),
        "chain": list(chain), "findings": list(found.order_by("pk")),
    }  # fmt: skip
