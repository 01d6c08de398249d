"""What the tests of the exchange desk share."""

import pytest
from django.utils import timezone

from tests.integration.desks.exchange.world import AT, World, make_world


@pytest.fixture
def world(db: None) -> World:
    """A province with its exchange."""
    return make_world()


@pytest.fixture
def in_spring(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock stands at ``AT``."""
    monkeypatch.setattr(timezone, "now", lambda: AT)
