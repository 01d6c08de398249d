"""Figures, series, the drill-down, and the events behind a figure."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linhe.core.indicators.measures import all_measures, measures_of
from linhe.core.indicators.periods import PERIODS, Period, days_of
from linhe.core.indicators.queries import By, EventsPage, breakdown, events_behind, figures, series
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from tests.factories import District, make_account, make_district, make_post

NOW = datetime(2026, 5, 13, 2, 0, tzinfo=UTC)  # Wednesday 10:00 in Shanghai
pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> District:
    return make_district()


@pytest.fixture
def courier(town: District) -> Account:
    return make_post("courier", town.district)


def serve(
    place: Place,
    courier: Account,
    at: datetime,
    *,
    size: int = 3,
    minutes: int = 10,
    colour: str = "red",
    worn: int = 1,
) -> None:
    """One toy: raised, taken and finished, somewhat worn."""
    asked = {"size": size, "colour": colour}
    matter = begin("toy", "raise", by=make_account("王桂英"), place=place, data=asked, at=at).matter
    matter = act(matter, "take", by=courier, at=at + timedelta(minutes=minutes)).matter
    data = {"went_well": size < 9, "worn": worn, "size": size}
    act(matter, "finish", by=courier, data=data, at=at + timedelta(minutes=minutes))


def test_periods_are_days_in_shanghai() -> None:
    late = datetime(2026, 5, 12, 16, 30, tzinfo=UTC)  # 00:30 on the 13th
    firsts = {period: days_of(period, late)[0] for period in PERIODS}
    assert firsts == {
        "today": date(2026, 5, 13), "week": date(2026, 5, 7), "month": date(2026, 5, 1),
        "quarter": date(2026, 4, 1), "year": date(2026, 1, 1), "all": date.min,
    }  # fmt: skip
    assert {days_of(period, late)[1] for period in PERIODS} == {date(2026, 5, 14)}


def test_figures_of_all_measures_take_one_query(town: District, courier: Account) -> None:
    serve(town.unit, courier, NOW, size=2, minutes=10)
    serve(town.other_building, courier, NOW, size=9, minutes=25, colour="blue")
    serve(town.unit, courier, NOW - timedelta(days=40))
    roll_up()
    with CaptureQueriesContext(connection) as queries:
        found = figures(town.district, measures_of("toy"), "today", at=NOW)
    assert len(queries) == 1
    assert {code: figure.value for code, figure in found.items()} == {
        "toy.raised": 2, "toy.size": 11.0, "toy.went_well": 0.5, "toy.minutes_to_take": 17.5,
        "toy.red_raised": 1, "toy.red_size": 2.0, "toy.worn": pytest.approx(100 * 2 / 11), "toy.ended": 2,
    }  # fmt: skip
    raised = [all_measures()["toy.raised"]]
    assert [figures(town.district, raised, period, at=NOW)["toy.raised"].value for period in PERIODS] == [
        2, 2, 2, 3, 3, 3,
    ]  # fmt: skip
    assert figures(town.building, raised, "today", at=NOW)["toy.raised"].value == 1


def test_where_nothing_happened_the_figure_says_so(town: District) -> None:
    found = figures(town.district, measures_of("toy"), "all", at=NOW)
    assert (found["toy.raised"].value, found["toy.size"].value, found["toy.went_well"].value) == (0, 0.0, None)
    assert found["toy.worn"].value is None


def test_the_ratio_of_the_whole_is_that_of_the_sums_of_its_parts(town: District, courier: Account) -> None:
    serve(town.unit, courier, NOW, size=8, worn=6)
    serve(town.other_building, courier, NOW, size=2, worn=0)
    roll_up()
    worn = all_measures()["toy.worn"]
    parts = [figure for _, figure in breakdown(worn, town.subdistrict, "today", at=NOW)]
    whole = figures(town.district, [worn], "today", at=NOW)["toy.worn"]
    assert [part.value for part in parts] == [75.0, 0.0]
    assert (whole.total, whole.base) == (sum(p.total for p in parts), sum(p.base for p in parts))
    assert whole.value == 60.0  # not 37.5, the mean of the parts


def test_a_series_has_no_gaps(town: District, courier: Account) -> None:
    for days in (0, 1, 1, 9):
        serve(town.unit, courier, NOW - timedelta(days=days))
    roll_up()
    raised, after = all_measures()["toy.raised"], date(2026, 5, 14)

    def drawn(first: date, by: By) -> list[tuple[date, float | None]]:
        return [(day, f.value) for day, f in series(raised, town.district, first, after, by=by)]

    assert drawn(date(2026, 5, 11), "day") == [(date(2026, 5, 11), 0), (date(2026, 5, 12), 2), (date(2026, 5, 13), 1)]
    assert drawn(date(2026, 4, 29), "week") == [(date(2026, 4, 27), 0), (date(2026, 5, 4), 1), (date(2026, 5, 11), 3)]
    assert drawn(date(2026, 4, 30), "month") == [(date(2026, 4, 1), 0), (date(2026, 5, 1), 4)]


def test_the_breakdown_adds_up(town: District, courier: Account) -> None:
    serve(town.unit, courier, NOW)
    serve(town.unit, courier, NOW)
    serve(town.other_building, courier, NOW)
    roll_up()
    raised = all_measures()["toy.raised"]
    with CaptureQueriesContext(connection) as queries:
        parts = breakdown(raised, town.subdistrict, "month", at=NOW)
    assert len(queries) == 2
    assert [(place.pk, figure.value) for place, figure in parts] == [
        (town.community.pk, 2), (town.other_community.pk, 1),
    ]  # fmt: skip
    assert breakdown(raised, town.unit, "month", at=NOW) == []


@pytest.mark.parametrize("code", sorted(m.code for m in measures_of("toy")))
@pytest.mark.parametrize("period", ["today", "all"])
def test_as_many_events_stand_behind_a_figure_as_it_counts(
    town: District, courier: Account, code: str, period: Period
) -> None:
    for days in (0, 0, 3):
        serve(town.unit, courier, NOW - timedelta(days=days))
    serve(town.other_building, courier, NOW)
    roll_up()
    measure = all_measures()[code]
    figure = figures(town.building, [measure], period, at=NOW)[code]
    page = events_behind(measure, town.building, period, courier, at=NOW)
    assert len(page.rows) == figure.count == (2 if period == "today" else 3)


def test_a_filter_counts_only_events_that_keep_the_text(town: District, courier: Account) -> None:
    for colour in ("red", "blue", "red", "blue", "blue"):
        serve(town.unit, courier, NOW, colour=colour)
    roll_up()
    measures = [all_measures()[code] for code in ("toy.raised", "toy.red_raised")]
    counted = figures(town.district, measures, "today", at=NOW)
    assert [figure.value for figure in counted.values()] == [5, 2]
    behind = events_behind(measures[1], town.district, "today", courier, at=NOW).rows
    kept = Event.objects.filter(pk__in=[row.event_id for row in behind])
    assert [event.data["colour"] for event in kept] == ["red", "red"]


def test_events_behind_page_by_key(town: District, courier: Account) -> None:
    for _ in range(5):
        serve(town.unit, courier, NOW)
    raised = all_measures()["toy.raised"]
    first = events_behind(raised, town.district, "all", courier, at=NOW, size=3)
    rest = events_behind(raised, town.district, "all", courier, at=NOW, size=3, before=first.next_before)
    ids = [row.event_id for row in [*first.rows, *rest.rows]]
    assert (len(ids), rest.next_before) == (5, None)
    assert ids == sorted(ids, reverse=True)


def test_pages_of_events_go_back_over_the_days_that_hold_them(town: District, courier: Account) -> None:
    """Rare events over a long time: every page is full, nothing twice and nothing left out, newest first."""
    days = (0, 0, 1, 9, 10, 11, 40, 40, 40, 300)
    for back in days:
        serve(town.unit, courier, NOW - timedelta(days=back))
        serve(town.other_building, courier, NOW - timedelta(days=back))
    roll_up()
    raised = all_measures()["toy.raised"]
    seen: list[EventsPage] = []
    before: int | None = None
    while not seen or before is not None:
        page = events_behind(raised, town.building, "all", courier, at=NOW, size=3, before=before)
        before = page.next_before
        seen.append(page)
    found = [(NOW - row.at).days for page in seen for row in page.rows]
    assert found == sorted(days)
    assert [len(page.rows) for page in seen] == [3, 3, 3, 1]
    assert len({row.event_id for page in seen for row in page.rows}) == len(days)


def test_a_key_from_outside_the_period_leads_to_nothing(town: District, courier: Account) -> None:
    for back in (400, 0):
        serve(town.unit, courier, NOW - timedelta(days=back))
    roll_up()
    raised, oldest = all_measures()["toy.raised"], Event.objects.order_by("pk")[0].pk
    assert events_behind(raised, town.district, "week", courier, at=NOW, before=oldest + 1).rows == []
    assert events_behind(raised, town.district, "all", courier, at=NOW, before=oldest).rows == []
    assert len(events_behind(raised, town.district, "all", courier, at=NOW, before=oldest + 1).rows) == 1


def test_a_matter_is_named_only_to_who_may_read_it(town: District, courier: Account) -> None:
    serve(town.unit, courier, NOW)
    serve(town.other_building, courier, NOW)
    raised = all_measures()["toy.raised"]
    worker, stranger = make_post("community_worker", town.community), make_account()
    for reader, seen in ((worker, [False, True]), (stranger, [False, False]), (courier, [True, True])):
        rows = events_behind(raised, town.district, "all", reader, at=NOW).rows
        assert [row.matter is not None for row in rows] == seen
        assert [row.place.pk for row in rows] == [town.other_building.pk, town.unit.pk]
    shown = [(str(row.kind), str(row.action), row.place.name, row.at) for row in rows]
    assert "王桂英" not in json.dumps(shown, ensure_ascii=False, default=str)
