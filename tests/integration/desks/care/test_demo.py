"""The demo tells the page's figures; nothing of it is typed in."""

from __future__ import annotations

import pytest
from django.utils import timezone

from linhe.core.indicators.measures import all_measures
from linhe.core.indicators.queries import figures
from linhe.core.places.models import Place
from linhe.desks.care import demo
from linhe.desks.care.demo import days, services
from linhe.desks.care.loop import AT_WORKER
from linhe.desks.care.models import Check, Glance, Visit


@pytest.mark.django_db
def test_the_story_is_told_once_and_leaves_a_day_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "PAST_DAYS", 3)
    monkeypatch.setattr(days, "ALARMS", {2: "worker"})
    monkeypatch.setattr(services, "COURIERS", 40)
    monkeypatch.setattr(services, "CHECKS", 2)
    monkeypatch.setattr(services, "OTHERS", 3)
    at = timezone.now()
    told = demo.seed(at=at)
    assert told == {"days": 4 * days.ELDERS, "sessions": 5, "attended": 55}
    assert demo.seed(at=at) == told
    district = Place.objects.get(kind="district")
    found = figures(district, all_measures().values(), "all", at=at)
    assert found["care.health_checks"].value == 40
    assert found["care.sessions"].value == 5
    assert Check.objects.filter(matter__stage=AT_WORKER).count() == 1
    assert Check.objects.filter(matter__closed_at__isnull=True).count() > 5
    assert Visit.objects.count() == 3
    assert Glance.objects.filter(answer="").exists()
