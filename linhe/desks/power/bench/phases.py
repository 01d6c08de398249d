"""IEEE 123: a feeder of one, two and three phases, fault by fault beside what a program of others serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from linhe.desks.power.bench.measure import Case, measure
from linhe.desks.power.engine import Params, Problem, solve
from linhe.desks.power.engine.importers import opendss
from linhe.desks.power.engine.network import Fault, Feeder, Limits, Switch

SAMPLE = Path(__file__).parents[1] / "sample" / "ieee123"
MASTER = "IEEE123Switches.dss"
LIMITS = Limits(v_min=0.93, v_max=1.07, thermal=False)
"""The data have no ratings."""

PEER_TOTAL_KW = 3511.54
PEER_KW: Mapping[str, float] = {
    "L3": 0.0, "L10": 0.0, "L24": 0.0, "L35": 2755.09, "L36": 2755.09, "L48": 2755.09, "L52": 2962.23, "L58": 2962.23,
    "L67": 2392.19, "L96": 2392.19, "L77": 2392.19, "L105": 3189.97, "Sw2": 3511.54, "Sw3": 3511.54, "Sw4": 3511.54,
    "Sw5": 3511.54,
}  # fmt: skip
"""What an open three-phase mixed-integer program serves without a check by power flow. Loads are counted a little
differently there, so shares of the total are compared. Replayed in OpenDSS, four of its plans break limits."""


def feeder() -> Feeder:
    """The feeder of the IEEE, with a switch at both ends of the lines that stand for switches."""
    files = {one.name: one.read_text(encoding="utf-8") for one in SAMPLE.glob("*.[dD][sS][sS]")}
    read = opendss.read(files[MASTER], files)
    lines = {one.id: one for one in read.lines}
    more = [
        Switch(id=f"K{name}-2", kind="sectionaliser", bus=lines[name].to_bus, element=name, number=f"{name}-2")
        for name in ("Sw2", "Sw3", "Sw4", "Sw5")
    ]
    return replace(read, switches=(*read.switches, *more))


def rows() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Figures fault by fault, and the row of all faults."""
    problem = Problem(feeder=feeder(), limits=LIMITS)
    total = sum(one.kw for one in problem.feeder.loads)
    served = {}
    for name, peer in PEER_KW.items():
        result = solve(replace(problem, fault=Fault(elements=(name,))))
        kw = result.served.kw if result.served else 0.0
        served[name] = {
            "kw": round(kw, 2), "pct": round(100 * kw / total, 2), "peer_kw": peer,
            "peer_pct": round(100 * peer / PEER_TOTAL_KW, 2), "status": result.status,
            "v_min": round(result.final.v_min, 4) if result.final else None,
            "restore": [f"{one.action} {one.switch}" for one in result.restore],
        }  # fmt: skip
    row = measure(Case("ieee123", problem, tuple(PEER_KW), {}), "phases", Params())
    return {"ieee123_total_kw": total, "ieee123": served}, [row]
