"""Distances from a server of routes by its address: OSRM's table service, Valhalla's matrix service."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import numpy as np

from linhe.desks.errands.engine.distances import Floats, Pace, Table, Unreachable
from linhe.desks.errands.engine.distances.straight import great_circle

PATIENCE_S = 10.0
LONGEST_ANSWER = 50_000_000  # bytes
AT_ONCE = 50  # origins and goals a request: both servers refuse more than 100 places by default

Ask = Callable[[Floats, Floats], tuple[list[list[Any]], list[list[Any]]]]


class NoAnswer(ConnectionError):
    """The server of routes could not be reached, or what it said cannot be used."""


class Osrm:
    """`GET /table/v1/{profile}/{places}` of OSRM 5 and later."""

    def __init__(self, address: str, profile: str = "bike", pace: Pace | None = None) -> None:
        self.address, self.profile, self.pace = address.rstrip("/"), profile, pace or Pace()

    def table(self, origins: Floats, goals: Floats, *, hour: int | None = None) -> Table:
        """See ``Distances``."""
        return _in_blocks(origins, goals, self._ask, self.pace.at(hour))

    def _ask(self, origins: Floats, goals: Floats) -> tuple[list[list[Any]], list[list[Any]]]:
        places = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in np.concatenate([origins, goals]))
        first = len(origins)
        options = (
            f"annotations=duration,distance&sources={';'.join(map(str, range(first)))}"
            f"&destinations={';'.join(map(str, range(first, first + len(goals))))}"
        )
        said = _answer(Request(f"{self.address}/table/v1/{self.profile}/{places}?{options}"))
        if said.get("code") != "Ok":
            raise NoAnswer(f"OSRM says {said.get('code')}: {said.get('message', '')}")
        return _lists(said, "distances"), _lists(said, "durations")


class Valhalla:
    """`POST /sources_to_targets` of Valhalla 3."""

    def __init__(self, address: str, costing: str = "bicycle", pace: Pace | None = None) -> None:
        self.address, self.costing, self.pace = address.rstrip("/"), costing, pace or Pace()

    def table(self, origins: Floats, goals: Floats, *, hour: int | None = None) -> Table:
        """See ``Distances``."""
        return _in_blocks(origins, goals, self._ask, self.pace.at(hour))

    def _ask(self, origins: Floats, goals: Floats) -> tuple[list[list[Any]], list[list[Any]]]:
        body = {
            "sources": [{"lon": float(lon), "lat": float(lat)} for lon, lat in origins],
            "targets": [{"lon": float(lon), "lat": float(lat)} for lon, lat in goals],
            "costing": self.costing,
            "units": "kilometers",
        }
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        said = _answer(Request(f"{self.address}/sources_to_targets", data=data, headers=headers))
        rows = _lists(said, "sources_to_targets")
        try:
            metres = [[None if cell["distance"] is None else 1000 * cell["distance"] for cell in row] for row in rows]
            return metres, [[cell["time"] for cell in row] for row in rows]
        except (KeyError, TypeError) as error:
            raise NoAnswer(f"Valhalla's answer has no {error}") from None


def _in_blocks(origins: Floats, goals: Floats, ask: Ask, pace: float) -> Table:
    """Ask block by block; never less than the great circle."""
    metres, seconds = np.empty((len(origins), len(goals))), np.empty((len(origins), len(goals)))
    for top in range(0, len(origins), AT_ONCE):
        for left in range(0, len(goals), AT_ONCE):
            some, others = origins[top : top + AT_ONCE], goals[left : left + AT_ONCE]
            block = np.s_[top : top + len(some), left : left + len(others)]
            far, long = ask(some, others)
            for target, values in ((metres, far), (seconds, long)):
                cells = np.array([[np.nan if cell is None else cell for cell in row] for row in values], dtype=float)
                if cells.shape != (len(some), len(others)):
                    raise NoAnswer(f"the server told {cells.shape} ways instead of {(len(some), len(others))}")
                target[block] = cells
    missing = np.argwhere(~(np.isfinite(metres) & np.isfinite(seconds)))
    if len(missing):
        raise Unreachable(f"no road leads from place {missing[0][0]} to place {missing[0][1]}")
    return Table(np.maximum(metres, great_circle(origins, goals)), seconds * pace)


def _answer(request: Request) -> dict[str, Any]:
    """The JSON object that a server says, also with an error status."""
    try:
        with urlopen(request, timeout=PATIENCE_S) as link:
            text = link.read(LONGEST_ANSWER)
    except HTTPError as error:
        text = error.read(LONGEST_ANSWER)
    except (URLError, TimeoutError, OSError) as error:
        raise NoAnswer(f"{request.host} did not answer: {error}") from error
    try:
        said = json.loads(text)
    except ValueError:
        raise NoAnswer(f"{request.host} did not answer in JSON") from None
    if not isinstance(said, dict):
        raise NoAnswer(f"{request.host} answered something else than an object")
    return said


def _lists(said: dict[str, Any], name: str) -> list[list[Any]]:
    rows = said.get(name)
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise NoAnswer(f"the answer has no {name}: {str(said.get('error') or said.get('message') or '')[:200]}")
    return rows
