"""Servers of routes: the adapters against a server that speaks the documented formats on loopback."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest

from linhe.desks.errands.engine.distances import HOURS, Pace, Unreachable
from linhe.desks.errands.engine.distances.straight import great_circle
from linhe.desks.errands.queries.roads.servers import NoAnswer, Osrm, Valhalla

FACTOR = 1.4
PLACES = np.array([[112.70 + 0.003 * k, 38.40 + 0.002 * (k % 7)] for k in range(60)])


class Server(ThreadingHTTPServer):
    """Keeps what it was asked, and may be told to answer otherwise."""

    daemon_threads = True
    asked: list[tuple[str, Any]]
    instead: tuple[int, Any] | None = None
    closed_to: float = -1.0  # no way leads to places of this longitude


class Speaker(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *_: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        coordinates = parts.path.rsplit("/", 1)[1]
        places = np.array([[float(x) for x in one.split(",")] for one in coordinates.split(";")])
        options = {key: values[0] for key, values in parse_qs(parts.query, separator="&").items()}
        self.server.asked.append((parts.path.rsplit("/", 1)[0], options))
        rows = [[int(k) for k in options[side].split(";")] for side in ("sources", "destinations")]
        metres = self._metres(places[rows[0]], places[rows[1]])
        seconds = [[None if m is None else m / 4 for m in row] for row in metres]
        self._say({"code": "Ok", "distances": metres, "durations": seconds, "sources": [], "destinations": []})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body))
        sides = [np.array([[one["lon"], one["lat"]] for one in body[side]]) for side in ("sources", "targets")]
        metres = self._metres(*sides)
        cells = [
            [
                {"distance": None if m is None else m / 1000, "time": None if m is None else m / 4,
                 "from_index": a, "to_index": b}
                for b, m in enumerate(row)
            ]
            for a, row in enumerate(metres)
        ]  # fmt: skip
        self._say({"algorithm": "costmatrix", "units": "kilometers", "sources_to_targets": cells})

    def _metres(self, origins: np.ndarray, goals: np.ndarray) -> list[list[float | None]]:
        table = great_circle(origins, goals) * FACTOR
        closed = np.isclose(goals[:, 0], self.server.closed_to)
        return [[None if closed[b] else float(m) for b, m in enumerate(row)] for row in table]

    def _say(self, what: Any) -> None:
        status, what = self.server.instead or (200, what)
        text = what if isinstance(what, bytes) else json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


@contextmanager
def serving() -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Speaker)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def adapter(kind: type[Osrm] | type[Valhalla], server: Server, **options: Any) -> Osrm | Valhalla:
    return kind(f"http://127.0.0.1:{server.server_port}/", **options)


@pytest.mark.parametrize("kind", [Osrm, Valhalla])
def test_table_in_blocks(kind: type[Osrm] | type[Valhalla]) -> None:
    with serving() as server:
        table = adapter(kind, server).table(PLACES, PLACES[:55])
        assert table.metres == pytest.approx(great_circle(PLACES, PLACES[:55]) * FACTOR, rel=1e-4, abs=0.5)
        assert table.seconds == pytest.approx(table.metres / 4, rel=1e-3, abs=0.5)
        assert len(server.asked) == 4


def test_what_is_asked() -> None:
    with serving() as server:
        adapter(Osrm, server, profile="car").table(PLACES[:2], PLACES[2:3])
        adapter(Valhalla, server, costing="auto").table(PLACES[:1], PLACES[1:2])
        (path, options), (other, body) = server.asked
    assert path == "/table/v1/car"
    assert options == {"annotations": "duration,distance", "sources": "0;1", "destinations": "2"}
    assert other == "/sources_to_targets"
    assert body["costing"] == "auto"
    assert body["sources"] == [{"lon": 112.70, "lat": 38.40}]


@pytest.mark.parametrize("kind", [Osrm, Valhalla])
def test_place_without_a_way_is_named(kind: type[Osrm] | type[Valhalla]) -> None:
    with serving() as server:
        server.closed_to = float(PLACES[4, 0])
        with pytest.raises(Unreachable, match="no road leads from place 0 to place 4"):
            adapter(kind, server).table(PLACES[:6], PLACES[:6])


def test_hour_of_the_day() -> None:
    pace = Pace([2.0 if hour == 18 else 1.0 for hour in range(HOURS)])
    with serving() as server:
        roads = adapter(Osrm, server, pace=pace)
        calm, busy = roads.table(PLACES[:3], PLACES[:3]), roads.table(PLACES[:3], PLACES[:3], hour=18)
    assert busy.seconds == pytest.approx(2 * calm.seconds)


@pytest.mark.parametrize("kind", [Osrm, Valhalla])
@pytest.mark.parametrize(
    ("status", "said", "message"),
    [
        (200, b"<html>", "did not answer in JSON"),
        (502, b"Bad gateway", "did not answer in JSON"),
        (200, b"[1]", "something else than an object"),
        (
            400,
            {"code": "TooBig", "message": "Too many table coordinates", "error": "Exceeded max locations"},
            "Too|Exc",
        ),
        (200, {"code": "Ok", "distances": [[1.0]], "durations": [[1.0]], "sources_to_targets": [[]]}, r"\(1, \d\)"),
    ],
)
def test_wrong_answers_are_told(kind: Any, status: int, said: Any, message: str) -> None:
    with serving() as server:
        server.instead = (status, said)
        with pytest.raises(NoAnswer, match=message):
            adapter(kind, server).table(PLACES[:3], PLACES[:3])


def test_silence_is_told() -> None:
    with serving() as server:
        port = server.server_port
    with pytest.raises(NoAnswer, match="did not answer"):
        Osrm(f"http://127.0.0.1:{port}").table(PLACES[:2], PLACES[:2])
