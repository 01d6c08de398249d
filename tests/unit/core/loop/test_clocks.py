"""Clocks in wall minutes, working minutes and working days, beside a count minute by minute."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.core.dated import parameter
from linhe.core.loop import clocks
from linhe.core.loop.kinds import Clock
from linhe.lib.text import Text
from tests.trust.calendar_reference import after_working_days, after_working_minutes, working_minutes, works

MATTER: Any = SimpleNamespace(place=SimpleNamespace(code="990201001001-001-001"))
NAME = Text("时限", "limit")
MINUTES = Clock("a", NAME, "toy.take_minutes", (), ())
WORKING = Clock("b", NAME, "toy.finish_working_minutes", (), ())
DAYS = Clock("c", NAME, "toy.answer_working_days", (), ())
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda n: datetime(2024, 1, 2, tzinfo=UTC) + timedelta(minutes=n))
EDGES = [
    datetime(2024, 2, 9, 9, 59, tzinfo=UTC),  # a minute before the Spring Festival
    datetime(2025, 1, 26, 4, 0, tzinfo=UTC),  # noon of a Sunday that is worked
    datetime(2025, 12, 31, 9, 0, tzinfo=UTC),  # an hour before the year's last close of business
    datetime(2026, 2, 14, 3, 30, tzinfo=UTC),  # a Saturday that is worked, half an hour before lunch
    datetime(2026, 12, 31, 10, 0, tzinfo=UTC),  # the close of the last year with a notice
    datetime(2026, 3, 7, 3, 0, tzinfo=UTC),  # an ordinary Saturday
]


def moments_and_edges() -> st.SearchStrategy[datetime]:
    """Any minute, the awkward ones often."""
    return st.sampled_from(EDGES) | moments


def test_the_reference_knows_the_shifted_days() -> None:
    day = datetime(2026, 2, 14, tzinfo=UTC).date()
    assert works(day)
    assert not works(day + timedelta(days=2))


@given(moments_and_edges())
def test_a_limit_in_minutes_runs_day_and_night(start: datetime) -> None:
    assert clocks.due(MINUTES, start, MATTER) == start + timedelta(minutes=10)


@given(moments_and_edges())
def test_a_limit_in_working_minutes_equals_the_count(start: datetime) -> None:
    assert clocks.due(WORKING, start, MATTER) == after_working_minutes(start, 120)


@given(moments_and_edges())
def test_a_limit_in_working_days_equals_the_count(start: datetime) -> None:
    assert clocks.due(DAYS, start, MATTER) == after_working_days(start, 3)


@given(
    st.sampled_from([MINUTES, WORKING, DAYS]),
    moments_and_edges(),
    st.integers(0, 200) | st.integers(0, 15 * 24 * 60),
    st.integers(0, 200) | st.integers(0, 15 * 24 * 60),
)
def test_a_pause_keeps_the_time_that_is_left(clock: Clock, start: datetime, ran: int, paused: int) -> None:
    due, at = clocks.due(clock, start, MATTER), start + timedelta(minutes=ran)
    back = at + timedelta(minutes=paused)
    resumed = clocks._after(clock, back, clocks._left(clock, at, due, MATTER), MATTER)
    if at > due:  # late already: just as late when it goes on
        assert back - resumed == at - due
    elif clock is MINUTES:
        assert resumed - back == due - at
    elif clock is WORKING:
        assert working_minutes(back, resumed) == working_minutes(at, due)
        assert at == due or resumed == after_working_minutes(back, working_minutes(at, due))
    else:
        left = sum(after_working_days(at, n) <= due for n in (1, 2, 3))
        assert resumed == (after_working_days(back, left) if left else after_working_days(back - timedelta(days=1), 1))


def test_a_clock_paused_on_its_last_day_is_due_when_that_day_ends() -> None:
    friday = datetime(2026, 3, 6, 2, 0, tzinfo=UTC)
    due = clocks.due(DAYS, friday, MATTER)
    last_day = datetime(2026, 3, 11, 2, 0, tzinfo=UTC)  # Wednesday
    assert due == datetime(2026, 3, 11, 16, 0, tzinfo=UTC)
    left = clocks._left(DAYS, last_day, due, MATTER)
    assert clocks._after(DAYS, last_day + timedelta(hours=1), left, MATTER) == due
    saturday, monday_ends = datetime(2026, 3, 14, 2, 0, tzinfo=UTC), datetime(2026, 3, 16, 16, 0, tzinfo=UTC)
    assert clocks._after(DAYS, saturday, left, MATTER) == monday_ends


def test_a_limit_in_another_unit_is_an_error() -> None:
    assert parameter("loop.idempotency_hours").unit == "h"
    with pytest.raises(ValueError, match="cannot count in 'h'"):
        clocks.due(Clock("d", NAME, "loop.idempotency_hours", (), ()), EDGES[0], MATTER)
