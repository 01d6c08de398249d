"""A tiny district, and a moment to stand on."""

from __future__ import annotations

import pytest

from tests.factories import District, make_district


@pytest.fixture
def town(db: None) -> District:
    return make_district()
