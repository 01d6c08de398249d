"""A problem as a readable JSON case (the format is described in CASE.md beside this file).

A case has ``now_s``, ``couriers`` (each with ``at``, ``end``, limits and ``stops`` in driving order),
``requests`` (each with ``dropoff`` and, unless it is a visit, ``pickup``) and ``declined`` pairs. Positions are
``[longitude, latitude]``, times seconds, windows ``[earliest, latest]`` with null for open, skills are names.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .problem import Problem

CASE = {"now_s", "couriers", "requests"}, {"road_factor", "skills", "declined", "title", "datum"}
COURIER = (
    {"id", "at", "end", "detour_max_m", "extra_max"},
    {"work_s", "speed_kmh", "capacity", "load", "skills", "detour_used_m", "extra_used", "stops", "name"}
    | {"detour_max_s", "detour_used_s", "points", "price_m"},
)
END = {"at"}, {"latest_s"}
STOP = {"at"}, {"window_s", "service_s", "load_change", "ref", "errand", "name"}
REQUEST = {"id", "dropoff"}, {"pickup", "load", "skills", "urgent", "name"}
PLACE = {"at"}, {"window_s", "service_s", "name"}

DEFAULT_SPEED_KMH = 15.0
DEFAULT_CAPACITY = 10
NO_PLACE = [float("nan"), float("nan")]


def arrays_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of ``Problem``; ValueError names the place in the case."""
    _keys("case", data, CASE)
    couriers = _entries("couriers", data["couriers"], COURIER)
    requests = _entries("requests", data["requests"], REQUEST)
    for where, entries in (("couriers", couriers), ("requests", requests)):
        for row, entry in enumerate(entries):
            _list_of_names(f"{where}[{row}].skills", entry.get("skills", []))
    names = data.get("skills")
    if names is None:
        names = sorted({name for entry in [*couriers, *requests] for name in entry.get("skills", ())})
    _list_of_names("skills", names)
    bits = {name: 1 << place for place, name in enumerate(names)}
    return {
        "now_s": _number("now_s", data["now_s"]),
        "road_factor": _number("road_factor", data.get("road_factor", 1.3)),
        "datum": data.get("datum", "wgs84"),
        "skill_names": tuple(names),
        "declined": _declined(data.get("declined", [])),
        **_couriers(couriers, bits),
        **_stops(couriers),
        **_requests(requests, bits),
    }


def _couriers(couriers: Sequence[Mapping[str, Any]], bits: Mapping[str, int]) -> dict[str, Any]:
    where = [f"couriers[{row}]" for row in range(len(couriers))]
    ends = [_keys(f"{name}.end", entry["end"], END) for name, entry in zip(where, couriers, strict=True)]
    at = [_position(f"{name}.at", entry["at"]) for name, entry in zip(where, couriers, strict=True)]
    end = [_position(f"{name}.end.at", entry["at"]) for name, entry in zip(where, ends, strict=True)]
    work = [_window(f"{name}.work_s", entry.get("work_s")) for name, entry in zip(where, couriers, strict=True)]
    latest = [_window(name, [None, entry.get("latest_s")])[1] for name, entry in zip(where, ends, strict=True)]

    def column(key: str, default: float) -> list[float]:
        return [_number(f"{name}.{key}", entry.get(key, default)) for name, entry in zip(where, couriers, strict=True)]

    return {
        "person_id": column("id", 0),
        "person_lon": [lon for lon, _ in at],
        "person_lat": [lat for _, lat in at],
        "person_end_lon": [lon for lon, _ in end],
        "person_end_lat": [lat for _, lat in end],
        "person_end_latest_s": latest,
        "person_work_from_s": [low for low, _ in work],
        "person_work_to_s": [high for _, high in work],
        "person_speed_mps": [speed / 3.6 for speed in column("speed_kmh", DEFAULT_SPEED_KMH)],
        "person_capacity": column("capacity", DEFAULT_CAPACITY),
        "person_load": column("load", 0),
        "person_skills": [_bits(name, entry, bits) for name, entry in zip(where, couriers, strict=True)],
        "person_detour_max_m": column("detour_max_m", 0),
        "person_detour_used_m": column("detour_used_m", 0),
        "person_extra_max": column("extra_max", 0),
        "person_extra_used": column("extra_used", 0),
        "person_detour_max_s": [
            np.inf if entry.get("detour_max_s") is None else _number(f"{name}.detour_max_s", entry["detour_max_s"])
            for name, entry in zip(where, couriers, strict=True)
        ],
        "person_detour_used_s": column("detour_used_s", 0),
        "person_points": column("points", 0),
        "person_price_m": column("price_m", 0),
    }


def _stops(couriers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    rows: list[tuple[float, ...]] = []
    offset = [0]
    for row, courier in enumerate(couriers):
        where = f"couriers[{row}].stops"
        for place, stop in enumerate(_entries(where, courier.get("stops", []), STOP)):
            name = f"{where}[{place}]"
            window = _window(f"{name}.window_s", stop.get("window_s"))
            ref, errand = stop.get("ref"), stop.get("errand")
            rows.append(
                (
                    *_position(f"{name}.at", stop["at"]),
                    *window,
                    _number(f"{name}.service_s", stop.get("service_s", 0)),
                    _number(f"{name}.load_change", stop.get("load_change", 0)),
                    _number(f"{name}.ref", -1 if ref is None else ref),
                    _number(f"{name}.errand", -1 if errand is None else errand),
                )
            )
        offset.append(len(rows))
    names = ("lon", "lat", "earliest_s", "latest_s", "service_s", "load_change", "ref", "errand")
    columns = {f"stop_{name}": [row[place] for row in rows] for place, name in enumerate(names)}
    return {"stop_offset": offset, **columns}


def _requests(requests: Sequence[Mapping[str, Any]], bits: Mapping[str, int]) -> dict[str, Any]:
    columns: dict[str, list[Any]] = {name: [] for name in ("id", "load", "skills", "urgent")}
    for row, entry in enumerate(requests):
        where = f"requests[{row}]"
        columns["id"].append(_number(f"{where}.id", entry["id"]))
        columns["load"].append(_number(f"{where}.load", entry.get("load", int("pickup" in entry))))
        columns["skills"].append(_bits(where, entry, bits))
        urgent = entry.get("urgent", False)
        if not isinstance(urgent, bool):
            raise ValueError(f"{where}.urgent: {urgent!r} is not true or false")
        columns["urgent"].append(urgent)
        for end in ("pickup", "dropoff"):
            visit = end not in entry
            place = {"at": NO_PLACE} if visit else _keys(f"{where}.{end}", entry[end], PLACE)
            lon, lat = NO_PLACE if visit else _position(f"{where}.{end}.at", place["at"])
            low, high = _window(f"{where}.{end}.window_s", place.get("window_s"))
            service = _number(f"{where}.{end}.service_s", place.get("service_s", 0))
            for name, value in zip(
                ("lon", "lat", "earliest_s", "latest_s", "service_s"), (lon, lat, low, high, service), strict=True
            ):
                columns.setdefault(f"{end}_{name}", []).append(value)
    for end in ("pickup", "dropoff"):
        for name in ("lon", "lat", "earliest_s", "latest_s", "service_s"):
            columns.setdefault(f"{end}_{name}", [])
    return {f"request_{name}": values for name, values in columns.items()}


def _keys(where: str, entry: Any, allowed: tuple[set[str], set[str]]) -> Mapping[str, Any]:
    needed, more = allowed
    if not isinstance(entry, Mapping):
        raise ValueError(f"{where}: must be an object")
    if missing := sorted(needed - entry.keys()):
        raise ValueError(f"{where}.{missing[0]}: is missing")
    if unknown := sorted(entry.keys() - needed - more):
        raise ValueError(f"{where}.{unknown[0]}: is not a known name")
    return entry


def _entries(where: str, value: Any, allowed: tuple[set[str], set[str]]) -> list[Mapping[str, Any]]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ValueError(f"{where}: must be a list")
    return [_keys(f"{where}[{row}]", entry, allowed) for row, entry in enumerate(value)]


def _list_of_names(where: str, value: Any) -> None:
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"{where}: must be a list of names")


def _declined(value: Any) -> list[list[float]]:
    pairs = isinstance(value, list | tuple) and all(isinstance(pair, list | tuple) and len(pair) == 2 for pair in value)
    if not pairs:
        raise ValueError("declined: must be a list of [request id, courier id]")
    return [[_number(f"declined[{row}]", key) for key in pair] for row, pair in enumerate(value)]


def _number(where: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{where}: {value!r} is not a number")
    return value


def _position(where: str, value: Any) -> tuple[float, float]:
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise ValueError(f"{where}: must be [longitude, latitude]")
    return _number(where, value[0]), _number(where, value[1])


def _window(where: str, value: Any) -> tuple[float, float]:
    if value is None:
        return -np.inf, np.inf
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        raise ValueError(f"{where}: must be [earliest, latest]")
    low = -np.inf if value[0] is None else _number(where, value[0])
    high = np.inf if value[1] is None else _number(where, value[1])
    return low, high


def _bits(where: str, entry: Mapping[str, Any], bits: Mapping[str, int]) -> int:
    total = 0
    for name in entry.get("skills", ()):
        if name not in bits:
            raise ValueError(f"{where}.skills: {name!r} is not among the case's skills")
        total |= bits[name]
    return total


def case_of(problem: "Problem") -> dict[str, Any]:
    """The case that ``arrays_of`` reads back."""
    return {
        "now_s": problem.now_s,
        "road_factor": problem.road_factor,
        "datum": problem.datum,
        "skills": list(problem.skill_names),
        "couriers": [_courier_case(problem, row) for row in range(problem.people)],
        "requests": [_request_case(problem, row) for row in range(problem.requests)],
        "declined": problem.declined.tolist(),
    }


def _courier_case(problem: "Problem", row: int) -> dict[str, Any]:
    stops = range(int(problem.stop_offset[row]), int(problem.stop_offset[row + 1]))
    return {
        "id": int(problem.person_id[row]),
        "at": [float(problem.person_lon[row]), float(problem.person_lat[row])],
        "end": {
            "at": [float(problem.person_end_lon[row]), float(problem.person_end_lat[row])],
            "latest_s": _open(problem.person_end_latest_s[row]),
        },
        "work_s": [_open(problem.person_work_from_s[row]), _open(problem.person_work_to_s[row])],
        "speed_kmh": float(problem.person_speed_mps[row]) * 3.6,
        "capacity": int(problem.person_capacity[row]),
        "load": int(problem.person_load[row]),
        "skills": _names(problem, problem.person_skills[row]),
        "detour_max_m": float(problem.person_detour_max_m[row]),
        "detour_used_m": float(problem.person_detour_used_m[row]),
        "extra_max": int(problem.person_extra_max[row]),
        "extra_used": int(problem.person_extra_used[row]),
        "detour_max_s": _open(problem.person_detour_max_s[row]),
        "detour_used_s": float(problem.person_detour_used_s[row]),
        "points": float(problem.person_points[row]),
        "price_m": float(problem.person_price_m[row]),
        "stops": [
            {
                "at": [float(problem.stop_lon[stop]), float(problem.stop_lat[stop])],
                "window_s": [_open(problem.stop_earliest_s[stop]), _open(problem.stop_latest_s[stop])],
                "service_s": float(problem.stop_service_s[stop]),
                "load_change": int(problem.stop_load_change[stop]),
                "ref": int(problem.stop_ref[stop]),
                "errand": int(problem.stop_errand[stop]),
            }
            for stop in stops
        ],
    }


def _request_case(problem: "Problem", row: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": int(problem.request_id[row]),
        "load": int(problem.request_load[row]),
        "skills": _names(problem, problem.request_skills[row]),
        "urgent": bool(problem.request_urgent[row]),
    }
    for end in ("dropoff",) if problem.visits[row] else ("pickup", "dropoff"):
        lon, lat, low, high, service = (
            float(getattr(problem, f"request_{end}_{name}")[row])
            for name in ("lon", "lat", "earliest_s", "latest_s", "service_s")
        )
        entry[end] = {"at": [lon, lat], "window_s": [_open(low), _open(high)], "service_s": service}
    return entry


def _open(time_s: float) -> float | None:
    return float(time_s) if np.isfinite(time_s) else None


def _names(problem: "Problem", bits: int) -> list[str]:
    return [name for place, name in enumerate(problem.skill_names) if int(bits) >> place & 1]
