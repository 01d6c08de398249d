"""The desk's figures of this year beside the year before, summed from the roll-ups of its measures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum

from linhe.core.indicators.measures import Measure, all_measures
from linhe.core.indicators.models import Rollup
from linhe.core.indicators.queries import Figure
from linhe.core.places.models import Place
from linhe.lib.working_calendar import local_date

SHOWN = ("power.connect", "power.isolate", "power.restored", "power.drills")


@dataclass(frozen=True, slots=True)
class YearOnYear:
    """A measure this year so far, and in the whole year before."""

    now: Figure
    before: Figure

    @property
    def change_percent(self) -> int | None:
        """By how much it went up or down; None when there is nothing to compare."""
        if not self.now.value or not self.before.value:
            return None
        return round(100 * (self.now.value / self.before.value - 1))


def year_on_year(place: Place, *, at: datetime) -> list[YearOnYear]:
    """What the desk shows of itself."""
    today = local_date(at)
    first, before = date(today.year, 1, 1), date(today.year - 1, 1, 1)
    measures = [all_measures()[code] for code in SHOWN]
    return [
        YearOnYear(_between(one, place, first, date(today.year + 1, 1, 1)), _between(one, place, before, first))
        for one in measures
    ]


def _between(measure: Measure, place: Place, first: date, after: date) -> Figure:
    rows = Rollup.objects.filter(place=place, measure=measure.code, day__gte=first, day__lt=after)
    summed = rows.aggregate(n=Sum("count"), sum=Sum("total"), of=Sum("base"))
    return Figure(measure, summed["n"] or 0, summed["sum"] or Decimal(0), summed["of"] or Decimal(0))
