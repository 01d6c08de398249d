"""What the database itself refuses, whoever asks, and what the recount finds when the database was tampered with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from linhe.core.loop.models import Event
from linhe.core.people.models import Account
from linhe.core.places.models import ancestors_of
from linhe.core.points.checking import problems_of_the_ledger
from linhe.core.points.models import Entry, PointAccount, Transfer
from linhe.core.points.services import account_of, credit, pool_at, settle_due
from tests.factories import District

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
Service = Callable[..., Event]


@contextmanager
def refused(why: str) -> Iterator[None]:
    """The statements in this block, or their commit, fail with a message of the database."""
    with pytest.raises(DatabaseError, match=why), transaction.atomic():  # noqa: PT012 - the block stands elsewhere
        yield
        check_deferred()


def check_deferred() -> None:
    """Check now what the database would check at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def given(town: District, courier: Account, service: Service) -> Transfer:
    """One pending credit of five points."""
    made = credit(account=courier, rule="toy_done", event=service(), at=AT, place=town.building).transfer
    assert made is not None
    check_deferred()
    return made


def transfer(town: District, courier: Account, **fields: object) -> Transfer:
    made = {"rule": "toy_done", "credited": account_of(courier), "points": 5, "at": AT, "settles_at": AT}
    return Transfer.objects.create(**(made | ancestors_of(town.building) | fields))


def test_entries_that_do_not_sum_to_zero(town: District, courier: Account) -> None:
    with refused("is not balanced"):
        made = transfer(town, courier)
        Entry.objects.create(transfer=made, point_account=account_of(courier), amount=5)
        Entry.objects.create(transfer=made, point_account=pool_at(town.building), amount=-4)


def test_a_transfer_without_entries(town: District, courier: Account) -> None:
    with refused("is not balanced"):
        transfer(town, courier)


def test_entries_that_say_another_amount_than_their_transfer(town: District, courier: Account) -> None:
    with refused("is not balanced"):
        made = transfer(town, courier)
        Entry.objects.create(transfer=made, point_account=account_of(courier), amount=6)
        Entry.objects.create(transfer=made, point_account=pool_at(town.building), amount=-6)


def test_another_entry_on_an_old_transfer(town: District, given: Transfer) -> None:
    with refused("is not balanced"):
        Entry.objects.create(transfer=given, point_account=pool_at(town.building, pool="other"), amount=3)


@pytest.mark.parametrize("change", [{"points": 6}, {"rule": "x"}, {"at": AT - timedelta(1)}, {"event": None}])
def test_editing_a_transfer(given: Transfer, change: dict[str, object]) -> None:
    with refused("Cannot update rows"):
        Transfer.objects.filter(pk=given.pk).update(**change)


def test_a_state_that_moves_backward(given: Transfer) -> None:
    settle_due(at=AT + timedelta(days=9))
    with refused("Invalid transition"):
        Transfer.objects.filter(pk=given.pk).update(state="pending")


def test_a_reversal_on_one_side_only(town: District, courier: Account, given: Transfer) -> None:
    with refused("one side only"):
        Transfer.objects.filter(pk=given.pk).update(state="reversed")
    settle_due(at=AT + timedelta(days=9))
    with refused("one side only"):
        made = transfer(town, courier, points=-5, reverses=given, state="settled")
        Entry.objects.create(transfer=made, point_account=account_of(courier), amount=-5)
        Entry.objects.create(transfer=made, point_account=pool_at(town.building), amount=5)


def test_editing_or_deleting_an_entry(given: Transfer) -> None:
    with refused("Cannot update or delete rows"):
        Entry.objects.filter(transfer=given).update(amount=1)
    with refused("Cannot update or delete rows"):
        Entry.objects.filter(transfer=given)._raw_delete("default")


def test_deleting_a_transfer_or_an_account(given: Transfer) -> None:
    with refused("Cannot delete rows"):
        Transfer.objects.filter(pk=given.pk)._raw_delete("default")
    with refused("Cannot delete rows"):
        PointAccount.objects.all()._raw_delete("default")


@pytest.mark.parametrize("table", ["points_entry", "points_transfer"])
def test_emptying_the_ledger(given: Transfer, table: str) -> None:
    with refused("cannot be truncated"), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_setting_a_balance_by_hand(courier: Account, given: Transfer) -> None:
    with refused("by entries only"):
        PointAccount.objects.filter(owner=courier).update(balance=1000)
    with refused("by entries only"):
        PointAccount.objects.create(pool="x", place=given.place, balance=10)


def test_a_negative_balance(town: District, courier: Account) -> None:
    with refused("pointaccount_never_negative"):
        made = transfer(town, courier, points=-1, state="settled")
        Entry.objects.create(transfer=made, point_account=account_of(courier), amount=-1)


def test_a_second_credit_of_an_event(town: District, courier: Account, given: Transfer) -> None:
    with refused("transfer_one_credit_an_event"):
        transfer(town, courier, event=given.event)


def test_a_transfer_of_nothing(town: District, courier: Account) -> None:
    with refused("transfer_moves_points"):
        transfer(town, courier, points=0)


def test_an_account_that_is_person_and_pool(town: District, courier: Account) -> None:
    with refused("pointaccount_is_a_person_or_a_pool"):
        PointAccount.objects.create(owner=courier, pool="x", place=town.district)


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE points_entry SET amount = amount + 1 WHERE amount > 0", "is not balanced"),
        ("UPDATE points_pointaccount SET balance = 9 WHERE owner_id IS NOT NULL", "another balance"),
        ("UPDATE points_transfer SET state = 'reversed'", "one side only"),
        ("DELETE FROM points_entry", "is not balanced"),
    ],
)
def test_the_recount_finds_tampering(given: Transfer, tampering: str, found: str) -> None:
    assert list(problems_of_the_ledger()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(tampering)
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert any(found in problem for problem in problems_of_the_ledger())
