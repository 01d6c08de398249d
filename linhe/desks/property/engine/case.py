"""Reads and writes the JSON case; what is wrong is named with its place."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

LISTS = ("items", "strata")
NUMBERS = ("households", "complaints", "due_fen", "collected_fen")
KNOWN = {*LISTS, *NUMBERS, "scores", "name", "title"}


def rows(data: Any, name: str) -> list[Any]:
    """One of the lists of a case."""
    if not isinstance(data, dict):
        raise ValueError("case: must be an object")
    if unknown := sorted(set(data) - KNOWN):
        raise ValueError(f"case.{unknown[0]}: is not a known name")
    found = data.get(name, [])
    if not isinstance(found, list):
        raise ValueError(f"{name}: must be a list")
    return found


def row(one: Any, where: str, **types: type) -> dict[str, Any]:
    """An object with exactly these names."""
    if not isinstance(one, dict):
        raise ValueError(f"{where}: must be an object")
    if set(one) != set(types):
        raise ValueError(f"{where}: must have {', '.join(types)}")
    return {name: _typed(one[name], kind, f"{where}.{name}") for name, kind in types.items()}


def scores(data: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Tenths by party and item."""
    found = data.get("scores", {})
    if not isinstance(found, dict) or not all(isinstance(inner, dict) for inner in found.values()):
        raise ValueError("scores: must be an object of objects")
    return {
        party: {code: _typed(tenths, int, f"scores.{party}.{code}") for code, tenths in inner.items()}
        for party, inner in found.items()
    }


def numbers(data: dict[str, Any]) -> dict[str, int]:
    """The plain numbers that the case gives; null is the same as leaving one out."""
    return {name: _typed(data[name], int, name) for name in NUMBERS if data.get(name) is not None}


def written(problem: Any) -> dict[str, Any]:
    """A problem as plain lists, objects and numbers."""
    return {
        "items": [asdict(one) for one in problem.items],
        "strata": [asdict(one) for one in problem.strata],
        "scores": {party: dict(scored) for party, scored in problem.scores.items()},
        **{name: getattr(problem, name) for name in NUMBERS},
    }


def _typed(value: Any, kind: type, where: str) -> Any:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ValueError(f"{where}: {value!r} is not {'a whole number' if kind is int else 'a text'}")
    return value
