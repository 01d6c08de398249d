"""The networks that the bench runs on."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from linhe.desks.power.engine import Problem
from linhe.desks.power.engine.check import Checker, Position
from linhe.desks.power.engine.grid import build, switch_state
from linhe.desks.power.engine.importers import pandapower
from linhe.desks.power.engine.network import Feeder, Limits, Site, Source, Switch, Truck, Words

SAMPLE = Path(__file__).parents[1] / "sample" / "case33bw.json"
SIMBENCH = ("rural", "semiurb", "urban", "comm")
RECONFIGURED = ("K07081", "K09101", "K14151", "K32331")
RECONFIGURED_CLOSED = ("K21081", "K09151", "K12221", "K18331")
TRUCKS = (("own-1000", 1.0, 1.25, 20.0), ("nbrA-800", 0.8, 1.0, 45.0), ("nbrB-1000", 1.0, 1.25, 55.0))
SMALL = {
    "buses": [{"id": "1", "kv": 10.0}, {"id": "2", "kv": 10.0}],
    "lines": [{"id": "L", "from_bus": "1", "to_bus": "2", "r_ohm": 0.3, "x_ohm": 0.3, "rating_mva": 5.0}],
    "switches": [{"id": "K", "kind": "breaker", "bus": "1", "element": "L", "remote": True}],
    "loads": [{"id": "D", "bus": "2", "kw": 100.0, "kvar": 30.0}],
    "sources": [{"id": "S", "bus": "1"}],
}
"""The smallest feeder there is."""
EVERY = 6
"""Every so many buses of a real network has a connection point."""


def case33() -> Problem:
    """The 33-bus feeder with its ties, trucks and connection points."""
    return Problem.from_json(json.loads(SAMPLE.read_text(encoding="utf-8")))


def base_cases() -> dict[str, float]:
    """Losses [kW] of the normal state and of the reconfigured one, by the independent check."""
    problem = case33()
    checker = Checker(problem)
    normal = {one.id: one.closed for one in problem.feeder.switches}
    changed = normal | dict.fromkeys(RECONFIGURED, False) | dict.fromkeys(RECONFIGURED_CLOSED, True)
    losses = checker.losses_kw([Position(closed=one, sources=frozenset({"S1"})) for one in (normal, changed)])
    return {"base_loss_kw": round(losses[0], 2), "reconfigured_loss_kw": round(losses[1], 2)}


def real() -> dict[str, Feeder]:
    """Five medium-voltage networks that come with pandapower and simbench; none where these are not installed."""
    if find_spec("pandapower") is None or find_spec("simbench") is None:
        return {}
    import pandapower as pp  # noqa: PLC0415 - a peer, for the bench only
    import simbench  # noqa: PLC0415 - as above
    from pandapower.networks import mv_oberrhein  # noqa: PLC0415 - as above

    nets = {"oberrhein": mv_oberrhein()}
    nets |= {name: simbench.get_simbench_net(f"1-MV-{name}--0-sw") for name in SIMBENCH}
    return {name: pandapower.read(pp.to_json(net)) for name, net in nets.items()}


def plain(feeder: Feeder, limits: Limits) -> Problem:
    """The feeder alone."""
    return Problem(feeder=feeder, limits=limits)


def with_trucks(feeder: Feeder, limits: Limits) -> Problem:
    """Three trucks, and a connection point at every so many buses with load."""
    kv = min(one.kv for one in feeder.buses)
    able = {one.id for one in feeder.buses if one.kv == kv}
    loaded = list(dict.fromkeys(one.bus for one in feeder.loads if one.bus in able))
    sites = tuple(Site(id=f"P{bus}", bus=bus, name=Words(bus, bus)) for bus in loaded[::EVERY])
    trucks = tuple(Truck(id=name, mw=mw, mva=mva, arrival_min=minutes) for name, mw, mva, minutes in TRUCKS)
    return Problem(feeder=feeder, limits=limits, trucks=trucks, sites=sites)


def faults(problem: Problem) -> tuple[str, ...]:
    """The lines whose loss interrupts supply to some load."""
    grid = build(problem)
    conducting = grid.conducting(switch_state(grid))
    roots = list(map(int, grid.source_bus))
    order, via = list(roots), dict.fromkeys(roots, -1)
    for at in order:
        for branch in map(int, grid.edge[grid.start[at] : grid.start[at + 1]]):
            other = int(grid.t[branch] if grid.f[branch] == at else grid.f[branch])
            if conducting[branch] and other not in via:
                via[other] = branch
                order.append(other)
    beyond = np.zeros(grid.branches)
    below = grid.p.copy()
    for at in reversed(order):
        branch = via[at]
        if branch >= 0:
            beyond[branch] = below[at]
            below[grid.t[branch] if grid.f[branch] == at else grid.f[branch]] += below[at]
    return tuple(one.id for one in problem.feeder.lines if beyond[grid.branch_row[one.id]] > 0)


def chained(size: int) -> Problem:
    """The 33-bus feeder many times, each with its own source, neighbours joined by ties: at least ``size`` buses."""
    part = case33().feeder
    count = -(-size // len(part.buses))
    grown: dict[str, list[Any]] = {name: [] for name in ("buses", "lines", "switches", "loads", "sources")}
    for number in range(count):
        _copy(part, f"{number}.", grown)
        if number:
            for place, bus in enumerate(("18", "22", "25", "33")):
                before, here = f"{number - 1}.{bus}", f"{number}.{('22', '25', '33', '18')[place]}"
                name = f"{number}.T{place}"
                grown["switches"].append(
                    Switch(id=name, kind="tie", bus=before, to_bus=here, closed=False, remote=True)
                )
    feeder = Feeder(
        **{name: tuple(rows) for name, rows in grown.items()}, name=Words("链", "chain"), origin=part.origin
    )
    return Problem(feeder=feeder, limits=Limits(v_min=0.9, v_max=1.05, thermal=False, most_ties=2))


def _copy(part: Feeder, mark: str, grown: dict[str, list[Any]]) -> None:
    grown["buses"] += [replace(one, id=mark + one.id) for one in part.buses]
    grown["lines"] += [
        replace(one, id=mark + one.id, from_bus=mark + one.from_bus, to_bus=mark + one.to_bus) for one in part.lines
    ]
    grown["switches"] += [
        replace(one, id=mark + one.id, bus=mark + one.bus, element=mark + str(one.element)) for one in part.switches
    ]
    grown["loads"] += [replace(one, id=mark + one.id, bus=mark + one.bus) for one in part.loads]
    grown["sources"] += [Source(id=mark + one.id, bus=mark + one.bus, v_pu=one.v_pu) for one in part.sources]
