"""What the tests of the exchange desk share."""

import pytest

from tests.integration.desks.exchange.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    """A province with its exchange."""
    return make_world()
