"""The demo's drills: told once through the door, last year's for comparison, one under way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linhe.core.loop.models import Event, Matter
from linhe.desks.power import demo
from linhe.desks.power.demo import STANDS_AT
from linhe.desks.power.models import GuestLink, Outage, TruckAid
from linhe.desks.power.queries.review import compared

AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_three_counties_drill_and_are_a_fifth_faster_than_last_year() -> None:
    told = demo.seed(at=AT)
    assert told == {"runs": 3, "trucks": 3, "counties": 14}
    events = Event.objects.count()
    assert demo.seed(at=AT + timedelta(hours=1)) == told
    assert Event.objects.count() == events
    live = Outage.objects.select_related("matter").get(open=True)
    sheet = live.matter.run_sheet
    now = sheet.items.filter(state="open").order_by("seq")[0]
    assert now.code == STANDS_AT
    assert now.opened_at is not None
    assert now.opened_at <= AT
    clocks = {one.clock.code: one for one in compared(live, sheet, at=AT)}
    assert clocks["connect"].change_percent == -20
    assert clocks["connect"].in_time
    assert clocks["isolate"].in_time
    assert TruckAid.objects.filter(outage=live, active=True).count() == 2
    assert GuestLink.objects.filter(outage=live).count() == 14
    assert Matter.objects.filter(kind="power_finding").count() == 2
    assert not Event.objects.filter(at__gt=AT).exists()
