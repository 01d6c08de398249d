"""Tells open pages that something moved: one NOTIFY for a burst of events, after their commits.

NOTIFY inside a transaction takes a database-wide lock at commit; sending it afterwards, in batches and without
waiting for the disk, keeps writers apart. A lost announcement costs nothing: pages also poll.
"""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from queue import Empty, Full, Queue

import psycopg
from django.db import connections, transaction
from django.db.utils import DatabaseError

CHANNEL = "linhe_live"
_BURST_S = 0.05
_MOST_BYTES = 7000  # PostgreSQL refuses payloads of 8000 bytes
_queue: Queue[str] = Queue(maxsize=10_000)
_started = threading.Lock()
_thread: threading.Thread | None = None


def announce(channels: list[str]) -> None:
    """Announce that these channels (``m:<matter>``, ``a:<place>``, ``u:<account>``) have news. Never blocks."""
    _start()
    with suppress(Full):  # the action has been committed; pages also poll
        for channel in channels:
            _queue.put_nowait(channel)


def _start() -> None:
    global _thread
    with _started:
        if _thread is None or not _thread.is_alive():
            _thread = threading.Thread(target=_send_forever, name="announcer", daemon=True)
            _thread.start()


def _send_forever() -> None:
    while True:
        burst = {_queue.get()}
        threading.Event().wait(_BURST_S)
        try:
            while len(burst) < 500:
                burst.add(_queue.get_nowait())
        except Empty:
            pass
        with suppress(DatabaseError, psycopg.Error):
            _send(sorted(burst))


def _send(channels: list[str]) -> None:
    try:
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute("SET LOCAL synchronous_commit TO off")
            while channels:
                size, most = 0, 0
                while most < len(channels) and (size := size + len(channels[most]) + 4) < _MOST_BYTES:
                    most += 1
                cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, json.dumps(channels[:most])])
                channels = channels[most:]
    finally:
        connections["default"].close()
