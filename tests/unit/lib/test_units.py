"""Amounts, distances and durations as people read and type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.lib.units import distance, duration, fen, money, yuan


@given(st.integers(0, 10**15))
def test_fen_shown_and_typed_again_are_the_same(amount: int) -> None:
    assert fen(yuan(amount)) == amount


def test_amounts_are_grouped_and_signed() -> None:
    assert [yuan(n) for n in (0, 5, 1234567, -150)] == ["0.00", "0.05", "12,345.67", "-1.50"]
    assert (money(1250).zh, money(1250).en) == ("12.50 元", "CNY 12.50")


@pytest.mark.parametrize(
    ("typed", "amount"), [("12.5", 1250), ("12", 1200), ("1,200", 120000), (" 0.05 ", 5), ("3.", 300)]
)
def test_typed_amounts(typed: str, amount: int) -> None:
    assert fen(typed) == amount


@pytest.mark.parametrize("typed", ["", "-1", "1.234", "abc", "1e3", "1.-5", "١٢", ".", "1.٥"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match="amount in yuan"):
        fen(typed)


@pytest.mark.parametrize(
    ("metres", "zh", "en"),
    [(0, "0 米", "0 m"), (999.4, "999 米", "999 m"), (999.6, "1.0 公里", "1.0 km"), (12340, "12.3 公里", "12.3 km")],
)
def test_distances(metres: float, zh: str, en: str) -> None:
    assert (distance(metres).zh, distance(metres).en) == (zh, en)


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (0, "0 分钟", "0 min"),
        (59, "不到 1 分钟", "under 1 min"),
        (60, "1 分钟", "1 min"),
        (5400, "1 小时 30 分钟", "1 h 30 min"),
        (3600, "1 小时", "1 h"),
        (90000, "1 天 1 小时", "1 d 1 h"),
    ],
)
def test_durations(seconds: float, zh: str, en: str) -> None:
    assert (duration(seconds).zh, duration(seconds).en) == (zh, en)
