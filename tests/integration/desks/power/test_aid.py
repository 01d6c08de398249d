"""Mutual aid: a neighbouring county's truck goes round its loop and is never used twice; findings; guests' links."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account, Organisation
from linhe.core.places.services import add_place
from linhe.desks.power import services
from linhe.desks.power.models import GuestLink, Outage, RunFinding, Truck, TruckAid
from linhe.desks.power.queries.outages import problem_of, trucks_for
from linhe.lib.text import Text
from tests.factories import make_post
from tests.integration.desks.power.world import AT, County

Neighbour = tuple[Account, Truck]


@pytest.fixture
def neighbour(county: County) -> Neighbour:
    """A company of another county with one truck, and who speaks for it here."""
    root = add_place(code="990211000000", name="甲县", kind="district")
    company = Organisation.objects.create(code="a-power", name="甲县供电公司", kind="company", place=root)
    truck = services.register_truck(
        code="a-800", name=Text("甲县 800 千瓦车", "county A 800 kW"), owner=company, kw=800, kva=1000, travel_min=45
    )
    return make_post("truck_owner", county.places.district, organisation=company), truck


def ask(county: County, matter: Matter, truck: Truck) -> Matter:
    data = {"outage": matter.pk, "truck": truck.pk}
    return begin("truck_aid", "ask", by=county.dispatcher, place=county.places.district, data=data, at=county.now(),
                 parent=matter).matter  # fmt: skip


def test_a_truck_is_asked_for_promised_sent_connected_released_and_back(county: County, neighbour: Neighbour) -> None:
    officer, truck = neighbour
    matter = county.alarm()
    outage = Outage.objects.get(pk=matter.pk)
    before = {one.code for one in trucks_for(outage)}
    aid = ask(county, matter, truck)
    assert aid.organisation == truck.owner
    assert {one.code for one in trucks_for(outage)} == before
    county.act(aid, "accept", officer, minutes=30)
    assert {one.code for one in trucks_for(outage)} == before | {"a-800"}
    arrival = {one.id: one.arrival_min for one in problem_of(outage, at=county.now()).trucks}
    assert arrival["a-800"] == 30
    county.act(aid, "set_off", officer, wait=4)
    county.act(aid, "connect", county.dispatcher, wait=25)
    assert Event.objects.get(matter=aid, action="connect").data["took_min"] == 30
    county.act(aid, "release", county.dispatcher)
    assert {one.code for one in trucks_for(outage)} == before
    with pytest.raises(Refused, match="truck_in_use"):
        ask(county, matter, truck)
    aid = county.act(aid, "confirm", officer)
    assert aid.closed_at is not None
    assert ask(county, matter, truck).stage == "asked"


def test_nobody_else_answers_for_the_owner(county: County, neighbour: Neighbour) -> None:
    _, truck = neighbour
    aid = ask(county, county.alarm(), truck)
    for other in (county.dispatcher, county.crew, county.observer, county.outsider):
        with pytest.raises(Refused, match="not_allowed"):
            county.act(aid, "accept", other, minutes=5)


def test_a_truck_is_used_once_at_a_time(county: County, neighbour: Neighbour) -> None:
    officer, truck = neighbour
    matter = county.alarm()
    aid = ask(county, matter, truck)
    with pytest.raises(Refused, match="truck_in_use"):
        ask(county, matter, truck)
    county.act(aid, "decline", officer, reason="in_use")
    assert TruckAid.objects.get(pk=aid.pk).active is False
    aid = ask(county, matter, truck)
    county.act(aid, "withdraw", county.dispatcher)
    assert ask(county, matter, truck).pk != aid.pk


def test_own_trucks_and_trucks_that_cannot_go_are_not_asked_for(county: County, neighbour: Neighbour) -> None:
    _, truck = neighbour
    matter = county.alarm()
    with pytest.raises(Refused, match="own_truck"):
        ask(county, matter, Truck.objects.filter(owner=county.company)[0])
    Truck.objects.filter(pk=truck.pk).update(ready=False)
    with pytest.raises(Refused, match="truck_not_ready"):
        ask(county, matter, truck)
    with pytest.raises(Refused, match="invalid"):
        ask(county, Matter(pk=0), truck)


def test_an_answer_that_does_not_come_is_told(county: County, neighbour: Neighbour) -> None:
    aid = ask(county, county.alarm(), neighbour[1])
    assert aid.due_at == AT + timedelta(minutes=10)
    assert act(aid, "answer_late", by=None, at=county.now(11)).matter.stage == "asked"


def test_a_finding_is_put_right_by_one_and_checked_by_another(county: County) -> None:
    matter = county.alarm()
    data = {"outage": matter.pk, "step": 3, "words": "电话打了两次才通"}
    found = begin("power_finding", "find", by=county.supervisor, place=county.places.district, data=data,
                  at=county.now(), parent=matter).matter  # fmt: skip
    assert list(matter.children.all()) == [found]
    assert RunFinding.objects.get(pk=found.pk).step == 3
    county.act(found, "fix", county.operator, words="已配对讲机")
    county.act(found, "send_back", county.supervisor, words="再试一次")
    county.act(found, "fix", county.operator)
    make_post("power_supervisor", county.places.district, county.operator)
    with pytest.raises(Refused):
        county.act(found, "check", county.operator)
    assert county.act(found, "check", county.supervisor).closed_at is not None


def test_a_finding_names_a_run_of_this_place_and_a_step_of_its_sheet(county: County) -> None:
    matter = county.alarm()
    for data in ({"outage": 0 + matter.pk, "step": 90}, {"outage": matter.pk + 9, "step": 1}):
        with pytest.raises(Refused, match="invalid"):
            begin("power_finding", "find", by=county.supervisor, place=county.places.district,
                  data=data | {"words": "问题"}, at=county.now())  # fmt: skip


COUNTIES = [Text(f"{n} 县", f"county {n}") for n in range(1, 15)]


def test_fourteen_counties_get_a_link_once_and_lose_it_when_it_is_taken_back(county: County) -> None:
    outage = Outage.objects.get(pk=county.alarm().pk)
    links = services.invite(outage, COUNTIES, by=county.dispatcher, at=AT)
    assert len(links) == 14
    assert services.invite(outage, COUNTIES, by=county.supervisor, at=AT) == links
    services.revoke(links[0], by=county.dispatcher, at=AT + timedelta(hours=1))
    assert len(services.invite(outage, COUNTIES, by=county.dispatcher, at=AT + timedelta(hours=2))) == 14
    assert GuestLink.objects.filter(outage=outage).count() == 15
    with pytest.raises(Refused, match="not_allowed"):
        services.invite(outage, COUNTIES, by=county.observer, at=AT)
    with pytest.raises(Refused, match="too_many_guests"):
        services.invite(outage, [Text(f"客{n}", "") for n in range(40)], by=county.dispatcher, at=AT)


def test_the_database_keeps_what_no_aid_and_no_link_may_be(county: County, neighbour: Neighbour) -> None:
    matter = county.alarm()
    aid = ask(county, matter, neighbour[1])
    aids, when, hour = TruckAid.objects.filter(pk=aid.pk), county.now(), timedelta(hours=1)
    services.invite(Outage.objects.get(pk=matter.pk), COUNTIES[:2], by=county.dispatcher, at=when)
    link, other = GuestLink.objects.order_by("id")
    own = Truck.objects.filter(owner=county.company)[0]
    twice: dict[str, Any] = {"outage_id": matter.pk, "truck": neighbour[1], "asked_at": when}
    wrong: dict[str, Callable[[], object]] = {
        "aid_truck_used_once_at_a_time": lambda: TruckAid.objects.create(matter=matter, **twice),
        "aid_arrives_after_it_is_accepted": lambda: aids.update(accepted_at=when, arrives_at=when - hour),
        "aid_sets_off_after_it_is_accepted": lambda: aids.update(off_at=when),
        "aid_connects_after_it_set_off": lambda: aids.update(connected_at=when),
        "aid_is_released_after_it_is_accepted": lambda: aids.update(released_at=when),
        "finding_names_a_step": lambda: RunFinding.objects.create(matter=matter, outage_id=matter.pk, step=0),
        "guest_one_link_a_county": lambda: GuestLink.objects.filter(pk=other.pk).update(county=link.county),
        "guest_expires_after_it_is_made": lambda: GuestLink.objects.filter(pk=link.pk).update(expires_at=when),
        "guest_county_is_named": lambda: GuestLink.objects.filter(pk=link.pk).update(county=""),
    }
    assert own.pk != neighbour[1].pk
    for name, write in wrong.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            write()
