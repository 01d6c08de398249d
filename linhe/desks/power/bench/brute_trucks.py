"""Plain enumeration of what trucks can feed: every connected island round every connection point, every assignment.

Shares no code with the planner: sets of names as bits of a number, a sweep in kV and kA on dictionaries. For feeders
whose ties stay open, where each line has a switch at both ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from linhe.desks.power.engine import Problem, Result
from linhe.desks.power.engine.network import Line, Truck

MOST_ISLANDS = 60_000
"""Islands of one truck at one point; beyond, a fault is left out of the comparison."""
WEIGHTS = {1: 100.0, 2: 10.0, 3: 1.0}
CLOSE = 1e-6

Island = tuple[float, int, str, Truck]
"""Worth, buses as bits, the bus where the truck stands, the truck."""


def agrees(problem: Problem, result: Result) -> bool | None:
    """Whether the planner feeds as much by trucks as the best of all choices; None = too many islands."""
    best = most(problem)
    if best is None:
        return None
    served = result.served.by_priority if result.served else (0.0, 0.0, 0.0)
    fed = sum(WEIGHTS[place] * kw for place, kw in zip((1, 2, 3), served, strict=True))
    return abs(fed - best) < CLOSE * max(1.0, best)


def most(problem: Problem) -> float | None:
    """The worth of the load that the grid keeps and the trucks can feed at most [weighted kW]; None = too many."""
    feeder = _Feeder(problem)
    found: dict[tuple[str, str], list[Island]] = {}
    for site in problem.sites:
        if site.bus in feeder.fed:
            continue
        for truck in problem.trucks:
            islands = feeder.islands(site.bus, truck)
            if islands is None:
                return None
            found[truck.id, site.id] = islands
    sites = sorted({site for _, site in found})
    trucks = [one.id for one in problem.trucks]
    best = 0.0
    places = set(permutations([*sites, *[""] * len(trucks)], len(trucks)))
    for chosen in sorted(places, key=lambda one: (one.count(""), one)):
        lists = [found[pair] for pair in zip(trucks, chosen, strict=True) if pair[1]]
        best = max(best, feeder.packed(lists, best))
    return sum(feeder.worth[bus] for bus in feeder.fed) + best


class _Feeder:
    """What is dead after the fault, as bits, and what it draws."""

    def __init__(self, problem: Problem) -> None:
        feeder = problem.feeder
        failed = set(problem.fault.elements if problem.fault else ())
        opened = {one.element for one in feeder.switches if not one.closed}
        self.limits = problem.limits
        self.kv = {one.id: one.kv for one in feeder.buses}
        self.draw = dict.fromkeys(self.kv, 0j)
        self.worth = dict.fromkeys(self.kv, 0.0)
        for one in feeder.loads:
            self.draw[one.bus] += complex(one.kw, one.kvar) / 1000.0
            self.worth[one.bus] += WEIGHTS[one.priority] * one.kw
        self.around: dict[str, list[tuple[str, Line]]] = {name: [] for name in self.kv}
        for line in feeder.lines:
            if line.id not in failed | opened:
                self.around[line.from_bus].append((line.to_bus, line))
                self.around[line.to_bus].append((line.from_bus, line))
        self.fed = self._joined({one.bus for one in feeder.sources})
        self.bit = {name: 1 << place for place, name in enumerate(self.kv)}
        self.sound: dict[tuple[str, str, int], bool] = {}

    def _joined(self, start: set[str]) -> set[str]:
        seen, todo = set(start), list(start)
        while todo:
            for other, _ in self.around[todo.pop()]:
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return seen

    def islands(self, start: str, truck: Truck) -> list[Island] | None:
        """Every connected set of dead buses with ``start`` whose load is within the truck's rating, the worthiest
        first; what its voltages are is seen when it is chosen."""
        found: list[Island] = []
        for buses in self._grown([start], [other for other, _ in self.around[start]], set(), truck.mw):
            if len(found) >= MOST_ISLANDS:
                return None
            bits = sum(self.bit[one] for one in buses)
            found.append((sum(self.worth[one] for one in buses), bits, start, truck))
        return sorted(found, key=lambda one: -one[0])

    def _grown(self, inside: list[str], edge: list[str], out: set[str], mw: float) -> Iterator[list[str]]:
        """The set as it is, then with each bus at its edge, the ones before that left out for good."""
        if sum(self.draw[one].real for one in inside) > mw + 1e-9:
            return
        yield inside
        out = set(out)
        for place, bus in enumerate(edge):
            more = [other for other, _ in self.around[bus] if other not in inside and other not in out]
            ahead = [other for other in edge[place + 1 :] if other not in out]
            yield from self._grown([*inside, bus], ahead + more, out | {bus}, mw)
            out.add(bus)

    def packed(self, lists: list[list[Island]], best: float) -> float:
        """The best choice of one island a list, no bus twice, all within limits; ``best`` where none is better."""

        def look(place: int, worth: float, used: int) -> None:
            nonlocal best
            if place == len(lists):
                best = max(best, worth)
                return
            ahead = sum(rows[0][0] for rows in lists[place + 1 :] if rows)
            for row in lists[place]:
                if worth + row[0] + ahead <= best + CLOSE:
                    return
                if not row[1] & used and self.holds(row):
                    look(place + 1, worth + row[0], used | row[1])

        if all(lists):
            look(0, 0.0, 0)
        return best

    def holds(self, row: Island) -> bool:
        """Whether a truck can feed an island: a plain sweep from its bus, in kV, kA and MVA."""
        _, bits, start, truck = row
        key = truck.id, start, bits
        if key not in self.sound:
            self.sound[key] = self._holds(bits, start, truck)
        return self.sound[key]

    def _holds(self, bits: int, start: str, truck: Truck) -> bool:
        order: list[tuple[str, str, Line]] = []
        seen = [start]
        for bus in seen:
            for other, line in self.around[bus]:
                if self.bit[other] & bits and other not in seen:
                    seen.append(other)
                    order.append((bus, other, line))
        volts = {one: complex(self.kv[start] * truck.v_pu) for one in seen}
        current: dict[str, complex] = {}
        for _ in range(60):
            current = {one: (self.draw[one] / volts[one]).conjugate() / 3**0.5 for one in seen}
            for parent, child, _ in reversed(order):
                current[parent] += current[child]
            change = 0.0
            for parent, child, line in order:
                new = volts[parent] - 3**0.5 * complex(line.r_ohm, line.x_ohm) * current[child]
                change = max(change, abs(new - volts[child]))
                volts[child] = new
            if change < 1e-10:
                break
        given = 3**0.5 * volts[start] * current[start].conjugate()
        level = [abs(volts[one]) / self.kv[one] for one in seen]
        return (
            self.limits.v_min - 1e-9 <= min(level) and max(level) <= self.limits.v_max + 1e-9
            and given.real <= truck.mw + 1e-9 and abs(given) <= truck.mva + 1e-9
        )  # fmt: skip
