"""The bench of pages: it runs, its figures are right, and no list page asks more of the database for more rows."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from linhe.config.bench import beside, filling, town
from linhe.config.bench.browsing import Page, Reader, pages_for, reader_of, routes
from linhe.config.bench.proving import more_events
from linhe.config.bench.timing import ServerDidNotAnswer, one_worker, percentile, timed
from linhe.config.command import Usage
from linhe.config.management.commands.bench import Command
from linhe.core.indicators.checking import problems_of_the_rollups
from linhe.core.indicators.rolling import recount, roll_up
from linhe.core.loop.verifying import problems_of_chains
from linhe.core.people.models import Account, Post
from linhe.core.places.models import Place

SMALL = (2, 2, 1, 2)
RESIDENTS = 3
FEW, MANY = 5, 50
SLACK = 4
"""What a page may ask once more when there is something where nothing was; a query a row would be forty-five."""
PATTERNS = routes()


@pytest.fixture(scope="module")
def counts(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, list[int]]]:
    """Address pattern -> most queries with few rows for each reader, and with many."""
    found: dict[str, list[int]] = {}
    with django_db_blocker.unblock():
        for rows in (FEW, MANY):
            with transaction.atomic():
                for reader in _district(rows * RESIDENTS):
                    pages, faults = pages_for(reader, ["errands.raised"], variants=2)
                    assert faults == []
                    most: dict[str, int] = {}
                    for page in pages:
                        most[page.pattern] = max(most.get(page.pattern, 0), page.queries)
                    for pattern, queries in most.items():
                        found.setdefault(f"{reader.name} {pattern}", []).append(queries)
                transaction.set_rollback(True)
        yield found


def _district(matters: int) -> list[Reader]:
    """A tiny generated district in which everybody has many matters."""
    at = timezone.now()
    place = town.lay(RESIDENTS, seed=1, at=at, shape=SMALL)
    plan = filling.plan_of(matters, place, seed=1, at=at)
    with connection.cursor() as cursor:
        filling.load(filling.part_of(plan, 0), cursor)
    filling.go_on_after(plan)
    beside.furnish(at)
    recount()
    assert list(problems_of_chains()) == []
    assert list(problems_of_the_rollups()) == []
    readers = [reader_of("resident", Account.objects.get(pk=place.first_resident))]
    for role in ("courier", "community_worker", "district_officer"):
        post = Post.objects.filter(role=role).select_related("account", "place").order_by("pk")[0]
        places = Place.objects.filter(pk__in=[post.place_id]).values_list("code", flat=True)
        readers.append(reader_of(role, post.account, list(places)))
    return readers


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_list_page_asks_no_more_for_more_rows(pattern: str, counts: dict[str, list[int]]) -> None:
    mine = {name: found for name, found in counts.items() if name.endswith(f" {pattern}")}
    assert [f"{name}: {found}" for name, found in mine.items() if found[-1] > found[0] + SLACK] == []


def test_most_pages_were_looked_at(counts: dict[str, list[int]]) -> None:
    seen = {name.partition(" ")[2] for name in counts}
    assert {"/", "/my/", "/matters/", "/console/", "/dashboard/", "/notices/", "/map/matters.geojson"} <= seen
    assert len(seen) > len(PATTERNS) / 2


@pytest.mark.django_db
def test_new_events_are_rolled_up_to_what_a_recount_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "STUCK", 0.5)  # many are still under way
    _district(60)
    taken = more_events(random.Random(1), at=timezone.now())
    assert 0 < taken == roll_up()
    assert list(problems_of_the_rollups()) == []


@pytest.mark.django_db(transaction=True)
def test_pages_are_timed_on_a_real_worker() -> None:
    page = Page(Reader("nobody", ""), "/sign-in/", "/sign-in/", 0)
    with one_worker() as port:
        ((first, later),) = timed([page], port, repeats=3)
        with pytest.raises(ServerDidNotAnswer, match="answered 404"):
            timed([Page(page.reader, "/x/", "/x/", 0)], port, repeats=1)
    assert first > 0
    assert len(later) == 3


def test_percentiles_are_interpolated() -> None:
    assert percentile([7.0], 95) == 7
    assert (percentile([1.0, 2.0, 3.0], 50), percentile(list(map(float, range(101))), 95)) == (2, 95)


def test_a_bench_has_options_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    parser = Command().create_parser("linhe", "bench")
    known = vars(parser.parse_args(["pages", "--matters", "9", "--limit-ms", "200", "--json"]))
    assert (known["matters"], known["limit_ms"], known["json"], known["seed"]) == (9, 200.0, True, 1)
    with pytest.raises(Usage, match="unrecognized arguments: --matters"):
        parser.parse_args(["loop", "--matters", "9"])
