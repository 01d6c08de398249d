"""``linhe bench pages``: how fast every list page is over a district of any size, and that its figures are right."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from linhe.config.bench import beside, filling, town
from linhe.config.bench.browsing import Fault, Page, Reader, pages_for, reader_of
from linhe.config.bench.proving import broken_chains, more_events, readers_measures
from linhe.config.bench.timing import one_worker, percentile, timed
from linhe.core.indicators.checking import problems_of_the_rollups
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop import registry
from linhe.core.loop.bench import scratch_database
from linhe.core.people.models import Account, Post
from linhe.core.places.models import Place
from linhe.lib.benches import Bench, Option

MATTERS, PEOPLE_A_MATTER, REPEATS = 20_000, 0.2, 20
TOLD = 10
"""How many of the slowest pages are told before the long recount."""
TABLES = ("loop_matter", "loop_event", "loop_matterclock", "notices_notice")
OFFICERS = ("community_worker", "subdistrict_officer", "district_officer")


def bench_pages(options: Mapping[str, Any]) -> dict[str, Any]:
    """Generate matters, events and people in a scratch database, then time every list page as five people.

    The pages are answered by one granian worker with one thread; ``queries`` are counted in this process. Afterwards
    new events go through ``act()`` and are rolled up, and all roll-ups are compared with a recount of the whole log.
    """
    matters = int(options.get("matters") or options.get("size") or MATTERS)
    people = int(options.get("people") or max(1000, matters * PEOPLE_A_MATTER))
    seed, at = int(options.get("seed", 1)), timezone.now()
    figures: dict[str, Any] = {"matters": matters, "people": people}
    reuse = bool(options.get("reuse"))
    with scratch_database(keep=bool(options.get("keep")), reuse=reuse):
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0, clear=False)
        figures |= {} if reuse else _generate(matters, people, seed, at)
        figures |= _size()
        with _clocked(figures, "pages_s"):
            figures |= _look_at_pages(int(options.get("repeats") or REPEATS))
        for row in figures["rows"][:TOLD]:
            told = f"{row['p95_ms']} ms, at most {row['max_ms']}: {row['path']} as {row['reader']}"
            print(told, file=sys.stderr, flush=True)
        figures |= _prove(seed, at)
    limit_ms = options.get("limit_ms")
    too_slow = limit_ms is not None and figures["worst_p95_ms"] >= limit_ms
    if too_slow or figures["broken"] or not figures["recount_equal"] or figures.get("broken_links"):
        figures["exit_code"] = 1
    return figures


BENCHES = {
    "pages": Bench(
        bench_pages,
        (
            Option("--matters", f"matters to generate, about four events each (default {MATTERS:,})"),
            Option("--people", "residents to generate (default one for five matters)"),
            Option("--keep", "keep the generated database instead of dropping it", bool),
            Option("--reuse", "look again at the one that was kept", bool),
            Option("--repeats", f"how often each page is asked for (default {REPEATS})"),
            Option("--limit-ms", "fail when the slowest page's p95 is not below this", float),
        ),
    )
}


@contextmanager
def _clocked(figures: dict[str, Any], name: str) -> Iterator[None]:
    """Note how long something took, and tell it at once: the whole may take half an hour."""
    start = time.perf_counter()
    yield
    figures[name] = round(time.perf_counter() - start, 1)
    print(f"{name}: {figures[name]}", file=sys.stderr, flush=True)


def _generate(matters: int, people: int, seed: int, at: datetime) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    with _clocked(figures, "generate_s"), filling.without_indexes(TABLES):
        plan = filling.plan_of(matters, town.lay(people, seed=seed, at=at), seed=seed, at=at)
        filling.fill(plan)
        figures |= beside.furnish(at)
    with _clocked(figures, "count_s"):
        figures["rollups"] = beside.count_all()
        beside.settle()
    figures["broken_links"] = broken_chains(random.Random(seed), matters)
    return figures


def _size() -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), pg_database_size(current_database()) / 1e9 FROM loop_event")
        events, gigabytes = cursor.fetchone()
    return {"events": events, "database_gb": round(float(gigabytes), 2)}


def _look_at_pages(repeats: int) -> dict[str, Any]:
    pages: list[Page] = []
    faults: list[Fault] = []
    for reader in _readers():
        found, broken = pages_for(reader, readers_measures())
        pages += found
        faults += broken
    before = os.getloadavg()[0]
    with one_worker() as port:
        times = timed(pages, port, repeats=repeats)
    load = [round(before, 1), round(os.getloadavg()[0], 1)]
    rows = [
        {
            "path": page.path, "reader": page.reader.name, "p50_ms": round(percentile(later, 50), 1),
            "p95_ms": round(percentile(later, 95), 1), "max_ms": round(max(later), 1), "first_ms": round(first, 1),
            "queries": page.queries,
        }
        for page, (first, later) in zip(pages, times, strict=True)
    ]  # fmt: skip
    rows.sort(key=lambda row: -float(str(row["p95_ms"])))
    every = [one for _, later in times for one in later]
    return {
        "cores": os.cpu_count(), "load": load, "pages": len(rows),
        "answers": len(every),
        "worst_p95_ms": rows[0]["p95_ms"],
        "p50_ms": round(percentile(every, 50), 1), "p95_ms": round(percentile(every, 95), 1),
        "worst_first_ms": round(max(first for first, _ in times), 1),
        "broken": [f"{one.path} as {one.reader}: {one.status}" for one in faults], "rows": rows,
    }  # fmt: skip


def _readers() -> list[Reader]:
    """A resident and a courier with very many matters, staff of the widest territories, and who desks name."""
    paths = {role: tuple(named()) for room in _rooms() for role, named in getattr(room, "READERS", {}).items()}
    readers = [
        reader_of("resident", _busiest("requester", "NOT IN (SELECT account_id FROM people_post)")),
        reader_of("courier", _busiest("handler", "IN (SELECT account_id FROM people_post WHERE role = 'courier')")),
    ]
    for role in (*OFFICERS, *paths):
        order = "-pk" if role in paths else "pk"  # whom a desk has furnished came last
        post = Post.objects.filter(role=role).select_related("place", "account").order_by(order).first()
        assert post is not None
        below = Place.objects.filter(**{post.place.level: post.place}).exclude(kind__in=("unit", "grid")).order_by("pk")
        one_a_level = {kind: next(group) for kind, group in groupby(below, key=lambda place: place.kind)}
        readers.append(
            reader_of(role, post.account, [place.code for place in one_a_level.values()], paths.get(role, ()))
        )
    return readers


def _rooms() -> list[Any]:
    """The rooms of the desks that write rows beside generated matters, and tell who looks at them."""
    return [room for desk in registry.desks() if (room := desk.room("bench")) is not None]


def _busiest(relation: str, which: str) -> Account:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {relation}_id FROM loop_matter WHERE {relation}_id {which} "
            "GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        )
        return Account.objects.get(pk=cursor.fetchone()[0])


def _prove(seed: int, at: datetime) -> dict[str, Any]:
    """New events through the door, rolled up incrementally, then every roll-up against a recount of the whole log."""
    figures: dict[str, Any] = {"new_events": more_events(random.Random(seed), at=at)}
    with _clocked(figures, "roll_up_s"):
        figures["rolled_up"] = roll_up()
    with _clocked(figures, "recount_s"):
        figures["recount_equal"] = next(iter(problems_of_the_rollups()), None) is None
    return figures
