"""Open pages hear that something moved, and the thread that tells them keeps no connection."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn

import psycopg
import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from linhe.core.loop import announcing

pytestmark = pytest.mark.django_db(transaction=True)


def beside(work: Callable[[], Any]) -> Any:
    """What a thread of its own gives back, with Django's connection of that thread."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(work).result()


def test_many_channels_arrive_in_messages_that_fit() -> None:
    channels = [f"m:{number:09}" for number in range(2_000)]
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as listener:
        listener.execute(f"LISTEN {announcing.CHANNEL}")
        beside(lambda: announcing._send(channels))
        heard: list[str] = []
        for notice in listener.notifies(timeout=30):
            assert len(notice.payload.encode()) < 8_000
            heard += json.loads(notice.payload)
            if len(heard) == len(channels):
                break
    assert heard == channels


def test_a_connection_is_given_back_when_sending_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> NoReturn:
        raise ArithmeticError("in the middle")

    def send_and_look() -> tuple[str, bool]:
        monkeypatch.setattr(BaseDatabaseWrapper, "cursor", fails)
        with pytest.raises(ArithmeticError) as failure:
            announcing._send(["m:1"])
        return str(failure.value), connections["default"].connection is None

    assert beside(send_and_look) == ("in the middle", True)
