"""One real worker with one thread on loopback, and how long its pages take."""

from __future__ import annotations

import http.client
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from linhe.config.bench.browsing import Page

START_S = 180.0
PATIENCE_S = 60.0
RETRY_S = 0.2


class ServerDidNotAnswer(RuntimeError):
    """The worker did not start, or answered a page with an error."""


@contextmanager
def one_worker() -> Iterator[int]:
    """A granian worker with one thread on the present (scratch) database; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {
        "DATABASE_URL": _database_url(), "LINHE_WEB_WORKERS": "1", "LINHE_WEB_THREADS": "1",
        "LINHE_PUBLIC_URL": f"http://127.0.0.1:{port}", "LINHE_DATA_FOLDER": str(settings.DATA_FOLDER),
    }  # fmt: skip
    command = [sys.executable, "-m", "linhe.config.cli", "web", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen([*command, "--supervised"], env=environment, stdin=subprocess.PIPE)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _database_url() -> str:
    database = connection.settings_dict
    login = quote(database["USER"]) + (f":{quote(database['PASSWORD'])}" if database.get("PASSWORD") else "")
    host, port = str(database["HOST"]), str(database.get("PORT") or "")
    place = "" if host.startswith("/") else ",".join(f"{one}:{port}" if port else one for one in host.split(","))
    options = f"?host={quote(host, safe='/')}" if host.startswith("/") else ""
    return f"postgresql://{login}@{place}/{quote(database['NAME'])}{options}"


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as link:
            try:
                link.request("GET", "/sign-in/")
                if link.getresponse().status < 500:
                    return
            except OSError:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(RETRY_S)
    raise ServerDidNotAnswer("the worker did not start")


def timed(pages: Sequence[Page], port: int, *, repeats: int) -> list[tuple[float, list[float]]]:
    """For each page the first answer's milliseconds and those of the later ones; all pages in turn, round by round,
    so that a slow moment of the machine meets many of them a little rather than one a lot."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)) as link:
        firsts = [_milliseconds(link, page) for page in pages]
        later: list[list[float]] = [[] for _ in pages]
        for _ in range(repeats):
            for found, page in zip(later, pages, strict=True):
                found.append(_milliseconds(link, page))
    return list(zip(firsts, later, strict=True))


def _milliseconds(link: http.client.HTTPConnection, page: Page) -> float:
    start = time.perf_counter()
    link.request("GET", page.path, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={page.reader.cookie}"})
    answer = link.getresponse()
    answer.read()
    took = (time.perf_counter() - start) * 1000
    if answer.status != 200:
        raise ServerDidNotAnswer(f"{page.path} as {page.reader.name} answered {answer.status}")
    return took


def percentile(values: Sequence[float], percent: int) -> float:
    """The value below which so many percent lie, by linear interpolation."""
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]
