"""A district with a department, a property company, two clerks and residents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.desks.reports.services import raise_report
from tests.factories import District, make_account, make_district, make_post
from tests.integration.desks.reports.open311 import a_key

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
"""Wednesday, 9:00 in Shanghai."""
HOUR = timedelta(hours=1)


@dataclass
class Scene:
    """Everyone whom the tests of this desk need."""

    town: District
    resident: Account
    neighbour: Account
    clerk: Account
    second_clerk: Account
    supervisor: Account
    officer: Account
    manager: Account
    urban: Organisation
    company: Organisation

    def raised(
        self, category: str = "lights", *, by: Account | str | None = "resident", files: Sequence[Any] = (), **data: Any
    ) -> Matter:
        """A report of the resident's building (of somebody else, or of nobody)."""
        who = getattr(self, by) if isinstance(by, str) else by
        told = {"category": category, "words": "楼道口的灯不亮"} | data
        return raise_report(by=who, place=self.town.building, data=told, at=AT, files=files).matter


@pytest.fixture
def scene(db: None) -> Scene:
    town = make_district()
    urban = Organisation.objects.create(
        code="urban", name="城管局", name_en="Urban", kind="department", place=town.district
    )
    company = Organisation.objects.create(code="wuye", name="安居物业", kind="company", place=town.compound)
    return Scene(
        town,
        make_account("王小明", home=town.building),
        make_account("李邻居", home=town.building),
        make_post("community_worker", town.community),
        make_post("community_worker", town.community),
        make_post("subdistrict_officer", town.subdistrict),
        make_post("department_officer", town.district, organisation=urban),
        make_post("property_manager", town.compound, organisation=company),
        urban,
        company,
    )


@pytest.fixture
def town(db: None) -> District:
    """A tiny district."""
    return make_district()


@pytest.fixture
def key(town: District) -> str:
    """A key for the whole district."""
    return a_key(town.district)
