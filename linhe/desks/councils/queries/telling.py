"""Results and rules in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linhe.desks.councils.models import Body, Motion
from linhe.lib.text import Text

KIND_NAMES = {
    Body.Kind.COUNCIL: Text("议事会", "council"),
    Body.Kind.JOINT: Text("党建联席会", "joint meeting"),
    Body.Kind.ASSEMBLY: Text("业主大会", "owners' assembly"),
}
STATE_NAMES = {
    Motion.State.PUT: (Text("待表决", "to be voted on"), "wait"),
    Motion.State.VOTING: (Text("表决中", "voting"), "move"),
    Motion.State.CARRIED: (Text("通过", "carried"), "good"),
    Motion.State.LOST: (Text("未通过", "not carried"), "bad"),
    Motion.State.INQUORATE: (Text("参与不足，无效", "too few took part"), "bad"),
}
RULE_NAMES = {
    Motion.Rule.SIMPLE: Text("到会委员过半数同意", "more than half of those present"),
    Motion.Rule.ORDINARY: Text("业主一般事项", "owners' ordinary matter"),
    Motion.Rule.SPECIAL: Text("业主特别事项", "owners' special matter"),
}
_CHECKS = {
    ("quorum", "number"): Text("到会人数", "present"),
    ("participation", "number"): Text("参与人数", "taking part, owners"),
    ("participation", "area"): Text("参与面积", "taking part, area"),
    ("approval", "number"): Text("同意人数", "in favour, people"),
    ("approval", "area"): Text("同意面积", "in favour, area"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One share that was asked for, and what was reached."""

    name: Text
    reached: str
    asked: Text
    met: bool


def checks_of(motion: Motion) -> list[Line]:
    """Every share of a result."""
    return [_line(check) for check in motion.result.get("checks", ())]


def state_of(motion: Motion) -> tuple[Text, str]:
    """The state of a motion and its tone."""
    return STATE_NAMES[Motion.State(motion.state)]


def _line(check: dict[str, Any]) -> Line:
    part, whole = check["part"], check["whole"]
    area = check["by"] == "area"
    reached = f"{part / 100:,.2f} / {whole / 100:,.2f} m²" if area else f"{part} / {whole}"
    share = f"{check['num']}/{check['den']}"
    asked = (
        Text(f"超过 {share}", f"more than {share}") if check["strict"] else Text(f"不少于 {share}", f"at least {share}")
    )
    return Line(_CHECKS[check["code"], check["by"]], reached, asked, check["met"])
