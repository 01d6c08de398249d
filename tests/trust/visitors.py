"""A district in the middle of its day, with canaries in every personal field, and everyone who may open a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from linhe.core.loop.acting import begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.web.accounts.entering import BACKEND, PROVEN_BY, TOTP
from tests.factories import District, make_account, make_district, make_post
from tests.trust.desks import parts
from tests.trust.strategies import photos

CANARIES = {
    "name": "鸟名赵桂英", "phone": "19999977733", "door": "鸟门五零三", "note": "鸟注药盒", "words": "鸟语独居",
    "handler name": "鸟名骑手钱", "handler phone": "19999966622", "other name": "鸟名邻居孙",
}  # fmt: skip
"""Personal field -> a text that occurs nowhere else."""


@dataclass
class Day:
    """What there is to see, and everyone who may look."""

    town: District
    people: dict[str, Account | None] = field(default_factory=dict)
    toy: Matter | None = None
    photo_id: int = 0
    matters: dict[str, Matter] = field(default_factory=dict)
    """What the desks prepared, by names of their own."""
    things: dict[str, Any] = field(default_factory=dict)
    """Whatever else they need to find again."""

    def client(self, visitor: str, *, enforce_csrf: bool = False) -> Client:
        """A browser in which this visitor is signed in, with the second factor where their post asks for it."""
        client = Client(enforce_csrf_checks=enforce_csrf, raise_request_exception=True)
        account = self.people[visitor]
        if account is not None:
            request = HttpRequest()
            request.session = client.session
            login(request, account, backend=BACKEND)
            request.session[PROVEN_BY] = TOTP
            request.session.save()
            client.cookies[settings.SESSION_COOKIE_NAME] = request.session.session_key or ""
        return client


def make_day() -> Day:
    """A toy with a photo and private words, and what each desk prepares. All of the same resident."""
    town, at = make_district(), timezone.now()
    day = Day(town)
    owner = make_account(CANARIES["name"], home=town.building, door=CANARIES["door"])
    owner.set_phone(CANARIES["phone"])
    owner.save()
    courier = make_post("courier", town.district, make_account(CANARIES["handler name"]))
    courier.set_phone(CANARIES["handler phone"])
    courier.save()
    day.people = {
        "anonymous": None,
        "owner": owner,
        "resident": make_account(CANARIES["other name"], home=town.other_building),
        "handler": courier,
        "courier": make_post("courier", town.district),
        "worker": make_post("community_worker", town.community),
        "worker elsewhere": make_post("community_worker", town.other_community),
        "subdistrict": make_post("subdistrict_officer", town.subdistrict),
        "district": make_post("district_officer", town.district),
        "auditor": make_post("auditor", town.district),
        "administrator": make_post("administrator", town.district),
    }
    day.toy = begin(
        "toy", "raise", by=owner, place=town.building, at=at, data={"size": 1, "words": CANARIES["words"]},
        files=photos(1),
    ).matter  # fmt: skip
    day.photo_id = day.toy.evidence.get().pk
    for part in parts().values():
        if hasattr(part, "prepare"):
            part.prepare(day)
    return day


def routes() -> Iterator[tuple[str, str, URLPattern]]:
    """Every address that the project answers: its name with namespaces, its pattern, and the pattern object."""
    yield from _walk(get_resolver().url_patterns, "", "")


def _walk(patterns: list[URLPattern | URLResolver], space: str, before: str) -> Iterator[tuple[str, str, URLPattern]]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one.url_patterns, inner, path)
        else:
            yield (f"{space}{one.name}" if one.name else path), path, one
