"""Promises T2 and T3 at the errands desk: one effect for a key, one taker for an errand, under real concurrency."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused
from linhe.core.loop.verifying import problems_of_chains
from linhe.desks.errands import services
from linhe.desks.errands.models import Offer, Shift, Stop
from tests.factories import make_account, make_district, make_post
from tests.integration.desks.errands.conftest import AT, after

pytestmark = pytest.mark.django_db(transaction=True)
ERRANDS, COURIERS = 20, 20


def at_once(calls: list[Callable[[], object]]) -> list[object]:
    """Run calls on sixteen threads with connections of their own; a refusal is a result."""

    def run(call: Callable[[], object]) -> object:
        try:
            return call()
        except Refused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(run, calls))


def test_an_errand_has_exactly_one_taker() -> None:
    town, resident = make_district(), make_account()
    couriers = [make_post("courier", town.district) for _ in range(COURIERS)]
    for courier in couriers:
        services.start_shift(courier=courier, at=AT, lat=38.42, lng=112.73, extra_max=40, capacity=99)
    asked = {"service": "water", "load": 1}
    matters = [
        services.raise_errand(by=resident, place=town.building, data=asked, at=AT).matter for _ in range(ERRANDS)
    ]
    outcomes = at_once(
        [
            lambda courier=courier, matter=matter: services.take(by=courier, matter_id=matter.pk, at=after(1))
            for matter in matters
            for courier in couriers
        ]
    )
    assert sum(not isinstance(o, Refused) for o in outcomes) == ERRANDS
    assert {o.code for o in outcomes if isinstance(o, Refused)} <= {"wrong_stage"}
    assert Event.objects.filter(action="take").count() == ERRANDS
    assert Matter.objects.filter(stage="accepted", handler__isnull=False).count() == ERRANDS
    assert Offer.objects.filter(state="accepted").count() == ERRANDS
    assert Stop.objects.count() == ERRANDS
    assert sum(Shift.objects.values_list("extra_used", flat=True)) == ERRANDS
    assert list(problems_of_chains()) == []


def test_the_same_key_raises_one_errand() -> None:
    town, resident = make_district(), make_account()
    asked = {"service": "water", "load": 1}
    outcomes = at_once(
        [
            lambda key=key: services.raise_errand(
                by=resident, place=town.building, data=asked, at=AT, key=f"errand-{key:04d}"
            )
            for _ in range(10)
            for key in range(10)
        ]
    )
    assert not [o for o in outcomes if isinstance(o, Refused)]
    assert Matter.objects.count() == 10


def test_errands_that_join_one_route_at_once_keep_its_limits() -> None:
    town, resident = make_district(), make_account()
    courier = make_post("courier", town.district)
    services.start_shift(courier=courier, at=AT, lat=38.42, lng=112.73, extra_max=3)
    asked = {"service": "water", "load": 1}
    matters = [services.raise_errand(by=resident, place=town.building, data=asked, at=AT).matter for _ in range(8)]
    outcomes = at_once([lambda m=m: services.take(by=courier, matter_id=m.pk, at=after(1)) for m in matters])
    assert sum(not isinstance(o, Refused) for o in outcomes) == 3
    assert Shift.objects.get(courier=courier).extra_used == 3
    assert len(set(Stop.objects.values_list("seq", flat=True))) == 3
