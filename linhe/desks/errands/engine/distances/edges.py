"""A road network from the lines of a simple edge list.

One piece of road a line: ``from_lon,from_lat,to_lon,to_lat,metres,speed_kmh,oneway`` (WGS-84 degrees; ``oneway`` 1 or
0). Junctions are what has the same coordinates to seven digits. More columns are ignored, their order does not matter.
"""

import csv
from collections.abc import Iterable
from math import isfinite

import numpy as np

from .network import Edges

COLUMNS = ("from_lon", "from_lat", "to_lon", "to_lat", "metres", "speed_kmh", "oneway")
DIGITS = 7


def read_edges(lines: Iterable[str]) -> Edges:
    """Edges of an edge list.

    Raises
    ------
    ValueError
        Naming the line and the column.
    """
    reader = csv.DictReader(lines)
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise ValueError(f"line 1, column {missing[0]}: is missing")
    junctions: dict[tuple[float, float], int] = {}
    origin, goal, metres, seconds = [], [], [], []
    for row in reader:
        at = {column: _number(row, column, reader.line_num) for column in COLUMNS}
        ends = [
            junctions.setdefault((round(at[f"{end}_lon"], DIGITS), round(at[f"{end}_lat"], DIGITS)), len(junctions))
            for end in ("from", "to")
        ]
        for column in ("metres", "speed_kmh"):
            if at[column] <= 0:
                raise ValueError(f"line {reader.line_num}, column {column}: must be above 0")
        for a, b in [ends] if at["oneway"] else [ends, ends[::-1]]:
            origin.append(a)
            goal.append(b)
            metres.append(at["metres"])
            seconds.append(at["metres"] / (at["speed_kmh"] / 3.6))
    places = np.array(list(junctions), dtype=np.float64).reshape(-1, 2)
    return Edges(places, np.array(origin, np.int64), np.array(goal, np.int64), np.array(metres), np.array(seconds))


def _number(row: dict[str, str], column: str, line: int) -> float:
    try:
        value = float(row[column])
    except (TypeError, ValueError):
        raise ValueError(f"line {line}, column {column}: {row[column]!r} is not a number") from None
    low, high = {"lon": (-180, 180), "lat": (-90, 90)}.get(column[-3:], (0, float("inf")))
    if not (isfinite(value) and low <= value <= high):
        raise ValueError(f"line {line}, column {column}: {value:g} is outside {low:g}..{high:g}")
    return value
