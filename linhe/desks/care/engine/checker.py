"""Judges a round without the solver: walks it step by step with its own arithmetic. Shares no code with the engine."""

from __future__ import annotations

from math import asin, ceil, cos, radians, sin, sqrt
from typing import Any

EARTH_M = 6_371_008.8
SLACK = 0.01  # two formulas for the distance on a globe differ by less


def violations(case: dict[str, Any], result: dict[str, Any], *, late_allowed: bool = False) -> list[str]:
    """What is wrong with a result (both as plain JSON); empty when it may be walked as it says."""
    stops = {stop["id"]: stop for stop in case["stops"]}
    if result["status"] == "infeasible":
        return ["infeasible, and yet calls"] if result["calls"] else []
    if result["status"] == "empty":
        return ["empty, and yet stops"] if stops else []
    found = []
    if sorted(call["id"] for call in result["calls"]) != sorted(stops):
        return ["not every door exactly once"]
    metres_a_second = case.get("speed_kmh", 4.0) / 3.6
    here, clock, late = case["start"], case["start_s"], 0
    for call in result["calls"]:
        stop = stops[call["id"]]
        earliest, latest = stop.get("window_s") or [None, None]
        walk = case.get("way_factor", 1.3) * _metres(here, stop["at"]) / metres_a_second
        if not clock + walk * (1 - SLACK) - 1 <= call["reached_s"] <= clock + ceil(walk * (1 + SLACK)) + 1:
            found.append(f"{call['id']}: reached at {call['reached_s']}, walked from {clock} for {walk:.0f}")
        if call["begins_s"] < max(call["reached_s"], earliest or 0):
            found.append(f"{call['id']}: begins before it is reached or before its window")
        behind = max(0, call["begins_s"] - (86_400 if latest is None else latest))
        if behind != call["late_s"] or (behind and not late_allowed):
            found.append(f"{call['id']}: {behind} s late, told {call['late_s']}")
        here, clock, late = stop["at"], call["begins_s"] + stop.get("service_s", 0), late + behind
    if (clock, late) != (result["finish_s"], result["late_s"]):
        found.append(f"ends at {clock} with {late} s late, told {result['finish_s']} and {result['late_s']}")
    return found


def _metres(a: list[float], b: list[float]) -> float:
    (lng_a, lat_a), (lng_b, lat_b) = ([radians(v) for v in p] for p in (a, b))
    half = sin((lat_b - lat_a) / 2) ** 2 + cos(lat_a) * cos(lat_b) * sin((lng_b - lng_a) / 2) ** 2
    return 2 * EARTH_M * asin(sqrt(half))
