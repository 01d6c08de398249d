"""Two secretaries do the same at the same moment: one thing comes of it, and the other is told why not."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection, transaction

from linhe.core.loop.acting import begin
from linhe.core.loop.refusals import Refused
from linhe.desks.councils import services
from linhe.desks.councils.models import Body, ResolutionDetail
from tests.integration.desks.councils.world import SOON, make_world

_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def at_once(first: Callable[[], object], second: Callable[[], object]) -> Refused:
    """The second one starts while the first one has not committed; returns how it is refused."""
    refused: list[Refused] = []

    def rush() -> None:
        try:
            second()
        except Refused as refusal:
            refused.append(refusal)
        finally:
            connection.close()

    other = threading.Thread(target=rush)
    with transaction.atomic(), connection.cursor() as cursor:
        first()
        other.start()
        for _ in range(400):
            other.join(0.05)
            if cursor.execute(_WAITING).fetchone()[0] or not other.is_alive():
                break
    other.join(20)
    assert len(refused) == 1
    return refused[0]


@pytest.mark.django_db(transaction=True)
def test_two_secretaries_publish_one_resolution_and_found_one_body(transactional_db: None) -> None:
    world = make_world()
    place, data = world.town.community, {"motion": world.carried().pk, "days": 10}
    publish = partial(begin, "resolution", "publish", place=place, data=data, at=SOON)
    refused = at_once(partial(publish, by=world.secretary), partial(publish, by=world.second))
    assert (refused.code, ResolutionDetail.objects.count()) == ("published_already", 1)
    found = partial(services.found_body, place=place, kind="joint", name="党建联席会", at=SOON)
    refused = at_once(partial(found, by=world.secretary), partial(found, by=world.second))
    assert (refused.status, list(refused.details)) == (422, ["kind"])
    assert Body.objects.filter(kind="joint").count() == 1
