"""What the power desk adds: a feeder with trucks, a failed line on it, and everyone who works on it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from linhe.core.loop.acting import begin
from linhe.core.people.models import Organisation
from linhe.core.places.services import add_place
from linhe.desks.power import services
from linhe.desks.power.models import Feeder, Outage
from linhe.desks.power.queries.links import token_of
from linhe.lib.text import Text
from tests.factories import District, make_account, make_post
from tests.trust.ground import Ground
from tests.trust.personas import Cast
from tests.trust.visitors import Day

SMALL = {
    "feeder": {
        "buses": [{"id": one, "kv": 10.0} for one in ("1", "2", "5")],
        "lines": [
            {"id": "L2", "from_bus": "1", "to_bus": "2", "r_ohm": 0.3, "x_ohm": 0.3, "rating_mva": 5.0},
            {"id": "L3", "from_bus": "2", "to_bus": "5", "r_ohm": 0.3, "x_ohm": 0.3, "rating_mva": 5.0},
        ],
        "switches": [
            {"id": "K01021", "kind": "breaker", "bus": "1", "element": "L2", "remote": True},
            {"id": "K02031", "kind": "sectionaliser", "bus": "2", "element": "L3"},
        ],
        "loads": [
            {"id": "D2", "bus": "2", "kw": 100.0, "kvar": 30.0},
            {"id": "D5", "bus": "5", "kw": 200.0, "kvar": 60.0},
        ],
        "sources": [{"id": "S1", "bus": "1"}],
    },
    "sites": [{"id": "P5", "bus": "5"}],
}


def _feeder(town: District, owner: Organisation) -> None:
    services.store_feeder(
        code="trust-33", name=Text("试验线", "test line"), place=town.district, from_date=date(2020, 1, 1),
        source="M. E. Baran and F. F. Wu (1989)", case=SMALL,
    )  # fmt: skip
    services.register_truck(
        code="trust-truck", name=Text("试验车", "test truck"), owner=owner, kw=1000, kva=1250, travel_min=20
    )


def _one_feeder(town: District, cast: Cast, at: datetime) -> None:
    _feeder(town, cast.organisation)


_outages: list[int] = [1]
_trucks: list[int] = [1]


def _failed_line(town: District, cast: Cast, at: datetime) -> None:
    """A failed line under way, and a truck of the cast's organisation, which sits in another county."""
    company = Organisation.objects.create(code="trust-own", name="供电公司", kind="company", place=town.district)
    _feeder(town, company)
    elsewhere = add_place(code="990299000000", name="邻县", kind="district")
    Organisation.objects.filter(pk=cast.organisation.pk).update(place=elsewhere)
    lent = services.register_truck(
        code="lent", name=Text("邻县车", "their truck"), owner=cast.organisation, kw=800, kva=1000, travel_min=30
    )
    by = make_post("power_dispatcher", town.district, organisation=company)
    data = {"feeder": "trust-33", "drill": True}
    matter = begin("power_event", "raise_alarm", by=by, place=town.building, data=data, at=at).matter
    _outages[:], _trucks[:] = [matter.pk], [lent.pk]


_OUTAGE = st.sampled_from([0, 0, 0, 0, 1]).map(lambda more: _outages[0] + more)
GROUNDS = {
    "power_feeder": Ground(
        answers={
            "code": st.sampled_from(["line-1", "line-1", "trust-33"]),
            "from_date": st.sampled_from(["2024-01-02", "2024-03-01"]),
            "case": st.sampled_from([json.dumps(SMALL)] * 4 + ["{}", '{"feeder": {"from": "opendss"}}']),
        },
    ),
    "truck_aid": Ground(
        prepare=_failed_line,
        answers={"outage": _OUTAGE, "truck": st.sampled_from([0, 0, 0, 0, -1, 9]).map(lambda more: _trucks[0] + more)},
    ),
    "power_finding": Ground(
        prepare=_failed_line, answers={"outage": _OUTAGE, "step": st.sampled_from([1, 2, 3, 34, 99])}
    ),
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

    elsewhere = add_place(code="990298000000", name="邻县", kind="district")
    neighbour = Organisation.objects.create(code="trust-a", name="邻县供电公司", kind="company", place=elsewhere)
    owner = make_account("truck owner")
    day.people["truck owner"] = make_post("truck_owner", town.district, owner, organisation=neighbour)
    day.things["truck"] = services.register_truck(
        code="trust-lent", name=Text("邻县车", "their truck"), owner=neighbour, kw=800, kva=1000, travel_min=30
    )
    dispatcher = day.people["power dispatcher"]
    assert dispatcher is not None
    outage = Outage.objects.select_related("matter__place").get(pk=day.matters["power"].pk)
    asked = {"outage": outage.pk, "truck": day.things["truck"].pk}
    day.matters["aid"] = begin("truck_aid", "ask", by=dispatcher, place=town.district, data=asked, at=at).matter
    handed_in = {"code": "trust-44", "name": "新线", "from_date": at.date().isoformat(), "source": "test",
                 "case": json.dumps(SMALL)}  # fmt: skip
    day.matters["feeder"] = begin(
        "power_feeder", "submit", by=dispatcher, place=town.district, data=handed_in, at=at
    ).matter
    day.things["guest"] = services.invite(outage, [Text("甲县", "county A")], by=dispatcher, at=at)[0]


def arguments(day: Day, path: str) -> dict[str, Any]:
    """The failed line or the request for a truck, and steps that ask for nothing."""
    which, action = "power", "finish"
    if "aid/" in path:
        which, action = "aid", "set_off"
    elif "feeders/" in path:
        which, action = "feeder", "adopt"
    return {
        "matter_id": day.matters[which].pk, "action": action, "truck_id": day.things["truck"].pk,
        "token": token_of(day.things["guest"]), "feeder_id": Feeder.objects.get().pk,
    }  # fmt: skip
