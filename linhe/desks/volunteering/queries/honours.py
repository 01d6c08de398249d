"""Reads of points, shops, settlements and selections."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db.models import Count, Q, QuerySet, Sum

from linhe.core.loop.models import Event, Matter
from linhe.core.people.models import Account, Organisation, Post
from linhe.core.people.queries import organisations_of
from linhe.desks.volunteering.loop.publicity import OBJECTED, PUBLIC
from linhe.desks.volunteering.loop.selection import DECIDED, VOTING
from linhe.desks.volunteering.models import (
    Candidate,
    Item,
    Juror,
    OptIn,
    Protest,
    Redemption,
    ResultRow,
    Reward,
    SelectionDetail,
    SettlementDetail,
    SnapshotRow,
    Voted,
)
from linhe.desks.volunteering.schemas.choices import name_of
from linhe.desks.volunteering.schemas.honours import SOURCES
from linhe.lib.masking import mask_name
from linhe.lib.periods import month_of
from linhe.lib.text import Text

RIDER = "courier"


def riders(*, at: datetime) -> set[int]:
    """Ids of everybody who is registered as a courier now."""
    held = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), role=RIDER, valid_from__lte=at)
    return set(held.values_list("account_id", flat=True))


def opt_in_of(account: Account) -> OptIn | None:
    """Whether and how somebody takes part in rankings."""
    return OptIn.objects.filter(account=account, ended_at__isnull=True).first()


@dataclass(frozen=True, slots=True)
class Offered:
    """An item of a shop and how many are left this month."""

    item: Item
    left: int


def catalogue(shops: Collection[Organisation], *, at: datetime) -> list[Offered]:
    """What these shops give for points, by shop and price."""
    first, after = month_of(at)
    items = Item.objects.filter(shop__in=shops, offered=True).select_related("shop__place")
    gone = dict(
        Redemption.objects.filter(item__in=items, at__gte=first, at__lt=after, undone_at__isnull=True)
        .order_by()
        .values_list("item")
        .annotate(count=Count("pk"))
    )
    return [
        Offered(item, max(0, item.stock_a_month - gone.get(item.pk, 0)))
        for item in items.order_by("shop__name", "points", "pk")
    ]


def shops_near(account: Account) -> QuerySet[Organisation]:
    """Partner shops of the district where somebody lives or, without a home, all."""
    shops = Organisation.objects.filter(
        kind=Organisation.Kind.SHOP, pk__in=Item.objects.filter(offered=True).values("shop")
    )
    home = account.home
    if home is not None and home.district_id:
        shops = shops.filter(Q(place=home.district_id) | Q(place__district=home.district_id))
    return shops


def shops_of(account: Account, *, at: datetime) -> list[Organisation]:
    """The shops that somebody works for."""
    return [one for one in organisations_of(account, at=at) if one.kind == Organisation.Kind.SHOP]


def shop_of_item(item_id: int | None, shops: list[Organisation]) -> Organisation | None:
    """Which of these shops offers an item."""
    shop_id = Item.objects.filter(pk=item_id or 0, shop__in=shops).values_list("shop_id", flat=True).first()
    return next((one for one in shops if one.pk == shop_id), None)


def redeemed_at(shop: Organisation, *, at: datetime) -> QuerySet[Redemption]:
    """What was redeemed at a shop in the month of a moment, newest first."""
    first, after = month_of(at)
    rows = Redemption.objects.filter(shop=shop, at__gte=first, at__lt=after)
    return rows.select_related("item", "matter", "account").order_by("-at", "-pk")


@dataclass(frozen=True, slots=True)
class ShopMonth:
    """What a shop is owed for a month: how many redemptions stand, and their points."""

    count: int
    points: int
    fen: int

    @property
    def yuan(self) -> str:
        """What is owed, exactly."""
        return f"{self.fen // 100}.{self.fen % 100:02}"


def month_at(shop: Organisation, *, at: datetime, fen_a_point: int) -> ShopMonth:
    """The sums of a shop's month; what was undone does not count."""
    sums = redeemed_at(shop, at=at).filter(undone_at__isnull=True).aggregate(count=Count("pk"), points=Sum("points"))
    points = sums["points"] or 0
    return ShopMonth(sums["count"], points, points * fen_a_point)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a published ranking with the name as it may be shown."""

    row: SnapshotRow
    name: str
    mine: bool


def shown_name(account: Account, named: Collection[int]) -> str:
    """The full name of those who agreed to that, otherwise the family name only."""
    return account.name if account.pk in named else mask_name(account.name)


def named_among(ids: Iterable[int]) -> set[int]:
    """Who of these people agreed to be shown with the full name, today."""
    agreed = OptIn.objects.filter(account__in=list(ids), ended_at__isnull=True, named=True)
    return set(agreed.values_list("account_id", flat=True))


def ranking_of(settlement: SettlementDetail, *, reader: Account, version: int | None = None) -> list[Shown]:
    """The lines of a snapshot, best first."""
    rows = list(
        SnapshotRow.objects.filter(snapshot__settlement=settlement, snapshot__version=version or settlement.version)
        .select_related("account")
        .order_by("rank", "pk")
    )
    named = named_among(row.account_id for row in rows)
    return [Shown(row, shown_name(row.account, named), row.account_id == reader.pk) for row in rows]


def settlements(*, place_ids: Collection[int] | None = None) -> QuerySet[SettlementDetail]:
    """Settlements, the newest quarter first."""
    rows = SettlementDetail.objects.select_related("matter__place", "place")
    if place_ids is not None:
        rows = rows.filter(Q(place__in=place_ids) | Q(place__district__in=place_ids))
    return rows.order_by("-year", "-quarter", "place__code")


def rewards_of(settlement: SettlementDetail) -> list[Reward]:
    """The rewards of a settlement in the order of their ranks."""
    return list(settlement.rewards.select_related("account").order_by("rank", "pk"))


def protests_of(matter: Matter) -> list[tuple[Protest, str]]:
    """The objections to a result with their words, oldest first; for those who answer them."""
    rows = (
        Protest.objects.filter(matter=matter)
        .select_related("event")
        .prefetch_related("event__particulars")
        .order_by("pk")
    )
    return [(one, _words(one.event)) for one in rows]


def _words(event: Event | None) -> str:
    return next((p.value for p in event.particulars.all() if p.name == "words"), "") if event else ""


def selections() -> QuerySet[SelectionDetail]:
    """Selections, the newest first."""
    return SelectionDetail.objects.select_related("matter__place", "place").order_by("-year", "-pk")


@dataclass(frozen=True, slots=True)
class Card:
    """A candidate as shown to the public."""

    candidate: Candidate
    name: str
    result: ResultRow | None

    @property
    def source(self) -> Text:
        """Who nominated."""
        return name_of(SOURCES, self.candidate.source)

    @property
    def total(self) -> str:
        """The exact total, shown with two decimals."""
        return f"{float(Fraction(self.result.total)):.2f}" if self.result else ""

    @property
    def jury(self) -> str:
        """The mean of the jury's marks, shown with one decimal."""
        return f"{float(Fraction(self.result.jury)):.1f}" if self.result else ""


def ballot(selection: SelectionDetail, *, everyone: bool = False) -> list[Card]:
    """Who is on the ballot, by number; once it is published the result comes with each. ``everyone`` also shows those
    who were only nominated, to the district."""
    rows = Candidate.objects.filter(selection=selection).select_related("account", "organisation")
    rows = rows if everyone else rows.filter(number__isnull=False)
    shown = selection.matter.stage in (PUBLIC, OBJECTED, DECIDED)
    results = {}
    if shown:
        found = ResultRow.objects.filter(selection=selection, version=selection.version)
        results = {row.candidate_id: row for row in found}
    cards = [Card(c, c.account.name if c.agreed else mask_name(c.account.name), results.get(c.pk)) for c in rows]
    return sorted(cards, key=lambda card: (card.result.rank if card.result else 0, card.candidate.number or 999))


def may_vote(selection: SelectionDetail, account: Account) -> bool:
    """Whether somebody can still vote."""
    voted = Voted.objects.filter(selection=selection, account=account).exists()
    return selection.matter.stage == VOTING and account.phone_verified_at is not None and not voted


def has_voted(selection: SelectionDetail, account: Account) -> bool:
    """Whether somebody has voted."""
    return Voted.objects.filter(selection=selection, account=account).exists()


def withdrawn_items(shops: Collection[Organisation]) -> list[Item]:
    """What these shops no longer offer."""
    return list(Item.objects.filter(shop__in=shops, offered=False).order_by("name", "pk"))


def waiting_protests(matter: Matter) -> int:
    """How many objections wait for an answer."""
    return Protest.objects.filter(matter=matter, answered_at__isnull=True).count()


def my_protests(matter: Matter, account: Account) -> list[tuple[Protest, str]]:
    """One's own objections to a result, each with the answer as far as there is one."""
    answers = {
        event.data.get("protest"): next((p.value for p in event.particulars.all() if p.name == "words"), "")
        for event in Event.objects.filter(matter=matter, action="answer").prefetch_related("particulars")
    }
    rows = Protest.objects.filter(matter=matter, account=account).order_by("pk")
    return [(one, answers.get(one.pk, "")) for one in rows]


def juror_of(selection: SelectionDetail, account: Account) -> Juror | None:
    """Somebody's seat in the jury."""
    return Juror.objects.filter(selection=selection, account=account).first()


def to_mark(juror: Juror, cards: Iterable[Card]) -> list[Card]:
    """Whom a juror still has to mark."""
    done = {*juror.marks.values_list("candidate_id", flat=True), *juror.recusals.values_list("candidate_id", flat=True)}
    return [c for c in cards if c.candidate.pk not in done and c.candidate.account_id != juror.account_id]


def jury(selection: SelectionDetail) -> list[tuple[str, int]]:
    """The jurors and how many each has dealt with."""
    rows = Juror.objects.filter(selection=selection).select_related("account").order_by("pk")
    counted = rows.annotate(done=Count("marks", distinct=True) + Count("recusals", distinct=True))
    return [(one.account.name, one.done) for one in counted]


def candidacy(selection: SelectionDetail, account: Account) -> Candidate | None:
    """One's own nomination."""
    return Candidate.objects.filter(selection=selection, account=account).first()
