"""Pick-up and delivery benchmarks of the literature as problems of ours: people with empty routes.

Li & Lim (plane, distance of real numbers) and Sartori & Buriol (streets, whole minutes) are read. One unit of their
distance is a kilometre here, one of their time a second, so that all speeds are 1,000 m/s. Their first aim is fewest
vehicles, then distance; ours is distance alone, so that a plan may use more vehicles than the best known one.

References
----------
H. Li, A. Lim (2003), A metaheuristic for the pickup and delivery problem with time windows,
doi:10.1142/S0218213003001186; C. S. Sartori, L. S. Buriol (2020), doi:10.1016/j.cor.2020.105065.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from linhe.desks.errands.engine import Problem

UNIT_M = 1_000.0
DEGREES_A_UNIT = 1e-4
"""Places are laid out small, so that the straight line is below every distance of the table."""
UNSERVED_M = 100_000_000.0
MOST_DETOUR_M = 1e12

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Best:
    """The best known solution: vehicles and distance in the instance's units."""

    vehicles: int
    distance: float


@dataclass(frozen=True, slots=True)
class Nodes:
    """Row 0 is the depot; ``delivery`` is the row to deliver to, 0 for what is no pick-up."""

    at: Floats  # (N, 2)
    demand: NDArray[np.int64]
    window: Floats  # (N, 2)
    service: Floats
    delivery: NDArray[np.int64]
    apart: Floats
    vehicles: int
    capacity: int


def read_pdptw(path: Path) -> Problem:
    """An instance file as a problem; ValueError names what is wrong with it."""
    lines = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    try:
        return _problem(_streets(lines) if lines[0][0].startswith("NAME") else _plane(lines))
    except (ValueError, IndexError, KeyError) as error:
        raise ValueError(f"{path.name}: is neither a Li & Lim nor a Sartori & Buriol instance: {error}") from None


def best_known(path: Path) -> Best | None:
    """The best known solution that a file ``bks/NAME.VEHICLES_DISTANCE.txt`` beside the instance tells by its name."""
    for file in sorted(path.parent.glob("bks/*.txt")):
        found = re.fullmatch(rf"{re.escape(path.stem)}\.(\d+)_(\d+(?:\.\d+)?)", file.stem, flags=re.IGNORECASE)
        if found:
            return Best(int(found[1]), float(found[2]))
    return None


def _plane(lines: list[list[str]]) -> Nodes:
    """vehicles capacity speed; then: row x y demand earliest latest service pick-up delivery."""
    rows = np.array([[float(value) for value in line] for line in lines[1:]])
    at = rows[:, 1:3]
    return Nodes(
        at=at,
        demand=rows[:, 3].astype(np.int64),
        window=rows[:, 4:6],
        service=rows[:, 6],
        delivery=rows[:, 8].astype(np.int64),
        apart=np.linalg.norm(at[:, None] - at, axis=2),
        vehicles=int(lines[0][0]),
        capacity=int(lines[0][1]),
    )


def _streets(lines: list[list[str]]) -> Nodes:
    """NAME, SIZE, CAPACITY ...; NODES: row lat lon demand earliest latest service pick-up delivery; EDGES: a table."""
    said = {line[0].rstrip(":"): line[-1] for line in lines[:12]}
    size = int(said["SIZE"])
    first = next(row for row, line in enumerate(lines) if line[0] == "NODES") + 1
    rows = np.array([[float(value) for value in line] for line in lines[first : first + size]])
    apart = np.array([[float(value) for value in line] for line in lines[first + size + 1 : first + 2 * size + 1]])
    if apart.shape != (size, size):
        raise ValueError(f"EDGES has {apart.shape} entries")
    return Nodes(
        at=rows[:, [2, 1]],
        demand=rows[:, 3].astype(np.int64),
        window=rows[:, 4:6],
        service=rows[:, 6],
        delivery=rows[:, 8].astype(np.int64),
        apart=apart,
        vehicles=(size - 1) // 2,
        capacity=int(said["CAPACITY"]),
    )


def _problem(nodes: Nodes) -> Problem:
    pick = np.flatnonzero(nodes.delivery > 0)
    drop = nodes.delivery[pick]
    if (nodes.demand[pick] != -nodes.demand[drop]).any():
        raise ValueError("a delivery does not hand over what was picked up")
    people, count = nodes.vehicles, len(pick)
    place = np.concatenate([pick, drop, np.zeros(2 * people, dtype=np.int64)])
    lon, lat = ((nodes.at - nodes.at.min(axis=0)) * _scale(nodes)).T

    def all_people(value: float) -> Floats:
        return np.full(people, float(value))

    return Problem(
        now_s=float(nodes.window[0, 0]),
        person_id=np.arange(1, people + 1),
        person_lon=all_people(lon[0]),
        person_lat=all_people(lat[0]),
        person_end_lon=all_people(lon[0]),
        person_end_lat=all_people(lat[0]),
        person_end_latest_s=all_people(nodes.window[0, 1]),
        person_work_from_s=all_people(nodes.window[0, 0]),
        person_work_to_s=all_people(np.inf),
        person_speed_mps=all_people(UNIT_M),
        person_capacity=np.full(people, nodes.capacity),
        person_load=np.zeros(people, dtype=np.int64),
        person_skills=np.zeros(people, dtype=np.int64),
        person_detour_max_m=all_people(MOST_DETOUR_M),
        person_detour_used_m=all_people(0),
        person_extra_max=np.full(people, count),
        person_extra_used=np.zeros(people, dtype=np.int64),
        stop_offset=np.zeros(people + 1, dtype=np.int64),
        stop_lon=np.empty(0),
        stop_lat=np.empty(0),
        stop_earliest_s=np.empty(0),
        stop_latest_s=np.empty(0),
        stop_service_s=np.empty(0),
        stop_load_change=np.empty(0, dtype=np.int64),
        stop_ref=np.empty(0, dtype=np.int64),
        request_id=np.arange(1, count + 1),
        request_pickup_lon=lon[pick],
        request_pickup_lat=lat[pick],
        request_pickup_earliest_s=nodes.window[pick, 0],
        request_pickup_latest_s=nodes.window[pick, 1],
        request_pickup_service_s=nodes.service[pick],
        request_dropoff_lon=lon[drop],
        request_dropoff_lat=lat[drop],
        request_dropoff_earliest_s=nodes.window[drop, 0],
        request_dropoff_latest_s=nodes.window[drop, 1],
        request_dropoff_service_s=nodes.service[drop],
        request_load=nodes.demand[pick],
        request_skills=np.zeros(count, dtype=np.int64),
        request_urgent=np.zeros(count, dtype=np.bool_),
        road_m=nodes.apart[np.ix_(place, place)] * UNIT_M,
    )


def _scale(nodes: Nodes) -> float:
    """Degrees for one unit of the coordinates, so small that every straight line is below its distance in the table."""
    straight = np.linalg.norm(nodes.at[:, None] - nodes.at, axis=2)
    apart = straight > 0
    if not apart.any():
        return DEGREES_A_UNIT
    least = float((nodes.apart[apart] / straight[apart]).min()) * UNIT_M / 112_000
    return min(DEGREES_A_UNIT, least)
