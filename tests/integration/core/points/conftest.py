"""A district, and closed loops that can be credited."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from linhe.core.loop.acting import begin
from linhe.core.loop.models import Event
from linhe.core.people.models import Account
from tests.factories import District, make_account, make_district

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)


@pytest.fixture
def town(db: None) -> District:
    """A tiny district."""
    return make_district()


@pytest.fixture
def courier(town: District) -> Account:
    """Who earns."""
    return make_account()


@pytest.fixture
def service(town: District) -> Callable[..., Event]:
    """Make an event of a service for a new resident, or for the one given."""

    def make(requester: Account | None = None) -> Event:
        return begin(
            "toy", "raise", by=requester or make_account(), place=town.building, data={"size": 1}, at=AT
        ).event  # fmt: skip

    return make
