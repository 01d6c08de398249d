"""Credits, caps, settling, reversal, and what a person and a district get to read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused
from linhe.core.loop.verifying import checks
from linhe.core.people.models import Account
from linhe.core.points.models import PointAccount, Transfer
from linhe.core.points.queries import Balance, balance, credits_of, pool_balance, ranking, statement
from linhe.core.points.services import Credit, credit, pool_at, reverse, settle_due, transfer_by_hand
from linhe.lib.periods import Quarter
from tests.factories import District, make_account, make_district

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
LATER = AT + timedelta(days=3)
Service = Callable[..., Event]


def give(account: Account, event: Event, at: datetime = AT, rule: str = "toy_done", **helped: Account | None) -> Credit:
    return credit(account=account, rule=rule, event=event, at=at, place=event.matter.place, **helped)


def test_a_credit_is_pending_until_the_window_closes(town: District, courier: Account, service: Service) -> None:
    given = give(courier, service())
    assert (given.points, given.reason, given.repeated) == (5, "", False)
    assert balance(courier) == Balance(pending=5, settled=0)
    assert pool_balance(pool_at(town.unit)) == -5
    assert settle_due(at=LATER - timedelta(seconds=1)) == 0
    assert settle_due(at=LATER) == 1
    assert settle_due(at=LATER) == 0
    assert balance(courier) == Balance(pending=0, settled=5)


def test_the_amount_is_that_of_the_place(courier: Account, service: Service) -> None:
    other = make_district("990202")
    assert credit(account=courier, rule="toy_done", event=service(), at=AT, place=other.building).points == 7


def test_the_same_event_credits_once(courier: Account, service: Service) -> None:
    event = service()
    first, again = give(courier, event), give(courier, event)
    assert (again.repeated, again.transfer, again.points) == (True, first.transfer, 5)
    assert balance(courier).pending == 5
    assert credits_of([event.pk]) == {event.pk: first.transfer}


def test_nothing_is_written_over_the_cap_of_the_day(courier: Account, service: Service) -> None:
    assert [give(courier, service()).points for _ in range(12)] == [5] * 12
    refused = give(courier, service())
    assert (refused.points, refused.transfer, refused.reason) == (0, None, "cap_a_day")
    assert balance(courier).pending == 60
    midnight_in_shanghai = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)
    assert give(courier, service(), midnight_in_shanghai - timedelta(seconds=1)).reason == "cap_a_day"
    assert give(courier, service(), midnight_in_shanghai).points == 5


def test_the_same_two_people_earn_only_so_often_in_a_month(courier: Account, service: Service) -> None:
    neighbour = make_account()
    assert [give(courier, service(neighbour)).points for _ in range(8)] == [5] * 8
    assert give(courier, service(neighbour)).reason == "pair_cap_a_month"
    assert give(courier, service()).points == 5
    assert give(courier, service(neighbour), datetime(2026, 3, 31, 16, 0, tzinfo=UTC)).points == 5


def test_what_was_for_nobody_in_particular_meets_no_cap_of_a_pair(courier: Account, service: Service) -> None:
    neighbour = make_account()
    for _ in range(9):
        assert give(courier, service(neighbour), helped=None).points == 5
    assert not Transfer.objects.filter(counterpart__isnull=False).exists()
    assert give(courier, service(courier)).points == 5
    assert give(courier, service(neighbour), helped=courier).points == 5
    assert not Transfer.objects.filter(counterpart=courier).exists()
    assert give(courier, service(courier), helped=neighbour).points == 5
    assert Transfer.objects.filter(counterpart=neighbour).count() == 1


def test_a_rule_of_no_points_writes_nothing(courier: Account, service: Service) -> None:
    assert give(courier, service(), rule="toy_nothing") == Credit(0, None, "no_points")
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("settled", [False, True])
def test_a_reversal_takes_the_points_back_once(courier: Account, service: Service, settled: bool) -> None:
    event, kept = service(), service()
    original = give(courier, event).transfer
    give(courier, kept)
    if settled:
        settle_due(at=LATER)
    (counter,) = reverse(event=event, reason="fake", at=LATER, by=None)
    assert reverse(event=event, reason="fake", at=LATER, by=None) == []
    assert (counter.reverses, counter.points, counter.memo) == (original, -5, "fake")
    assert Transfer.objects.get(pk=original.pk).state == "reversed"
    assert balance(courier) == (Balance(0, 5) if settled else Balance(5, 0))
    assert settle_due(at=LATER) == (0 if settled else 1)
    assert give(courier, event).repeated, "an event that was reversed is not credited anew"
    assert [list(check()) for check in checks().values()] == [[]] * len(checks())


def test_points_that_were_used_up_cannot_be_taken_back(town: District, courier: Account, service: Service) -> None:
    event = service()
    give(courier, event)
    settle_due(at=LATER)
    transfer_by_hand(account=courier, points=-3, place=town.district, memo="used", at=LATER, by=make_account())
    with pytest.raises(Refused) as refused:
        reverse(event=event, reason="fake", at=LATER, by=None)
    assert refused.value.code == "not_enough_points"
    assert balance(courier) == Balance(0, 2)


def test_a_statement_pages_by_key(courier: Account, service: Service) -> None:
    for _ in range(5):
        give(courier, service())
    give(make_account(), service())
    first = statement(courier, size=3)
    assert len(first.rows) == 3
    rest = statement(courier, before=first.next_before, size=3)
    assert (len(rest.rows), rest.next_before) == (2, None)
    assert {e.amount for e in [*first.rows, *rest.rows]} == {5}
    assert first.rows[0].pk > rest.rows[0].pk


def test_a_ranking_counts_settled_services_of_the_quarter(town: District, courier: Account, service: Service) -> None:
    second, third = make_account(), make_account()
    for account, times in ((courier, 2), (second, 3), (third, 2)):
        for _ in range(times):
            give(account, service())
    dropped = service()
    give(second, dropped)
    settle_due(at=LATER)
    reverse(event=dropped, reason="fake", at=LATER, by=None)
    give(courier, service())
    quarter = Quarter.of(AT)
    assert quarter == Quarter(2026, 1)
    lines = [(r.rank, r.account_id, r.points, r.credits) for r in ranking(town.subdistrict, quarter)]
    assert lines == [(1, second.pk, 15, 3), (2, courier.pk, 10, 2), (2, third.pk, 10, 2)]
    assert ranking(town.other_community, quarter) == []
    assert ranking(town.subdistrict, Quarter(2026, 2)) == []


def test_a_person_has_one_points_account(courier: Account, service: Service) -> None:
    give(courier, service())
    give(courier, service())
    assert PointAccount.objects.filter(owner=courier).count() == 1
    assert balance(make_account()) == Balance()
