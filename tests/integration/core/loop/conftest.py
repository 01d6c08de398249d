"""People and places that every test of the loop needs."""

import pytest

from tests.factories import District, make_account, make_district, make_post


@pytest.fixture
def town(db: None) -> District:
    """A tiny district."""
    return make_district()


@pytest.fixture
def resident(town: District) -> object:
    """Someone who asks."""
    return make_account("王桂英", home=town.building)


@pytest.fixture
def courier(town: District) -> object:
    """A courier of the district."""
    return make_post("courier", town.district)


@pytest.fixture
def worker(town: District) -> object:
    """A community worker of the first community."""
    return make_post("community_worker", town.community)
