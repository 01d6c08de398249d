"""Promise T7: bad input gets a clear error. Never a 5xx, never half a write, never typed words lost."""

from __future__ import annotations

import io
import json
import re
import zlib
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.utils.html import escape
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from PIL import Image

from linhe.config.api import api
from linhe.core.loop.evidence import read_photo
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from tests.trust.fingerprint import Watch, everything
from tests.trust.test_t6_matrix import KEY, MATRIX, address
from tests.trust.visitors import Day, routes

SCHEMA = schemathesis.openapi.from_dict(api.get_openapi_schema())
FEW = examples(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None)
RUBBISH = ["\x00", "x" * 6000, "-1", "9" * 40, "NaN", "<script>", "１２３４５６"]
SENSIBLE = {
    "version": "1", "key": "key-12345678", "size": "3", "phone": "19900001111", "service": "medicine", "reason": "busy",
    "stars": "5", "amount_fen": "100", "lat": "38.4", "lng": "112.7", "hours": "8",
}  # fmt: skip
FIELDS = (
    *SENSIBLE, "words", "door", "note", "place", "home", "code", "username", "password", "name", "email", "courier_id",
    "role", "valid_to", "valid_from", "account", "post", "earliest_at", "latest_at", "pickup_code", "load", "urgent",
    "language", "theme", "elder_mode", "next", "do", "action", "purpose", "consent", "delegation", "stops", "id",
    "confirm",
)  # fmt: skip
NUMBERS = ["0", "-1", str(2**31), str(2**63 - 1), str(2**63), "9" * 60, "１", "1e3", "%00", "..", "💥"]


@pytest.fixture
def watch(day: Day) -> Watch:
    """What the day holds in every table."""
    return Watch()


def answer(client: Client, method: str, url: str, *, refused_unchanged: Watch | None = None, **more: Any) -> Any:
    """A request whose effects are undone; a server error fails at once with its traceback."""
    if refused_unchanged:
        refused_unchanged.mark()
    kept = client.cookies.get(settings.SESSION_COOKIE_NAME)
    cookie = kept.value if kept else ""
    with transaction.atomic():
        response = getattr(client, method)(url, **more)
        assert response.status_code < 500, f"{method} {url} {more}: {response.status_code}"
        if response.status_code in (400, 403, 404, 405, 409, 413, 422):
            assert not connection.needs_rollback
            if refused_unchanged:
                changed = refused_unchanged.differs()
                assert changed <= {"people_signincode", "people_readlog"}, f"{url} was refused and wrote {changed}"
        transaction.set_rollback(True)
    if cookie:
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    return response


@pytest.mark.timeout(600)
@pytest.mark.parametrize("operation", [o.ok() for o in SCHEMA.get_all_operations()], ids=lambda o: o.label)
@pytest.mark.parametrize("visitor", ["handler", "worker"])
def test_the_api_answers_everything_with_sense(operation: Any, visitor: str, day: Day, watch: Watch) -> None:
    client = day.client(visitor)

    @FEW
    @given(case=operation.as_strategy() | operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))
    def check(case: Any) -> None:
        headers = {k: v for k, v in (case.headers or {}).items() if _sendable(v)}
        more: dict[str, Any] = {"headers": headers}
        if case.query:
            more["query_params"] = {k: "" if v is None else v for k, v in case.query.items()}
        changes = case.method != "GET"
        if changes:
            more |= {"data": _json(case.body), "content_type": "application/json"}
        path = case.formatted_path
        response = answer(client, case.method.lower(), path, refused_unchanged=watch if changes else None, **more)
        if response.status_code >= 400 and not path.endswith("/"):
            error = response.json()
            assert set(error) == {"code", "message", "details"}, error
            assert error["message"]

    check()


def _sendable(header: Any) -> bool:
    return isinstance(header, str) and header.isascii() and header.isprintable()


def _json(body: Any) -> str:
    try:
        return json.dumps(body)
    except TypeError:
        return "" if not isinstance(body, str) else body


@pytest.mark.timeout(600)
@pytest.mark.parametrize("visitor", ["anonymous", "owner", "handler", "worker"])
def test_no_form_breaks_and_what_is_refused_writes_nothing(visitor: str, day: Day, watch: Watch) -> None:
    client = day.client(visitor)
    forms = [(name, path) for name, path, _ in routes() if MATRIX["routes"][name]["post"] != "nobody"]
    for name, path in forms:
        if name.startswith("api:"):
            continue
        for number, rubbish in enumerate(RUBBISH):
            fields = {f: SENSIBLE.get(f, rubbish) if (number + n) % 3 == 0 else rubbish for n, f in enumerate(FIELDS)}
            answer(client, "post", address(name, path, day), data=fields, refused_unchanged=watch)


@pytest.mark.parametrize("number", NUMBERS)
def test_addresses_take_any_number_and_word(number: str, day: Day) -> None:
    for visitor in ("worker",):
        client = day.client(visitor)
        for name, path, _ in routes():
            url = "/" + re.sub(r"<(?:\w+:)?(\w+)>", quote(number, safe=""), path)
            if "<" in path:
                answer(client, "get", url)
                answer(client, "post", url, data={})
            elif name != "account_logout":
                answer(client, "get", url, data={"before": number, "place": number, "kind": number, "page": number,
                                                  "code": number, "stage": number, "next": number})  # fmt: skip


@pytest.mark.parametrize("visitor", ["owner", "worker"])
def test_an_address_of_the_api_takes_a_matter_of_any_kind(visitor: str, day: Day) -> None:
    client = day.client(visitor)
    one_of_each = dict(Matter.objects.values_list("kind", "pk")).values()
    assert len(one_of_each) > 20
    for _, path, _ in routes():
        if not path.startswith("api/") or "matter_id>" not in path:
            continue
        for matter_id in one_of_each:
            url = address("", re.sub(r"<(?:int:)?matter_id>", str(matter_id), path), day)
            answer(client, "get", url)
            answer(client, "post", url, data={}, content_type="application/json", headers=KEY)


def test_what_was_typed_comes_back_with_the_error(day: Day) -> None:
    client = day.client("owner")

    @FEW
    @given(words=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60))
    def check(words: str) -> None:
        data = {"size": "99", "words": words, "place": day.town.building.code}
        response = answer(client, "post", "/new/toy/raise/", data=data)
        assert response.status_code == 422
        assert escape(words) in response.content.decode()
        assert 'value="99"' in response.content.decode()

    check()


def picture(fmt: str = "PNG", size: tuple[int, int] = (8, 8), **options: Any) -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, fmt, **options)
    return out.getvalue()


def bomb() -> bytes:
    """A PNG of a few kilobytes that unpacks to 900 million pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = (30_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    rows = zlib.compress(bytes(3_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


BAD_FILES = {
    "empty": b"", "html": b"<html><script>alert(1)</script>", "svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "exe": b"MZ" + bytes(200), "pdf": b"%PDF-1.7\n", "gif": picture("GIF"), "bomb": bomb(),
    "cut off": picture()[:40], "oversized": picture() + bytes(12 * 1024 * 1024 + 1),
}  # fmt: skip


@pytest.mark.parametrize("what", sorted(BAD_FILES))
def test_files_that_are_no_photo_are_refused(what: str, day: Day) -> None:
    with pytest.raises(Refused) as refused:
        read_photo(SimpleUploadedFile("photo.jpg", BAD_FILES[what], content_type="image/jpeg"))
    assert refused.value.status == 422
    if what == "oversized":
        return
    client = day.client("owner")
    before = everything()
    upload = SimpleUploadedFile("photo.jpg", BAD_FILES[what], content_type="image/jpeg")
    data = {"size": "1", "words": "w", "place": day.town.building.code, "files": upload}
    response = answer(client, "post", "/new/toy/raise/", data=data)
    assert response.status_code == 422
    assert everything() == before


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"PK\x03\x04 zip", b"<?php echo 1 ?>"])
def test_of_a_polyglot_only_the_picture_is_kept(tail: bytes) -> None:
    exif = Image.Exif()
    exif[0x010E] = "canary description"
    exif[0x8825] = {1: "N", 2: (38.0, 25.0, 0.0)}
    photo = read_photo(SimpleUploadedFile("a.php", picture("JPEG", exif=exif.tobytes(), comment=b"canary") + tail))
    assert tail not in photo.content
    assert b"canary" not in photo.content
    kept = Image.open(io.BytesIO(photo.content))
    assert (kept.format, kept.getexif().get(0x010E), kept.info.get("exif")) == ("WEBP", None, None)
