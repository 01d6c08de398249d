"""Writes generated matters with their hash-chained events and clocks by COPY, on every core at once.

Nothing goes through ``act()`` here: at its speed ten million events would take half a day. The walks are legal, the
chain is the loop's own, and a sample of it is walked afterwards.
"""

from __future__ import annotations

import json
import os
import random
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing import get_context
from typing import Any

import psycopg
from django.db import connection
from procrastinate.contrib.django.utils import connector_params

from linhe.config.bench.town import Town
from linhe.config.bench.walks import Walk, walks_of
from linhe.config.command import close_connections
from linhe.core.loop import registry
from linhe.core.loop.chain import GENESIS, hash_of
from linhe.core.loop.kinds import ANYONE, DELEGATE, HANDLER, REQUESTER, SYSTEM

DAYS = 730
PART = 4_000
"""Matters that are written together."""
IDS_A_MATTER = 16
"""Event ids are ``matter id * 16 + seq``: in the order of the matters, without asking anybody for the next one."""
STUCK, URGENT, FOR_ANOTHER, REGULAR = 0.015, 0.03, 0.05, 0.02
"""Shares of matters: given up on half-way, urgent, asked for somebody else, asked by one of a few regulars."""
REGULARS = 40
_NULL = "\\N"

MATTER_COLUMNS = (
    "id", "place_id", "at_district_id", "at_subdistrict_id", "at_community_id", "at_compound_id", "at_building_id",
    "kind", "kind_version", "stage", "version", "title", "title_en", "requester_id", "beneficiary_id", "handler_id",
    "urgent", "due_at", "created_at", "updated_at", "closed_at", "last_hash",
)  # fmt: skip
EVENT_COLUMNS = (
    "id", "matter_id", "seq", "action", "from_stage", "to_stage", "actor_id", "actor_role", "at", "data", "prev_hash",
    "hash",
)  # fmt: skip
CLOCK_COLUMNS = ("matter_id", "code", "started_at", "due_at", "stopped_at")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written: ``walks`` holds a list a kind, of which each is as frequent as its ``shares``."""

    matters: int
    town: Town
    walks: tuple[list[Walk], ...]
    shares: tuple[float, ...]
    seed: int
    at: datetime


def plan_of(matters: int, town: Town, *, seed: int, at: datetime) -> Plan:
    """Matters of every registered kind, the first ones most often."""
    rng, kinds = random.Random(seed), registry.kinds()
    shares = tuple(1 / (1 + n / 3) for n in range(len(kinds)))
    return Plan(matters, town, tuple(walks_of(kind, rng, at=at) for kind in kinds), shares, seed, at)


@dataclass(slots=True)
class Rows:
    """Lines of COPY text by table."""

    matters: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    clocks: list[str] = field(default_factory=list)


def fill(plan: Plan) -> None:
    """Write all matters with their events and clocks."""
    close_connections()  # a forked process must not share them
    starts = range(0, plan.matters, PART)
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("fork")) as pool:
        deque(pool.map(_write_part, [plan] * len(starts), starts), maxlen=0)
    go_on_after(plan)


def go_on_after(plan: Plan) -> None:
    """Let what comes next get ids behind those that were given."""
    with connection.cursor() as cursor:
        for sequence, last in (("loop_matter_id_seq", 1), ("loop_event_id_seq", IDS_A_MATTER)):
            cursor.execute(
                "SELECT setval(%s, greatest(nextval(%s), %s))", [sequence, sequence, (plan.matters + 1) * last]
            )


def _write_part(plan: Plan, start: int) -> None:
    rows = part_of(plan, start)
    with psycopg.connect(**connector_params()) as direct, direct.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # foreign keys hold by construction
        load(rows, cursor)


def load(rows: Rows, cursor: Any) -> None:
    """Write the rows of one part."""
    for table, columns, lines in (
        ("loop_matter", MATTER_COLUMNS, rows.matters),
        ("loop_event", EVENT_COLUMNS, rows.events),
        ("loop_matterclock", CLOCK_COLUMNS, rows.clocks),
    ):
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            copy.write("".join(lines))


def part_of(plan: Plan, start: int) -> Rows:
    """The rows of one part, the same whenever it is made."""
    rng = random.Random(f"{plan.seed}:{start}")
    rows = Rows()
    numbers = range(start, min(start + PART, plan.matters))
    kinds = rng.choices(plan.walks, plan.shares, k=len(numbers))
    first = plan.at - timedelta(days=DAYS)
    for number, walks in zip(numbers, kinds, strict=True):
        begun_at = first + timedelta(days=DAYS) * ((number + rng.random()) / plan.matters)
        _matter(plan, number + 1, rng.choice(walks), begun_at, rng, rows)
    return rows


def _matter(plan: Plan, matter_id: int, walk: Walk, begun_at: datetime, rng: random.Random, rows: Rows) -> None:
    town = plan.town
    resident = rng.randrange(min(REGULARS, town.residents) if rng.random() < REGULAR else town.residents)
    home = town.home_of(resident)
    people = _people(plan, walk, resident, home, rng)
    moments: list[datetime] = []
    at = begun_at
    for step in walk.steps:
        at += timedelta(seconds=step.after_s * (0.5 + rng.random()))
        moments.append(at)
    happened = sum(moment <= plan.at for moment in moments) or 1
    if rng.random() < STUCK and walk.may_rest_after(rests := rng.randint(1, len(moments))):
        happened = min(happened, rests)
    texts = [moment.isoformat() for moment in moments[:happened]]
    digest = GENESIS
    for n, step in enumerate(walk.steps[:happened]):
        kept = {name: rng.choice(texts_of) if texts_of else rng.randint(1, 5) for name, texts_of in step.keeps}
        data = json.dumps(kept) if kept else "{}"
        actor_id = people[step.who] if step.who in people else _holder(town, step.who, home, rng)
        before = digest
        digest = hash_of(
            matter_id=matter_id, seq=n + 1, action=step.action, from_stage=step.frm, to_stage=step.to,
            actor_id=actor_id, actor_role=step.who, at=moments[n], data=kept, prev_hash=before,
        )  # fmt: skip
        rows.events.append(
            f"{matter_id * IDS_A_MATTER + n + 1}\t{matter_id}\t{n + 1}\t{step.action}\t{step.frm}\t{step.to}\t"
            f"{_null(actor_id)}\t{step.who}\t{texts[n]}\t{data}\t\\\\x{before.hex()}\t\\\\x{digest.hex()}\n"
        )
    due_at = _clocks(walk, matter_id, moments, texts, rows)
    last, due = walk.steps[happened - 1], due_at.isoformat() if due_at else _NULL
    closed = walk.closed is not None and happened == len(walk.steps)
    handled = walk.handled_from is not None and walk.handled_from < happened
    beneficiary = town.first_resident + rng.randrange(town.residents) if rng.random() < FOR_ANOTHER else None
    rows.matters.append(
        f"{matter_id}\t{home[-1]}\t" + "\t".join(map(str, home)) + f"\t{walk.kind}\t{walk.version}\t{last.to}\t"
        f"{happened}\t{walk.title}\t{walk.title_en}\t{_null(people[REQUESTER])}\t{_null(beneficiary)}\t"
        f"{_null(people[HANDLER] if handled else None)}\t{'t' if rng.random() < URGENT else 'f'}\t{due}\t"
        f"{texts[0]}\t{texts[-1]}\t{texts[-1] if closed else _NULL}\t\\\\x{digest.hex()}\n"
    )


def _people(
    plan: Plan, walk: Walk, resident: int, home: tuple[int, ...], rng: random.Random
) -> dict[str, int | None]:  # fmt: skip
    """Who stands in each relation to a matter, and who holds the role of whoever handles it."""
    town = plan.town
    asker: int | None = town.first_resident + resident
    begins = walk.steps[0].who
    if begins not in (ANYONE, REQUESTER, DELEGATE):
        asker = None if begins == SYSTEM else _holder(town, begins, home, rng)
    handler = _holder(town, walk.handler, home, rng)
    family = town.first_resident + (resident + 1) % town.residents
    return {
        REQUESTER: asker, ANYONE: asker, begins: asker, DELEGATE: family, HANDLER: handler, walk.handler: handler,
        SYSTEM: None,
    }  # fmt: skip


def _holder(town: Town, role: str, home: tuple[int, ...], rng: random.Random) -> int | None:
    """Somebody who holds a role at a building; some do much more than others."""
    held = town.holders_of(role, home)
    return held[int(len(held) * rng.random() ** 1.4)] if held else None


def _clocks(
    walk: Walk, matter_id: int, moments: Sequence[datetime], texts: Sequence[str], rows: Rows
) -> datetime | None:  # fmt: skip
    """Write the clocks that had started; the nearest limit of those that run."""
    nearest: datetime | None = None
    for clock in walk.clocks:
        if clock.start >= len(texts):
            continue
        due_at = moments[clock.start] + timedelta(seconds=clock.limit_s)
        stops = clock.stop is not None and clock.stop < len(texts)
        stopped = texts[clock.stop] if stops and clock.stop is not None else _NULL
        if not stops:
            nearest = min(nearest or due_at, due_at)
        rows.clocks.append(f"{matter_id}\t{clock.code}\t{texts[clock.start]}\t{due_at.isoformat()}\t{stopped}\n")
    return nearest


def _null(value: Any) -> str:
    return _NULL if value is None else str(value)


@contextmanager
def without_indexes(tables: Sequence[str]) -> Iterator[None]:
    """Drop the indexes of some tables that no constraint needs, and make them again at the end: much faster."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index AS i "
            "WHERE i.indrelid = ANY(%s::regclass[]) "
            "AND NOT EXISTS (SELECT 1 FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)",
            [list(tables)],
        )
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in found:
            cursor.execute(definition)
        cursor.execute("RESET maintenance_work_mem")
