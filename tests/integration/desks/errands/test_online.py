"""A new errand is answered at once by whoever is near; the plans of the district go on from that answer."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linhe.core.people.models import Delegation
from linhe.desks.errands import queries, services
from linhe.desks.errands.models import ErrandDetail, Offer, Shift
from linhe.desks.errands.queries.nearby import near_shifts
from linhe.desks.errands.queries.state import errand_of
from linhe.desks.errands.queries.why import HELD, waiting_why
from linhe.desks.errands.services.online import best_near
from tests.integration.desks.errands.conftest import AT, Town, after, duty

pytestmark = pytest.mark.django_db


def test_it_is_planned_into_a_route_the_moment_it_is_asked_for(town: Town) -> None:
    matter = town.errand()
    errand = ErrandDetail.objects.get(pk=matter.pk)
    assert (errand.looked_at, matter.stage) == (AT, "open")
    assert errand.planned_for_id in (town.courier.pk, town.other_courier.pk)
    assert waiting_why(errand) == HELD
    [row] = queries.board(town.worker, at=after(0), place=town.places.community)
    assert row.why == HELD


def test_an_urgent_one_is_offered_by_the_very_next_plan_with_all_that_speaks_for_it(town: Town) -> None:
    matter = town.errand(urgent=True)
    services.dispatch_batch(district=town.places.district, at=after(0.05))
    offer = Offer.objects.get(matter=matter)
    assert {"nearest_route", "place", "slack", "runner_up"} <= {code for code, _ in offer.reasons}
    [card] = queries.offers_to(offer.courier, at=AT)
    assert any("其次：小哥甲" in reason.zh for reason in card.reasons)
    [row] = queries.board(town.worker, at=after(0.1), place=town.places.community)
    assert row.offer_why is not None
    assert "其次：小哥甲" in row.offer_why.whole.zh
    assert town.courier.name not in row.offer_why.whole.zh
    assert town.other_courier.name not in row.offer_why.whole.zh


def test_what_fits_nobody_near_is_left_to_the_next_plan(town: Town) -> None:
    errand = ErrandDetail.objects.get(pk=town.errand(pickup_lat=38.9, pickup_lng=113.3).pk)
    assert (errand.looked_at, errand.planned_for_id) == (None, None)


def test_nobody_is_counted_on_for_their_own_people_twice_over_or_off_duty(town: Town) -> None:
    Delegation.objects.create(principal=town.resident, delegate=town.courier, asked_at=AT, confirmed_at=AT)
    Shift.objects.filter(courier=town.other_courier).update(ended_at=AT)
    errand = errand_of(town.errand())
    assert near_shifts(errand, at=AT) == ([], [])
    Delegation.objects.filter(delegate=town.courier).update(ended_at=AT)
    shifts, waiting = near_shifts(errand, at=AT)
    assert [shift.courier_id for shift in shifts] == [town.courier.pk]
    assert waiting == []
    duty(town.other_courier)
    town.errand(urgent=True)
    services.dispatch_batch(district=town.places.district, at=after(0.05))
    shifts, waiting = near_shifts(errand, at=after(0.1))
    assert len(shifts) == 2
    assert [offer.courier_id for offer in waiting] == [Offer.objects.get(matter__urgent=True).courier_id]


def test_the_reads_are_few_however_many_are_on_duty(town: Town) -> None:
    errand = errand_of(town.errand())
    best_near(errand, at=AT)
    with CaptureQueriesContext(connection) as seen:
        assert best_near(errand, at=AT) is not None
    assert len(seen) == 2, "the couriers near, and their stops"


def test_the_next_plan_keeps_the_answer_or_finds_a_better_one(town: Town) -> None:
    errand = ErrandDetail.objects.get(pk=town.errand().pk)
    services.dispatch_batch(district=town.places.district, at=after(1))
    assert Offer.objects.get(matter=errand.matter_id).courier_id == errand.planned_for_id
