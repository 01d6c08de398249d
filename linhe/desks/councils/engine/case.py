"""A vote as a readable JSON case (the format is described in CASE.md beside this file)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from .weight import CHOICES, Weight

_CASE = {"rule", "voters", "title"}
_VOTER = {"id", "area_m2", "vote", "present", "name"}


def sums_of(data: Mapping[str, Any]) -> tuple[str, dict[str, Weight]]:
    """The rule of a case, and what its voters add up to; ValueError names the place in the case."""
    _known("case", data, _CASE)
    if not isinstance(data.get("voters"), list):
        raise ValueError("voters: a list is needed")
    rule = data.get("rule")
    sums = dict.fromkeys(("entitled", "taking_part", *CHOICES), Weight())
    seen: set[Any] = set()
    for row, voter in enumerate(data["voters"]):
        where = f"voters[{row}]"
        _known(where, voter, _VOTER)
        if not isinstance(voter.get("id"), int | str) or voter["id"] in seen:
            raise ValueError(f"{where}.id: missing, or there already")
        seen.add(voter["id"])
        weight, vote = Weight(1, area_dm2(f"{where}.area_m2", voter.get("area_m2", 0))), voter.get("vote")
        if vote is not None and vote not in CHOICES:
            raise ValueError(f"{where}.vote: {vote!r} is none of {', '.join(CHOICES)}, null")
        present = voter.get("present", vote is not None)
        if not isinstance(present, bool) or (vote is not None and not present):
            raise ValueError(f"{where}.present: true or false, and true for who votes")
        sums["entitled"] += weight
        if vote is not None:
            sums[vote] += weight
        if present if rule == "simple" else vote is not None:
            sums["taking_part"] += weight
    return str(rule), sums


def area_dm2(where: str, area_m2: object) -> int:
    """An area in m2 with at most two decimals, as whole dm2."""
    try:
        area = Decimal(str(area_m2)) * 100
    except InvalidOperation:
        raise ValueError(f"{where}: {area_m2!r} is no area") from None
    if not area.is_finite() or area < 0 or area != area.to_integral_value() or area > 10**15:
        raise ValueError(f"{where}: square metres with at most two decimals")
    return int(area)


def _known(where: str, data: object, names: set[str]) -> None:
    if not isinstance(data, Mapping):
        raise ValueError(f"{where}: an object is needed")
    if unknown := sorted(set(data) - names):
        raise ValueError(f"{where}: unknown name {unknown[0]!r}")
