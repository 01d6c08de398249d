"""Which listings deserve a look: risk flags that the database works out, and the listings decided in a period."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import BooleanField, Count, DecimalField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.db.models import Subquery as Sub
from django.db.models.functions import Cast, Coalesce

from linhe.core.dated import value
from linhe.core.loop.models import Event, MatterClock
from linhe.core.places.models import Place
from linhe.desks.exchange.loop.review import LISTED, SOLD, SUSPENDED, UNSOLD
from linhe.desks.exchange.models import Finding, Inspection, Listing
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

FLAGS: dict[str, Text] = {
    "chain_below": Text("重新挂牌价低于评估结果", "listed again below the appraisal"),
    "below_limit": Text("挂牌价低于规定比例", "listed below the limit of the appraisal"),
    "deal_below": Text("成交价低于评估结果", "sold below the appraisal"),
    "noted": Text("带提示挂牌", "listed with an open note"),
    "late": Text("审核超时", "reviewed too late"),
    "returned": Text("多次退回", "returned several times"),
}
"""The flags by code, in the order in which people read them."""
REVIEW_CLOCKS = ("complete", "review", "approve")
DECIDED = ("approve", "refuse")
ON_THE_MARKET = (LISTED, SUSPENDED, SOLD, UNSOLD)


def listings_of(place: Place) -> QuerySet[Listing]:
    """The listings of a province (or of a place within, where an exchange keeps them there)."""
    return Listing.objects.filter(**{f"matter__at_{place.level}": place})


def with_flags(rows: QuerySet[Listing], *, at: datetime, place_code: str) -> QuerySet[Listing]:
    """Listings with a yes or no for each flag, by the parameters in force."""
    percent = value("exchange.below_percent", at=at, place_code=place_code)
    returns = value("exchange.returns_flagged", at=at, place_code=place_code)
    wide = DecimalField(max_digits=30, decimal_places=0)  # a price times 100 may pass 2^63
    returned = Event.objects.filter(matter=OuterRef("pk"), action="return").order_by().values("matter")
    late = MatterClock.objects.filter(matter=OuterRef("pk"), code__in=REVIEW_CLOCKS, late_at__isnull=False)
    noted = Finding.objects.filter(run__filing__listing=OuterRef("pk"), run__at_step="approved", status="fail")
    rows = rows.annotate(
        reserve_wide=Cast("reserve_fen", wide), appraisal_wide=Cast("appraisal_fen", wide),
        returns=Coalesce(Sub(returned.annotate(n=Count("pk")).values("n")), 0),
    )  # fmt: skip
    return rows.annotate(
        chain_below=_flag(Q(sequence__gt=1, reserve_fen__lt=F("appraisal_fen"))),
        below_limit=_flag(Q(reserve_wide__lt=F("appraisal_wide") * percent / 100)),
        deal_below=_flag(Q(deal_fen__lt=F("appraisal_fen"))),
        noted=_flag(Q(Exists(noted), matter__stage__in=ON_THE_MARKET)),
        late=_flag(Exists(late)),
        returned=_flag(Q(returns__gte=returns)),
    )


def flagged(province: Place, *, at: datetime) -> QuerySet[Listing]:
    """The listings of a province that carry a flag and that no case has looked into."""
    any_flag = Q()
    for code in FLAGS:
        any_flag |= Q(**{code: True})
    looked_into = Inspection.objects.filter(listing=OuterRef("pk"))
    rows = with_flags(listings_of(province), at=at, place_code=province.code)
    return rows.filter(any_flag, ~Exists(looked_into)).select_related("matter", "lot__seller")


def flags_of(listing: Listing) -> list[str]:
    """The flags that an annotated listing carries."""
    return [code for code in FLAGS if getattr(listing, code)]


def names_of(codes: Iterable[str]) -> list[Text]:
    """Flags in words; one that this version does not know by its code."""
    return [FLAGS.get(code, Text(code, code)) for code in codes]


def decided_between(province: Place, first: date, after: date) -> list[int]:
    """Ids of the listings of a province that were approved or refused in half-open days, in order."""
    start, end = (datetime.combine(day, time(), SHANGHAI) for day in (first, after))
    decided = Event.objects.filter(matter=OuterRef("pk"), action__in=DECIDED, at__gte=start, at__lt=end)
    return list(listings_of(province).filter(Exists(decided)).order_by("pk").values_list("pk", flat=True))


def _flag(condition: Q | Exists) -> Coalesce:
    """Yes or no, also where a price is not known."""
    return Coalesce(ExpressionWrapper(Q(condition), output_field=BooleanField()), False)
