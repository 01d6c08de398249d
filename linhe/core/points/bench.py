"""Promise T4: points are conserved under random operations from sixteen threads while processes are killed."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.process import BaseProcess
from threading import Thread
from typing import Any

from django.db import connection, connections, transaction
from django.db.models import Min, Sum

from linhe.core.loop.acting import begin
from linhe.core.loop.bench import KIND, ground, scratch_database
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.core.points.checking import problems_of_the_ledger
from linhe.core.points.expiring import expire_due
from linhe.core.points.models import Entry, PointAccount, Transfer
from linhe.core.points.services import credit, hold, release, reverse, settle_due, spend, transfer_by_hand

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
PROCESSES, THREADS = 4, 4
OPERATIONS = {
    "credit": 40, "die": 6, "settle": 8, "redeem": 16, "undo": 10, "dispute": 6, "dismiss": 5, "expire": 1, "hand": 8,
}  # fmt: skip
"""What is drawn, and how often in a hundred."""
OUTCOMES = [f"{name}{suffix}" for name in OPERATIONS for suffix in ("", "_refused")]
KILL_EVERY_S = 2.0


class Died(Exception):
    """The transaction ends half way."""


@dataclass(frozen=True)
class Stage:
    """Who and what the operations are drawn from."""

    place: Place
    people: Sequence[Account]
    events: Sequence[Event]
    officer: Account


def bench_ledger(options: Mapping[str, Any]) -> dict[str, Any]:
    """``size`` operations (default 100,000) in a scratch database; then everything is recounted."""
    size = int(options.get("size", 100_000))
    with scratch_database():
        place, officer = ground()
        people = [Account.objects.create(username=f"bench-{n}") for n in range(200)]
        events = [begin(KIND.code, "raise", by=people[n % 200], place=place, at=AT).event for n in range(2000)]
        return storm(Stage(place, people, events, officer), size=size)


BENCHES = {"ledger": bench_ledger}


def storm(stage: Stage, *, size: int, kill_every_s: float = KILL_EVERY_S) -> dict[str, Any]:
    """Do the operations in processes of several threads; every now and then one is killed and another goes on where
    it was. Returns what happened and what the recount found."""
    fork = multiprocessing.get_context("fork")
    # Every cell is written by one thread only: a lock would die with the process that holds it.
    done = fork.RawArray("q", PROCESSES * THREADS)
    counted = fork.RawArray("q", PROCESSES * THREADS * len(OUTCOMES))
    share = size // (PROCESSES * THREADS)
    connections.close_all()

    def start(number: int) -> BaseProcess:
        process = fork.Process(target=_work, args=(stage, number, share, done, counted))
        process.start()
        return process

    begun, kills, draw = time.perf_counter(), 0, random.Random(4)
    workers = [start(number) for number in range(PROCESSES)]
    while any(worker.is_alive() for worker in workers):
        number = draw.randrange(PROCESSES)
        workers[number].join(kill_every_s)
        if workers[number].is_alive():
            os.kill(workers[number].pid or 0, signal.SIGKILL)
            workers[number].join()
            kills += 1
            workers[number] = start(number)
        elif workers[number].exitcode != 0:
            raise RuntimeError(f"a worker ended with {workers[number].exitcode}")
    seconds = time.perf_counter() - begun
    happened = {name: sum(counted[column :: len(OUTCOMES)]) for column, name in enumerate(OUTCOMES)}
    return {
        "operations": sum(done), "threads": PROCESSES * THREADS, "seconds": round(seconds, 1),
        "per_s": round(sum(done) / seconds, 1), "killed_processes": kills,
        **happened, **_recounted(),
    }  # fmt: skip


def operate(stage: Stage, seed: int) -> tuple[str, bool]:
    """One random operation, and whether it was carried out; what is refused, or dies half way, leaves no trace."""
    draw = random.Random(seed)
    person, event = draw.choice(stage.people), draw.choice(stage.events)
    at = AT + timedelta(hours=draw.randrange(24 * 120))
    [what] = draw.choices(list(OPERATIONS), list(OPERATIONS.values()))
    try:
        with transaction.atomic():
            _do(what, stage, person, event, at, draw)
    except (Died, Refused):
        return what, False
    return what, True


def _do(what: str, stage: Stage, person: Account, event: Event, at: datetime, draw: random.Random) -> None:
    place = stage.place
    match what:
        case "credit":
            credit(account=person, rule="bench", event=event, at=at, place=place)
        case "die":
            credit(account=person, rule="bench", event=event, at=at, place=place)
            raise Died
        case "settle":
            settle_due(at=at, most=5)
        case "redeem":
            spend(
                account=person, rule="bench_use", points=draw.randrange(1, 12), event=event, pool="bench", at=at,
                place=place,
            )  # fmt: skip
        case "undo":
            reverse(event=event, reason="bench", at=at, by=stage.officer)
        case "dispute":
            hold(events=[event])
        case "dismiss":
            release(events=[event])
        case "expire":
            expire_due(at=at, most=1)
        case _:
            points = draw.choice((-8, -3, -1, 2))
            transfer_by_hand(account=person, points=points, place=place, memo="bench", at=at, by=stage.officer)


def _work(stage: Stage, number: int, share: int, done: Any, counted: Any) -> None:
    """What one process does: its threads go on at the operation after the last one that they finished."""

    # The parent's pool does not outlive a fork. Processes are killed here, not the server: nothing hangs on its disk.
    connection.settings_dict["OPTIONS"] |= {"pool": False, "options": "-c synchronous_commit=off"}
    failed: list[BaseException] = []

    def thread(slot: int) -> None:
        try:
            operations(slot)
        except BaseException as error:
            failed.append(error)
            raise

    def operations(slot: int) -> None:
        while done[slot] < share:
            what, carried_out = operate(stage, slot * share + done[slot])
            counted[slot * len(OUTCOMES) + OUTCOMES.index(what if carried_out else f"{what}_refused")] += 1
            done[slot] += 1
        connection.close()

    threads = [Thread(target=thread, args=(number * THREADS + n,)) for n in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if failed:
        raise SystemExit(1)


def _recounted() -> dict[str, Any]:
    """What must be zero, and how much there is."""
    people = PointAccount.objects.filter(owner__isnull=False).aggregate(Min("balance"), Min("pending"))
    return {
        "transfers": Transfer.objects.count(), "entries": Entry.objects.count(),
        "sum_of_entries": Entry.objects.aggregate(amount=Sum("amount"))["amount"] or 0,
        "lowest_balance": people["balance__min"], "lowest_pending": people["pending__min"],
        "problems": list(problems_of_the_ledger()),
    }  # fmt: skip
