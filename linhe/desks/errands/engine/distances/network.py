"""A road network: places snap to their nearest junction, shortest ways by Dijkstra, rows once computed are kept.

Only the largest part in which every junction can be reached from every other one is used, so there is a way between
any two places; one that lies too far from it is refused by name.

References
----------
E. W. Dijkstra (1959), A note on two problems in connexion with graphs, doi:10.1007/BF01386390.
"""

from dataclasses import dataclass
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from . import Floats, Pace, Table, Unreachable
from .straight import EARTH_M, great_circle

Ints = NDArray[np.int64]

FURTHEST_M = 1_500.0
AT_ONCE = 64  # origins a run of Dijkstra
KEPT_BYTES = 200_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """One-way pieces of road between junctions (rows of ``places``); a road for both directions stands twice.

    Parameters
    ----------
    places : (N, 2) longitude, latitude. [degree]
    origin, goal : (E,) rows of ``places``.
    metres : (E,) > 0; raised to the great circle where it is below. [m]
    seconds : (E,) > 0, when the roads are free. [s]
    """

    places: Floats
    origin: Ints
    goal: Ints
    metres: Floats
    seconds: Floats

    def __post_init__(self) -> None:
        for name in ("origin", "goal"):
            rows = getattr(self, name)
            if len(rows) and not (rows.min() >= 0 and rows.max() < len(self.places)):
                raise ValueError(f"{name}: names a junction that is not there")
        for name in ("metres", "seconds"):
            values = getattr(self, name)
            wrong = np.flatnonzero(~(np.isfinite(values) & (values > 0)))
            if len(wrong):
                raise ValueError(f"{name}: row {int(wrong[0])}: must be above 0")


class RoadNetwork:
    """Distances and times along roads.

    Parameters
    ----------
    edges : Edges
    pace : Pace, optional
    access_kmh : float
        Speed between a place and its junction, along the straight line. [km/h]
    furthest_m : float
        Longest such way. [m]

    Raises
    ------
    ValueError
        If no two junctions are connected both ways.
    """

    def __init__(
        self, edges: Edges, pace: Pace | None = None, access_kmh: float = 8.0, furthest_m: float = FURTHEST_M
    ) -> None:
        self.pace, self.access_mps, self.furthest_m = pace or Pace(), access_kmh / 3.6, furthest_m
        graph = _graph(edges, np.ones(len(edges.origin)), len(edges.places))
        _, part = connected_components(graph, directed=True, connection="strong")
        counts = np.bincount(part) if len(part) else np.zeros(1, dtype=np.int64)
        if counts.max() < 2:
            raise ValueError("edges: no two junctions are connected both ways")
        kept = part == counts.argmax()
        self.left_out = int(len(kept) - kept.sum())
        row = np.cumsum(kept) - 1
        inside = kept[edges.origin] & kept[edges.goal]
        self.places: Floats = edges.places[kept]
        mine = Edges(
            self.places, row[edges.origin[inside]], row[edges.goal[inside]], edges.metres[inside], edges.seconds[inside]
        )
        self.metres = _graph(mine, np.maximum(mine.metres, _straight_lengths(mine)), len(self.places))
        self.seconds = _graph(mine, mine.seconds, len(self.places))
        self._tree = cKDTree(_on_sphere(self.places))
        self._rows: dict[tuple[str, int], Floats] = {}
        self._lock = Lock()

    def snap(self, places: Floats) -> tuple[Ints, Floats]:
        """(nearest junction of each place, straight metres to it).

        Raises
        ------
        Unreachable
            If a place lies further than ``furthest_m`` from every junction.
        """
        node = self._tree.query(_on_sphere(places))[1].astype(np.int64) if len(places) else np.empty(0, dtype=np.int64)
        apart = np.array([great_circle(places[k : k + 1], self.places[n : n + 1])[0, 0] for k, n in enumerate(node)])
        far = np.flatnonzero(apart > self.furthest_m)
        if len(far):
            raise Unreachable(f"place {int(far[0])}: {apart[far[0]]:,.0f} m from the nearest road")
        return node, apart

    def table(self, origins: Floats, goals: Floats, *, hour: int | None = None) -> Table:
        """See :class:`Distances`."""
        start, to_start = self.snap(origins)
        end, from_end = self.snap(goals)
        access = to_start[:, None] + from_end
        straight = great_circle(origins, goals)
        same = start[:, None] == end  # between places of one junction nobody goes by the junction
        metres = np.maximum(np.where(same, straight, access + self._ways("metres", start, end)), straight)
        driven = self._ways("seconds", start, end) * self.pace.at(hour)
        seconds = np.where(same, straight / self.access_mps, access / self.access_mps + driven)
        return Table(metres, seconds)

    def _ways(self, weight: str, start: Ints, end: Ints) -> Floats:
        """(n, m) shortest ways between junctions; rows of origins met before come from memory."""
        graph = self.metres if weight == "metres" else self.seconds
        wanted, back = np.unique(start, return_inverse=True)
        kept = {int(node): self._rows.get((weight, int(node))) for node in wanted}
        ways = {node: row[end] for node, row in kept.items() if row is not None}
        missing = [node for node, row in kept.items() if row is None]
        for low in range(0, len(missing), AT_ONCE):
            some = missing[low : low + AT_ONCE]
            for node, row in zip(some, dijkstra(graph, directed=True, indices=some), strict=True):
                ways[node] = row[end]
                self._keep((weight, node), row)
        if not len(wanted):
            return np.empty((0, len(end)))
        return np.array([ways[int(node)] for node in wanted])[back]

    def _keep(self, key: tuple[str, int], row: Floats) -> None:
        """Keep a row; the oldest go when the memory is full."""
        with self._lock:
            while len(self._rows) * row.nbytes >= KEPT_BYTES:
                del self._rows[next(iter(self._rows))]
            self._rows[key] = row


def _graph(edges: Edges, weights: Floats, count: int) -> csr_array:
    """The least weight of each pair of junctions (parallel roads would be added up otherwise)."""
    order = np.lexsort((weights, edges.goal, edges.origin))
    origin, goal, weight = edges.origin[order], edges.goal[order], weights[order]
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (origin[1:] != origin[:-1]) | (goal[1:] != goal[:-1])
    return csr_array((weight[first], (origin[first], goal[first])), shape=(count, count))


def _straight_lengths(edges: Edges) -> Floats:
    """(E,) great circle of each edge."""
    a, b = np.radians(edges.places[edges.origin]), np.radians(edges.places[edges.goal])
    up, across = np.sin((b[:, 1] - a[:, 1]) / 2) ** 2, np.sin((b[:, 0] - a[:, 0]) / 2) ** 2
    half = np.sqrt(up + across * np.cos(a[:, 1]) * np.cos(b[:, 1]))
    apart: Floats = 2 * EARTH_M * np.arcsin(np.minimum(half, 1.0))
    return apart


def _on_sphere(places: Floats) -> Floats:
    east, north = np.radians(places[:, 0]), np.radians(places[:, 1])
    unit: Floats = np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
    return unit * EARTH_M
