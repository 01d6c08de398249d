"""What the power desk adds: a feeder with trucks, a failed line on it, and everyone who works on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from linhe.core.loop.acting import begin
from linhe.core.people.models import Organisation
from linhe.desks.power import services
from linhe.lib.text import Text
from tests.factories import District, make_account, make_post
from tests.integration.desks.power.world import CASE
from tests.trust.ground import Ground
from tests.trust.personas import Cast
from tests.trust.visitors import Day


def _feeder(town: District, owner: Organisation) -> None:
    services.store_feeder(
        code="trust-33", name=Text("试验线", "test line"), place=town.district, from_date=date(2020, 1, 1),
        source="M. E. Baran and F. F. Wu (1989)", case=CASE,
    )  # fmt: skip
    services.register_truck(
        code="trust-truck", name=Text("试验车", "test truck"), owner=owner, kw=1000, kva=1250, travel_min=20
    )


def _one_feeder(town: District, cast: Cast, at: datetime) -> None:
    _feeder(town, cast.organisation)


GROUNDS = {
    "power_event": Ground(
        prepare=_one_feeder,
        answers={
            "feeder": st.sampled_from(["trust-33"] * 4 + ["none"]),
            "alarmed_at": st.none(),
            "said_at": st.none(),
            "seq": st.sampled_from([1, 1, 1, 2, 2, 3]),
            "revision": st.sampled_from([1, 1, 1, 2]),
            "what": st.sampled_from(["call_dead", "flipped", "tripped"]),
            "element": st.sampled_from(["5", "L2", "L7", "K01021"]),
            "elements": st.sampled_from(["L2", "L2,L3", "nothing"]),
            "number": st.just(1),
        },
    ),
}


def prepare(day: Day) -> None:
    """A failed line under way."""
    at, town = timezone.now(), day.town
    company = Organisation.objects.create(code="trust-power", name="供电公司", kind="company", place=town.district)
    for name, role, organisation in (
        ("power dispatcher", "power_dispatcher", company), ("power supervisor", "power_supervisor", None),
        ("operator", "power_operator", None), ("truck crew", "truck_crew", None), ("observer", "power_observer", None),
    ):  # fmt: skip
        day.people[name] = make_post(role, town.district, make_account(name), organisation=organisation)
    _feeder(town, company)
    data = {"feeder": "trust-33", "drill": True}
    day.matters["power"] = begin(
        "power_event", "raise_alarm", by=day.people["power dispatcher"], place=town.district, data=data, at=at
    ).matter


def arguments(day: Day, path: str) -> dict[str, Any]:
    """The failed line, and a step that asks for nothing."""
    return {"matter_id": day.matters["power"].pk, "action": "finish"}
