"""One day for all tests of a file that ask for it: it is told once, and each test undoes what it did to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from copy import deepcopy

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker

from tests.trust.visitors import Day, make_day


@pytest.fixture(scope="module")
def told_day(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Day]:
    """A day in a transaction around all tests of the file, whose own transactions are savepoints in it."""
    around = ExitStack()
    with django_db_blocker.unblock():
        around.enter_context(transaction.atomic())
        told = make_day()
    yield told
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        around.close()


@pytest.fixture
def day(told_day: Day, db: None) -> Day:
    """A district in the middle of its day."""
    with connection.cursor() as cursor:  # a test before may have had it at once, which may outlive its savepoint
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return deepcopy(told_day)
