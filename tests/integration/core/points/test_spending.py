"""Rules of their own, spending, disputes that hold, and points that expire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.points.checking import problems_of_the_ledger
from linhe.core.points.expiring import Expiring, expire_due, expiring, owners_to_tell
from linhe.core.points.models import Transfer
from linhe.core.points.queries import Balance, balance, earned, pool_balance
from linhe.core.points.rules import InvalidRule, Rule, rule_of
from linhe.core.points.services import Credit, credit, hold, pool_at, release, reverse, settle_due, spend
from linhe.lib.periods import Quarter
from tests.factories import District, make_account

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
LATER = AT + timedelta(days=3)
END_OF_APRIL = datetime(2026, 4, 30, 16, 0, tzinfo=UTC)
Service = Callable[..., Event]


def give(account: Account, event: Event, rule: str = "toy_done", at: datetime = AT) -> Credit:
    return credit(account=account, rule=rule, event=event, at=at, place=event.matter.place)


def use(account: Account, event: Event, points: int, at: datetime = LATER) -> Transfer:
    return spend(
        account=account, rule="redemption", points=points, event=event, pool="shop-a", at=at, place=event.matter.place
    )


def test_a_rule_has_the_general_limits_unless_it_names_its_own(town: District) -> None:
    code = town.building.code
    assert rule_of("toy_done", at=AT, place_code=code) == Rule("toy_done", 5, 60, 8, 3, 24)
    assert rule_of("toy_short", at=AT, place_code=code) == Rule("toy_short", 4, 8, 1, 1, 1)


def test_a_rule_with_an_unknown_key_is_a_mistake(monkeypatch: pytest.MonkeyPatch, town: District) -> None:
    monkeypatch.setattr("linhe.core.points.rules.value", lambda *a, **k: [{"points": 1, "cap_a_week": 3}])
    with pytest.raises(InvalidRule, match="cap_a_day"):
        rule_of("toy_short", at=AT, place_code=town.building.code)


def test_the_limits_are_those_of_the_rule(courier: Account, service: Service) -> None:
    neighbour = make_account()
    given = give(courier, service(neighbour), "toy_short").transfer
    assert given is not None
    assert (given.settles_at, given.expires_at) == (AT + timedelta(days=1), END_OF_APRIL)
    assert give(courier, service(neighbour), "toy_short").reason == "pair_cap_a_month"
    assert give(courier, service(), "toy_short").points == 4
    assert give(courier, service(), "toy_short").reason == "cap_a_day"


def test_spending_moves_settled_points_to_a_pool_once(town: District, courier: Account, service: Service) -> None:
    give(courier, service())
    event = service()
    with pytest.raises(Refused, match="not_enough_points"):
        use(courier, event, 5, AT)
    settle_due(at=LATER)
    spent = use(courier, event, 3)
    assert use(courier, event, 3) == spent
    with pytest.raises(Refused, match="not_enough_points"):
        use(courier, service(), 3)
    assert (balance(courier), pool_balance(pool_at(town.unit, pool="shop-a"))) == (Balance(0, 2), 3)
    assert [(e.points, e.services) for e in earned(town.subdistrict, Quarter.of(AT))] == [(5, 1)]
    reverse(event=event, reason="undone", at=LATER, by=None)
    assert (balance(courier), pool_balance(pool_at(town.unit, pool="shop-a"))) == (Balance(0, 5), 0)
    assert list(problems_of_the_ledger()) == []


def test_an_open_dispute_keeps_a_credit_pending(courier: Account, service: Service) -> None:
    disputed, other = service(), service()
    give(courier, disputed)
    give(courier, other)
    assert hold(events=[disputed]) == 1
    assert settle_due(at=LATER + timedelta(days=30)) == 1
    assert balance(courier) == Balance(5, 5)
    with transaction.atomic(), pytest.raises(DatabaseError, match="transfer_held_is_pending"):
        Transfer.objects.filter(held=True).update(state="settled")


@pytest.mark.parametrize("upheld", [True, False])
def test_a_dispute_ends_with_a_reversal_or_a_release(courier: Account, service: Service, upheld: bool) -> None:
    event = service()
    give(courier, event)
    hold(events=[event])
    if upheld:
        reverse(event=event, reason="dispute_upheld", at=LATER, by=None)
    else:
        assert release(events=[event]) == 1
    settle_due(at=LATER)
    assert balance(courier) == (Balance() if upheld else Balance(0, 5))
    assert list(problems_of_the_ledger()) == []


def test_what_is_settled_can_no_longer_be_held(courier: Account, service: Service) -> None:
    event = service()
    give(courier, event)
    settle_due(at=LATER)
    with pytest.raises(Refused, match="too_late"):
        hold(events=[event])


def test_points_expire_the_oldest_first(town: District, courier: Account, service: Service) -> None:
    give(courier, service(), "toy_short")
    give(courier, service())
    settle_due(at=LATER)
    use(courier, service(), 1)
    assert expiring(courier, until=END_OF_APRIL) == [Expiring(END_OF_APRIL, 3)]
    assert owners_to_tell(first=LATER, after=END_OF_APRIL) == []
    assert owners_to_tell(first=END_OF_APRIL, after=END_OF_APRIL + timedelta(days=1)) == [courier]
    assert expire_due(at=END_OF_APRIL - timedelta(seconds=1)) == 0
    assert expire_due(at=END_OF_APRIL) == 1
    assert expire_due(at=END_OF_APRIL) == 0
    assert (balance(courier), pool_balance(pool_at(town.unit, pool="expired"))) == (Balance(0, 5), 3)
    assert expire_due(at=datetime(2028, 4, 1, tzinfo=UTC)) == 1
    assert balance(courier) == Balance()
    assert list(problems_of_the_ledger()) == []


def test_points_used_up_do_not_expire_and_undone_use_does(courier: Account, service: Service) -> None:
    give(courier, service(), "toy_short")
    settle_due(at=LATER)
    event = service()
    use(courier, event, 4)
    assert expire_due(at=END_OF_APRIL) == 0
    reverse(event=event, reason="undone", at=END_OF_APRIL, by=None)
    assert expire_due(at=END_OF_APRIL) == 1
    assert balance(courier) == Balance()


def test_only_what_was_given_expires(town: District, courier: Account, service: Service) -> None:
    given = give(courier, service()).transfer
    assert given is not None
    with transaction.atomic(), pytest.raises(DatabaseError, match="transfer_expires_after_it_settles"):
        Transfer.objects.create(
            rule="x", credited=given.credited, points=-1, at=AT, settles_at=AT, expires_at=LATER, place=town.building
        )
