"""Who may not act although their post would let them: a stranger to the seller, and whoever is tied to it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Step
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Located, Place
from linhe.desks.exchange.loop.roles import REVIEWER, SELLER
from linhe.desks.exchange.models import Filing, Listing, Tie
from linhe.desks.exchange.queries.checks import listing_of
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date


def sellers_of(account: Account, *, at: datetime) -> list[tuple[int, Place]]:
    """The organisations that someone sells for, each with the province of the post."""
    return [(p.organisation_id, p.place) for p in posts_of(account, at=at) if p.role == SELLER and p.organisation_id]


def must_sell_for(account: Account | None, organisation_id: int, place: Place, *, at: datetime) -> None:
    """Refuse whoever holds no seller's post of this organisation that reaches the place."""
    held = sellers_of(account, at=at) if account else []
    if not any(one == organisation_id and where.contains(place) for one, where in held):
        message = Text("这不是您单位的申请。", "This is not an application of your organisation.")
        raise Refused("not_yours", message, status=403)


def own_listing(step: Step) -> Listing:
    """The listing, for its seller."""
    listing = listing_of(step.matter.pk)
    must_sell_for(step.by, listing.lot.seller_id, step.matter.place, at=step.at)
    return listing


def untied_listing(step: Step) -> Listing:
    """The listing, for someone of the exchange without a tie to its seller; once assigned, for its reviewer only, as
    long as that person may review it."""
    listing = listing_of(step.matter.pk)
    if step.by is None:
        return listing
    if tied(step.by, listing, at=step.at):
        message = Text(
            "您与该机构有关联（已申报或在其任职），应当回避。",
            "You have a tie with this institution: another must do it.",
        )
        raise Refused("tied", message, status=403)
    if step.role == REVIEWER and listing.reviewer_id != step.by.pk and _still_reviews(listing, at=step.at):
        raise Refused("assigned", Text("已指派给其他审核员。", "Another reviewer is assigned."), status=403)
    return listing


def tied(account: Account, listing: Listing, *, at: datetime) -> bool:
    """Whether someone works for the seller, declared a tie that holds today, or lodged an application of the lot."""
    seller, day = listing.lot.seller_id, local_date(at)
    if any(post.organisation_id == seller for post in posts_of(account, at=at)):
        return True
    held = Tie.objects.filter(account=account, organisation=seller, from_date__lte=day)
    if held.filter(Q(until_date__isnull=True) | Q(until_date__gt=day)).exists():
        return True
    return Filing.objects.filter(listing__lot=listing.lot_id, lodged_by=account).exists()


def reviews_at(account: Account, place: Located, *, at: datetime) -> bool:
    """Whether someone holds a reviewer's post at a place."""
    return account.is_active and any(p.role == REVIEWER and p.place.contains(place) for p in posts_of(account, at=at))


def _still_reviews(listing: Listing, *, at: datetime) -> bool:
    """Whether there is an assigned reviewer who has neither left nor come to be tied since."""
    one = listing.reviewer
    return one is not None and reviews_at(one, listing.matter, at=at) and not tied(one, listing, at=at)
