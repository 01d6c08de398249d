"""The demo's hotline orders: 27 % fewer complaints about property than a year before, computed from the events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linhe.core.demo import lay_town, told_fast
from linhe.core.indicators.measures import all_measures
from linhe.core.indicators.queries import figures
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.models import Matter
from linhe.core.places.models import Place
from linhe.desks.reports.demo.hotline import Hotline, fair_count, fewer
from linhe.lib.periods import Quarter


def complaints(place: Place, at: datetime) -> float:
    """Of the quarter so far."""
    measure = all_measures()["reports.hotline_property"]
    return figures(place, [measure], "quarter", at=at)["reports.hotline_property"].value or 0


@pytest.mark.django_db
def test_complaints_about_property_fell_by_27_percent() -> None:
    at = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
    town = lay_town(at=at)
    with told_fast():
        Hotline(town, at=at).tell()
    while roll_up():
        continue
    first, _ = Quarter.of(at).stretch()
    end = first - timedelta(minutes=1)
    assert (complaints(town.district, end), complaints(town.district, end.replace(year=2025))) == (73, 100)
    now, before = complaints(town.district, at), complaints(town.district, at.replace(year=2025))
    assert before >= 30
    assert round(100 * (before - now) / before) == 27
    waiting = Matter.objects.filter(kind="hotline", closed_at__isnull=True)
    assert {"received", "answered"} == set(waiting.values_list("stage", flat=True))
    assert 8 <= waiting.count() < 40
    assert waiting.filter(at_community=town.communities[0]).exists()


def test_any_part_of_a_quarter_shows_the_same_fall() -> None:
    for wanted in range(2, 101):
        count = fair_count(wanted)
        assert 0 <= count <= wanted
        assert count == 0 or round(100 * (1 - fewer(count) / count)) == 27
        assert count > 0 or wanted < 11
