"""Who takes part: one's own year, and the members of a community or an organisation. Nobody is ranked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from linhe.core.loop.models import Event, Matter
from linhe.core.loop.queries import page_of
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place, within
from linhe.desks.volunteering.loop.activities import ARRIVING
from linhe.desks.volunteering.models import CheckInDetail, HoursDetail, PostDetail, SignUp
from linhe.desks.volunteering.queries.evaluation import year_of
from linhe.lib.masking import mask_name
from linhe.lib.working_calendar import SHANGHAI

SIZE = 50


@dataclass(frozen=True, slots=True)
class Service:
    """What somebody did in a year."""

    activities: int = 0
    minutes: int = 0
    posts: int = 0

    @property
    def hours(self) -> float:
        """The time served, in hours."""
        return round(self.minutes / 60, 1)


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an organisation who serves here, masked, with their year."""

    check_in: CheckInDetail
    name: str
    service: Service


def this_year(at: datetime) -> int:
    """The calendar year in Shanghai."""
    return at.astimezone(SHANGHAI).year


def services_of(accounts: list[int], year: int, *, at: datetime) -> dict[int, Service]:
    """Account -> what they did in a year. Three queries, however many they are."""
    span = year_of(year, cut_at=at)
    rows = SignUp.objects.filter(
        account__in=accounts, state=SignUp.State.GOING, arrived_at__gte=span.first_at, arrived_at__lt=span.after_at
    )
    counted = rows.values("account_id").annotate(n=Count("pk"), minutes=Sum("minutes"))
    came = {row["account_id"]: (row["n"], row["minutes"] or 0) for row in counted}
    logged = {
        row["account_id"]: row["minutes"]
        for row in HoursDetail.objects.filter(account__in=accounts, matter__stage="confirmed", day__year=year)
        .values("account_id").annotate(minutes=Sum("minutes"))
    }  # fmt: skip
    posts = {
        row["account_id"]: row["n"]
        for row in PostDetail.objects.filter(account__in=accounts, held_from__lt=span.after_at)
        .filter(Q(held_until__isnull=True) | Q(held_until__gt=span.first_at))
        .values("account_id").annotate(n=Count("pk"))
    }  # fmt: skip
    nothing = (0, 0)
    return {
        pk: Service(came.get(pk, nothing)[0], came.get(pk, nothing)[1] + logged.get(pk, 0), posts.get(pk, 0))
        for pk in accounts
    }


def members_page(
    *, year: int, at: datetime, place: Place | None = None, organisations: list[Organisation] | None = None,
    before: int | None = None, size: int = SIZE,

) -> tuple[list[Member], int | None]:  # fmt: skip
    """Members who serve at a place or of some organisations, the latest check-in first; and the next page's key."""
    rows: QuerySet[CheckInDetail] = CheckInDetail.objects.filter(
        account__isnull=False, until_at__isnull=True, matter__stage="serving"
    )
    if place is not None:
        rows = rows.filter(matter__in=Matter.objects.filter(within(place), kind="check_in").values("pk"))
    if organisations is not None:
        rows = rows.filter(organisation__in=organisations)
    page = page_of(rows.select_related("account", "organisation", "place"), before=before, size=size)
    did = services_of([row.account_id for row in page.rows if row.account_id], year, at=at)
    members = [
        Member(row, mask_name(row.account.name) if row.account else "–", did.get(row.account_id or 0, Service()))
        for row in page.rows
    ]
    return members, page.next_before


def my_events(account: Account, year: int, *, at: datetime, most: int = 200) -> list[Event]:
    """The events behind one's own year: check-ins at activities, confirmed hours, posts taken up."""
    span = year_of(year, cut_at=at)
    mine = Q(pk__in=SignUp.objects.filter(account=account, state=SignUp.State.GOING).values("arrival_id"))
    mine &= Q(action__in=ARRIVING)
    mine |= Q(matter__in=HoursDetail.objects.filter(account=account).values("pk"), action="confirm")
    mine |= Q(matter__in=PostDetail.objects.filter(account=account).values("pk"), action__in=("appoint", "confirm"))
    rows = Event.objects.filter(mine, at__gte=span.first_at, at__lt=span.after_at)
    return list(rows.select_related("matter__place").order_by("-pk")[:most])
