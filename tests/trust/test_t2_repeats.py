"""Promise T2 over the wire: a key has one effect through the real HTTP API, whoever sends it at once or later."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from linhe.core.loop.models import Event, Matter, Remembered
from linhe.core.loop.verifying import problems_of_chains
from tests.factories import make_account, make_district
from tests.trust.visitors import Day

pytestmark = pytest.mark.django_db(transaction=True)
KEYS, SENDS, THREADS = 10, 12, 12


@pytest.fixture
def day() -> Day:
    """Two residents, committed for all to see."""
    town = make_district()
    return Day(town, {"owner": make_account(home=town.building), "resident": make_account()})


@pytest.fixture
def address(live_server: Any) -> str:
    """Where the real server listens."""
    return str(urlsplit(live_server.url).netloc)


def send(address: str, cookies: str, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """One request on a connection of its own."""
    token = cookies.rpartition("csrftoken=")[2]
    http = HTTPConnection(address, timeout=30)
    headers = {"Content-Type": "application/json", "Cookie": cookies, "X-CSRFToken": token, "Idempotency-Key": key}
    http.request("POST", "/api/kinds/toy/raise", json.dumps(body), headers)
    response = http.getresponse()
    answer = response.status, json.loads(response.read())
    http.close()
    return answer


def cookies_of(day: Day, visitor: str) -> str:
    """A session and a CSRF token."""
    client = day.client(visitor)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={'a' * 32}"


def test_a_key_sent_many_times_at_once_has_one_effect(day: Day, address: str) -> None:
    cookies = cookies_of(day, "owner")
    body = {"place_code": day.town.building.code, "data": {"size": 1}}
    work = [f"key-{n:06d}" for _ in range(SENDS) for n in range(KEYS)]
    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(lambda key: send(address, cookies, key, body), work))
    assert {status for status, _ in answers} == {201}
    assert sum(not answer["repeated"] for _, answer in answers) == KEYS
    assert Matter.objects.count() == Event.objects.count() == Remembered.objects.count() == KEYS
    assert list(problems_of_chains()) == []


def test_a_key_is_bound_to_its_body_and_its_owner_and_outlives_the_connection(day: Day, address: str) -> None:
    cookies, others = cookies_of(day, "owner"), cookies_of(day, "resident")
    body = {"place_code": day.town.building.code, "data": {"size": 1}}
    status, first = send(address, cookies, "key-000001", body)
    assert status == 201
    connection.close()
    status, again = send(address, cookies, "key-000001", body)
    assert (status, again["repeated"]) == (201, True)
    assert again["matter"]["id"] == first["matter"]["id"]
    status, refused = send(address, cookies, "key-000001", body | {"data": {"size": 2}})
    assert (status, refused["code"]) == (422, "key_reused")
    status, fresh = send(address, others, "key-000001", body)
    assert (status, fresh["repeated"]) == (201, False)
    assert Matter.objects.count() == 2


@pytest.mark.parametrize("key", ["", "short", "x" * 81])
def test_a_missing_or_unfit_key_is_refused(key: str, day: Day, address: str) -> None:
    body = {"place_code": day.town.building.code, "data": {"size": 1}}
    status, refused = send(address, cookies_of(day, "owner"), key, body)
    assert (status, refused["code"]) == (422, "invalid")
    assert not Matter.objects.exists()
