"""The world of the councils' tests."""

import pytest

from tests.integration.desks.councils.world import World, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()
