"""A county with a feeder, two generator trucks, and everyone who works on a failed line."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.core.runsheets.models import OPEN, RunItem, RunSheet
from linhe.desks.power import services
from linhe.desks.power.models import Feeder
from linhe.lib.text import Text
from tests.factories import District, make_account, make_district, make_post

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
CASE = json.loads((Path(services.__file__).parents[1] / "engine" / "case.json").read_text(encoding="utf-8"))
DOERS = {"power_dispatcher": "dispatcher", "power_operator": "operator", "truck_crew": "crew"}


@dataclass
class County:
    """Everyone and everything that the stories need."""

    places: District
    company: Organisation
    feeder: Feeder
    dispatcher: Account
    supervisor: Account
    operator: Account
    crew: Account
    observer: Account
    outsider: Account
    minutes: float = 0
    keys: int = field(default=0)

    def now(self, minutes: float = 0) -> datetime:
        """Let time pass and tell it."""
        self.minutes += minutes
        return AT + timedelta(minutes=self.minutes)

    def alarm(self, **data: Any) -> Matter:
        """The feeder fails."""
        sent = {"feeder": "test-33", "drill": True, "scene": "plain"} | data
        return begin(
            "power_event", "raise_alarm", by=self.dispatcher, place=self.places.district, data=sent, at=self.now()
        ).matter

    def act(self, matter: Matter, action: str, by: Account, /, *, wait: float = 1, **data: Any) -> Matter:
        """Take an action a minute later."""
        return act(matter, action, by=by, data=data, at=self.now(wait)).matter

    def item(self, matter: Matter) -> RunItem:
        """What comes now."""
        return RunItem.objects.filter(sheet=matter.pk, state=OPEN).order_by("seq")[0]

    def named(self, matter: Matter) -> dict[str, int]:
        """How the present item is named in what is sent."""
        return {"seq": self.item(matter).seq, "revision": RunSheet.objects.get(pk=matter.pk).revision}

    def doer(self, item: RunItem) -> Account:
        """Who carries an item out."""
        account: Account = getattr(self, DOERS[item.role])
        return account

    def go_on(self, matter: Matter, until: Callable[[RunItem], bool], *, wait: float = 1) -> RunItem | None:
        """Call and repeat items until one for which ``until`` holds comes, or none is left."""
        while item := RunItem.objects.filter(sheet=matter.pk, state=OPEN).order_by("seq").first():
            if until(item):
                return item
            self.act(matter, "call_item", self.supervisor, wait=wait, **self.named(matter))
            self.act(matter, "repeat_item", self.doer(item), wait=wait, **self.named(matter))
        return None

    def to_step(self, matter: Matter, step: int) -> RunItem:
        """Call and repeat until this step of the template comes."""
        item = self.go_on(matter, lambda one: one.step >= step)
        assert item is not None
        assert item.step == step
        return item

    def planned(self, matter: Matter, *elements: str) -> Matter:
        """Work up to the isolation, confirm the fault, solve and issue the plan."""
        self.to_step(matter, 9)
        self.act(matter, "locate", self.operator, elements=",".join(elements or ("L2",)))
        plan = services.make_plan(matter, at=self.now())
        return self.act(matter, "plan", self.dispatcher, number=plan.number)


def make_county() -> County:
    """A county where nothing has failed yet."""
    places = make_district()
    company = Organisation.objects.create(
        code="test-power", name="测试县供电公司", kind="company", place=places.district
    )
    feeder = services.store_feeder(
        code="test-33", name=Text("城东一线", "Chengdong line 1"), place=places.district, from_date=date(2025, 1, 1),
        source="M. E. Baran and F. F. Wu (1989)", case=CASE,
    )  # fmt: skip
    for truck in CASE["trucks"]:
        services.register_truck(
            code=truck["id"], name=Text(**truck["name"]), owner=company, kw=round(1000 * truck["mw"]),
            kva=round(1000 * truck["mva"]), travel_min=truck["arrival_min"], fuel_hours=truck["fuel_h"],
        )  # fmt: skip

    def post(role: str) -> Account:
        return make_post(role, places.district, make_account(role), organisation=company)

    return County(
        places, company, feeder, post("power_dispatcher"), post("power_supervisor"), post("power_operator"),
        post("truck_crew"), post("power_observer"), make_account("别人"),
    )  # fmt: skip
