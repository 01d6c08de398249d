"""The desk's part of the demo: last year's drill, one of this year, and one of three counties under way, watched by
fourteen."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linhe.core.demo import lay_town, told_fast
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.runsheets.models import RunItem
from linhe.desks.power import services
from linhe.desks.power.demo.ground import COUNTIES, Ground, lay_ground
from linhe.desks.power.demo.run import Run
from linhe.desks.power.models import Outage
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

LAST_YEAR = {"judge": 1.15, "isolate": 1.12, "truck": 1.25, "transfer": 1.1, "restore": 1.1}
THIS_YEAR = {"judge": 1.0, "isolate": 1.0, "truck": 1.0, "transfer": 1.0, "restore": 1.0}
SEED = 11
STANDS_AT = "transfer_watched"
"""Where the live drill has come to: the load has been transferred and is being watched."""
EARLIER_DAYS = 20
SEEN = 11
"""So many of the fourteen have opened their link."""


def seed(*, at: datetime) -> dict[str, Any]:
    """Tell the runs once; the figures come from the events."""
    town = lay_town(at=at)
    ground = lay_ground(town, at=at)
    told = Matter.objects.filter(kind="power_event", at_district=ground.place)
    if not told.exists():
        with told_fast():
            _tell(ground, at)
        while roll_up():
            continue
    return {"runs": told.count(), "trucks": len(ground.trucks), "counties": len(COUNTIES)}


def _tell(ground: Ground, at: datetime) -> None:
    year = local_date(at).year
    before = at.replace(year=year - 1, day=min(at.day, 28))
    first = Run(ground, before, "town", LAST_YEAR, SEED)
    matter = first.tell()
    first.report("接入电缆卷盘位置不够，多用了时间。")
    _finding(ground, matter, first.at, "truck_connected", "电缆卷盘离接入点太远", done=True)
    earlier = at - timedelta(days=EARLIER_DAYS)
    if local_date(earlier).year == year:
        second = Run(ground, earlier, "mountain", THIS_YEAR, SEED)
        matter = second.tell()
        second.report("三车并行到位，接入比上年快。")
        _finding(ground, matter, second.at, "fault_found", "山区段对讲机信号弱", done=False)
    _live(ground, Outage.objects.get(pk=first.running.pk), at)


def _live(ground: Ground, before: Outage, at: datetime) -> None:
    """The drill under way: begun so long ago that it now stands where it shall."""
    lead = _minutes_to(before, STANDS_AT)
    live = Run(ground, at - lead, "night", THIS_YEAR, SEED, until=at)
    matter = live.tell()
    outage = Outage.objects.select_related("matter__place").get(pk=matter.pk)
    begun = outage.alarmed_at
    counties = [Text(f"{zh}县", f"{en} County") for zh, en in COUNTIES]
    links = services.invite(outage, counties, by=ground.dispatcher, at=begun)
    for number, link in enumerate(links[:SEEN]):
        services.note_visit(link, at=begun + timedelta(minutes=2 * number + 1))


def _minutes_to(before: Outage, code: str) -> timedelta:
    """How long this year's run takes until an item, by last year's and the two paces."""
    took = timedelta(minutes=1)
    for item in RunItem.objects.filter(sheet=before.pk, done_at__isnull=False).order_by("seq"):
        if item.code == code:
            break
        assert item.done_at is not None
        assert item.opened_at is not None
        took += (item.done_at - item.opened_at) * (THIS_YEAR[item.phase] / LAST_YEAR[item.phase])
    return took


def _finding(ground: Ground, matter: Matter, at: datetime, code: str, words: str, *, done: bool) -> None:
    step = RunItem.objects.filter(sheet=matter.pk, code=code).order_by("seq")[0].step
    found = begin(
        "power_finding", "find", by=ground.supervisor, place=ground.place, parent=matter, at=at,
        data={"outage": matter.pk, "step": step, "words": words},
    ).matter  # fmt: skip
    if done:
        act(found, "fix", by=ground.operator, data={"words": "已加配移动卷盘"}, at=at + timedelta(days=3))
        act(found, "check", by=ground.supervisor, at=at + timedelta(days=4))
