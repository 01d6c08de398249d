"""Promises T2 and T3 under real concurrency: one effect for a key, one taker for a matter, no broken chain."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.db import connection

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Matter, Remembered
from linhe.core.loop.refusals import Refused
from linhe.core.loop.verifying import problems_of_chains
from tests.factories import make_account, make_district, make_post

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
KEYS, SENDS = 12, 10
MATTERS, TAKERS = 12, 10


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


def test_many_simultaneous_sends_of_one_key_have_one_effect() -> None:
    town, resident = make_district(), make_account()
    sends = [
        lambda key=key: begin(
            "toy", "raise", by=resident, place=town.building, data={"size": 1}, key=f"key-{key:05d}", at=AT
        )
        for _ in range(SENDS)
        for key in range(KEYS)
    ]
    outcomes = at_once(sends)
    assert not [o for o in outcomes if isinstance(o, Refused)]
    assert Matter.objects.count() == Event.objects.count() == Remembered.objects.count() == KEYS
    assert len({o.event.pk for o in outcomes}) == KEYS
    assert sum(not o.repeated for o in outcomes) == KEYS


def test_a_matter_has_exactly_one_taker() -> None:
    town, resident = make_district(), make_account()
    couriers = [make_post("courier", town.district) for _ in range(TAKERS)]
    matters = [
        begin("toy", "raise", by=resident, place=town.building, data={"size": 1}, at=AT).matter for _ in range(MATTERS)
    ]
    outcomes = at_once([lambda m=m, c=c: act(m, "take", by=c, at=AT) for c in couriers for m in matters])
    won = [o for o in outcomes if not isinstance(o, Refused)]
    assert len(won) == MATTERS
    assert {o.matter.pk for o in won} == {m.pk for m in matters}
    assert all(o.code == "wrong_stage" for o in outcomes if isinstance(o, Refused))
    assert list(problems_of_chains()) == []
