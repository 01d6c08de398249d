"""What pages show: petitions, meetings and resolutions near somebody, each behind its own gate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q

from linhe.core.loop.access import visible_to
from linhe.core.loop.models import Matter
from linhe.core.loop.queries import Page, page_of
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import within
from linhe.desks.councils.loop import (
    CARRYING,
    COLLECTING,
    CONVENED,
    DONE,
    MINUTES,
    OBJECTED,
    OPEN,
    PUBLICITY,
    READERS,
    SETTLED,
    SUPPORTED,
)
from linhe.desks.councils.models import (
    AgendaItem,
    Body,
    MeetingDetail,
    Membership,
    Motion,
    PetitionDetail,
    Remark,
    ResolutionDetail,
    Seat,
    Support,
    Turnout,
)
from linhe.desks.councils.queries.standing import lives_in, reads, running

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an agenda with what was said and moved."""

    item: AgendaItem
    remarks: list[Remark] = field(default_factory=list)
    comments: list[Remark] = field(default_factory=list)
    motions: list[Motion] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Nearby:
    """What goes on where somebody lives or sits."""

    bodies: list[Body]
    votes: list[Motion]
    meetings: list[MeetingDetail]
    petitions: list[PetitionDetail]
    resolutions: list[ResolutionDetail]
    settled: int


def bodies_of(account: Account, *, at: datetime) -> list[Body]:
    """The bodies of somebody's home, and those in which they sit."""
    mine = Q(memberships__in=Membership.objects.filter(running(at=at), account=account))
    if account.home is not None:
        mine |= Q(place__in=account.home.ancestor_ids())
    return list(Body.objects.filter(mine).select_related("place").distinct().order_by("id"))


def nearby(account: Account, *, at: datetime) -> Nearby:
    """The resident's first page, in a handful of queries."""
    bodies = bodies_of(account, at=at)
    home = account.home.ancestor_ids() if account.home else []
    meetings = MeetingDetail.objects.filter(body__in=bodies, matter__stage__in=(CONVENED, OPEN, MINUTES))
    petitions = PetitionDetail.objects.filter(matter__place__in=home, matter__stage__in=(COLLECTING, SUPPORTED))
    resolutions = ResolutionDetail.objects.filter(body__in=bodies)
    shown = (PUBLICITY, OBJECTED, CARRYING, DONE)
    return Nearby(
        bodies=bodies,
        votes=votes_for(account),
        meetings=list(
            meetings.select_related("matter", "body").annotate(talks=Count("items")).order_by("starts_at")[:SHOWN]
        ),
        petitions=list(petitions.select_related("matter__place").order_by("-pk")[:SHOWN]),
        resolutions=list(resolutions.filter(matter__stage__in=shown).select_related("matter").order_by("-pk")[:SHOWN]),
        settled=resolutions.filter(matter__stage=SETTLED).count(),
    )


def votes_for(account: Account) -> list[Motion]:
    """Motions on which somebody may vote now and has not."""
    seats = Seat.objects.filter(membership__account=account, meeting__matter__stage=OPEN)
    seats = seats.filter(Q(attended_at__isnull=False) | Q(meeting__body__kind=Body.Kind.ASSEMBLY))
    voted = Turnout.objects.filter(seat__membership__account=account)
    motions = Motion.objects.filter(state=Motion.State.VOTING, item__meeting__in=seats.values("meeting"))
    return list(motions.exclude(pk__in=voted.values("motion")).select_related("item__meeting__body").order_by("id"))


def petition_for(account: Account, matter_id: int, *, at: datetime) -> PetitionDetail | None:
    """A petition for who lives there, or may read the matter anyway."""
    found = PetitionDetail.objects.select_related("matter__place").filter(pk=matter_id).first()
    if found is None or not account.is_active:
        return None
    if lives_in(account, found.matter.place) or visible_to(account, at=at).filter(pk=matter_id).exists():
        return found
    return None


def supports(account: Account, petition: PetitionDetail) -> bool:
    """Whether somebody supports a petition."""
    return Support.objects.filter(matter=petition.pk, account=account).exists()


def meeting_for(account: Account, matter_id: int, *, at: datetime) -> MeetingDetail | None:
    """A meeting for its members and staff, and once it is convened for who lives there."""
    found = MeetingDetail.objects.select_related("matter__place", "body__place").filter(pk=matter_id).first()
    if found is None or not account.is_active:
        return None
    called = Seat.objects.filter(meeting=found, membership__account=account).exists()
    public = found.seats.exists() and lives_in(account, found.body.place)
    if called or public or found.matter.handler_id == account.pk or reads(account, found.body.place, at=at):
        return found
    return None


def agenda_of(meeting: MeetingDetail, *, unread: bool = False) -> list[Item]:
    """The agenda with discussion, comments that may be read (all of them with ``unread``) and motions."""
    items = [Item(one) for one in AgendaItem.objects.filter(meeting=meeting).order_by("id")]
    by_id = {one.item.pk: one for one in items}
    for remark in Remark.objects.filter(item__meeting=meeting).exclude(words="").order_by("id"):
        if remark.author_id is None:
            by_id[remark.item_id].remarks.append(remark)
        elif remark.shown or (unread and remark.shown is None):
            by_id[remark.item_id].comments.append(remark)
    for motion in Motion.objects.filter(item__meeting=meeting).order_by("id"):
        by_id[motion.item_id].motions.append(motion)
    return items


def seats_of(meeting: MeetingDetail) -> list[Seat]:
    """Who was called, those who are here first."""
    found = Seat.objects.filter(meeting=meeting).select_related("membership__account", "membership__organisation")
    return sorted(found, key=lambda s: (s.attended_at is None, s.membership.function != "chair", s.pk))


def turnouts(meeting: MeetingDetail) -> dict[int, int]:
    """How many have voted on each motion."""
    rows = Turnout.objects.filter(motion__item__meeting=meeting).values_list("motion").annotate(n=Count("id"))
    return dict(rows)


def resolutions_of(body: Body, *, before: int | None = None) -> Page[ResolutionDetail]:
    """A page of what a body decided, newest first."""
    return page_of(
        ResolutionDetail.objects.filter(body=body).select_related("matter__organisation", "motion"), before=before
    )


def resolution_or_none(matter_id: int) -> ResolutionDetail | None:
    """A resolution: public as it is."""
    return (
        ResolutionDetail.objects.select_related(
            "matter__place", "matter__organisation", "motion__item__meeting", "body__place"
        )
        .filter(pk=matter_id)
        .first()
    )


@dataclass(frozen=True, slots=True)
class Desk:
    """What a secretary has to do, at the places of their posts."""

    bodies: Sequence[Body]
    meetings: list[MeetingDetail]
    petitions: list[PetitionDetail]
    resolutions: list[ResolutionDetail]
    waiting: dict[int, int]
    to_publish: list[Motion]


def desk_of(account: Account, *, at: datetime) -> Desk:
    """Open things of the secretary's places, what is due first."""
    here = here_of(account, at=at)
    bodies = list(
        Body.objects.filter(_bodies_here(account, at=at)).select_related("place").annotate(
            members=Count("memberships", filter=Q(memberships__ended_at__isnull=True))
        ).order_by("place__code", "id")[:200]
    )  # fmt: skip
    matters = Matter.objects.filter(here, closed_at__isnull=True)
    waiting: dict[int, int] = defaultdict(int)
    for body_id in AgendaItem.objects.filter(body__in=bodies, meeting__isnull=True).values_list("body", flat=True):
        waiting[body_id] += 1
    meetings = MeetingDetail.objects.filter(matter__in=matters.filter(kind="meeting"))
    petitions = PetitionDetail.objects.filter(matter__in=matters.filter(kind="petition"))
    resolutions = ResolutionDetail.objects.filter(matter__in=matters.filter(kind="resolution"))
    published = ResolutionDetail.objects.filter(body__in=bodies).values("motion")
    carried = Motion.objects.filter(
        state=Motion.State.CARRIED, item__body__in=bodies, item__meeting__matter__stage="held"
    ).exclude(pk__in=published)  # fmt: skip
    return Desk(
        bodies=bodies,
        meetings=list(meetings.select_related("matter", "body").order_by("starts_at")[: 2 * SHOWN]),
        petitions=list(petitions.select_related("matter__place").order_by("-matter__stage", "-pk")[: 2 * SHOWN]),
        resolutions=list(
            resolutions.select_related("matter__organisation", "matter__place").order_by("matter__due_at")[: 3 * SHOWN]
        ),
        waiting=waiting,
        to_publish=list(carried.select_related("item__body").order_by("-pk")[:SHOWN]),
    )


def here_of(account: Account, *, at: datetime) -> Q:
    """Matters at the places of somebody's posts that read the desk."""
    here = Q(pk__in=[])
    for post in posts_of(account, at=at):
        if post.role in READERS:
            here |= within(post.place)
    return here


def _bodies_here(account: Account, *, at: datetime) -> Q:
    here = Q(pk__in=[])
    for post in posts_of(account, at=at):
        if post.role in READERS:
            here |= Q(place=post.place)
            if post.place.level != "unit":
                here |= Q(**{f"place__{post.place.level}": post.place})
    return here
