"""Moments and limits as people say them."""

from datetime import UTC, datetime, timedelta

import pytest

from linhe.web.moments import moment, time_left

NOW = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)  # noon in Shanghai


@pytest.mark.parametrize(
    ("at", "zh", "en"),
    [
        (NOW + timedelta(minutes=30), "今天 12:30", "today 12:30"),
        (NOW - timedelta(hours=12, minutes=1), "昨天 23:59", "yesterday 23:59"),
        (NOW + timedelta(hours=12), "明天 00:00", "tomorrow 00:00"),
        (NOW - timedelta(days=2), "3月3日 12:00", "3 Mar 12:00"),
        (NOW - timedelta(days=365), "2025年3月5日 12:00", "5 Mar 2025 12:00"),
    ],
)
def test_moment_is_told_by_the_shanghai_day(at: datetime, zh: str, en: str) -> None:
    assert (moment(at, now=NOW).zh, moment(at, now=NOW).en) == (zh, en)


@pytest.mark.parametrize(
    ("minutes", "zh", "tone"),
    [
        (3000, "剩 2 天 2 小时", ""),
        (90, "剩 1 小时 30 分钟", ""),
        (16, "剩 16 分钟", ""),
        (15, "剩 15 分钟", "soon"),
        (-5, "超时 5 分钟", "late"),
    ],
)
def test_time_left_says_how_long_and_how_urgent(minutes: int, zh: str, tone: str) -> None:
    left = time_left(NOW + timedelta(minutes=minutes), now=NOW)
    assert (left.label.zh, left.tone) == (zh, tone)


def test_a_paused_limit_is_not_counted() -> None:
    assert time_left(NOW - timedelta(hours=1), now=NOW, paused=True).tone == ""
