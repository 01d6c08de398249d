"""Plain enumeration with plain power flows: shares no code with the planner, for faults where it is finite."""

from __future__ import annotations

from itertools import combinations

from linhe.desks.power.engine import Problem, Result
from linhe.desks.power.engine.network import Line

Edge = tuple[str, str, str]
MOST_STATES = 60_000


def agrees(problem: Problem, result: Result) -> bool | None:
    """Whether no radial state with fewer operations, or any when none was found, restores all; None = too many."""
    found = fewest(problem)
    if found is None:
        return None
    return found == (result.operations if result.status == "restored" and not result.islands else -1)


def fewest(problem: Problem) -> int | None:
    """The fewest operations that feed every healthy bus; -1 when no radial state does; None = too many states."""
    failed = set(problem.fault.elements if problem.fault else ())
    barred = {one.element for one in problem.feeder.switches if one.id in problem.unavailable and not one.closed}
    open_now = {one.element for one in problem.feeder.switches if not one.closed}
    edges = [(one.id, one.from_bus, one.to_bus) for one in problem.feeder.lines if one.id not in failed | barred]
    ties = [edge for edge in edges if edge[0] in open_now]
    closed = [edge for edge in edges if edge[0] not in open_now]
    buses = [one.id for one in problem.feeder.buses]
    lines = {one.id: one for one in problem.feeder.lines}
    states = 0
    for count in range(1, len(ties) + 1):
        for chosen in combinations(ties, count):
            for opened in combinations(closed, count - 1):
                states += 1
                if states > MOST_STATES * 50:
                    return None
                kept = [edge for edge in closed if edge not in opened] + list(chosen)
                tree = _tree(problem.feeder.sources[0].bus, buses, kept)
                if tree is not None and _holds(problem, tree, lines):
                    return 2 * count - 1
    return -1


def _tree(root: str, buses: list[str], edges: list[Edge]) -> list[Edge] | None:
    """Edges from the root outwards, (line, parent, child); None unless they are a spanning tree."""
    if len(edges) != len(buses) - 1:
        return None
    at: dict[str, list[tuple[str, str]]] = {}
    for name, one, other in edges:
        at.setdefault(one, []).append((name, other))
        at.setdefault(other, []).append((name, one))
    seen, todo, found = {root}, [root], []
    for place in todo:
        for name, other in at.get(place, ()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
                found.append((name, place, other))
    return found if len(seen) == len(buses) else None


def _holds(problem: Problem, tree: list[Edge], lines: dict[str, Line]) -> bool:
    """A plain backward and forward sweep in kV, kA and ohms."""
    kv = {one.id: one.kv for one in problem.feeder.buses}
    power = {one.bus: complex(one.kw, one.kvar) / 1000.0 for one in problem.feeder.loads}
    root = problem.feeder.sources[0]
    start = complex(kv[root.bus] * root.v_pu)
    volts = dict.fromkeys(kv, start)
    limits = problem.limits
    for _ in range(80):
        current = {bus: (power.get(bus, 0j) / volts[bus]).conjugate() / 3**0.5 for bus in kv}
        for _, parent, child in reversed(tree):
            current[parent] += current[child]
        change = 0.0
        for name, parent, child in tree:
            one = lines[name]
            new = volts[parent] - 3**0.5 * complex(one.r_ohm, one.x_ohm) * current[child]
            change = max(change, abs(new - volts[child]))
            volts[child] = new
        low = min(abs(volts[bus]) / kv[bus] for bus in kv)
        if low < limits.v_min - 0.01:
            return False
        if change < 1e-9:
            break
    hot = limits.thermal and any(
        3**0.5 * kv[child] * abs(current[child]) > (lines[name].rating_mva or 1e9) * (1 + 1e-9)
        for name, _, child in tree
    )
    return low >= limits.v_min - 1e-9 and not hot
