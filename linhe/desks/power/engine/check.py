"""The independent check: each state of the order of switching by ``power-grid-model``, never by the planner's sweep.

It is made from the problem and the positions of the switches alone: nothing of the planner's contraction, trees or
voltages comes in.

References
----------
Y. Xiang et al. (2023), PowerGridModel, doi:10.5281/zenodo.8054429.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from power_grid_model import CalculationMethod, LoadGenType, PowerGridModel, initialize_array
from power_grid_model.errors import PowerGridError  # type: ignore[attr-defined]  # not listed, but documented

from .network import Feeder, Limits, Line, Site, Switch, Transformer, Truck
from .problem import Problem
from .recent import Recent
from .result import State

Array = np.ndarray[Any, Any]
Flow = Mapping[str, Mapping[str, Array]]
"""What was computed: kind of element -> quantity -> (positions, elements)."""

STIFF_VA = 1e13
"""Short-circuit power of a source: its bus is held as by the grid above."""

KILO, MEGA = 1e3, 1e6
TOLERANCE = 2e-6
KEPT = 256
"""How many states of one network are kept: that before a fault and the normal one come again with every fault."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """The network at one moment: switches closed, sources in service, and where trucks feed (truck -> site)."""

    closed: Mapping[str, bool]
    sources: frozenset[str]
    running: Mapping[str, str] = field(default_factory=dict)


class Checker:
    """Power flows of positions of one problem's network."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        feeder = problem.feeder
        self.node = {one.id: row for row, one in enumerate(feeder.buses)}
        self.kv = np.array([one.kv for one in feeder.buses])
        self.ends: dict[str, list[tuple[str, str]]] = {}
        for switch in feeder.switches:
            self.ends.setdefault(switch.element or switch.id, []).append((switch.id, switch.bus))
        self.switch_row = {one.id: row for row, one in enumerate(feeder.switches)}
        ends = {one.id: (one.from_bus, one.to_bus) for one in feeder.wires}
        self.reach = [ends[one.element] if one.element else (one.bus, str(one.to_bus)) for one in feeder.switches]
        self.load_at = np.array([self.node[one.bus] for one in feeder.loads], dtype=np.int64)
        self.load_kw = np.array([one.kw for one in feeder.loads])
        self.bus_ids = np.array([one.id for one in feeder.buses], dtype=object)
        self.truck_sites = [(truck, site) for truck in problem.trucks for site in problem.sites]
        self._number = 0
        self._known: dict[tuple[bytes, frozenset[str], frozenset[tuple[str, str]]], State] = {}
        self.input = self._network()
        self.switched = self._switched()
        self.model = PowerGridModel(self.input)

    def _ids(self, count: int) -> Array:
        self._number += count
        return np.arange(self._number - count, self._number)

    def _network(self) -> dict[str, Array]:
        feeder = self.problem.feeder
        node = initialize_array("input", "node", len(feeder.buses))
        node["id"], node["u_rated"] = self._ids(len(node)), self.kv * KILO
        line = initialize_array("input", "line", len(feeder.lines))
        line["id"] = self._ids(len(line))
        line["from_node"] = [self.node[one.from_bus] for one in feeder.lines]
        line["to_node"] = [self.node[one.to_bus] for one in feeder.lines]
        line["from_status"] = line["to_status"] = 1
        line["r1"], line["x1"] = [one.r_ohm for one in feeder.lines], [one.x_ohm for one in feeder.lines]
        line["c1"] = [one.b_us * 1e-6 / (2 * np.pi * 50) for one in feeder.lines]
        line["tan1"] = 0.0
        transformer = self._transformers()
        between = [one for one in feeder.switches if one.element is None]
        link = initialize_array("input", "link", len(between))
        link["id"] = self._ids(len(link))
        link["from_node"] = [self.node[one.bus] for one in between]
        link["to_node"] = [self.node[str(one.to_bus)] for one in between]
        link["from_status"] = link["to_status"] = 1
        load = initialize_array("input", "sym_load", len(feeder.loads))
        load["id"] = self._ids(len(load))
        load["node"] = [self.node[one.bus] for one in feeder.loads]
        load["status"], load["type"] = 1, LoadGenType.const_power
        load["p_specified"] = [one.kw * KILO for one in feeder.loads]
        load["q_specified"] = [one.kvar * KILO for one in feeder.loads]
        bus_of = {one.id: one.bus for one in self.problem.sites}
        places = [(one.bus, one.v_pu) for one in feeder.sources]
        places += [(bus_of[site.id], truck.v_pu) for truck, site in self.truck_sites]
        source = initialize_array("input", "source", len(places))
        source["id"] = self._ids(len(source))
        source["node"], source["u_ref"] = [self.node[bus] for bus, _ in places], [v for _, v in places]
        source["status"], source["sk"] = 0, STIFF_VA
        source["status"][: len(feeder.sources)] = 1
        self.between = between
        wound = feeder.transformers
        first = [(one.rating_mva, one.emergency_mva, one.from_bus) for one in feeder.wires]
        second = [(one.rating_mva, one.emergency_mva, one.to_bus) for one in wound]
        rate, rate_wound = self._amperes(first), self._amperes(second)
        rate_link = self._amperes([(one.rating_mva, None, one.bus) for one in between])
        rated: dict[str, tuple[Sequence[Line | Transformer | Switch], Array, Array]] = {
            "line": (feeder.lines, rate[: len(line)], rate[: len(line)]),
            "generic_branch": (wound, rate[len(line) :], rate_wound),
            "link": (between, rate_link, rate_link),
        }
        self.rated = {
            kind: (np.array([one.id for one in members], dtype=object), *rates)
            for kind, (members, *rates) in rated.items()
            if members and np.isfinite(rates).any()
        }
        self.told: list[Any] = ["node", "source", *self.rated]
        found = {
            "node": node,
            "line": line,
            "generic_branch": transformer,
            "link": link,
            "sym_load": load,
            "source": source,
        }
        return {name: rows for name, rows in found.items() if len(rows)}

    def _transformers(self) -> Array:
        feeder = self.problem.feeder
        rows = initialize_array("input", "generic_branch", len(feeder.transformers))
        rows["id"] = self._ids(len(rows))
        rows["from_node"] = [self.node[one.from_bus] for one in feeder.transformers]
        rows["to_node"] = [self.node[one.to_bus] for one in feeder.transformers]
        rows["from_status"] = rows["to_status"] = 1
        rows["r1"], rows["x1"] = [one.r_ohm for one in feeder.transformers], [one.x_ohm for one in feeder.transformers]
        rows["g1"], rows["b1"] = (
            [one.g_us * 1e-6 for one in feeder.transformers],
            [one.b_us * 1e-6 for one in feeder.transformers],
        )
        rows["k"] = [one.ratio for one in feeder.transformers]
        return rows

    def _amperes(self, rated: Sequence[tuple[float | None, float | None, str]]) -> Array:
        limits = self.problem.limits
        found = []
        for normal, emergency, bus in rated:
            mva = emergency if limits.emergency and emergency is not None else normal
            kv = self.kv[self.node[bus]]
            known = limits.thermal and mva is not None
            found.append(
                mva * limits.loading * MEGA / (np.sqrt(3) * kv * KILO) if known and mva is not None else np.inf
            )
        return np.array(found)

    def states(self, positions: Sequence[Position]) -> list[State]:
        """The state of the network in each position; what was computed before is not computed again."""
        closed = self._closed(positions)
        keys = [
            (closed[row].tobytes(), one.sources, frozenset(one.running.items())) for row, one in enumerate(positions)
        ]
        known = dict(self._known)
        for row in range(1, len(keys)):
            before = known.get(keys[row - 1])
            moved = np.flatnonzero(closed[row] != closed[row - 1])
            if before and keys[row] not in known and keys[row][1:] == keys[row - 1][1:] and self._dead(before, moved):
                known[keys[row]] = before
        new = {key: one for key, one in zip(keys, positions, strict=True) if key not in known}
        known |= zip(new, self._solved(list(new.values())), strict=True)
        self._known = known if len(known) <= KEPT else {}
        return [known[key] for key in keys]

    def _dead(self, state: State, moved: Array) -> bool:
        """Whether all these switches are at elements without voltage: moving them changes nothing."""
        alive = set(state.energised)
        return not any(bus in alive for row in moved for bus in self.reach[row])

    def _solved(self, positions: Sequence[Position]) -> list[State]:
        """All positions in one batch; each alone where the batch fails, so that one that collapses hides no other."""
        if not positions:
            return []
        try:
            out = self._flow(positions, CalculationMethod.iterative_current)
        except PowerGridError:
            return [self._single(one) for one in positions]
        return self._states(positions, out)

    def _flow(self, positions: Sequence[Position], method: CalculationMethod) -> Flow:
        found: dict[Any, Any] = self.model.calculate_power_flow(
            update_data=self._update(positions), calculation_method=method, error_tolerance=1e-8, max_iterations=30,
            output_component_types=self.told,
        )  # fmt: skip
        return found

    def losses_kw(self, positions: Sequence[Position]) -> list[float]:
        """What the network itself takes in each position. [kW]"""
        out: Mapping[Any, Array] = self.model.calculate_power_flow(
            update_data=self._update(positions), error_tolerance=1e-10
        )
        drawn = (out["source"]["p"].sum(axis=1) - out["sym_load"]["p"].sum(axis=1)) / KILO
        return [float(one) for one in drawn]

    def _single(self, position: Position) -> State:
        try:
            out = self._flow([position], CalculationMethod.newton_raphson)
        except PowerGridError as error:
            return State(
                energised=(), islands={}, served_kw=0.0, v_min=0.0, v_min_bus="", max_loading_pct=0.0,
                max_loading_at="", ok=False, broken=(f"no power flow: {str(error).splitlines()[0]}",),
            )  # fmt: skip
        return self._states([position], out)[0]

    def _switched(self) -> dict[str, tuple[Array, Array, Array]]:
        """Elements with switches, by kind: (ids, row of the switch at the first end, at the second); -1 = none."""
        feeder = self.problem.feeder
        kinds: dict[str, tuple[Line | Transformer, ...]] = {"line": feeder.lines, "generic_branch": feeder.transformers}
        found = {}
        for kind, elements in kinds.items():
            at = np.full((len(elements), 2), -1)
            for row, one in enumerate(elements):
                for switch, bus in self.ends.get(one.id, ()):
                    at[row, int(bus != one.from_bus)] = self.switch_row[switch]
            movable = (at >= 0).any(axis=1)
            if movable.any():
                found[kind] = self.input[kind]["id"][movable], at[movable, 0], at[movable, 1]
        if self.between:
            rows = np.array([self.switch_row[one.id] for one in self.between])
            found["link"] = self.input["link"]["id"], rows, rows
        return found

    def _closed(self, positions: Sequence[Position]) -> Array:
        """(positions, switches) 1 where closed."""
        return np.array([list(map(one.closed.__getitem__, self.switch_row)) for one in positions], dtype=np.int8)

    def _update(self, positions: Sequence[Position]) -> dict[str, Array]:
        count = len(positions)
        update: dict[str, Array] = {}
        # A last column of ones: an end without a switch, row -1, is always closed.
        closed = np.concatenate([self._closed(positions), np.ones((count, 1), dtype=np.int8)], axis=1)
        for kind, (ids, first, second) in self.switched.items():
            rows = initialize_array("update", kind, (count, len(ids)))
            rows["id"], rows["from_status"], rows["to_status"] = ids, closed[:, first], closed[:, second]
            update[kind] = rows
        rows = initialize_array("update", "source", (count, len(self.input["source"])))
        rows["id"] = self.input["source"]["id"]
        for row, position in enumerate(positions):
            on = [one.id in position.sources for one in self.problem.feeder.sources]
            rows["status"][row] = on + [position.running.get(truck.id) == site.id for truck, site in self.truck_sites]
        update["source"] = rows
        return update

    def _states(self, positions: Sequence[Position], out: Flow) -> list[State]:
        alive = out["node"]["energized"].astype(bool)
        v = out["node"]["u_pu"]
        low, high = np.where(alive, v, np.inf), np.where(alive, v, -np.inf)
        hot, where = self._loading(out)
        overdrawn = self._overdrawn(out)
        return [
            self._state(position, alive[k], low[k], high[k], hot[k], where[k], overdrawn[k])
            for k, position in enumerate(positions)
        ]

    def _state(
        self, position: Position, alive: Array, low: Array, high: Array, hot: float, where: str, overdrawn: list[str]
    ) -> State:
        feeder, limits = self.problem.feeder, self.problem.limits
        some, least, most = bool(alive.any()), int(np.argmin(low)), int(np.argmax(high))
        broken = []
        if some and low[least] < limits.v_min - TOLERANCE:
            broken.append(f"{feeder.buses[least].id}: {low[least]:.4f} pu below {limits.v_min}")
        if some and high[most] > limits.v_max + TOLERANCE:
            broken.append(f"{feeder.buses[most].id}: {high[most]:.4f} pu above {limits.v_max}")
        if hot > 100.0 + 100 * TOLERANCE:
            broken.append(f"{where}: {hot:.1f} %")
        broken += overdrawn
        return State(
            energised=tuple(self.bus_ids[alive]),
            islands=self._islands(position, alive),
            served_kw=float(self.load_kw[alive[self.load_at]].sum()),
            v_min=float(low[least]) if some else 1.0,
            v_min_bus=feeder.buses[least].id if some else "",
            max_loading_pct=hot,
            max_loading_at=where,
            ok=not broken,
            broken=tuple(broken),
        )

    def _loading(self, out: Flow) -> tuple[list[float], list[str]]:
        """The highest loading in each state [%], and where."""
        count = len(out["node"]["u_pu"])
        hot, where = np.zeros(count), np.full(count, "", dtype=object)
        for kind, (names, rate_from, rate_to) in self.rated.items():
            load = np.maximum(np.abs(out[kind]["i_from"]) / rate_from, np.abs(out[kind]["i_to"]) / rate_to) * 100.0
            top = np.nanargmax(load, axis=1)
            highest = np.take_along_axis(load, top[:, None], axis=1)[:, 0]
            where = np.where(highest > hot, names[top], where)
            hot = np.maximum(hot, highest)
        return hot.tolist(), where.tolist()

    def _overdrawn(self, out: Flow) -> list[list[str]]:
        """The trucks that give more than they are rated for, in each state."""
        grid_sources = len(self.problem.feeder.sources)
        given_p, given_s = out["source"]["p"][:, grid_sources:], out["source"]["s"][:, grid_sources:]
        found: list[list[str]] = [[] for _ in given_p]
        for column, (truck, _) in enumerate(self.truck_sites):
            p, s = given_p[:, column] / MEGA, given_s[:, column] / MEGA
            for k in np.flatnonzero((p > truck.mw * (1 + TOLERANCE)) | (s > truck.mva * (1 + TOLERANCE))):
                found[k].append(f"{truck.id}: {p[k]:.3f} MW, {s[k]:.3f} MVA of {truck.mw} MW, {truck.mva} MVA")
        return found

    def _islands(self, position: Position, alive: Array) -> dict[str, tuple[str, ...]]:
        """The buses that each running truck feeds, by following conducting elements."""
        if not position.running:
            return {}
        links: dict[str, list[str]] = {}
        feeder = self.problem.feeder
        pairs = [(one.id, one.from_bus, one.to_bus) for one in feeder.wires]
        pairs += [(one.id, one.bus, str(one.to_bus)) for one in self.between]
        for name, one_end, other in pairs:
            if all(position.closed[switch] for switch, _ in self.ends.get(name, ())):
                links.setdefault(one_end, []).append(other)
                links.setdefault(other, []).append(one_end)
        bus_of = {one.id: one.bus for one in self.problem.sites}
        found = {}
        for truck, site in position.running.items():
            seen, todo = set(), [bus_of[site]]
            while todo:
                at = todo.pop()
                if at not in seen:
                    seen.add(at)
                    todo += links.get(at, [])
            found[truck] = tuple(one.id for one in feeder.buses if one.id in seen and alive[self.node[one.id]])
        return found


def checker_of(problem: Problem) -> Checker:
    """The checker of a problem's network, made once for all faults of it."""
    return _made(problem.feeder, problem.limits, problem.trucks, problem.sites)


@Recent
def _made(feeder: Feeder, limits: Limits, trucks: tuple[Truck, ...], sites: tuple[Site, ...]) -> Checker:
    return Checker(Problem(feeder=feeder, limits=limits, trucks=trucks, sites=sites))
