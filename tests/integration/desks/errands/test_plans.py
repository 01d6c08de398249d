"""From one plan to the next: what is held back is remembered, what is accepted may move, nobody is counted on twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.desks.errands import queries, services
from linhe.desks.errands.engine import Params, Problem, Result, solve
from linhe.desks.errands.models import ErrandDetail, Offer, Shift
from linhe.desks.errands.queries.expected import place_of, waiting_offers, with_expected
from linhe.desks.errands.queries.state import stops_ahead
from tests.factories import make_account, make_district, make_post
from tests.integration.desks.errands.conftest import AT, Town, after, duty
from tests.integration.desks.errands.test_pages import sign_in

pytestmark = pytest.mark.django_db


def test_a_new_errand_is_planned_at_once_held_for_a_moment_and_then_offered(town: Town) -> None:
    matter = town.errand()
    held = services.dispatch_batch(district=town.places.district, at=after(0.1))
    assert (held.offered, held.held, held.ripe_at) == (0, 1, after(10 / 60))
    errand = ErrandDetail.objects.get(pk=matter.pk)
    assert errand.looked_at == AT, "already answered when it was asked for"
    meant = errand.planned_for_id
    assert meant in (town.courier.pk, town.other_courier.pk)
    assert Offer.objects.filter(matter=matter).count() == 0

    ripe = services.dispatch_batch(district=town.places.district, at=after(1))
    assert (ripe.offered, ripe.held, ripe.ripe_at) == (1, 0, None)
    assert Offer.objects.get(matter=matter).courier_id == meant
    errand.refresh_from_db()
    assert errand.planned_for_id is None


def test_the_next_plan_starts_from_the_last_one_whoever_computes_it(town: Town) -> None:
    town.errand()
    far = {"pickup_lat": 38.8, "pickup_lng": 112.9}
    town.errand(**far)
    seen: list[Any] = []

    def planned(problem: Problem, params: Params, warm: Result | None) -> Result:
        seen.append(warm)
        return solve(problem, params, warm)

    manner = services.Manner(planned)
    for second in (2, 4):
        services.dispatch_batch(district=town.places.district, at=after(second / 60), manner=manner)
    town.errand(**far)
    services.dispatch_batch(district=town.places.district, at=after(6 / 60), manner=manner)
    counts = [(len(warm.offers), len(warm.unserved)) for warm in seen]
    assert counts == [(1, 0), (1, 1), (1, 1)], "held back with its person; looked at and left; the newest is not in it"


def test_a_plan_reads_as_often_however_many_ride_and_ask(town: Town) -> None:
    def reads() -> int:
        with CaptureQueriesContext(connection) as seen:
            report = services.dispatch_batch(district=town.places.district, at=after(0.1))
        assert report.held == report.errands
        return len(seen)

    town.errand()
    reads()
    few = reads()
    for number in range(4):
        duty(make_post("courier", town.places.district, make_account(f"骑手{number}")))
        town.errand(at=after(0.05))
    reads()  # whom the new ones are meant for may change once
    assert reads() == few


def test_urgent_errands_and_those_short_of_time_are_offered_at_once(town: Town) -> None:
    urgent, pressed = town.errand(urgent=True), town.errand(latest_at=after(9))
    services.dispatch_batch(district=town.places.district, at=after(0.1))
    assert set(Offer.objects.values_list("matter_id", flat=True)) == {urgent.pk, pressed.pk}


def test_who_has_an_offer_to_answer_is_planned_on_with_it(town: Town) -> None:
    """Both couriers keep their offer in mind; what is offered next fits beside it, and it does not move the offer."""
    matters = [town.errand(latest_at=after(80)) for _ in range(2)]
    services.dispatch_batch(district=town.places.district, at=after(1))
    waiting = waiting_offers(town.places.district)
    assert {o.matter_id for o in waiting} == {m.pk for m in matters}
    shifts = list(Shift.objects.all())
    routes = with_expected(stops_ahead(s.pk for s in shifts), shifts, waiting)
    for offer in waiting:
        assert place_of(offer) is not None
        route = [(stop.kind, stop.matter_id) for stop in routes[offer.shift_id or 0]]
        assert route.index(("pickup", offer.matter_id)) < route.index(("dropoff", offer.matter_id))

    third = town.errand(at=after(1), latest_at=after(85))
    report = services.dispatch_batch(district=town.places.district, at=after(2.5))
    assert (report.offered, report.shifts) == (1, 2)
    for matter in (*matters, third):
        matter.refresh_from_db()
        act(matter, "accept", by=matter.handler, at=after(3))


def test_a_declined_errand_goes_to_somebody_else_and_never_back(town: Town) -> None:
    matter = town.errand()
    services.dispatch_batch(district=town.places.district, at=after(1))
    matter.refresh_from_db()
    first = matter.handler
    act(matter, "decline", by=first, at=after(1.5), data={"reason": "far"})
    services.dispatch_batch(district=town.places.district, at=after(1.6))
    matter.refresh_from_db()
    assert matter.handler != first
    act(matter, "decline", by=matter.handler, at=after(2), data={"reason": "far"})
    report = services.dispatch_batch(district=town.places.district, at=after(2.1))
    assert (report.offered, report.held) == (0, 0)
    assert [code for code, _ in report.unserved[matter.pk]] == ["declined"]


def test_the_courier_sees_accepted_errands_in_their_new_order(db: None) -> None:
    """The first pick-up lay behind both own stops; with a second errand it is cheaper first, and the page says so."""
    now = timezone.now()
    places = make_district("990411")
    resident = make_account("贺金秀", home=places.building)
    courier = make_post("courier", places.district, make_account("周骑手"))
    own = [
        services.OwnStop(38.4205 + n * 0.004, 112.7305 + n * 0.004, f"own {n}", service_s=120,
                         planned_at=now + timedelta(minutes=30 * n))
        for n in (1, 2)
    ]  # fmt: skip
    services.start_shift(courier=courier, at=now, lat=38.4205, lng=112.7305, stops=own)

    def asked(shop: str, lat: float, lng: float, minutes: int) -> Matter:
        data = {"service": "medicine", "pickup_name": shop, "pickup_lat": lat, "pickup_lng": lng,
                "latest_at": now + timedelta(minutes=minutes)}  # fmt: skip
        return services.raise_errand(by=resident, place=places.building, data=data, at=now).matter

    first = asked("甲店", 38.423, 112.7313, 60)
    second = asked("乙店", 38.4162, 112.725, 40)
    client = sign_in(courier)
    assert _taken(client, first) == ["own 1", "own 2", "甲店", "1号楼"]
    labels = _taken(client, second)
    assert labels.index("甲店") < labels.index("own 1")
    assert sorted(labels) == sorted(["own 1", "own 2", "甲店", "乙店", "1号楼", "1号楼"])
    route = queries.my_route(courier, at=now)
    assert route is not None
    assert not any(stop.late for stop in route.stops)
    arrivals = {s.matter_id: s.eta_at for s in route.stops if s.kind == "dropoff"}
    told = queries.detail_for(resident, Matter.objects.get(pk=first.pk), at=now)
    assert told.eta_at is not None
    assert abs(told.eta_at - arrivals[first.pk]).total_seconds() < 60, "the resident is told the new time"


def _taken(client: Client, matter: Matter) -> list[str]:
    """Take it along on the courier's page; the labels of the route that the page shows then."""
    page = client.post(reverse("errands:take", args=[matter.pk]), {"key": f"take-{matter.pk}"}, follow=True)
    assert page.status_code == 200
    return [stop.label for stop in client.get(reverse("errands:courier")).context["route"].stops]
