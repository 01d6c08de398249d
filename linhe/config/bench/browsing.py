"""Which pages there are to look at, and as whom: found from the address plan, never named one by one."""

from __future__ import annotations

import html
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, reset_queries
from django.http import HttpRequest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from linhe.core.people.models import Account
from linhe.web.accounts.entering import BACKEND, PROVEN_BY, TOTP

NO_LISTS = re.compile(r"^/(static|sign-|design/|api/(docs|openapi)|me/export)|(export|xlsx|pdf|poster|template)")
"""Addresses that list nothing: files and downloads, ways in and out, the components, the API's own description."""
VARIANTS, ALIKE = 12, 2
"""Links of a page to itself (filters, tabs, the next page) that are followed, and how many that differ in ids only."""
DEEP = 0.4
"""Where in the range of keys the deep page begins."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looks, with an open session, codes of places inside their post, and addresses of their own."""

    name: str
    cookie: str
    places: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """An address that answers somebody, and how many queries that takes."""

    reader: Reader
    pattern: str
    path: str
    queries: int


@dataclass(frozen=True, slots=True)
class Fault:
    """An address that broke."""

    reader: str
    path: str
    status: int


def reader_of(name: str, account: Account, places: Sequence[str] = (), paths: Sequence[str] = ()) -> Reader:
    """Open a session for somebody, with the second factor that staff need."""
    request = HttpRequest()
    request.session = SessionStore()
    login(request, account, backend=BACKEND)
    request.session[PROVEN_BY] = TOTP
    request.session.save()
    return Reader(name, request.session.session_key or "", tuple(places), tuple(paths))


def routes() -> list[str]:
    """Every pattern of an address that needs no argument, or only a place or a measure."""
    return sorted({path for path in _walk(get_resolver().url_patterns, "/") if _arguments(path) <= KNOWN})


KNOWN = {"code", "place_code", "measure", "measure_code"}


def _arguments(path: str) -> set[str]:
    return set(re.findall(r"<(?:\w+:)?(\w+)>", path))


def _walk(patterns: Sequence[URLPattern | URLResolver], before: str) -> Iterator[str]:
    for one in patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, path)
        elif not path.startswith("/^") and not NO_LISTS.search(path):
            yield path


def addresses(pattern: str, reader: Reader, measures: Sequence[str]) -> list[str]:
    """The addresses of one pattern for one reader: at each of their places, for some measures."""
    needed = _arguments(pattern)
    places = reader.places if needed & {"code", "place_code"} else ("",)
    chosen = measures if needed & {"measure", "measure_code"} else ("",)
    found = []
    for place in places:
        for measure in chosen:
            given = {"code": place, "place_code": place, "measure": measure, "measure_code": measure}
            found.append(_filled(pattern, given))
    return found


def _filled(pattern: str, given: Mapping[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: given[found[1]], pattern)


def pages_for(
    reader: Reader, measures: Sequence[str], *, variants: int = VARIANTS
) -> tuple[list[Page], list[Fault]]:  # fmt: skip
    """Every list page that answers a reader, each with the variants it links to itself; and what broke."""
    logging.getLogger("django.request").setLevel(logging.CRITICAL)  # what is forbidden to somebody is no news
    client = Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
    client.cookies[settings.SESSION_COOKIE_NAME] = reader.cookie
    pages: list[Page] = []
    faults: list[Fault] = []
    known = [(pattern, address) for pattern in routes() for address in addresses(pattern, reader, measures)]
    for pattern, address in [*known, *((path, path) for path in reader.paths)]:
        waiting, seen, shapes = [address], {address}, Counter[str]()
        while waiting:
            path = waiting.pop(0)
            reset_queries()  # the log of queries holds so many only
            with CaptureQueriesContext(connection) as queries:
                response = client.get(path)
                body = response.getvalue()
            if response.status_code >= 500:
                faults.append(Fault(reader.name, path, response.status_code))
            if response.status_code != 200 or "Location" in response:
                continue
            pages.append(Page(reader, pattern, path, len(queries)))
            for more in _variants(path, body.decode(errors="replace")):
                shape = re.sub(r"\d[\d-]{2,}", "#", more)
                if more not in seen and len(seen) <= variants and shapes[shape] < ALIKE:
                    seen.add(more)
                    shapes[shape] += 1
                    waiting.append(more)
    return pages, faults


def _variants(path: str, body: str) -> Iterator[str]:
    """The same page with another query: as it links to itself, and as deep as its keys go."""
    here = urlsplit(path)
    for link in dict.fromkeys(re.findall(r'href="([^"#]*\?[^"#]+)"', body)):
        there = urlsplit(urljoin(path, html.unescape(link)))
        if there.path == here.path and not there.netloc:
            yield f"{there.path}?{there.query}"
            yield from _deep(there.path, dict(parse_qsl(there.query)))
    if found := re.search(r'"next_before": ?(\d+)', body):
        query = dict(parse_qsl(here.query)) | {"before": found[1]}
        yield f"{here.path}?{urlencode(query)}"
        yield from _deep(here.path, query)


def _deep(path: str, query: dict[str, str]) -> Iterator[str]:
    if query.get("before", "").isdecimal():
        yield f"{path}?{urlencode(query | {'before': str(int(int(query['before']) * DEEP) + 1)})}"
