"""The distances that a place goes by, from a setting and dated parameters."""

from __future__ import annotations

import logging
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from linhe.core.dated import value
from linhe.desks.errands.engine import Problem
from linhe.desks.errands.engine.distances import Distances, Unreachable
from linhe.desks.errands.engine.distances.tables import with_roads
from linhe.desks.errands.queries.roads.servers import NoAnswer, Osrm, Valhalla
from linhe.lib.working_calendar import SHANGHAI

MOST_PLACES = 6_000  # a table of more is too much for one batch

log = logging.getLogger(__name__)


def chosen(*, at: datetime, place_code: str) -> Distances | None:
    """The roads of a place, None where dispatch goes by the straight line."""
    if not settings.ROADS or value("errands.distances", at=at, place_code=place_code) == "straight":
        return None
    return roads(settings.ROADS)


@lru_cache(maxsize=4)
def roads(setting: str) -> Distances:
    """What ``LINHE_ROADS`` names: ``osrm+http://host``, ``valhalla+http://host``, or a file.

    Raises ``ValueError`` when it is none of them.
    """
    kind, plus, address = setting.partition("+")
    if plus and kind in ("osrm", "valhalla") and address.startswith(("http://", "https://")):
        return Osrm(address) if kind == "osrm" else Valhalla(address)
    from linhe.desks.errands.queries.roads.files import read_network  # noqa: PLC0415 - loads what reads and walks roads

    return read_network(Path(setting).expanduser())


def on_roads(problem: Problem, *, at: datetime, place_code: str) -> Problem:
    """The problem with distances by road where the place has them.

    A place off the roads, a silent server or too many places put this one problem back on the straight line, with a
    warning in the log: a dispatch that waits for roads helps nobody.
    """
    distances = chosen(at=at, place_code=place_code)
    if distances is None or not problem.people or not problem.requests:
        return problem
    count = len(problem.stop_lon) + 2 * (problem.people + problem.requests)
    if count > MOST_PLACES:
        log.warning("%s places are too many for a table of roads: straight lines this time", count)
        return problem
    try:
        return with_roads(problem, distances)
    except (Unreachable, NoAnswer) as error:
        log.warning("straight lines this time: %s", error)
        return problem


def share_of_speed(*, at: datetime, place_code: str) -> float:
    """How fast people are at this hour beside their usual speed."""
    hour = at.astimezone(SHANGHAI).hour
    rows = sorted(value("errands.speed_by_hour", at=at, place_code=place_code), key=lambda row: int(row["from_hour"]))
    percent = [float(row["percent"]) for row in rows if int(row["from_hour"]) <= hour]
    return percent[-1] / 100 if percent else 1.0
