"""What a run looks like afterwards: its clocks beside those of the year before, late steps, and every state in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from linhe.core.runsheets.models import DONE, FAILED, SKIPPED, RunClock, RunItem, RunSheet
from linhe.core.runsheets.queries import ToldItem, ToldSheet, elapsed_s
from linhe.desks.power.models import Outage, RunFinding
from linhe.desks.power.queries.diagram import Net, Words, words_of
from linhe.desks.power.queries.standing import net_at
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI, local_date

BEHIND = (DONE, SKIPPED, FAILED)


@dataclass(frozen=True, slots=True)
class Compared:
    """A clock of the run, and the mean of the same clock in the runs of the year before. [s]"""

    clock: RunClock
    took_s: int | None
    before_s: int | None
    runs_before: int

    @property
    def change_percent(self) -> int | None:
        """By how much it differs from the year before; negative is faster."""
        if self.took_s is None or not self.before_s:
            return None
        return round(100 * (self.took_s / self.before_s - 1))

    @property
    def faster(self) -> int:
        """The same the other way round, for the sentence that it was faster."""
        return -(self.change_percent or 0)

    @property
    def limit_min(self) -> int:
        """Its limit in minutes."""
        return self.clock.limit_s // 60

    @property
    def in_time(self) -> bool:
        """Within its limit."""
        return self.took_s is not None and self.took_s <= self.clock.limit_s


@dataclass(frozen=True, slots=True)
class Frame:
    """A moment of the replay: after so many items."""

    number: int
    at: datetime
    item: RunItem | None

    @property
    def text(self) -> Text:
        """What had just happened."""
        if self.item is None:
            return Text("故障告警", "the alarm")
        return Text(f"{self.item.label} {self.item.zh}", f"{self.item.label} {self.item.en}")


@dataclass(frozen=True, slots=True)
class Replay:
    """The frames, the one that is shown, and the network in it."""

    frames: list[Frame]
    shown: Frame
    net: Net
    words: Words


def compared(outage: Outage, sheet: RunSheet, *, at: datetime) -> list[Compared]:
    """Every clock beside the mean of the year before, of runs of the same sort in the same district."""
    year = local_date(sheet.began_at).year
    first, after = (datetime(y, 1, 1, tzinfo=SHANGHAI) for y in (year - 1, year))
    earlier = RunClock.objects.filter(
        sheet__template=sheet.template, sheet__drill=sheet.drill, sheet__began_at__gte=first, sheet__began_at__lt=after,
        sheet__matter__at_district=outage.matter.at_district_id, stopped_at__isnull=False,
    ).exclude(sheet=sheet)  # fmt: skip
    seconds: dict[str, list[int]] = {}
    for clock in earlier:
        seconds.setdefault(clock.code, []).append(elapsed_s(clock, at=at) or 0)
    told = []
    for clock in sheet.clocks.order_by("id"):
        before = seconds.get(clock.code, [])
        mean = round(sum(before) / len(before)) if before else None
        took = elapsed_s(clock, at=at) if clock.stopped_at else None
        told.append(Compared(clock, took, mean, len(before)))
    return told


def late_items(told: ToldSheet) -> list[ToldItem]:
    """What took longer than its target, the worst first."""
    late = [one for phase in told.phases for one in phase.items if one.late and one.item.state == DONE]
    return sorted(late, key=lambda one: one.item.target_s - (one.took_s or 0))


def replay(outage: Outage, sheet: RunSheet, items: Sequence[RunItem], *, number: int | None) -> Replay:
    """The run item by item; ``number`` is the frame to show, the last one when None or beyond it."""
    behind = sorted((i for i in items if i.state in BEHIND and i.done_at), key=lambda one: one.seq)
    frames = [Frame(0, sheet.began_at, None)]
    frames += [Frame(n, one.done_at, one) for n, one in enumerate(behind, 1) if one.done_at is not None]
    last = len(frames) - 1
    shown = frames[last if number is None else min(max(number, 0), last)]
    net = net_at(outage, behind[: shown.number], current=shown.item)
    return Replay(frames, shown, net, words_of(net))


def findings_of(outage: Outage) -> list[RunFinding]:
    """Findings of a run, the oldest first."""
    rows = RunFinding.objects.filter(outage=outage).select_related("matter__place").order_by("matter")
    return list(rows)
