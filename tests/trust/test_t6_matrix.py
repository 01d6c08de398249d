"""Promise T6, addresses: every route, method and visitor as ``matrix.toml`` says; no one reads what is not theirs."""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve

from linhe.core.loop import registry
from linhe.core.people.models import Account
from tests.trust.desks import matrix, merged, parts
from tests.trust.fingerprint import Watch, everything
from tests.trust.visitors import CANARIES, Day, make_day, routes

MATRIX: dict[str, Any] = matrix()
RULES: dict[str, list[str]] = MATRIX["rules"]
VISITORS = RULES["public"]
LOGGED = {"people_readlog"}
"""That somebody read a person's data may always be noted."""
KEY = {"Idempotency-Key": "key-12345678"}
READS_NAMES = {"name", "phone", "door", "note", "words", "handler name", "handler phone", "other name"}
MAY_READ: dict[str, set[str]] = {
    "owner": READS_NAMES - {"other name", "handler phone"},
    "resident": {"other name"},
    # After acceptance the courier knows the door and the note; the name and the number stay hidden.
    "handler": {"door", "note", "handler name", "handler phone"},
    # Community workers look after the people of their territory.
    "worker": READS_NAMES,
    "subdistrict": READS_NAMES,
    "district": READS_NAMES,
    "administrator": {"handler name"},  # who holds which post
}
"""Visitor -> canaries that they may come across; nobody else may come across any."""
ALL_CANARIES: dict[str, str] = CANARIES | merged("CANARIES")
for _visitor, _more in merged("MAY_READ").items():
    MAY_READ[_visitor] = MAY_READ.get(_visitor, set()) | _more


@pytest.fixture
def day(db: None) -> Day:
    """A district in the middle of its day."""
    return make_day()


def address(name: str, path: str, day: Day) -> str:
    """A route's address with arguments that exist."""
    assert day.toy is not None
    given: dict[str, object] = {
        "matter_id": day.toy.pk, "photo_id": day.photo_id, "action": "raise" if "kind" in path else "withdraw",
        "kind": "toy", "kind_code": "toy", "username": "demo-elder",
        "code": "errands" if "desks/" in path else day.town.community.code, "measure": a_measure(),
    }  # fmt: skip
    part = parts().get(path.removeprefix("api/").split("/")[0])
    if part is not None:
        given |= part.arguments(day, path)
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(given[found[1]]), path)


def a_measure() -> str:
    """The code of any indicator."""
    rooms = [desk.room("indicators") for desk in registry.desks()]
    return next((m.code for room in rooms if room for m in room.MEASURES), "none")


def let_in(response: HttpResponseBase) -> bool:
    """Whether the visitor got past the door."""
    to_sign_in = response.status_code == 302 and response["Location"].startswith(settings.LOGIN_URL)
    return response.status_code not in (401, 403, 404, 405) and not to_sign_in


def body_of(response: Any) -> bytes:
    """What was answered; reading a file to its end also closes it."""
    return b"".join(response) if response.streaming else bytes(response.content)


def test_every_route_is_in_the_matrix_and_the_matrix_in_the_routes() -> None:
    assert {name for name, _, _ in routes()} == set(MATRIX["routes"])
    assert {row[method] for row in MATRIX["routes"].values() for method in ("get", "post")} <= set(RULES)


@pytest.mark.timeout(900)
def test_every_visitor_gets_what_the_matrix_says(day: Day) -> None:
    wrong: list[str] = []
    logging.getLogger("django.request").setLevel(logging.CRITICAL)
    for visitor in VISITORS:
        client = day.client(visitor)
        cookies, watch = client.cookies.output(), Watch()
        tried: set[str] = set()
        for name, path, _ in routes():
            for method in ("get", "post"):
                client.cookies.load(cookies.replace("Set-Cookie: ", ""))
                with transaction.atomic():
                    if method == "post":
                        watch.mark()
                    response = getattr(client, method)(address(name, path, day), headers=KEY)
                    entered, expected = let_in(response), visitor in RULES[MATRIX["routes"][name][method]]
                    body = body_of(response)
                    if entered != expected or response.status_code >= 500:
                        wrong.append(f"{method} {name} by {visitor}: {response.status_code}, expected {expected}")
                    lasting = not MATRIX["routes"][name].get("ends_sessions")
                    if method == "post" and not entered and lasting and (written := watch.differs() - LOGGED):
                        wrong.append(f"{method} {name} by {visitor} was refused and wrote {written}")
                    wrong += [f"{method} {name} shows {what} to {visitor}" for what in seen(body, visitor)]
                    if method == "get" and entered and response.headers["Content-Type"].startswith("text/html"):
                        followed = closed_doors(client, visitor, body, tried)
                        wrong += [f"get {name} offers {url} to {visitor}, who may not open it" for url in followed]
                    transaction.set_rollback(True)
    assert not wrong, "\n".join(wrong)


def seen(body: bytes, visitor: str) -> list[str]:
    """The canaries in an answer that this visitor must not come across."""
    text = body.decode(errors="replace")
    escaped = "\\u" in text and not body.startswith((b"%PDF", b"PK", b"RIFF"))  # bytes of files escape nothing
    texts = (text, text.encode().decode("unicode_escape", errors="ignore") if escaped else "")
    hidden = set(ALL_CANARIES) - MAY_READ.get(visitor, set())
    return sorted(what for what in hidden if any(ALL_CANARIES[what] in t for t in texts))


def closed_doors(client: Client, visitor: str, body: bytes, tried: set[str]) -> list[str]:
    """The links of a page that refuse its reader, which asking to sign in is not.

    Opened are those whose route is not for this visitor in general.
    """
    found = []
    for url in {html.unescape(u) for u in re.findall(r'href="(/[^"#]*)', body.decode())} - tried:
        tried.add(url)
        try:
            name = resolve(url.partition("?")[0]).view_name
        except Resolver404:
            continue  # a file
        route = MATRIX["routes"].get(name)
        if route is not None and visitor not in RULES[route["get"]]:
            response = client.get(url)
            body_of(response)
            if response.status_code in (403, 404):
                found.append(url)
    return found


@pytest.mark.parametrize("visitor", ["owner", "handler", "worker"])
def test_nothing_is_written_without_the_csrf_token(visitor: str, day: Day) -> None:
    client = day.client(visitor, enforce_csrf=True)
    before = everything()
    for name, path, _ in routes():
        if MATRIX["routes"][name]["post"] == "nobody" or name.startswith("api:openapi"):
            continue
        response = client.post(address(name, path, day), {"version": "1"})
        assert response.status_code == 403, f"{name}: {response.status_code}"
    assert everything() == before


def test_a_staff_session_without_the_second_factor_opens_nothing(day: Day) -> None:
    for visitor in RULES["staff"]:
        client = day.client(visitor)
        session = client.session
        session["signed_in_by"] = "password"
        session.save()
        for url in ("/console/", "/api/matters", "/my/"):
            client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
            assert not let_in(client.get(url)), f"{visitor} {url}"


def test_a_disabled_account_and_an_ended_post_count_at_once(day: Day) -> None:
    assert day.toy is not None
    owner, worker = day.client("owner"), day.client("worker")
    url = f"/matters/{day.toy.pk}/"
    assert let_in(owner.get(url))
    assert let_in(worker.get(url))
    account = day.people["worker"]
    assert account is not None
    account.posts.update(valid_to=account.posts.get().valid_from)
    assert not let_in(worker.get(url))
    gone = day.people["owner"]
    assert gone is not None
    Account.objects.filter(pk=gone.pk).update(is_active=False)
    assert not let_in(owner.get(url))


def test_logs_and_announcements_hold_no_personal_text(
    db: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    logging.getLogger("django.db.backends").setLevel(logging.WARNING)
    heard: list[list[str]] = []
    monkeypatch.setattr("linhe.core.loop.acting.announce", heard.append)
    with django_capture_on_commit_callbacks(execute=True):
        day = make_day()
    client = day.client("owner")
    client.post(f"/errands/{day.matters['errand'].pk}/do/withdraw/", {"words": CANARIES["words"], "version": "x"})
    client.post("/sign-in/", {"phone": CANARIES["phone"]})
    client.get(f"/no/such/{CANARIES['name']}")
    assert heard
    assert all(re.fullmatch(r"[mau]:\d+", channel) for channels in heard for channel in channels)
    kept = {what for what in CANARIES if what not in ("name",) and CANARIES[what] in caplog.text}
    assert kept == set()
