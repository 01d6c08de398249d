"""Working days and working time of China, by literal dates and by properties."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.lib.working_calendar import (
    SHANGHAI,
    CalendarNotPublished,
    DailyWindow,
    WorkingHours,
    add_working_days,
    add_working_minutes,
    is_working_day,
    is_working_time,
    local_date,
    working_days_between,
    working_minutes_between,
)

OFFICE_HOURS = WorkingHours(((time(8, 30), time(12)), (time(14, 30), time(18))))

moments = st.integers(0, 1034 * 86_400_000_000).map(
    lambda us: datetime(2024, 1, 1, tzinfo=SHANGHAI) + timedelta(microseconds=us)
)


def at(year: int, month: int, day: int, *clock: int) -> datetime:
    return datetime.combine(date(year, month, day), time(*clock), SHANGHAI)


SHIFTED_ON = [
    *[date(2024, m, d) for m, d in [(2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)]],
    *[date(2025, m, d) for m, d in [(1, 26), (2, 8), (4, 27), (9, 28), (10, 11)]],
    *[date(2026, m, d) for m, d in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]],
]
"""Saturdays and Sundays worked, by the State Council's notices for 2024, 2025 and 2026."""

HOLIDAYS = [
    *[(date(2024, 1, 1), 1), (date(2024, 2, 10), 8), (date(2024, 4, 4), 3), (date(2024, 5, 1), 5)],
    *[(date(2024, 6, 10), 1), (date(2024, 9, 15), 3), (date(2024, 10, 1), 7)],
    *[(date(2025, 1, 1), 1), (date(2025, 1, 28), 8), (date(2025, 4, 4), 3), (date(2025, 5, 1), 5)],
    *[(date(2025, 5, 31), 3), (date(2025, 10, 1), 8)],
    *[(date(2026, 1, 1), 3), (date(2026, 2, 15), 9), (date(2026, 4, 4), 3), (date(2026, 5, 1), 5)],
    *[(date(2026, 6, 19), 3), (date(2026, 9, 25), 3), (date(2026, 10, 1), 7)],
]
"""First day and length of each holiday."""


def test_three_years_equal_the_published_notices_day_by_day() -> None:
    off = {first + timedelta(days=n) for first, length in HOLIDAYS for n in range(length)}
    day = date(2024, 1, 1)
    while day < date(2027, 1, 1):
        expected = day in SHIFTED_ON or (day.weekday() < 5 and day not in off)
        assert is_working_day(day) == expected, day
        day += timedelta(days=1)


def test_a_moment_counts_by_its_date_in_shanghai() -> None:
    assert is_working_day(datetime(2025, 1, 25, 17, tzinfo=UTC))  # already Sunday 26th, a shifted working day
    assert not is_working_day(datetime(2025, 1, 25, 15, tzinfo=UTC))


def test_an_unpublished_year_is_an_error_unless_weekends_are_accepted() -> None:
    with pytest.raises(CalendarNotPublished, match="2031"):
        is_working_day(date(2031, 3, 3))
    assert is_working_day(date(2031, 3, 3), unpublished="weekends")
    assert not is_working_day(date(2031, 3, 1), unpublished="weekends")
    with pytest.raises(CalendarNotPublished):
        add_working_minutes(at(2031, 3, 3, 9), 10, OFFICE_HOURS)
    assert add_working_minutes(at(2031, 3, 3, 9), 10, OFFICE_HOURS, unpublished="weekends") == at(2031, 3, 3, 9, 10)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        (at(2025, 3, 3, 9), 30, at(2025, 3, 3, 9, 30)),
        (at(2025, 3, 3, 11, 50), 20, at(2025, 3, 3, 14, 40)),  # over lunch
        (at(2025, 3, 3, 11, 50), 10, at(2025, 3, 3, 12)),  # exactly to lunch
        (at(2025, 3, 3, 13), 1, at(2025, 3, 3, 14, 31)),
        (at(2025, 3, 7, 17, 59), 2, at(2025, 3, 10, 8, 31)),  # over a weekend
        (at(2025, 1, 24, 17, 59), 2, at(2025, 1, 26, 8, 31)),  # shifted Sunday is worked
        (at(2025, 1, 27, 17, 30), 60, at(2025, 2, 5, 9)),  # over Spring Festival
        (at(2024, 12, 31, 17, 30), 60, at(2025, 1, 2, 9)),  # over the year end
        (at(2025, 12, 31, 17, 30), 60, at(2026, 1, 4, 9)),  # New Year 2026, then a shifted Sunday
        (at(2025, 3, 3, 9), 0, at(2025, 3, 3, 9)),
    ],
)
def test_working_minutes_skip_lunch_weekends_and_holidays(start: datetime, minutes: int, due: datetime) -> None:
    assert add_working_minutes(start, minutes, OFFICE_HOURS) == due
    assert add_working_minutes(start.astimezone(UTC), minutes, OFFICE_HOURS) == due


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (at(2025, 3, 3, 9), 1, date(2025, 3, 4)),
        (at(2025, 3, 3, 23, 59), 1, date(2025, 3, 4)),
        (at(2025, 3, 3, 9), 0, date(2025, 3, 3)),
        (at(2025, 3, 1, 9), 0, date(2025, 3, 3)),
        (at(2025, 1, 26, 9), 0, date(2025, 1, 26)),
        (at(2025, 1, 24, 9), 1, date(2025, 1, 26)),
        (at(2025, 1, 24, 9), 3, date(2025, 2, 5)),
        (at(2025, 9, 30, 9), 3, date(2025, 10, 11)),
        (at(2025, 12, 31, 9), 1, date(2026, 1, 4)),
        (at(2026, 2, 13, 9), 2, date(2026, 2, 24)),
    ],
)
def test_working_days_end_with_the_last_day(start: datetime, days: int, last: date) -> None:
    midnight = datetime.combine(last + timedelta(days=1), time(), SHANGHAI)
    assert add_working_days(start, days) == midnight
    assert add_working_days(start, days, hours=OFFICE_HOURS) == datetime.combine(last, time(18), SHANGHAI)


def test_no_days_after_the_close_of_business_are_due_on_the_next_working_day() -> None:
    assert add_working_days(at(2025, 3, 3, 17, 59), 0, hours=OFFICE_HOURS) == at(2025, 3, 3, 18)
    assert add_working_days(at(2025, 3, 3, 18), 0, hours=OFFICE_HOURS) == at(2025, 3, 4, 18)


@given(moments, st.integers(0, 5000))
def test_adding_then_measuring_minutes_gives_them_back(start: datetime, minutes: int) -> None:
    assert working_minutes_between(start, add_working_minutes(start, minutes, OFFICE_HOURS), OFFICE_HOURS) == minutes


@given(moments, st.integers(1, 30), st.sampled_from([None, OFFICE_HOURS]))
def test_adding_then_measuring_days_gives_them_back(start: datetime, days: int, hours: WorkingHours | None) -> None:
    due = add_working_days(start, days, hours=hours)
    assert working_days_between(start, due, hours=hours) == days
    assert working_days_between(start, due - timedelta(microseconds=1), hours=hours) == days - 1


@given(moments, st.integers(0, 10), st.integers(0, 30), st.timedeltas(timedelta(), timedelta(days=12)))
def test_a_paused_deadline_keeps_its_working_days(start: datetime, days: int, early: int, pause: timedelta) -> None:
    due = add_working_days(start, days)
    paused = max(start, due - timedelta(hours=7 * early + 1))
    resumed = paused + pause
    left = working_days_between(paused, due)
    carried = add_working_days(resumed, left)
    assert carried >= due
    assert resumed < carried
    if local_date(resumed) == local_date(paused):
        assert carried == due
    if is_working_day(local_date(paused)) and is_working_day(local_date(resumed)):
        assert working_days_in(due, carried) == working_days_in(paused, resumed), "each working day lost is given back"


def working_days_in(a: datetime, b: datetime) -> int:
    """Working days from the day of ``a`` to the day before that of ``b``."""
    first, last = local_date(a), local_date(b)
    return sum(is_working_day(first + timedelta(days=n)) for n in range((last - first).days))


@given(moments, st.integers(0, 3000), st.integers(1, 3000))
def test_more_minutes_are_due_later_and_a_later_start_is_never_due_earlier(start: datetime, a: int, more: int) -> None:
    assert add_working_minutes(start, a, OFFICE_HOURS) < add_working_minutes(start, a + more, OFFICE_HOURS)
    assert add_working_minutes(start, a, OFFICE_HOURS) <= add_working_minutes(
        start + timedelta(minutes=more), a, OFFICE_HOURS
    )


@given(moments, st.timedeltas(timedelta(), timedelta(days=20)), st.timedeltas(timedelta(), timedelta(days=20)))
def test_intervals_add_up(start: datetime, first: timedelta, second: timedelta) -> None:
    middle, end = start + first, start + first + second
    whole = working_minutes_between(start, end, OFFICE_HOURS)
    assert working_minutes_between(start, middle, OFFICE_HOURS) + working_minutes_between(
        middle, end, OFFICE_HOURS
    ) == pytest.approx(whole)


@given(moments, st.integers(1, 4 * 24 * 4))
def test_minutes_between_equal_a_count_of_every_minute(start: datetime, quarters: int) -> None:
    start = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    steps = [start + timedelta(minutes=15 * n) for n in range(quarters)]
    counted = 15 * sum(is_working_time(step, OFFICE_HOURS) for step in steps)
    assert working_minutes_between(start, start + timedelta(minutes=15 * quarters), OFFICE_HOURS) == counted


def test_hours_are_read_from_text_and_mistakes_named() -> None:
    assert WorkingHours.parse("08:30-12:00, 14:30-18:00") == OFFICE_HOURS
    assert OFFICE_HOURS.minutes_a_day == 420
    assert WorkingHours.parse("00:00-24:00").minutes_a_day == 1440
    assert add_working_minutes(at(2025, 3, 3, 23, 50), 20, WorkingHours.parse("00:00-24:00")) == at(2025, 3, 4, 0, 10)
    for wrong in ("", "08:30", "12:00-08:30", "08:30-12:00,11:00-13:00", "8-12", "08:30-24:00,08:30-09:00"):
        with pytest.raises(ValueError, match="working hours"):
            WorkingHours.parse(wrong)


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        add_working_minutes(at(2025, 3, 3).replace(tzinfo=None), 10, OFFICE_HOURS)
    with pytest.raises(ValueError, match="minutes"):
        add_working_minutes(at(2025, 3, 3), -1, OFFICE_HOURS)
    with pytest.raises(ValueError, match="days"):
        add_working_days(at(2025, 3, 3), -1)
    with pytest.raises(ValueError, match="end"):
        working_minutes_between(at(2025, 3, 4), at(2025, 3, 3), OFFICE_HOURS)
    with pytest.raises(ValueError, match="end"):
        working_days_between(at(2025, 3, 4), at(2025, 3, 3))


@pytest.mark.parametrize(
    ("moment", "inside", "end"),
    [
        (at(2025, 3, 3, 20, 59, 59), False, at(2025, 3, 3, 20, 59, 59)),
        (at(2025, 3, 3, 21), True, at(2025, 3, 4, 8)),
        (at(2025, 12, 31, 23), True, at(2026, 1, 1, 8)),
        (at(2025, 3, 4, 7, 59, 59), True, at(2025, 3, 4, 8)),
        (at(2025, 3, 4, 8), False, at(2025, 3, 4, 8)),
    ],
)
def test_quiet_hours_run_over_midnight(moment: datetime, inside: bool, end: datetime) -> None:
    quiet = DailyWindow.parse("21:00-08:00")
    assert quiet.contains(moment) is inside
    assert quiet.end_after(moment) == end
    assert quiet.end_after(moment.astimezone(UTC)) == end


def test_a_daily_window_within_one_day_and_its_mistakes() -> None:
    lunch = DailyWindow.parse("12:00-14:30")
    assert lunch.contains(at(2025, 3, 3, 12))
    assert not lunch.contains(at(2025, 3, 3, 14, 30))
    for wrong in ("08:00-08:00", "08:00", "a-b"):
        with pytest.raises(ValueError, match="daily window"):
            DailyWindow.parse(wrong)
