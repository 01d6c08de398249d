"""Reads of activities: what is coming up near somebody, one activity with one's own place in it, who is here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncDate

from linhe.core.loop.models import Evidence, Matter
from linhe.core.loop.queries import Page, page_of
from linhe.core.people.models import Account, Post
from linhe.core.places.models import Place, within
from linhe.core.points.queries import credits_of
from linhe.desks.volunteering.loop.activities import CALLED_OFF, PUBLISHED
from linhe.desks.volunteering.loop.roles import WORKER
from linhe.desks.volunteering.models import ActivityDetail, SignUp
from linhe.desks.volunteering.schemas.choices import THEMES, name_of
from linhe.lib.masking import mask_name
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

ICONS = {
    "clinic": "medicine", "law": "document", "sports": "bike", "cleaning": "rubbish", "patrol": "shield",
    "care": "care", "culture": "star", "repair": "repair", "policy": "message", "other": "people",
}  # fmt: skip
MOST_CARDS = 60
STANDING = (SignUp.State.GOING, SignUp.State.WAITING)


@dataclass(frozen=True, slots=True)
class Card:
    """An activity as the lists show it, with the reader's own place in it."""

    activity: ActivityDetail
    theme: Text
    icon: str
    mine: SignUp | None

    @property
    def left(self) -> int:
        """How many places are free."""
        return self.activity.capacity - self.activity.taken

    @property
    def waiting(self) -> bool:
        """Whether the reader waits for a place."""
        return self.mine is not None and self.mine.state == SignUp.State.WAITING


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody on the organiser's list, masked."""

    sign_up: SignUp
    name: str
    waiting: bool
    unpaid: bool
    """It is over, they were there, and have no points for it."""
    by_hand: bool
    """No code vouches for them: somebody noted them, or they run it and see the code."""


def card_of(activity: ActivityDetail, mine: SignUp | None = None) -> Card:
    """The card of one activity."""
    return Card(activity, name_of(THEMES, activity.theme), ICONS.get(activity.theme, "people"), mine)


def upcoming(
    place: Place, reader: Account, *, at: datetime, day: date | None = None, near: Place | None = None
) -> list[Card]:
    """What is still to come at a place, those of the reader's own community first on each day. Two queries."""
    rows = _all(place).filter(ends_at__gt=at, matter__stage=PUBLISHED)
    if day is not None:
        rows = rows.filter(starts_at__gte=_midnight(day), starts_at__lt=_midnight(day + timedelta(days=1)))
    cards = _cards(rows.order_by("starts_at", "pk")[:MOST_CARDS], reader)
    home = near.pk if near is not None else None

    def order(card: Card) -> tuple[date, bool, datetime]:
        starts_at = card.activity.starts_at
        return starts_at.astimezone(SHANGHAI).date(), card.activity.matter.at_community_id != home, starts_at

    return sorted(cards, key=order)


def mine_to_come(reader: Account, *, at: datetime) -> list[Card]:
    """The activities that somebody signed up for and that are not over."""
    rows = SignUp.objects.filter(
        account=reader, state__in=STANDING, matter__stage=PUBLISHED, matter__activity__ends_at__gt=at
    ).select_related("matter__activity", "matter__place")
    found = []
    for one in rows.order_by("matter__activity__starts_at")[:MOST_CARDS]:
        one.matter.activity.matter = one.matter
        found.append(card_of(one.matter.activity, one))
    return found


def mine_past(reader: Account, *, before: int | None = None) -> Page[SignUp]:
    """Where somebody took part, the latest first."""
    rows = SignUp.objects.filter(account=reader, arrived_at__isnull=False).exclude(state=SignUp.State.STRUCK)
    return page_of(rows.select_related("matter__activity", "matter__place"), before=before)


def run_by(account: Account, place: Place | None, *, at: datetime) -> list[Card]:
    """What somebody runs, or a community has coming: today's first. ``place`` None: only one's own."""
    rows = _all(place) if place is not None else _all(None).filter(matter__handler=account)
    open_ = rows.filter(matter__stage=PUBLISHED).order_by("starts_at", "pk")[:MOST_CARDS]
    return _cards(open_, account)


def activity_of(activity_id: int) -> ActivityDetail | None:
    """An activity by the id of its matter; announcements are for everyone who is signed in."""
    return _all(None).filter(pk=activity_id).first()


def place_in(activity: ActivityDetail, reader: Account) -> SignUp | None:
    """The reader's own sign-up: the one that stands, else the latest."""
    mine = SignUp.objects.filter(matter=activity.matter_id, account=reader)
    return mine.filter(state__in=STANDING).first() or mine.order_by("-pk").first()


def waiting_before(mine: SignUp) -> int:
    """How many wait longer."""
    return SignUp.objects.filter(matter=mine.matter_id, state=SignUp.State.WAITING, pk__lt=mine.pk).count()


def attendees(activity: ActivityDetail) -> list[Attendee]:
    """Everyone on the list, those who are not here yet first, in the order in which they signed up."""
    rows = SignUp.objects.filter(matter=activity.matter_id, state__in=STANDING).select_related("account", "arrival")
    rows = rows.order_by("state", F("arrived_at").asc(nulls_first=True), "pk")
    people = list(rows[:500])
    paid = _paid(people)
    return [
        Attendee(
            one, mask_name(one.account.name) if one.account else "–", one.state == SignUp.State.WAITING,
            bool(one.minutes) and one.arrival_id not in paid,
            one.account_id == activity.matter.handler_id or bool(one.arrival and one.arrival.action != "arrive"),
        )
        for one in people
    ]  # fmt: skip


def may_vouch(matter: Matter, *, at: datetime) -> list[Account]:
    """The community workers at the place of an activity who do not run it."""
    held = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=at), role=WORKER, valid_from__lte=at,
        place__in=matter.place.ancestor_ids(),
    )  # fmt: skip
    rows = Account.objects.filter(pk__in=held.values("account"), is_active=True)
    return [one for one in rows.order_by("pk") if one.pk != matter.handler_id]


def unpaid(mine: SignUp | None) -> bool:
    """Whether somebody was there, it is over, and they have no points for it."""
    return mine is not None and bool(mine.minutes) and mine.arrival_id not in _paid([mine])


def _paid(people: list[SignUp]) -> set[int]:
    """Those arrivals that gave points; nobody is asked before minutes are counted."""
    arrivals = [one.arrival_id for one in people if one.minutes and one.arrival_id is not None]
    return set(credits_of(arrivals)) if arrivals else set()


def counted(activity: ActivityDetail) -> dict[str, int]:
    """How many go, wait, have come."""
    found: dict[str, int] = SignUp.objects.filter(matter=activity.matter_id).aggregate(
        going=Count("pk", filter=Q(state=SignUp.State.GOING)),
        waiting=Count("pk", filter=Q(state=SignUp.State.WAITING)),
        here=Count("pk", filter=Q(state=SignUp.State.GOING, arrived_at__isnull=False)),
    )
    return found


def days_with_activities(place: Place, first: date, after: date) -> dict[date, int]:
    """Day -> how many activities begin on it."""
    rows = (
        _all(place).exclude(matter__stage=CALLED_OFF)
        .filter(starts_at__gte=_midnight(first), starts_at__lt=_midnight(after))
        .annotate(day=TruncDate("starts_at", tzinfo=SHANGHAI)).values("day").annotate(n=Count("pk"))
    )  # fmt: skip
    return {row["day"]: row["n"] for row in rows}


def on_day(place: Place, day: date, reader: Account) -> list[Card]:
    """What there is, or was, on a day."""
    rows = _all(place).exclude(matter__stage=CALLED_OFF)
    rows = rows.filter(starts_at__gte=_midnight(day), starts_at__lt=_midnight(day + timedelta(days=1)))
    return _cards(rows.order_by("starts_at", "pk")[:MOST_CARDS], reader)


def photos_of(activity: ActivityDetail) -> list[Evidence]:
    """The photos taken at an activity."""
    return list(Evidence.objects.filter(matter=activity.matter_id).exclude(file="").order_by("pk")[:12])


def _cards(rows: Sequence[ActivityDetail] | QuerySet[ActivityDetail], reader: Account) -> list[Card]:
    found = list(rows)
    standing = SignUp.objects.filter(account=reader, matter__in=[a.pk for a in found], state__in=STANDING)
    mine = {one.matter_id: one for one in standing}
    return [card_of(a, mine.get(a.pk)) for a in found]


def _all(place: Place | None) -> QuerySet[ActivityDetail]:
    rows = ActivityDetail.objects.select_related("matter__place", "matter__organisation")
    if place is None:
        return rows
    return rows.filter(matter__in=Matter.objects.filter(within(place), kind="activity").values("pk"))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI)
