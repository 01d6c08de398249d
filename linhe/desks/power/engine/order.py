"""The order of switching: from the tripped breaker to the normal state again, each step with what must hold before it.

All branches are opened while their part of the feeder is dead, before anything is energised; then each closing extends
a radial state towards the planned one. A part of a feasible radial state is feasible, so every state between is.
Fed the other way round after the repair: trucks stop, ties open, then the normal branches close.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

from . import reach
from .check import Position
from .grid import NONE, Bools, Grid, Outage
from .islands import Column
from .naming import ACTS, Names, say
from .network import UNDER_LOAD, Words
from .problem import Problem
from .result import Act, Phase, Role, Step

MINUTES: dict[Act, float] = {
    "open": 3, "close": 3, "test": 3, "tag": 2, "untag": 2, "earth": 6, "unearth": 5, "repair": 120,
    "connect": 15, "ground": 5, "phase_check": 5, "start": 5, "close_truck": 2, "stop_truck": 3, "disconnect": 15,
}  # fmt: skip
REMOTE_MIN = 1.0
"""Minutes that a step should take at the device; a remote switch takes one. The desk's dated values go before these."""

NEEDS: dict[Act, tuple[str, ...]] = {
    "open": ("right_device", "not_under_load"),
    "close": ("right_device", "not_tagged", "no_earth", "no_fault", "no_parallel", "not_under_load"),
    "test": ("dead",),
    "tag": ("open",),
    "untag": ("repaired", "no_earth"),
    "earth": ("tested", "isolated"),
    "unearth": ("repaired",),
    "repair": ("earthed",),
    "connect": ("dead", "tested"),
    "ground": ("connected",),
    "phase_check": ("grounded",),
    "start": ("phase_checked",),
    "close_truck": ("running", "grounded", "no_parallel", "no_earth", "no_fault"),
    "stop_truck": ("feeding",),
    "disconnect": ("stopped",),
}


@dataclass(kw_only=True)
class Order:
    """Steps as they are written down, with the position of the network after each electrical one."""

    problem: Problem
    names: Names
    closed: dict[str, bool]
    sources: set[str]
    running: dict[str, str]
    steps: list[Step] = field(default_factory=list)
    positions: list[tuple[int, Position]] = field(default_factory=list)
    minutes: dict[str, float] = field(default_factory=dict)
    remote: frozenset[str] = frozenset()
    last_at: dict[str, int] = field(default_factory=dict)
    barrier: tuple[int, ...] = ()

    def add(
        self, code: str, action: Act, device: str, phase: Phase, role: Role, why: Words,
        after: Iterable[int] = (), minutes: float | None = None,
    ) -> int:  # fmt: skip
        """Write one step down; its number."""
        number = len(self.steps) + 1
        before = {*after, *self.barrier} | ({self.last_at[device]} if device in self.last_at else set())
        self.last_at[device] = number
        self.steps.append(
            Step(
                number=number,
                code=code,
                action=action,
                device=device,
                name=self.names[device],
                phase=phase,
                role=role,
                needs=(*NEEDS[action], "no_lightning") if role != "dispatcher" else NEEDS[action],
                after=tuple(sorted(before)),
                target_min=self.minutes.get(action, MINUTES[action] if minutes is None else minutes),
                why=why,
            )
        )
        return number

    def switch(self, code: str, action: Act, device: str, phase: Phase, why: Words, after: Iterable[int] = ()) -> int:
        """A step that opens or closes a switch."""
        remote = device in self.remote
        role: Role = "dispatcher" if remote else "operator"
        self.closed[device] = action == "close"
        number = self.add(code, action, device, phase, role, why, after, REMOTE_MIN if remote else None)
        self.mark(number)
        return number

    def mark(self, number: int) -> None:
        """Keep the position after a step."""
        position = Position(closed=dict(self.closed), sources=frozenset(self.sources), running=dict(self.running))
        self.positions.append((number, position))

    def instruction(self, step: Step) -> Words:
        """What a step says."""
        return say(*ACTS[step.action], device=step.name)


@dataclass(frozen=True, kw_only=True)
class Moves:
    """The switches of a plan by what they are for."""

    guard: tuple[str, ...]
    opens: tuple[str, ...]
    live_opens: tuple[str, ...]
    closes: tuple[str, ...]
    inner: dict[str, tuple[str, ...]]
    reclose: str | None
    lost_source: tuple[str, ...]


def moves_of(grid: Grid, outage: Outage, live: Bools, columns: tuple[Column, ...]) -> Moves:
    """Which switches a plan opens and closes: ``live`` are the branches that conduct in the end, islands aside."""
    switches = grid.problem.feeder.switches
    bright = ~(outage.dark[grid.f] | outage.dark[grid.t])
    inner, edges, made = {}, np.zeros(grid.branches, dtype=np.bool_), np.zeros(grid.branches, dtype=np.bool_)
    fed = np.zeros(grid.buses, dtype=np.bool_)
    for one in columns:
        inside = np.flatnonzero(one.chosen & ~outage.live)
        inner[one.truck] = tuple(name for e in inside for name in _to_close(grid, outage, int(e)))
        touching = one.member[grid.f] | one.member[grid.t]
        edges |= outage.live & touching & ~one.chosen
        made |= one.chosen
        fed |= one.member
    by_grid = outage.live & ~live & ~(fed[grid.f] | fed[grid.t])
    opens = [_to_open(grid, outage, int(e)) for e in np.flatnonzero((by_grid & ~bright) | edges)]
    closes = [
        name
        for e in _outward(grid, outage, live & ~outage.live & ~made, live & ~made)
        for name in _to_close(grid, outage, e)
    ]
    tripped = outage.tripped
    back = tripped != NONE and outage.closed[tripped] and tripped not in outage.guard
    return Moves(
        guard=tuple(switches[row].id for row in outage.isolate),
        opens=tuple(dict.fromkeys(opens)),
        live_opens=tuple(_to_open(grid, outage, int(e)) for e in np.flatnonzero(by_grid & bright)),
        closes=tuple(closes),
        inner=inner,
        reclose=switches[tripped].id if back else None,
        lost_source=tuple(
            one.id for one, dead in zip(grid.problem.feeder.sources, outage.dead_source, strict=True) if dead
        ),
    )


def _outward(grid: Grid, outage: Outage, closing: Bools, live: Bools) -> list[int]:
    """Branches to close in the order in which the sources reach them."""
    if not closing.any():
        return []
    order, parent, _ = reach.trace(grid, live, grid.source_bus[~outage.dead_source])
    via = parent[order]
    return [int(e) for e in via[via != NONE] if closing[e]]


def _to_open(grid: Grid, outage: Outage, branch: int) -> str:
    """The switch that opens a branch: remote before by hand, one that may break load before the others."""
    switches = grid.problem.feeder.switches
    able = [
        switches[row]
        for row in grid.switches_of[branch]
        if outage.closed[row] and switches[row].id not in grid.problem.unavailable
    ]
    return min(able, key=lambda one: (one.kind not in UNDER_LOAD, not one.remote)).id


def _to_close(grid: Grid, outage: Outage, branch: int) -> list[str]:
    switches = grid.problem.feeder.switches
    return [switches[row].id for row in grid.switches_of[branch] if not outage.closed[row]]


def write(grid: Grid, outage: Outage, moves: Moves, columns: tuple[Column, ...], minutes: Mapping[str, float]) -> Order:
    """The whole order, from isolation to the normal state."""
    problem = grid.problem
    switches = problem.feeder.switches
    names = Names(problem)
    closed = dict(zip(grid.switch_row, outage.before.tolist(), strict=True))
    sources = {one.id for one in problem.feeder.sources}
    if outage.tripped != NONE:
        closed[switches[outage.tripped].id] = False
    else:
        sources -= {one.id for one in problem.feeder.sources if outage.dark[grid.bus_row[one.bus]]}
    order = Order(
        problem=problem,
        names=names,
        closed=closed,
        sources=sources,
        running=dict(problem.placed),
        minutes=dict(minutes),
        remote=frozenset(one.id for one in switches if one.remote),
    )
    order.mark(0)
    isolated = _isolate(order, outage, moves, grid)
    order.barrier = (isolated,) if isolated else ()
    _trucks(order, moves, columns)
    _transfer(order, moves)
    order.barrier = (len(order.steps),) if order.steps else ()
    _restore(order, grid, outage, moves, columns)
    return order


def _isolate(order: Order, outage: Outage, moves: Moves, grid: Grid) -> int:
    names = order.names
    fault = order.problem.fault
    where = names.joined(fault.elements if fault else ())
    guards = [order.problem.feeder.switches[row].id for row in outage.guard]
    opened = []
    for device in moves.guard:
        if order.closed[device]:
            why = say(
                "{where}故障，断开后与带电部分隔离。",
                "{where} has failed; this separates it from live parts.",
                where=where,
            )
            opened.append(order.switch("isolate.open", "open", device, "isolate", why))
    tagged = []
    for device in guards:
        why = say("防止向故障段误送电。", "So that nobody feeds the failed section by mistake.")
        tagged.append(order.add("isolate.tag", "tag", device, "isolate", "operator", why, opened))
    for device in moves.opens:
        why = say(
            "先断开此处，避免合环或过载。",
            "Opened first, so that no loop closes and nothing is overloaded.",
        )
        opened.append(order.switch("isolate.section", "open", device, "isolate", why, tagged[-1:]))
    for place in _earthing_places(grid, outage):
        test = say("装设接地线前必须验电。", "Test before earthing.")
        tested = order.add("isolate.test", "test", place, "isolate", "operator", test, [*opened, *tagged])
        why = say("保证抢修人员安全。", "Keeps the repair crew safe.")
        order.add("isolate.earth", "earth", place, "isolate", "operator", why, [tested])
    back = [one for one in order.problem.feeder.sources if one.id not in order.sources | set(moves.lost_source)]
    for source in back:
        order.sources.add(source.id)
        why = say("故障已隔离，恢复非故障段供电。", "The fault is isolated: supply the sound part again.")
        order.mark(order.add("isolate.reclose", "close", source.id, "isolate", "dispatcher", why, opened))
    if moves.reclose and not order.closed[moves.reclose]:
        why = say("故障已隔离，恢复上游非故障段供电。", "The fault is isolated: supply the sound part upstream again.")
        order.switch("isolate.reclose", "close", moves.reclose, "isolate", why, [*opened, *tagged])
    return len(order.steps)


def _earthing_places(grid: Grid, outage: Outage) -> list[str]:
    """Where the failed section is earthed: its faulted elements."""
    fault = grid.problem.fault
    return [one for one in (fault.elements if fault else ()) if one not in grid.switch_row]


def _trucks(order: Order, moves: Moves, columns: tuple[Column, ...]) -> None:
    arrival = {one.id: one.arrival_min for one in order.problem.trucks}
    bus_of = {one.id: one.bus for one in order.problem.sites}
    hookup = {one.id: one.hookup_min for one in order.problem.sites}
    for one in sorted(columns, key=lambda column: arrival[column.truck]):
        site = order.names[one.site]
        inner = [
            order.switch(
                "truck.section",
                "close",
                device,
                "truck",
                say("孤岛内部连通，此时无电。", "Joins the island while it is dead."),
            )
            for device in moves.inner.get(one.truck, ())
        ]
        why = say("接入前必须验明无电。", "Nothing is connected to a live place.")
        tested = order.add("truck.test", "test", bus_of[one.site], "truck", "truck_crew", why, inner)
        why = say("此处停电负荷只能由发电车供电：{site}。", "Only a truck can feed the load here: {site}.", site=site)
        share = hookup[one.site] / 2
        order.add("truck.connect", "connect", one.truck, "truck", "truck_crew", why, [tested], share)
        why = say("防止触电和零序过电压。", "Against shocks and zero-sequence overvoltage.")
        order.add("truck.ground", "ground", one.truck, "truck", "truck_crew", why, (), share / 2)
        why = say("相序错误会反转电动机。", "A wrong order of phases would turn motors backwards.")
        order.add("truck.phase_check", "phase_check", one.truck, "truck", "truck_crew", why, (), share / 4)
        why = say(
            "空载试运行，电压频率正常后再带负荷。", "Runs without load first, until voltage and frequency are right."
        )
        order.add("truck.start", "start", one.truck, "truck", "truck_crew", why, (), share / 4)
        why = say(
            "四周开关已断开，孤岛带电，不与电网并列。",
            "All round is open: the island is fed, not in parallel with the grid.",
        )
        order.running[one.truck] = one.site
        order.mark(order.add("truck.close", "close_truck", one.truck, "truck", "truck_crew", why, inner))


def _transfer(order: Order, moves: Moves) -> None:
    for device in moves.live_opens:
        why = say(
            "先断开再转供，避免合环；此段短时停电。",
            "Opened before the transfer, so that no loop closes; a short interruption here.",
        )
        order.switch("transfer.open", "open", device, "transfer", why)
    for device in moves.closes:
        why = say(
            "由相邻线路转供停电负荷，电压和电流已校核。",
            "The neighbouring line takes over; voltage and current have been checked.",
        )
        order.switch("transfer.close", "close", device, "transfer", why)


def _restore(order: Order, grid: Grid, outage: Outage, moves: Moves, columns: tuple[Column, ...]) -> None:
    fault = order.problem.fault
    where = _earthing_places(grid, outage)
    for place in fault.elements if fault else ():
        why = say("抢修验收合格后才能恢复。", "Nothing is restored before repair and inspection.")
        order.add("restore.repair", "repair", place, "restore", "operator", why)
    for place in where:
        why = say("送电前拆除全部接地线。", "All earths come off before supply returns.")
        order.add("restore.unearth", "unearth", place, "restore", "operator", why)
    for row in outage.guard:
        device = order.problem.feeder.switches[row].id
        why = say("抢修结束，恢复操作权。", "Repair is over: it may be operated again.")
        order.add("restore.untag", "untag", device, "restore", "operator", why)
    order.barrier = (len(order.steps),)
    stopped: dict[str, str] = {**order.problem.placed, **{one.truck: one.site for one in columns}}
    for truck in stopped:
        why = say("恢复电网供电前先停机，不与电网并列。", "Stops before the grid returns: never in parallel.")
        order.running.pop(truck, None)
        order.mark(order.add("restore.stop", "stop_truck", truck, "restore", "truck_crew", why))
        why = say("发电车撤离。", "The truck withdraws.")
        order.add("restore.withdraw", "disconnect", truck, "restore", "truck_crew", why)
    _to_normal(order, grid, outage)


def _to_normal(order: Order, grid: Grid, outage: Outage) -> None:
    """Open what is normally open, then close what is normally closed, from the sources outwards."""
    switches = order.problem.feeder.switches
    stuck = set(order.problem.unavailable)
    to_close = [one for one in switches if one.closed and not order.closed[one.id] and one.id not in stuck]
    to_open = [one for one in switches if not one.closed and order.closed[one.id] and one.id not in stuck]
    breaker = switches[outage.tripped] if outage.tripped != NONE else None
    breaker = breaker if breaker is not None and breaker.id not in stuck and order.closed[breaker.id] else None
    by_hand = any(one.kind not in UNDER_LOAD for one in (*to_close, *to_open))
    back = say("恢复正常运行方式。", "Back to the normal state.")
    if by_hand and breaker is not None:
        why = say("隔离开关不得带负荷操作，先停电。", "Disconnectors are not operated under load: switch off first.")
        order.switch("restore.off", "open", breaker.id, "restore", why)
        to_close.append(breaker)
    for one in reversed(to_open):
        order.switch("restore.open", "open", one.id, "restore", back)
    away = {
        one.id: _away(grid, grid.switch_row[one.id]) - (0.5 if one.kind == "breaker" and by_hand else 0.0)
        for one in to_close
    }
    for one in sorted(to_close, key=lambda one: (by_hand and one is breaker, away[one.id])):
        order.switch("restore.close", "close", one.id, "restore", back)
    for source in order.problem.feeder.sources:
        if source.id not in order.sources:
            order.sources.add(source.id)
            order.mark(order.add("restore.source", "close", source.id, "restore", "dispatcher", back))


def _away(grid: Grid, row: int) -> float:
    """How far from its source a switch lies in the normal state."""
    branch, end = int(grid.branch_of[row]), int(grid.end[row])
    other = int(grid.f[branch] + grid.t[branch] - end)
    if grid.from_source[other] == branch:
        return float(grid.depth[end]) + 0.25
    return float(grid.depth[other]) + 0.75 if grid.from_source[end] == branch else 0.0
