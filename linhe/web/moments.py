"""Moments and time limits in the words of a page, always in Shanghai time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from linhe.lib.text import Text
from linhe.lib.units import duration

SHANGHAI = ZoneInfo("Asia/Shanghai")
SOON = timedelta(minutes=15)
HOUR, DAY = 3600, 86_400
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """How a running limit is shown; ``tone`` is empty, ``soon`` or ``late``."""

    label: Text
    tone: str


def moment(at: datetime, *, now: datetime) -> Text:
    """``今天 14:30``, ``昨天 09:05``, ``11月3日 18:00``, with the year when it is another one."""
    local, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI).date()
    clock = f"{local:%H:%M}"
    days = (local.date() - today).days
    if near := {0: Text("今天", "today"), -1: Text("昨天", "yesterday"), 1: Text("明天", "tomorrow")}.get(days):
        return Text(f"{near.zh} {clock}", f"{near.en} {clock}")
    zh, en = f"{local.month}月{local.day}日", f"{local.day} {_MONTHS[local.month - 1]}"
    if local.year != today.year:
        zh, en = f"{local.year}年{zh}", f"{en} {local.year}"
    return Text(f"{zh} {clock}", f"{en} {clock}")


def time_left(due_at: datetime, *, now: datetime, paused: bool = False) -> TimeLeft:
    """How long a limit still runs, or how long ago it passed; from a day on nobody counts minutes."""
    if paused:
        return TimeLeft(Text("计时暂停", "paused"), "")
    left = due_at - now
    seconds = abs(left.total_seconds())
    shown = duration(seconds - seconds % HOUR if seconds >= DAY else seconds)
    if left < timedelta(0):
        return TimeLeft(Text(f"超时 {shown.zh}", f"{shown.en} late"), "late")
    return TimeLeft(Text(f"剩 {shown.zh}", f"{shown.en} left"), "soon" if left <= SOON else "")


def run_time(seconds: int) -> str:
    """``4:05``, ``1:02:09``."""
    hours, rest = divmod(seconds, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"
