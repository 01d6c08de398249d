"""The demo tells reports with every ending and leaves a working day's worth of them open."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from linhe.core.demo import lay_town
from linhe.core.loop.models import Event, Matter
from linhe.desks.reports.demo import seed
from linhe.desks.reports.queries import dealt_with

AT = datetime(2026, 3, 4, 6, 0, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_past_has_every_ending_and_today_has_work(db: None) -> None:
    told = seed(at=AT)
    assert told["reports"] > 200
    assert told["reports"] == seed(at=AT)["reports"]
    reports = Matter.objects.filter(kind="report")
    stages = set(reports.values_list("stage", flat=True))
    assert stages >= {
        "raised", "working", "pausing", "paused", "solved", "confirmed", "lapsed", "declined", "merged", "withdrawn"
    }  # fmt: skip
    assert not reports.filter(updated_at__gt=AT).exists()
    assert reports.filter(parent__isnull=False).exists()
    actions = set(Event.objects.filter(matter__kind="report").values_list("action", flat=True))
    assert actions >= {"reopen", "follow", "confirm_linked", "check", "reroute", "late", "resume"}
    town = lay_town(at=AT)
    assert dealt_with(town.people["demo-worker"], at=AT).count() >= 40
    assert dealt_with(town.people["demo-urban"], at=AT).exists()
