"""How fast the one door is, beside raw psycopg writing the same rows with the same durability."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import psycopg
from django.db import connection
from django.db.models import Model
from psycopg import sql

from linhe.core.loop import registry
from linhe.core.loop.acting import act, begin
from linhe.core.loop.desk import Desk
from linhe.core.loop.kinds import ANYONE, HANDLER, NEW, SYSTEM, Action, Clock, Kind, Stage
from linhe.core.loop.models import Event, Matter, MatterClock, Remembered
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.core.places.services import add_place
from linhe.lib.text import Text

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
WARM_UP = 20
ROUNDS = 5

KIND = Kind(
    code="bench",
    version=1,
    name=Text("测速", "bench"),
    desk="bench",
    stages=(
        Stage("open", Text("待办", "open"), "wait"),
        Stage("taken", Text("办理中", "taken")),
        Stage("done", Text("办结", "done"), "over", final=True),
    ),
    actions=(
        Action("raise", Text("提出", "raise"), (NEW,), "open", (ANYONE,)),
        Action("take", Text("接下", "take"), ("open",), "taken", (ANYONE,)),
        Action("finish", Text("办结", "finish"), ("taken",), "done", (ANYONE, HANDLER)),
        Action("late", Text("超时", "late"), ("open",), None, (SYSTEM,)),
    ),
    clocks=(Clock("take", Text("接单时限", "time to take"), "loop.bench_minutes", ("raise",), ("take",), late="late"),),
)
EVENTS_A_MATTER = 3


def bench_loop(options: Mapping[str, Any]) -> dict[str, Any]:
    """Raise, take and finish ``size`` matters (default 600) through ``act()``, then insert the same rows raw.

    Every event is a durable transaction of its own, with an idempotency key and a clock, on one thread and on eight;
    the raw side inserts the rows of each event (event, request key; matter and clock with the first) in one
    transaction of prepared statements. All of it happens in a scratch database that is dropped afterwards.
    """
    size = int(options.get("size", 600))
    figures: dict[str, Any] = {"matters": size, "events": size * EVENTS_A_MATTER}
    with scratch_database():
        place, person = ground()
        figures["durable"] = _durability()
        for threads, suffix in ((1, ""), (8, "_8_threads")):
            _timed(lambda n: _through_the_door(n, place, person), range(-WARM_UP, 0), threads)
            door_s = raw_s = 0.0
            for _ in range(ROUNDS):  # in turn, so that a slow moment of the machine meets both
                last = Matter.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
                door_s += _timed(lambda n: _through_the_door(n, place, person), range(size // ROUNDS), threads)
                raw_s += _timed_raw(_stories_since(last), threads)
            events = size // ROUNDS * ROUNDS * EVENTS_A_MATTER
            figures[f"act_per_s{suffix}"] = round(events / door_s, 1)
            figures[f"raw_per_s{suffix}"] = round(events / raw_s, 1)
            figures[f"ratio{suffix}"] = round(raw_s / door_s, 3)
    return figures


BENCHES = {"loop": bench_loop}


@contextmanager
def scratch_database(*, keep: bool = False, reuse: bool = False) -> Iterator[None]:
    """A migrated database beside the configured one, dropped at the end; or kept, and used again."""
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False, keepdb=reuse)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(name, verbosity=0, keepdb=keep)


def insert_from(model: type[Model], values: Mapping[str, str], rest: str) -> str:
    """A statement that inserts what a query finds: SQL by column; columns that are not named get their default."""
    columns = dict(values)
    for field in model._meta.concrete_fields:
        plain = field.null or field.has_db_default() or field.db_returning
        if field.column not in columns and not plain:
            default = field.get_db_prep_save(field.get_default(), connection)
            columns[str(field.column)] = sql.Literal(default).as_string(connection.cursor().cursor)
    names = ", ".join(map(connection.ops.quote_name, columns))
    return f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(columns.values())} {rest}"


def ground() -> tuple[Place, Account]:
    """A building in a district of its own, a person, and the kind of matter that is measured with."""
    if KIND.code not in {kind.code for kind in registry.kinds()}:
        registry.register_desk(Desk("bench", KIND.name, KIND.name, __package__, (KIND,)))
    above = None
    for kind, code in (("district", "990301000000"), ("subdistrict", "990301001000"), ("community", "990301001001")):
        above = add_place(code=code, name=kind, kind=kind, parent=above)
    compound = add_place(code="990301001001-001", name="compound", kind="compound", parent=above)
    building = add_place(code="990301001001-001-001", name="building", kind="building", parent=compound)
    return building, Account.objects.create(username="bench")


def _durability() -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(name || '=' || setting, ' ' ORDER BY name) FROM pg_settings WHERE name = ANY(%s)",
            [["fsync", "synchronous_commit", "full_page_writes"]],
        )
        return str(cursor.fetchone()[0])


def _through_the_door(number: int, place: Place, person: Account) -> None:
    matter = begin("bench", "raise", by=person, place=place, key=f"raise-{number}-{time.monotonic_ns()}", at=AT).matter
    for code in ("take", "finish"):
        matter = act(matter, code, by=person, key=f"{code}-{number}", at=AT).matter


def _timed(work: Callable[[int], None], numbers: range, threads: int) -> float:
    """Seconds that it takes to do all numbers on so many threads, each with a connection of its own."""

    def share(first: int) -> None:
        for number in numbers[first::threads]:
            work(number)
        connection.close()

    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        list(pool.map(share, range(threads)))
        return time.perf_counter() - start


def _columns(model: Any) -> list[str]:
    return [field.column for field in model._meta.concrete_fields if field.column != "id"]


_Story = list[list[tuple[str, list[Any]]]]


def _stories_since(last: int) -> list[_Story]:
    """The rows that the door wrote, as raw inserts: a story a matter, a transaction an event."""
    stories: dict[int, _Story] = {}
    for matter in Matter.objects.filter(pk__gt=last).order_by("pk"):
        stories[matter.pk] = [[(_insert(Matter), _values(matter))]]
    for event in Event.objects.filter(matter_id__gt=last).order_by("matter_id", "seq"):
        story = stories[event.matter_id]
        if event.seq > 1:
            story.append([])
        story[-1].append((_insert(Event), _values(event)))
        request = Remembered.objects.get(event=event)
        request.key += "-raw"
        story[-1].append((_insert(Remembered), _values(request)))
    for clock in MatterClock.objects.filter(matter_id__gt=last):
        stories[clock.matter_id][0].append((_insert(MatterClock), _values(clock)))
    return list(stories.values())


def _insert(model: Any) -> str:
    columns = _columns(model)
    here = {"matter_id": "currval('loop_matter_id_seq')", "event_id": "currval('loop_event_id_seq')"}
    marks = ", ".join(here.get(c, "%s") for c in columns)
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({marks})"


def _values(row: Any) -> list[Any]:
    fields = [f for f in row._meta.concrete_fields if f.column not in ("id", "matter_id", "event_id")]
    return [f.get_db_prep_save(getattr(row, f.attname), connection) for f in fields]


def _timed_raw(stories: list[_Story], threads: int) -> float:
    parameters = connection.get_connection_params()
    for own in ("cursor_factory", "context", "pool", "prepare_threshold"):
        parameters.pop(own, None)

    def share(first: int) -> None:
        with psycopg.connect(**parameters, autocommit=True, prepare_threshold=1) as raw:
            for story in stories[first::threads]:
                for transaction in story:
                    with raw.transaction():
                        for statement, values in transaction:
                            raw.execute(statement, values)

    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        list(pool.map(share, range(threads)))
        return time.perf_counter() - start
