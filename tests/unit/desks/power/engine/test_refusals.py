"""Problems that cannot be right are refused with a line that names the element."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Callable
from typing import Any

import pytest

from linhe.desks.power.bench.networks import SAMPLE
from linhe.desks.power.engine import Problem

Change = Callable[[dict[str, Any]], object]
CASE = json.loads(SAMPLE.read_text(encoding="utf-8"))


def one(case: dict[str, Any], group: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(x for x in case["feeder"][group] if x["id"] == name)
    return found


def line(case: dict[str, Any], **values: object) -> None:
    case["feeder"]["lines"].append({"id": "X", "from_bus": "5", "to_bus": "6", "r_ohm": 1.0, "x_ohm": 1.0} | values)


WRONG: dict[str, tuple[Change, str]] = {
    "loop in the normal state": (lambda c: one(c, "switches", "K21081").update(closed=True), "closes a loop"),
    "unfed load": (lambda c: one(c, "switches", "K17181").update(closed=False), "not fed in the normal state"),
    "parallel duplicates": (lambda c: line(c), "parallel to"),
    "zero impedance": (lambda c: one(c, "lines", "L3").update(r_ohm=0, x_ohm=0), "zero or negative impedance"),
    "negative impedance": (lambda c: one(c, "lines", "L3").update(x_ohm=-1), "zero or negative impedance"),
    "NaN": (lambda c: one(c, "lines", "L3").update(r_ohm=math.nan), "not a finite number"),
    "NaN of a truck": (lambda c: c["trucks"][0].update(mva=math.inf), "not a finite number"),
    "W for kW": (lambda c: one(c, "loads", "D24").update(kw=420_000), "kW or W"),
    "MW for kW": (lambda c: [x.update(kw=x["kw"] / 1000) for x in c["feeder"]["loads"]], "kW or MW"),
    "per unit for ohm": (
        lambda c: [x.update(r_ohm=x["r_ohm"] / 1e6, x_ohm=x["x_ohm"] / 1e6) for x in c["feeder"]["lines"]],
        "ohms or per unit",
    ),
    "milliohm for ohm": (lambda c: one(c, "lines", "L3").update(r_ohm=5000), "ohms or per unit"),
    "kVA for MVA": (lambda c: one(c, "lines", "L3").update(rating_mva=5000), "MVA or kVA"),
    "missing rating": (
        lambda c: (one(c, "lines", "L3").pop("rating_mva"), c["limits"].update(thermal=True)), "thermal limits"
    ),
    "phase-incomplete tie": (lambda c: one(c, "switches", "K21081").update(phases="a"), "would leave others dead"),
    "single-phase lateral": (
        lambda c: [one(c, group, name).update(phases="a") for group, name in
                   (("lines", "L17"), ("buses", "18"), ("switches", "K17181"), ("switches", "K17182"),
                    ("lines", "L36"), ("switches", "K18331"), ("switches", "K18332"))], "phases"
    ),
    "unknown phase": (lambda c: one(c, "lines", "L3").update(phases="xyz"), "not a set of a, b, c"),
    "unknown fault element": (lambda c: c.update(fault={"elements": ["L99"]}), "fault: there is no"),
    "no fault element": (lambda c: c.update(fault={"elements": []}), "there is none"),
    "switch on a missing bus": (lambda c: one(c, "switches", "K06071").update(bus="77"), "there is no bus 77"),
    "switch on another line's bus": (lambda c: one(c, "switches", "K06071").update(bus="20"), "does not end at"),
    "truck without rating": (lambda c: c["trucks"][0].update(mw=0), "has no rating"),
    "truck without arrival": (lambda c: c["trucks"][0].pop("arrival_min"), "arrival_min: is missing"),
    "truck before now": (lambda c: c["trucks"][0].update(arrival_min=-1), "no time of arrival"),
    "truck in kW": (lambda c: c["trucks"][0].update(mw=1000, mva=1250), "MW or kW"),
    "truck used twice": (lambda c: c["trucks"].append(c["trucks"][0]), "the id is used twice"),
    "site used twice": (
        lambda c: c.update(placed={"own-1000": "P6", "nbrA-800": "P6"}), "site P6 is used twice"
    ),
    "site off the network": (lambda c: c["sites"][0].update(bus="77"), "off the network"),
    "two buses of one id": (lambda c: c["feeder"]["buses"].append(c["feeder"]["buses"][3]), "used twice"),
    "line to a missing bus": (lambda c: one(c, "lines", "L3").update(to_bus="77"), "there is no bus 77"),
    "two voltages": (lambda c: one(c, "buses", "5").update(kv=20), "kV with"),
    "sources in parallel": (
        lambda c: c["feeder"]["sources"].append({"id": "S2", "bus": "9", "v_pu": 1.0}), "in parallel with"
    ),
    "limits upside down": (lambda c: c["limits"].update(v_min=1.1), "not a range"),
    "unknown unavailable": (lambda c: c.update(unavailable=["nobody"]), "there is no nobody"),
    "unknown name": (lambda c: one(c, "lines", "L3").update(ohms=1), "not a known name"),
    "text for a number": (lambda c: one(c, "lines", "L3").update(r_ohm="1"), "is not a number"),
    "another format": (lambda c: c.update(format="other"), "format"),
    "no feeder": (lambda c: c.pop("feeder"), "feeder: is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_cannot_be_right_is_refused(name: str) -> None:
    change, words = WRONG[name]
    case = copy.deepcopy(CASE)
    change(case)
    with pytest.raises(ValueError, match=words):
        Problem.from_json(case)


def test_the_sample_itself_is_right() -> None:
    assert Problem.from_json(copy.deepcopy(CASE)).feeder.sources[0].bus == "1"
