"""The demo's story: as many matters settled as it says, counted from the events; and open things for today."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from linhe.core.demo import lay_town
from linhe.core.indicators.checking import problems_of_the_rollups
from linhe.core.indicators.measures import measures_of
from linhe.core.indicators.queries import figures
from linhe.core.loop.models import Matter
from linhe.desks.councils import demo
from linhe.desks.councils.demo import history
from linhe.desks.councils.demo.words import SETTLED
from linhe.desks.councils.models import Membership
from linhe.desks.councils.queries import votes_for


def test_the_year_settles_412_matters() -> None:
    assert sum(SETTLED.values()) == 412


@pytest.mark.django_db
@pytest.mark.slow
def test_the_story_is_told_once_and_its_figures_come_from_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth of the year, told in the same way."""
    some = {"charging": 12, "water": 6, "neighbours": 10, "property": 10, "other": 3}
    monkeypatch.setattr(history, "SETTLED", some)
    monkeypatch.setattr(history, "MEETINGS", 1)
    at = timezone.now()
    first = demo.seed(at=at)
    assert first["settled"] == sum(some.values())
    assert demo.seed(at=at) == first
    town = lay_town(at=at)
    found: dict[str, Any] = figures(town.district, measures_of("councils"), "all", at=at)
    assert found["councils.settled"].value == sum(some.values())
    assert {t: found[f"councils.settled_{t}"].value for t in some} == some
    assert 60 < (found["councils.attendance"].value or 0) <= 100
    assert list(problems_of_the_rollups()) == []
    assert Membership.objects.filter(part_time=True).exists()
    for who in ("demo-elder", "demo-committee", "demo-unit-chief"):
        assert len(votes_for(town.people[who])) == 1
    community = town.people["demo-worker"].posts.get().place
    here = Matter.objects.filter(at_community=community, closed_at__isnull=True)
    assert set(here.filter(kind="resolution").values_list("stage", flat=True)) >= {"publicity", "objected", "done"}
    assert here.filter(kind="meeting", stage="convened").exists()
    assert set(here.filter(kind="petition").values_list("stage", flat=True)) == {"collecting", "supported"}
