"""The demo district: seeded once, its past told through the loop, its live story playable."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from linhe.core.demo import found
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.verifying import checks
from linhe.core.places.models import Place
from linhe.desks.errands import demo, services
from linhe.desks.errands.demo.live import ON_DUTY, LiveStory
from linhe.desks.errands.models import Offer, Shift
from linhe.lib.working_calendar import SHANGHAI

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_past_is_told_once_and_the_story_goes_on() -> None:
    now = timezone.now()
    told = demo.seed(at=now)
    assert told["buildings"] > 200
    assert Matter.objects.filter(stage="confirmed").count() >= 66
    assert {"late", "dispute", "approve", "expire", "hand_back", "decline"} <= set(
        Event.objects.values_list("action", flat=True)
    )
    assert not Event.objects.filter(at__gt=now).exists()
    days = {moment.astimezone(SHANGHAI).date() for moment in Matter.objects.values_list("created_at", flat=True)}
    today = now.astimezone(SHANGHAI).date()
    assert {today - timedelta(days=ago) for ago in range(1, 61)} <= days
    near = Matter.objects.filter(at_community=found().people["demo-worker"].posts.get().place_id)
    assert {"checking", "approving", "disputed", "done"} <= set(near.values_list("stage", flat=True))
    assert [p for check in checks().values() for p in check()] == []
    places, events = Place.objects.count(), Event.objects.count()
    assert demo.seed(at=now + timedelta(hours=1)) == told
    assert (Place.objects.count(), Event.objects.count()) == (places, events)

    _live_story()


def _live_story() -> None:
    town = found()
    assert town is not None
    story = LiveStory(town, Random(1))
    story.step(timezone.now())
    assert Shift.objects.filter(ended_at__isnull=True).count() == ON_DUTY + 1
    waiting = Matter.objects.filter(stage="open", at_district=town.district.pk)
    assert waiting.count() >= 4
    report = services.dispatch_batch(district=town.district, at=timezone.now() + timedelta(seconds=20))
    assert report.offered > 0
    for offer in Offer.objects.filter(state="offered"):
        assert offer.shift.speed_kmh == 15
        assert offer.shift.extra_max == 3
        assert offer.detour_m <= offer.shift.detour_max_m == 2500
    offer = Offer.objects.filter(state="offered").exclude(courier=town.riders[0]).first()
    story.day.look_around(timezone.now())
    story.day.run(until=timezone.now() + timedelta(minutes=1), clock=timezone.now)
    offer.refresh_from_db()
    assert offer.state != "offered"
