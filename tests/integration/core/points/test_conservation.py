"""Promise T4: points are conserved, under random sequences and under sixteen threads."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from linhe.core.loop.acting import begin
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.core.points.bench import Stage, storm
from linhe.core.points.checking import problems_of_the_ledger
from linhe.core.points.models import Entry, Transfer
from linhe.core.points.queries import Balance, balance
from linhe.core.points.services import credit, reverse, settle_due, transfer_by_hand
from tests.factories import make_account, make_district

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
THREADS = 16


def make_events(place: Place, count: int) -> list[Event]:
    return [begin("toy", "raise", by=make_account(), place=place, data={"size": 1}, at=AT).event for _ in range(count)]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_points_are_conserved_under_sixteen_threads_and_killed_processes() -> None:
    """A small part of what ``linhe bench ledger`` does a hundred thousand times."""
    town = make_district()
    people = [make_account() for _ in range(8)]
    stage = Stage(town.building, people, make_events(town.building, 60), make_account())
    found = storm(stage, size=480, kill_every_s=0.2)
    assert found["problems"] == []
    assert (found["operations"], found["threads"], found["sum_of_entries"]) == (480, 16, 0)
    assert found["killed_processes"] >= 1
    assert min(found["lowest_balance"], found["lowest_pending"]) >= 0
    assert all(found[name] for name in ("credit", "settle", "redeem", "undo", "dispute", "hand", "die_refused")), found
    assert found["redeem_refused"], "some had too few points"
    for person in people:
        mine = Entry.objects.filter(point_account__owner=person).values_list("transfer__state", "amount")
        pending = sum(amount for state, amount in mine if state == "pending")
        assert balance(person) == Balance(pending, sum(amount for _, amount in mine) - pending)


@pytest.mark.django_db(transaction=True)
def test_one_event_is_credited_once_however_many_ask() -> None:
    town, person = make_district(), make_account()
    events = make_events(town.building, 5)

    def ask(number: int) -> bool:
        try:
            event = events[number % len(events)]
            return credit(account=person, rule="toy_done", event=event, at=AT, place=town.building).repeated
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        repeated = list(pool.map(ask, range(80)))
    assert repeated.count(False) == len(events) == Transfer.objects.count()
    assert balance(person) == Balance(pending=25)


class Ledger(RuleBasedStateMachine):
    """The ledger beside a model of plain numbers; every run is rolled back."""

    place: ClassVar[Place]
    people: ClassVar[list[Account]]
    events: ClassVar[list[Event]]

    @initialize()
    def open(self) -> None:
        self.savepoint = transaction.savepoint()
        self.credits: dict[int, list[object]] = {}
        self.settled: Counter[int] = Counter()

    @rule(person=st.integers(0, 1), event=st.integers(0, 4), day=st.integers(0, 9))
    def credit(self, person: int, event: int, day: int) -> None:
        key = event * 2 + person
        given = credit(
            account=self.people[person], rule="toy_done", event=self.events[event], at=AT + timedelta(day),
            place=self.place,
        )  # fmt: skip
        assert given.repeated is (key in self.credits)
        self.credits.setdefault(key, [day, "pending"])

    @rule(day=st.integers(0, 12))
    def settle(self, day: int) -> None:
        due = [k for k, (given, state) in self.credits.items() if state == "pending" and int(str(given)) + 3 <= day]
        assert settle_due(at=AT + timedelta(day)) == len(due)
        for key in due:
            self.credits[key][1] = "settled"
            self.settled[key % 2] += 5

    @rule(event=st.integers(0, 4))
    def reverse(self, event: int) -> None:
        standing = {k: s for k, (_, s) in self.credits.items() if k // 2 == event and s != "reversed"}
        possible = all(s == "pending" or self.settled[k % 2] >= 5 for k, s in standing.items())
        try:
            reversed_ = reverse(event=self.events[event], reason="test", at=AT, by=None)
            assert possible
            assert len(reversed_) == len(standing)
        except Refused:
            assert not possible
            return
        for key, state in standing.items():
            self.credits[key][1] = "reversed"
            self.settled[key % 2] -= 5 if state == "settled" else 0

    @rule(person=st.integers(0, 1), points=st.integers(-7, 4).filter(bool))
    def by_hand(self, person: int, points: int) -> None:
        possible = self.settled[person] + points >= 0
        try:
            with transaction.atomic():
                transfer_by_hand(
                    account=self.people[person], points=points, place=self.place, memo="test", at=AT, by=self.people[0]
                )
            assert possible
            self.settled[person] += points
        except Refused:
            assert not possible

    @invariant()
    def balances_are_those_of_the_model(self) -> None:
        for person, account in enumerate(self.people):
            pending = sum(5 for k, (_, state) in self.credits.items() if k % 2 == person and state == "pending")
            assert balance(account) == Balance(pending, self.settled[person])

    def teardown(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        assert list(problems_of_the_ledger()) == []
        transaction.savepoint_rollback(self.savepoint)


@pytest.mark.django_db
def test_balances_follow_a_model_of_plain_numbers() -> None:
    town = make_district()
    Ledger.place, Ledger.people = town.building, [make_account(), make_account()]
    Ledger.events = make_events(town.building, 5)
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=12, stateful_step_count=20, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
