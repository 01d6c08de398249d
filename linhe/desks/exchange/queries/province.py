"""The province's figures: what was decided, which rules failed, prices below the appraisal, time used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from linhe.core.loop.models import Event, Matter
from linhe.core.loop.queries import Page, page_of
from linhe.core.places.models import Place
from linhe.desks.exchange.loop.review import IN_REVIEW
from linhe.desks.exchange.models import Draw, Finding, Inspection, Listing, Lot
from linhe.desks.exchange.queries.awaiting import LEFT_TO_THE_EXCHANGE
from linhe.desks.exchange.queries.risks import DECIDED
from linhe.lib.text import Text
from linhe.lib.working_calendar import DAY, SHANGHAI, is_working_day

COUNTED: dict[str, Text] = {
    "lodge": Text("受理申请", "lodged"),
    "return": Text("退回补正", "returned"),
    "refuse": Text("审核不通过", "refused"),
    "approve": Text("挂牌", "listed"),
    "record_deal": Text("成交", "sold"),
    "no_buyer": Text("未征集到受让方", "no buyer"),
}
LONGEST_REVIEW = timedelta(days=800)
_TIME_USED = """
WITH days AS (SELECT unnest(%(days)s::date[]) AS d),
decided AS (
  SELECT DISTINCT e.matter_id FROM loop_event e JOIN loop_matter m ON m.id = e.matter_id
  WHERE m.kind = 'listing' AND m.at_district_id = %(province)s AND e.action = ANY(%(decided)s)
    AND e.at >= %(start)s AND e.at < %(end)s),
steps AS (
  SELECT e.matter_id, e.to_stage, e.at, lead(e.at) OVER (PARTITION BY e.matter_id ORDER BY e.seq) AS until
  FROM loop_event e JOIN decided USING (matter_id)),
used AS (
  SELECT matter_id, sum((SELECT count(*) FROM days
    WHERE d > (steps.at AT TIME ZONE 'Asia/Shanghai')::date
      AND d <= (until AT TIME ZONE 'Asia/Shanghai')::date))::int AS n
  FROM steps WHERE to_stage = ANY(%(in_review)s) AND until IS NOT NULL GROUP BY matter_id)
"""


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open days of a year, as moments in Shanghai."""

    year: int

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 1, 1)

    @property
    def after(self) -> date:
        """The day after its last."""
        return date(self.year + 1, 1, 1)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """First moment, and the first one after it."""
        first, after = (datetime.combine(day, time(), SHANGHAI) for day in (self.first, self.after))
        return first, after


@dataclass(frozen=True, slots=True)
class TimeUsed:
    """How long reviews took, in working days of the exchange; time with the seller does not count."""

    cases: int
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class Chain:
    """A lot that was listed again below its appraisal: its listings in order."""

    lot: Lot
    listings: tuple[Listing, ...]

    @property
    def last(self) -> Listing:
        """What became of it in the end."""
        return self.listings[-1]


def counts(province: Place, span: Span) -> list[tuple[str, Text, int]]:
    """How many listings were lodged, returned, refused, listed, sold or not in a year."""
    start, end = span.moments
    rows = Event.objects.filter(
        matter__kind="listing", matter__at_district=province, action__in=COUNTED, at__gte=start, at__lt=end
    )  # fmt: skip
    found = dict(rows.values_list("action").annotate(n=Count("matter", distinct=True)).order_by())
    return [(action, name, found.get(action, 0)) for action, name in COUNTED.items()]


def cases_behind(province: Place, span: Span, action: str, *, before: int | None = None) -> Page[Matter]:
    """The listings that a count counts, newest first."""
    start, end = span.moments
    took = Event.objects.filter(matter=OuterRef("pk"), action=action, at__gte=start, at__lt=end)
    rows = Matter.objects.filter(Exists(took), kind="listing", at_district=province)
    return page_of(rows.select_related("place"), before=before)


def by_rule(province: Place, span: Span) -> list[dict[str, Any]]:
    """For each rule, how many applications lodged in a year failed it or lacked what it asks for, most first."""
    rows = _found(province, span).values("rule").annotate(
        zh=Max("title_zh"), en=Max("title_en"), failed=Count("pk", filter=Q(status="fail")),
        unknown=Count("pk", filter=Q(status="unknown")),
    )  # fmt: skip
    return [dict(row) for row in rows.order_by("-failed", "-unknown", "rule")]


def cases_of_rule(province: Place, span: Span, rule: str, *, before: int | None = None) -> Page[Matter]:
    """The listings in which a rule failed, or lacked what it asks for."""
    found = _found(province, span).filter(rule=rule, run__filing__listing=OuterRef("pk"))
    rows = Matter.objects.filter(Exists(found), kind="listing", at_district=province)
    return page_of(rows.select_related("place"), before=before)


def _found(province: Place, span: Span) -> QuerySet[Finding]:
    start, end = span.moments
    found = Finding.objects.filter(
        run__filing__listing__matter__at_district=province, run__at_step="lodged", run__at__gte=start, run__at__lt=end,
        status__in=("fail", "unknown"),
    )  # fmt: skip
    return found.exclude(LEFT_TO_THE_EXCHANGE)


def chains(province: Place, *, before: int | None = None) -> Page[Lot]:
    """Lots that were listed again below their appraisal, newest first."""
    below = Listing.objects.filter(
        lot=OuterRef("pk"), sequence__gt=1, listed_on__isnull=False, reserve_fen__lt=F("appraisal_fen")
    )
    return page_of(Lot.objects.filter(Exists(below), province=province).select_related("seller"), before=before)


def with_listings(lots: Sequence[Lot]) -> list[Chain]:
    """Lots with their whole chains, in one query."""
    held: dict[int, list[Listing]] = {}
    rows = Listing.objects.filter(lot__in=lots, listed_on__isnull=False).select_related("matter")
    for one in rows.order_by("lot", "sequence"):
        held.setdefault(one.lot_id, []).append(one)
    return [Chain(lot, tuple(held.get(lot.pk, ()))) for lot in lots]


def time_used(province: Place, span: Span) -> TimeUsed:
    """Median and 90th percentile of the working days that reviews decided in a year took."""
    query = _TIME_USED + (
        "SELECT count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY n), "
        "percentile_cont(0.9) WITHIN GROUP (ORDER BY n) FROM used"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, _arguments(province, span))
        cases, median, p90 = cursor.fetchone()
    return TimeUsed(cases, median, p90)


def slowest(province: Place, span: Span, *, most: int = 50) -> list[tuple[Matter, int]]:
    """The reviews behind the time used, the longest first."""
    with connection.cursor() as cursor:
        cursor.execute(_TIME_USED + "SELECT matter_id, n FROM used ORDER BY n DESC, matter_id LIMIT %(most)s",
                       _arguments(province, span) | {"most": most})  # fmt: skip
        rows = cursor.fetchall()
    matters = Matter.objects.select_related("place").in_bulk([pk for pk, _ in rows])
    return [(matters[pk], n) for pk, n in rows]


def _arguments(province: Place, span: Span) -> dict[str, Any]:
    start, end = span.moments
    days, day = [], span.first - LONGEST_REVIEW
    while day < span.after:
        if is_working_day(day, unpublished="weekends"):
            days.append(day)
        day += DAY
    return {
        "days": days, "province": province.pk, "decided": list(DECIDED), "start": start, "end": end,
        "in_review": list(IN_REVIEW),
    }  # fmt: skip


def draws(province: Place) -> list[dict[str, Any]]:
    """The samples of a province, newest first, with what became of their cases."""
    rows = Draw.objects.filter(province=province).order_by("-from_date")[:24]
    told = Inspection.objects.filter(draw__in=[one.pk for one in rows]).values("draw")
    counted = told.annotate(
        cases=Count("pk"), running=Count("pk", filter=Q(running=True)), wrong=Count("pk", filter=Q(outcome="correct"))
    )
    by_draw = {one["draw"]: one for one in counted}
    none = {"cases": 0, "running": 0, "wrong": 0}
    return [{**by_draw.get(one.pk, none), "draw": one} for one in rows]
