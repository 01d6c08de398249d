"""A county for every test."""

import pytest

from tests.integration.desks.power.world import County, make_county


@pytest.fixture
def county(db: None) -> County:
    """A county where nothing has failed yet."""
    return make_county()
