"""Times that couriers type for their own stops."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from linhe.desks.errands.views.riding import _today_at

NOW = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai


def test_a_time_is_the_next_such_moment_in_shanghai() -> None:
    assert _today_at("14:30", NOW) == datetime(2026, 3, 4, 6, 30, tzinfo=UTC)
    assert _today_at("08:00", NOW) == datetime(2026, 3, 5, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["", "14", "25:00", "x:y", "-1:00", "9" * 30 + ":00"])
def test_what_is_no_time_counts_as_not_given(typed: str) -> None:
    assert _today_at(typed, NOW) is None
