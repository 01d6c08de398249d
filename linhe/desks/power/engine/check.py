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

from .network import Line, Transformer
from .problem import Problem
from .result import State

Array = np.ndarray[Any, Any]

STIFF_VA = 1e13
"""Short-circuit power of a source: its bus is held as by the grid above."""

KILO, MEGA = 1e3, 1e6
TOLERANCE = 2e-6


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
        self.load_at = np.array([self.node[one.bus] for one in feeder.loads], dtype=np.int64)
        self.load_kw = np.array([one.kw for one in feeder.loads])
        self.bus_ids = np.array([one.id for one in feeder.buses], dtype=object)
        self.truck_sites = [(truck, site) for truck in problem.trucks for site in problem.sites]
        self._number = 0
        self.input = self._network()
        self.model = PowerGridModel(self.input)

    def _ids(self, count: int) -> Array:
        self._number += count
        return np.arange(self._number - count, self._number)

    def _network(self) -> dict[str, Array]:
        feeder, limits = self.problem.feeder, self.problem.limits
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
        self.rate_line = self._amperes([(one.rating_mva, one.emergency_mva, one.from_bus) for one in feeder.lines])
        wound = feeder.transformers
        self.rate_transformer = (
            self._amperes([(one.rating_mva, one.emergency_mva, one.from_bus) for one in wound]),
            self._amperes([(one.rating_mva, one.emergency_mva, one.to_bus) for one in wound]),
        )
        self.rate_link = self._amperes([(one.rating_mva, None, one.bus) for one in between])
        self.thermal = limits.thermal
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
        """The state of the network in each position."""
        try:
            out = self.model.calculate_power_flow(
                update_data=self._update(positions), calculation_method=CalculationMethod.newton_raphson,
                error_tolerance=1e-8, max_iterations=30,
            )  # fmt: skip
        except PowerGridError:
            return [self._single(one) for one in positions]
        return [self._state(one, {name: rows[k] for name, rows in out.items()}) for k, one in enumerate(positions)]

    def losses_kw(self, positions: Sequence[Position]) -> list[float]:
        """What the network itself takes in each position. [kW]"""
        found = self.model.calculate_power_flow(update_data=self._update(positions), error_tolerance=1e-10)
        out: Mapping[Any, Array] = found
        drawn = (out["source"]["p"].sum(axis=1) - out["sym_load"]["p"].sum(axis=1)) / KILO
        return [float(one) for one in drawn]

    def _single(self, position: Position) -> State:
        """One position alone, so that one that collapses does not hide the others."""
        try:
            out = self.model.calculate_power_flow(
                update_data=self._update([position]), calculation_method=CalculationMethod.newton_raphson,
                error_tolerance=1e-8, max_iterations=30,
            )  # fmt: skip
        except PowerGridError as error:
            return State(
                energised=(), islands={}, served_kw=0.0, v_min=0.0, v_min_bus="", max_loading_pct=0.0,
                max_loading_at="", ok=False, broken=(f"no power flow: {str(error).splitlines()[0]}",),
            )  # fmt: skip
        return self._state(position, {name: rows[0] for name, rows in out.items()})

    def _update(self, positions: Sequence[Position]) -> dict[str, Array]:
        feeder, count = self.problem.feeder, len(positions)
        update: dict[str, Array] = {}
        closed = np.array(
            [[position.closed[name] for name in self.switch_row] for position in positions], dtype=np.int8
        )
        kinds: dict[str, tuple[Line | Transformer, ...]] = {"line": feeder.lines, "generic_branch": feeder.transformers}
        for kind, elements in kinds.items():
            if not elements:
                continue
            rows = initialize_array("update", kind, (count, len(elements)))
            rows["id"] = self.input[kind]["id"]
            rows["from_status"] = rows["to_status"] = 1
            for column, one in enumerate(elements):
                for switch, bus in self.ends.get(one.id, ()):
                    side = "from_status" if bus == one.from_bus else "to_status"
                    rows[side][:, column] &= closed[:, self.switch_row[switch]]
            update[kind] = rows
        if self.between:
            rows = initialize_array("update", "link", (count, len(self.between)))
            rows["id"] = self.input["link"]["id"]
            for column, switch_between in enumerate(self.between):
                states = closed[:, self.switch_row[switch_between.id]]
                rows["from_status"][:, column] = rows["to_status"][:, column] = states
            update["link"] = rows
        rows = initialize_array("update", "source", (count, len(self.input["source"])))
        rows["id"] = self.input["source"]["id"]
        for row, position in enumerate(positions):
            on = [one.id in position.sources for one in feeder.sources]
            on += [position.running.get(truck.id) == site.id for truck, site in self.truck_sites]
            rows["status"][row] = on
        update["source"] = rows
        return update

    def _state(self, position: Position, out: Mapping[str, Array]) -> State:
        feeder, limits = self.problem.feeder, self.problem.limits
        alive = out["node"]["energized"].astype(bool)
        v = out["node"]["u_pu"]
        low = int(np.argmin(np.where(alive, v, np.inf))) if alive.any() else 0
        broken = []
        if alive.any() and v[low] < limits.v_min - TOLERANCE:
            broken.append(f"{feeder.buses[low].id}: {v[low]:.4f} pu below {limits.v_min}")
        high = int(np.argmax(np.where(alive, v, -np.inf))) if alive.any() else 0
        if alive.any() and v[high] > limits.v_max + TOLERANCE:
            broken.append(f"{feeder.buses[high].id}: {v[high]:.4f} pu above {limits.v_max}")
        hot, where = self._loading(out)
        if hot > 100.0 + 100 * TOLERANCE:
            broken.append(f"{where}: {hot:.1f} %")
        broken += self._overdrawn(out)
        fed = float(self.load_kw[alive[self.load_at]].sum())
        return State(
            energised=tuple(self.bus_ids[alive]),
            islands=self._islands(position, alive),
            served_kw=fed,
            v_min=float(v[low]) if alive.any() else 1.0,
            v_min_bus=feeder.buses[low].id if alive.any() else "",
            max_loading_pct=hot,
            max_loading_at=where,
            ok=not broken,
            broken=tuple(broken),
        )

    def _loading(self, out: Mapping[str, Array]) -> tuple[float, str]:
        feeder = self.problem.feeder
        lines, wound = [one.id for one in feeder.lines], [one.id for one in feeder.transformers]
        groups: list[tuple[str, list[str], Array, Array]] = [
            ("line", lines, self.rate_line, self.rate_line),
            ("generic_branch", wound, *self.rate_transformer),
            ("link", [one.id for one in self.between], self.rate_link, self.rate_link),
        ]
        hot, where = 0.0, ""
        for kind, names, rate_from, rate_to in groups:
            if not names:
                continue
            load = np.maximum(np.abs(out[kind]["i_from"]) / rate_from, np.abs(out[kind]["i_to"]) / rate_to) * 100.0
            top = int(np.nanargmax(load))
            if load[top] > hot:
                hot, where = float(load[top]), names[top]
        return hot, where

    def _overdrawn(self, out: Mapping[str, Array]) -> list[str]:
        grid_sources = len(self.problem.feeder.sources)
        found = []
        for (truck, _), row in zip(self.truck_sites, out["source"][grid_sources:], strict=True):
            p, s = row["p"] / MEGA, row["s"] / MEGA
            if p > truck.mw * (1 + TOLERANCE) or s > truck.mva * (1 + TOLERANCE):
                found.append(f"{truck.id}: {p:.3f} MW, {s:.3f} MVA of {truck.mw} MW, {truck.mva} MVA")
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
