"""Roll-ups equal a plain count of the log in Python, however events and roll-ups come together."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.checks import run_checks
from django.db import connection, transaction

from linhe.core.indicators import measures as declared
from linhe.core.indicators.checking import problems_of_the_rollups
from linhe.core.indicators.measures import Measure, all_measures
from linhe.core.indicators.models import Pending, Rollup
from linhe.core.indicators.rolling import recount, roll_up
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Matter
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.lib.working_calendar import SHANGHAI
from tests.desks.toy.indicators import MEASURES
from tests.factories import District, make_account, make_district, make_post

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
Counts = dict[tuple[str, int, date], tuple[int, Decimal, Decimal]]


def counted_in_python() -> Counts:
    """The oracle: walk the whole log, event by event."""
    found: Counts = defaultdict(lambda: (0, Decimal(0), Decimal(0)))
    for event in Event.objects.select_related("matter__place").order_by("matter_id", "seq"):
        for measure in MEASURES:
            if event.matter.kind != measure.kind or event.action not in measure.actions:
                continue
            if measure.where and event.data.get(measure.where[0]) != measure.where[1]:
                continue
            amount = value_of(measure, event)
            base = base_of(measure, event)
            if amount is None or base is None:
                continue
            for place_id in event.matter.place.ancestor_ids():
                key = (measure.code, place_id, event.at.astimezone(SHANGHAI).date())
                count, total, out_of = found[key]
                found[key] = (count + 1, total + amount, out_of + base)
    return dict(found)


def value_of(measure: Measure, event: Event) -> Decimal | None:
    if measure.value == "count":
        return Decimal(1)
    how, name, *_ = measure.value
    if how in ("data", "mean", "ratio"):
        return Decimal(int(event.data[name])) if name in event.data else None
    before = Event.objects.filter(matter=event.matter, action=name, seq__lt=event.seq).order_by("seq").last()
    return None if before is None else round(Decimal(str((event.at - before.at).total_seconds())) / 60, 4)


def base_of(measure: Measure, event: Event) -> Decimal | None:
    """What the amount is divided by: nothing but in ratios, None where the event does not say."""
    if measure.value[0] != "ratio":
        return Decimal(0)
    base = event.data.get(measure.value[2])
    return None if base is None else Decimal(base)


def stored() -> Counts:
    rows = Rollup.objects.values_list("measure", "place_id", "day", "count", "total", "base")
    return {(measure, place_id, day): (count, total, base) for measure, place_id, day, count, total, base in rows}


def live_a_while(
    places: list[Place], couriers: list[Account], resident: Account, seed: int, steps: int = 25
) -> None:  # fmt: skip
    """A random stretch of the toy's life, over a few days and across midnight in Shanghai."""
    draw = random.Random(seed)
    at, mine = AT + timedelta(hours=draw.randrange(40)), list[tuple[Matter, Account]]()
    for _ in range(steps):
        at += timedelta(seconds=draw.randrange(7, 9000))
        doing = draw.choice(("raise", "raise", "take", "finish", "withdraw"))
        if doing == "raise" or not mine:
            asked = {"size": draw.randrange(1, 10), "colour": draw.choice(("red", "blue"))}
            place = draw.choice(places)
            mine.append((begin("toy", "raise", by=resident, place=place, data=asked, at=at).matter, resident))
            continue
        index = draw.randrange(len(mine))
        matter, courier = mine[index]
        if doing == "take" and matter.stage == "open":
            courier = draw.choice(couriers)
            mine[index] = (act(matter, "take", by=courier, at=at).matter, courier)
        elif doing == "finish" and matter.stage == "taken":
            data: dict[str, object] = {"went_well": draw.random() < 0.7}
            data |= {name: draw.randrange(1, 9) for name in ("worn", "size") if draw.random() < 0.8}
            mine[index] = (act(matter, "finish", by=courier, data=data, at=at).matter, courier)
        elif doing == "withdraw" and matter.stage in ("open", "taken"):
            mine[index] = (act(matter, "withdraw", by=resident, at=at).matter, courier)


@pytest.fixture
def town(db: None) -> District:
    return make_district()


@pytest.fixture
def live(town: District) -> Callable[[int], None]:
    """Let the toy live a while; the number is the seed."""
    couriers = [make_post("courier", town.district) for _ in range(2)]
    resident, places = make_account(), [town.unit, town.building, town.compound, town.other_building, town.community]
    return lambda seed: live_a_while(places, couriers, resident, seed)


def test_rollups_equal_a_plain_count(live: Callable[[int], None]) -> None:
    for seed in range(4):
        live(seed)
        roll_up()
        assert stored() == counted_in_python()
    assert len({measure for measure, _, _ in stored()}) == len(MEASURES)
    assert len({day for _, _, day in stored()}) > 2
    assert list(problems_of_the_rollups()) == []
    assert not Pending.objects.exists()
    assert roll_up() == 0


def test_pending_events_are_no_problem_and_no_figure(live: Callable[[int], None]) -> None:
    live(1)
    assert Pending.objects.exists()
    assert list(problems_of_the_rollups()) == []
    assert stored() == {}


def test_an_event_that_nothing_counts_is_not_noted(town: District) -> None:
    courier = make_post("courier", town.district)
    taken = act(
        begin("toy", "raise", by=courier, place=town.unit, data={"size": 1}, at=AT).matter, "take", by=courier, at=AT
    ).matter
    before = Pending.objects.count()
    act(taken, "pause", by=courier, at=AT)
    assert Pending.objects.count() == before == 2


def test_an_undone_action_leaves_nothing_pending(town: District) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - what is undone is what raised
        begin("toy", "raise", by=make_account(), place=town.unit, data={"size": 1}, at=AT)
        raise RuntimeError
    assert not Pending.objects.exists()


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE indicators_rollup SET count = count + 1 WHERE measure = 'toy.raised'",
        "UPDATE indicators_rollup SET total = total - 0.5 WHERE measure = 'toy.minutes_to_take'",
        "DELETE FROM indicators_rollup WHERE measure = 'toy.size'",
        "UPDATE indicators_rollup SET base = base + 1 WHERE measure = 'toy.worn'",
        "UPDATE indicators_rollup SET day = day - 400 WHERE measure = 'toy.ended'",
    ],
)
def test_the_recount_finds_and_mends_what_is_wrong(live: Callable[[int], None], tampering: str) -> None:
    live(2)
    roll_up()
    live(3)
    with connection.cursor() as cursor:
        cursor.execute(tampering)
    problems = list(problems_of_the_rollups())
    assert problems
    assert all(problem.startswith("indicators: toy.") for problem in problems)
    waiting = Pending.objects.count()
    recount()
    assert list(problems_of_the_rollups()) == []
    assert Pending.objects.count() == waiting > 0
    roll_up()
    assert stored() == counted_in_python()


def test_one_measure_can_be_recounted_alone(live: Callable[[int], None]) -> None:
    live(4)
    roll_up()
    Rollup.objects.all().delete()
    recount(measures=[all_measures()["toy.size"]])
    right = {key: counts for key, counts in counted_in_python().items() if key[0] == "toy.size"}
    assert stored() == right


def test_mistakes_in_measures_show_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [e for e in run_checks() if e.id == "indicators.E001"]
    wrong = [
        replace(MEASURES[0], kind="nothing"),
        replace(MEASURES[1], actions=("fly",)),
        replace(MEASURES[3], value=("minutes_since", "fly")),
        MEASURES[4],
        MEASURES[4],
        replace(MEASURES[5], where=("colour", "")),
    ]
    monkeypatch.setattr(declared, "_declared", lambda: wrong)
    assert len([e for e in run_checks() if e.id == "indicators.E001"]) == 5


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_concurrent_events_rollups_and_recounts_count_each_event_once() -> None:
    town = make_district()
    couriers = [make_post("courier", town.district) for _ in range(2)]
    resident, places = make_account(), [town.unit, town.building, town.other_building]

    def work(number: int) -> int:
        try:
            if number % 4 == 1:
                return sum(roll_up(most=30) for _ in range(15))
            if number % 12 == 3:
                return recount() * 0
            live_a_while(places, couriers, resident, number)
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        rolled = sum(pool.map(work, range(24)))
    assert rolled > 50
    assert list(problems_of_the_rollups()) == []
    roll_up()
    assert list(problems_of_the_rollups()) == []
    assert stored() == counted_in_python()
