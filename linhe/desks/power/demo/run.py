"""One run of a failed line told through the door: every item called by one and carried out by another."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.core.runsheets.models import OPEN, RunItem, RunSheet
from linhe.desks.power import services
from linhe.desks.power.demo.ground import FAULT, FEEDER, Ground
from linhe.desks.power.loop.roles import DISPATCHER, OPERATOR
from linhe.desks.power.models import Outage

SIGNALS = (
    ("tripped", "K01021"),
    ("overcurrent", "K02032"),
    ("call_dead", "14"),
    ("flipped", "L2"),
    ("call_seen", FAULT),
)
SHARES = {
    "judge": (0.6, 0.95), "isolate": (0.36, 0.54), "truck": (0.24, 0.36),
    "transfer": (0.7, 1.0), "restore": (0.35, 0.7),
}  # fmt: skip
"""Phase -> how much of its target an item takes, from and to."""
TOGETHER = frozenset(("truck_routed", "truck_arrived", "truck_ordered"))
"""What trucks do side by side: the second and third take hardly any time more."""
SLIP = 1.1
"""By how much an item that goes wrong takes longer than its target."""


@dataclass
class Run:
    """A run with its clock. ``pace`` scales how long the items of a phase take; the same seed slips at the same items.

    ``until`` stops the telling: a live run is left where it stands then.
    """

    ground: Ground
    at: datetime
    scene: str
    pace: dict[str, float]
    seed: int
    drill: bool = True
    until: datetime | None = None
    matter: Matter | None = None
    aids: dict[str, Matter] = field(default_factory=dict)
    open_items: deque[RunItem] = field(default_factory=deque)
    """What is left of the sheet, read anew when a plan has filled it in: nobody else works on it."""
    revision: int = 0

    def tell(self) -> Matter:
        """From the alarm to the end, or as far as time has come."""
        self.matter = begin(
            "power_event", "raise_alarm", by=self.ground.dispatcher, place=self.ground.place,
            data={"feeder": FEEDER, "drill": self.drill, "scene": self.scene}, at=self.at,
        ).matter  # fmt: skip
        self._read()
        while self.open_items and not self._over(self.open_items[0]):
            self._before(self.open_items[0])
            item = self.open_items.popleft()
            self._carry_out(item)
            self._afterwards(item)
        if not self.open_items:
            self._act("finish", self.ground.dispatcher)
        return self.running

    @property
    def running(self) -> Matter:
        """The matter, once it has begun."""
        assert self.matter is not None
        return self.matter

    def report(self, words: str) -> None:
        """Tell it and close it."""
        self.at += timedelta(hours=2)
        self._act("report", self.ground.dispatcher, words=words)

    def _read(self) -> None:
        sheet = RunSheet.objects.get(pk=self.running.pk)
        self.revision = sheet.revision
        self.open_items = deque(sheet.items.filter(state=OPEN).order_by("seq"))

    def _over(self, item: RunItem) -> bool:
        return self.until is not None and self.at + self._length(item) > self.until

    def _length(self, item: RunItem) -> timedelta:
        """How long an item takes. Drawn by its step and part, so that two runs of one plan differ by pace alone."""
        chance = Random(f"{self.seed} {item.step} {item.part}")
        least, most = SHARES[item.phase]
        share = SLIP if chance.random() < 0.06 else chance.uniform(least, most)
        if item.code in TOGETHER and item.part > 1:
            share *= 0.2
        return timedelta(seconds=round(item.target_s * share * self.pace[item.phase]))

    def _carry_out(self, item: RunItem) -> None:
        named = {"seq": item.seq, "revision": self.revision}
        length = self._length(item)
        self.at += length * 0.3
        self._act("call_item", self.ground.supervisor, **named)
        self.at += length * 0.7
        self._act("repeat_item", self._doer(item), **named)

    def _doer(self, item: RunItem) -> Account:
        if item.role == DISPATCHER:
            return self.ground.dispatcher
        if item.role == OPERATOR:
            return self.ground.operator
        truck = (item.operation or {}).get("truck")
        key = next((k for k, one in self.ground.trucks.items() if one.code == truck), "own")
        return self.ground.crews[key]

    def _before(self, item: RunItem) -> None:
        """What happens beside the sheet before an item: neighbours are asked, signals come in, the plan is issued."""
        if item.code == "trucks_alerted" and not self.aids:
            self._ask()
        if item.code == "clues_read":
            for what, element in SIGNALS:
                self._act("add_signal", self.ground.dispatcher, what=what, element=element)
            services.make_plan(self.running, at=self.at)
        if not item.planned:
            self._act("locate", self.ground.operator, elements=FAULT)
            plan = services.make_plan(self.running, at=self.at)
            self._act("plan", self.ground.dispatcher, number=plan.number)
            self._read()

    def _afterwards(self, item: RunItem) -> None:
        """What a truck's owner and the dispatcher note when something was done with a borrowed truck."""
        operation = item.operation or {}
        key = next((k for k, one in self.ground.trucks.items() if one.code == operation.get("truck")), "own")
        aid = self.aids.get(key)
        if aid is None:
            return
        if operation["action"] == "order":
            self._aid(aid, "set_off", self.ground.owners[key])
        elif operation["action"] == "close_truck":
            self._aid(aid, "connect", self.ground.dispatcher)
        elif operation["action"] in ("disconnect", "stop_truck") and not self._still_used(str(operation["truck"])):
            self._aid(aid, "release", self.ground.dispatcher)
            self._aid(aid, "confirm", self.ground.owners[key], later=timedelta(minutes=40))

    def _still_used(self, truck: str) -> bool:
        return any((item.operation or {}).get("truck") == truck for item in self.open_items)

    def _ask(self) -> None:
        outage = Outage.objects.get(pk=self.running.pk)
        for key, minutes in (("a", 35), ("b", 40)):
            data = {"outage": outage.pk, "truck": self.ground.trucks[key].pk}
            self.aids[key] = begin(
                "truck_aid", "ask", by=self.ground.dispatcher, place=self.ground.place, data=data, at=self.at,
                parent=self.running,
            ).matter  # fmt: skip
            self._aid(self.aids[key], "accept", self.ground.owners[key], later=timedelta(minutes=1), minutes=minutes)

    def _aid(self, aid: Matter, action: str, by: Account, *, later: timedelta = timedelta(0), **data: Any) -> None:
        act(aid, action, by=by, data=data, at=self.at + later)

    def _act(self, action: str, by: Account, **data: Any) -> None:
        act(self.running, action, by=by, data=data, at=self.at)
