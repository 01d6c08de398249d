"""What each reader may see of an errand: the masked card, the full view of its people, the staff's board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Window, prefetch_related_objects
from django.db.models.functions import RowNumber

from linhe.core.dated import value
from linhe.core.loop.access import own_to, visible_to
from linhe.core.loop.models import Matter
from linhe.core.loop.queries import Page, merged_page, page_of
from linhe.core.people.models import Account
from linhe.core.people.queries import principals_of
from linhe.core.places.models import Place
from linhe.desks.errands.loop import ACCEPTED, COLLECTED, OFFERED, OPEN, UNDER_WAY
from linhe.desks.errands.models import Advance, ErrandDetail, Offer, Stop
from linhe.desks.errands.queries.menu import Service, service_of
from linhe.desks.errands.queries.reasons import unserved_plainly, unserved_reasons
from linhe.desks.errands.queries.state import errand_of
from linhe.desks.errands.queries.why import Why, offer_why, waiting_why
from linhe.lib.masking import mask_name
from linhe.lib.text import Text

_STAGE_MOST = 20
"""How many of a stage the board shows."""


@dataclass(frozen=True, slots=True)
class ErrandCard:
    """An errand as a courier sees it before acceptance: service, building, times. No name, no door, no reason."""

    matter_id: int
    version: int
    stage: str
    service: Text
    icon: str
    pseudonym: str
    building: str
    lat: float
    lng: float
    pickup_name: str
    pickup_lat: float | None
    pickup_lng: float | None
    load: int
    urgent: bool
    earliest_at: datetime
    latest_at: datetime


@dataclass(frozen=True, slots=True)
class DetailView:
    """An errand as one reader may see it now. None stands for what is not theirs to see."""

    card: ErrandCard
    stage: Text
    door: str | None
    note: str | None
    contact: Text | None
    code: str | None
    courier: str | None
    eta_at: datetime | None
    can_reveal: bool
    stars: int | None
    done_at: datetime | None
    advances: list[Advance]
    mine: bool
    unserved: list[Text]
    unserved_plain: Text | None


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A line of the community's board."""

    card: ErrandCard
    stage: Text
    tone: str
    since_at: datetime
    due_at: datetime | None
    late: bool
    courier: str | None
    offers: int
    why: Text | None
    offer_why: Why | None


def cards_of(matter_ids: Sequence[int]) -> list[ErrandCard]:
    """Masked cards of some errands, in the order given."""
    found = {d.matter_id: d for d in ErrandDetail.objects.filter(matter__in=matter_ids).select_related("matter__place")}
    return [card_of(found[i]) for i in matter_ids if i in found]


def card_of(errand: ErrandDetail) -> ErrandCard:
    """The masked card of one errand (its matter and place loaded)."""
    matter = errand.matter
    return ErrandCard(
        matter.pk, matter.version, matter.stage, Text(matter.title, matter.title_en), _service(errand).icon,
        errand.pseudonym, building_shown(matter.place), errand.lat, errand.lng, errand.pickup_name,
        errand.pickup_lat, errand.pickup_lng, errand.load, matter.urgent, errand.earliest_at, errand.latest_at,
    )  # fmt: skip


def card_for(matter: Matter) -> ErrandCard:
    """The masked card of a matter."""
    return card_of(errand_of(matter))


def building_name(place: Place) -> str:
    """The name of the building, also when the matter is at a unit of it."""
    if place.kind == "unit" and place.parent is not None:
        return place.parent.name
    return place.name


def building_shown(place: Place) -> str:
    """The name of the building in the reader's language."""
    building = place.parent if place.kind == "unit" and place.parent is not None else place
    return str(Text(building.name, building.name_en or building.name))


def detail_for(viewer: Account, matter: Matter, *, at: datetime) -> DetailView:
    """What this reader may see of a matter that ``visible_to`` let through. The door is not told to couriers here:
    they ask for it by ``services.reveal_address``, which counts and logs."""
    return details_for(viewer, [matter], at=at)[0]


def details_for(viewer: Account, matters: Sequence[Matter], *, at: datetime) -> list[DetailView]:
    """The same for several matters, in a number of queries that does not depend on how many."""
    ids = [matter.pk for matter in matters]
    prefetch_related_objects(matters, "place__parent", "handler")
    people = {viewer.pk, *principals_of(viewer, at=at)}
    errands = {errand.matter_id: errand for errand in ErrandDetail.objects.filter(matter__in=ids)}
    drop_offs = Stop.objects.filter(matter__in=ids, kind=Stop.Kind.DROPOFF, done_at__isnull=True)
    arrivals = dict(drop_offs.order_by("-id").values_list("matter_id", "planned_at"))
    advances: dict[int, list[Advance]] = defaultdict(list)
    for advance in Advance.objects.filter(matter__in=ids).order_by("id"):
        advances[advance.matter_id].append(advance)
    for matter in matters:
        errands[matter.pk].matter = matter
    return [_detail(viewer, people, errands[i], arrivals.get(i), advances[i], at=at) for i in ids]


def _detail(
    viewer: Account,
    people: set[int],
    errand: ErrandDetail,
    arrives_at: datetime | None,
    advances: list[Advance],
    *,
    at: datetime,
) -> DetailView:
    matter = errand.matter
    mine, under_way = matter.concerns_id in people, matter.stage in UNDER_WAY
    why_nobody = errand.unserved if matter.stage in ("open", "unserved") else []
    courier = matter.handler if mine or viewer.pk == matter.handler_id or matter.stage != OFFERED else None
    return DetailView(
        card=card_of(errand), stage=matter.stage_declared.name,
        door=errand.door if mine else None, note=errand.note if mine else None,
        contact=relay_contact(errand, at=at) if mine and under_way else None,
        code=errand.code if mine and under_way else None,
        courier=mask_name(courier.name) if courier else None,
        eta_at=arrives_at if under_way else None,
        can_reveal=address_open(viewer, errand, at=at), stars=errand.stars, done_at=errand.done_at,
        advances=advances if mine or courier == viewer else [],
        mine=mine, unserved=unserved_reasons(why_nobody), unserved_plain=unserved_plainly(why_nobody),
    )  # fmt: skip


def address_open(courier: Account, errand: ErrandDetail, *, at: datetime) -> bool:
    """Whether the door is this courier's to see: from acceptance until delivery and a grace period after it."""
    matter = errand.matter
    if courier.pk != matter.handler_id:
        return False
    if matter.stage in (ACCEPTED, COLLECTED):
        return True
    grace = value("errands.address_grace_minutes", at=at, place_code=matter.place.code)
    return errand.done_at is not None and errand.done_at <= at < errand.done_at + timedelta(minutes=grace)


def relay_contact(errand: ErrandDetail, *, at: datetime) -> Text:
    """How the two reach each other without numbers."""
    line = value("errands.relay_line", at=at, place_code=errand.matter.place.code)
    return Text(f"{line} 转 {errand.relay}", f"{line}, extension {errand.relay}")


def errands_of(account: Account, *, at: datetime, open_only: bool = False, before: int | None = None) -> Page[Matter]:
    """A page of someone's own errands and of those they act for, newest first."""
    narrowed = {"kind": "errand"} | ({"closed_at__isnull": True} if open_only else {})
    sets = [rows.filter(**narrowed) for rows in own_to(account, at=at, handled=False)]
    return merged_page(sets, before=before, related=("place__parent", "errand"))


def carried_by(courier: Account, *, before: int | None = None) -> Page[Matter]:
    """A page of the errands that a courier handles or handled, newest first."""
    rows = Matter.objects.filter(handler=courier, kind="errand").select_related("place__parent", "errand")
    return page_of(rows, before=before)


def in_hand(courier: Account) -> list[Matter]:
    """The errands that a courier has accepted and not yet delivered, the nearest limit first."""
    rows = Matter.objects.filter(handler=courier, kind="errand", stage__in=UNDER_WAY)
    return list(rows.select_related("place__parent", "errand").order_by("due_at", "id"))


def board(account: Account, *, at: datetime, place: Place | None = None) -> list[BoardRow]:
    """The open errands that a worker may read, of each stage those whose limit is nearest: four queries."""
    rank = Window(RowNumber(), partition_by=F("stage"), order_by=("due_at", "pk"))
    ranked = _open_to(account, at, place).annotate(rank=rank).filter(rank__lte=_STAGE_MOST)
    nearest = [pk for pk, _ in ranked.values_list("pk", "rank")]
    shown = Matter.objects.filter(pk__in=nearest).select_related("place__parent", "handler", "errand").defer(*_UNREAD)
    matters = list(shown.order_by("due_at", "pk"))
    asked = dict(
        Offer.objects.filter(matter__in=[m.pk for m in matters]).values_list("matter_id").annotate(n=Count("pk"))
    )
    offers = offer_why(m.pk for m in matters if m.stage in (OFFERED, *UNDER_WAY))
    for matter in matters:
        matter.errand.matter = matter
    return [
        BoardRow(
            card_of(m.errand), m.stage_declared.name, m.stage_declared.tone, m.created_at, m.due_at,
            m.due_at is not None and m.due_at <= at, mask_name(m.handler.name) if m.handler else None,
            asked.get(m.pk, 0), waiting_why(m.errand) if m.stage == OPEN else None, offers.get(m.pk),
        )
        for m in matters
    ]  # fmt: skip


def board_tally(account: Account, *, at: datetime, place: Place | None = None) -> dict[str, tuple[int, int]]:
    """Stage -> how many open errands a worker may read, and how many of them are late."""
    rows = _open_to(account, at, place).order_by().values("stage")
    counted = rows.annotate(n=Count("pk"), late=Count("pk", filter=Q(due_at__lte=at)))
    return {row["stage"]: (row["n"], row["late"]) for row in counted}


def _open_to(account: Account, at: datetime, place: Place | None) -> QuerySet[Matter]:
    return visible_to(account, at=at, place=place, kind="errand").filter(closed_at__isnull=True)


_UNREAD = ("errand__door", "errand__note", "errand__code", "handler__phone", "handler__door")
"""What the board does not show need not be decrypted."""


def _service(errand: ErrandDetail) -> Service:
    found = service_of(errand.service, at=errand.matter.created_at, place_code=errand.matter.place.code)
    assert found is not None, f"service {errand.service} was on the menu when it was chosen"
    return found
