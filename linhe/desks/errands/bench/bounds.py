"""Bounds that were computed before, kept beside what they belong to: an instance, its penalties and its fairness.

``linhe bench dispatch --sizes L --bound`` computes them again and writes the file.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from linhe.desks.errands.bench.bound import lower_bound
from linhe.desks.errands.engine import Params, Problem

FILE = Path(__file__).with_name("bounds.json")


def key_of(problem: Problem, params: Params) -> str:
    """A fingerprint of everything that the bound depends on."""
    digest = hashlib.sha256()
    names = [item.name for item in fields(problem) if item.name.startswith(("person_", "stop_", "request_"))]
    unpriced = set() if problem.person_price_m.any() else {"person_price_m"}
    for name in sorted({*names, "now_s", "declined", "road_factor"} - {"stop_ref", *unpriced}):
        digest.update(name.encode())
        digest.update(np.ascontiguousarray(getattr(problem, name)).tobytes())
    terms = (params.unserved_m, params.urgent_unserved_m, params.fairness_m, params.points_an_errand)
    digest.update(repr(tuple(map(float, terms))).encode())
    return digest.hexdigest()[:24]


def kept(problem: Problem, params: Params) -> dict[str, Any] | None:
    """The bound of this very problem, if it was computed before."""
    found: dict[str, Any] | None = _table().get(key_of(problem, params))
    return found


def keep(problem: Problem, params: Params, name: str, *, seconds: float) -> dict[str, Any]:
    """Compute a bound and write it down; a better one that is known already stays."""
    bound = lower_bound(problem, params, seconds=seconds)
    table, key = _table(), key_of(problem, params)
    entry = {
        "instance": name,
        "metres": round(bound.metres, 3),
        "tight": bound.tight,
        "seconds": round(bound.seconds, 1),
        "rounds": bound.rounds,
    }
    if key not in table or table[key]["metres"] < entry["metres"]:
        table[key] = entry
        FILE.write_text(json.dumps(table, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return dict(table[key])


def _table() -> dict[str, dict[str, Any]]:
    return dict(json.loads(FILE.read_text(encoding="utf-8"))) if FILE.exists() else {}
