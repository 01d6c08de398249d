"""Compiled power flows of radial states: backward and forward sweeps with line charging."""

# All compiled functions stand in one file on purpose: numba's cache does not notice a change in a callee elsewhere.

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

F = TypeVar("F", bound=Callable[..., Any])
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

TURNS = 60
CLOSE = 1e-9
COLLAPSED = 0.3

OK, LOOP, DIVERGED, LOW, HIGH, HOT, WEAK = 0, 1, 2, 3, 4, 5, 6


def compiled(function: F) -> F:
    """Machine code, kept on disk beside the module."""
    return cast(F, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


@compiled
def walk(base: Any, live: Bools, roots: Ints, order: Ints, parent: Ints, mark: Ints) -> int:
    """Buses in the order from the roots; their number, or -1 where a loop closes. ``mark`` holds the root's place."""
    f, t, start, edge = base[0], base[1], base[8], base[9]
    mark[:] = -1
    count = 0
    for k in range(len(roots)):
        if mark[roots[k]] >= 0:
            return -1
        mark[roots[k]] = k
        parent[roots[k]] = -1
        order[count] = roots[k]
        count += 1
    at = 0
    while at < count:
        i = order[at]
        at += 1
        for k in range(start[i], start[i + 1]):
            e = edge[k]
            if not live[e] or e == parent[i]:
                continue
            j = t[e] if f[e] == i else f[e]
            if mark[j] >= 0:
                return -1
            mark[j] = mark[i]
            parent[j] = e
            order[count] = j
            count += 1
    return count


@compiled
def sweep(
    base: Any, p: Floats, q: Floats, rate: Floats, live: Bools, roots: Ints, root_v: Floats, limits: Floats,
    v: NDArray[np.complex128], order: Ints, parent: Ints, mark: Ints, flow: NDArray[np.complex128], early: bool,
) -> tuple[int, float, float, float]:  # fmt: skip
    """One power flow: (verdict, lowest voltage, highest loading, losses); voltages stay in ``v``.

    ``limits`` = (v_min, v_max, most MW, most MVA out of a root); ``flow`` takes the current into each bus.
    """
    f, t, r, x, b, ratio, g0, b0 = base[0], base[1], base[2], base[3], base[4], base[5], base[6], base[7]
    count = walk(base, live, roots, order, parent, mark)
    if count < 0:
        return LOOP, 0.0, 0.0, 0.0
    for k in range(count):
        v[order[k]] = root_v[mark[order[k]]]
    for turn in range(TURNS):
        for k in range(count):
            i = order[k]
            flow[i] = np.conj(complex(p[i], q[i]) / v[i])
        for k in range(count - 1, -1, -1):
            i = order[k]
            e = parent[i]
            if e < 0:
                continue
            y = complex(g0[e], b0[e])
            if f[e] == i:
                up = t[e]
                flow[i] += v[i] * (complex(0.0, b[e] / 2) + y)
                flow[up] += flow[i] * ratio[e] + v[up] * complex(0.0, b[e] / 2)
            else:
                up = f[e]
                flow[i] += v[i] * complex(0.0, b[e] / 2)
                flow[up] += flow[i] / ratio[e] + v[up] * (complex(0.0, b[e] / 2) + y)
        change = 0.0
        low = 9.0
        for k in range(count):
            i = order[k]
            e = parent[i]
            if e >= 0:
                z = complex(r[e], x[e])
                if f[e] == i:
                    new = (v[t[e]] - z * flow[i] * ratio[e]) * ratio[e]
                else:
                    new = v[f[e]] / ratio[e] - z * flow[i]
                change = max(change, abs(new - v[i]))
                v[i] = new
                low = min(low, abs(new))
        if low < COLLAPSED:
            return DIVERGED, 0.0, 0.0, 0.0
        if early and low < limits[0] - 2e-3:
            return LOW, low, 0.0, 0.0
        if change < CLOSE:
            return judge(base, p, q, rate, limits, v, order, parent, mark, flow, count, len(roots))
    return DIVERGED, 0.0, 0.0, 0.0


@compiled
def judge(
    base: Any, p: Floats, q: Floats, rate: Floats, limits: Floats, v: NDArray[np.complex128], order: Ints,
    parent: Ints, mark: Ints, flow: NDArray[np.complex128], count: int, roots: int,
) -> tuple[int, float, float, float]:  # fmt: skip
    """Whether a solved state keeps the limits."""
    f, t, b, ratio, g0, b0 = base[0], base[1], base[4], base[5], base[6], base[7]
    low, high, hot, loss = 9.0, 0.0, 0.0, 0.0
    verdict = OK
    for k in range(count):
        i = order[k]
        size = abs(v[i])
        low = min(low, size)
        high = max(high, size)
        e = parent[i]
        if e < 0:
            s = v[i] * np.conj(flow[i])
            loss += s.real - p[i]
            if s.real > limits[2] or abs(s) > limits[3]:
                verdict = WEAK
            continue
        loss -= p[i]
        y = complex(g0[e], b0[e])
        if f[e] == i:
            up = t[e]
            sent = flow[i] * ratio[e] + v[up] * complex(0.0, b[e] / 2)
        else:
            up = f[e]
            sent = flow[i] / ratio[e] + v[up] * (complex(0.0, b[e] / 2) + y)
        current = max(abs(sent), abs(flow[i]))
        hot = max(hot, current / rate[e])
        if current > rate[e] * (1 + 1e-9):
            verdict = HOT
    if low < limits[0] - 1e-9:
        verdict = LOW
    if high > limits[1] + 1e-9:
        verdict = HIGH
    return verdict, low, hot, loss


@compiled
def path(base: Any, live: Bools, is_root: Bools, a: int, c: int, found: Ints, via: Ints, queue: Ints) -> int:
    """Branches that would lie on a cycle if ``a`` and ``c`` were joined (roots count as one place); their number.

    -1 where the two are not joined yet. ``via`` must be all -2 and is left so.
    """
    f, t, start, edge = base[0], base[1], base[8], base[9]
    count, ends = 0, np.full(2, -1)
    for side in range(2):
        first = a if side == 0 else c
        via[first] = -1
        queue[0] = first
        size, at = 1, 0
        while at < size:
            i = queue[at]
            at += 1
            if side == 0 and i == c:
                ends[0] = c
                break
            if is_root[i]:
                ends[side] = i
            for k in range(start[i], start[i + 1]):
                e = edge[k]
                if live[e]:
                    j = t[e] if f[e] == i else f[e]
                    if via[j] == -2:
                        via[j] = e
                        queue[size] = j
                        size += 1
        i = ends[side]
        if i >= 0:
            while via[i] >= 0:
                e = via[i]
                found[count] = e
                count += 1
                i = t[e] if f[e] == i else f[e]
        for k in range(size):
            via[queue[k]] = -2
        if ends[side] < 0:
            return -1
        if side == 0 and ends[0] == c:
            return count
    return count


@compiled
def exchange(
    base: Any, p: Floats, q: Floats, rate: Floats, live: Bools, openable: Bools, ties: Ints, needed: Bools,
    is_root: Bools, roots: Ints, root_v: Floats, limits: Floats, early: bool, most: int,
    kept: Floats, opened: Ints,
) -> tuple[int, int]:  # fmt: skip
    """Close all of ``ties`` and open one branch of each cycle, in every way; keep the ways with least losses.

    ``kept`` (K, 4) takes losses, lowest voltage, loading and the number opened of the best ways in order, ``opened``
    (K, ties) what they open. Returns (ways kept, candidates tried); tried > ``most`` = given up.
    """
    n, depth_max = len(p), len(ties)
    v, flow = np.zeros(n, np.complex128), np.zeros(n, np.complex128)
    order, parent, mark = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    via, queue = np.full(n, -2), np.empty(n, np.int64)
    cycle = np.empty((depth_max, len(live)), np.int64)
    size, at, out = np.zeros(depth_max, np.int64), np.zeros(depth_max, np.int64), np.full(depth_max, -1)
    now = live.copy()
    seen = {-1}
    tried, count, depth = 0, 0, 0
    fresh = True
    while depth >= 0:
        if depth == depth_max:
            code = 0
            chosen = np.sort(out)
            for k in range(depth_max):
                code = code * 5003 + chosen[k] + 1
            if code not in seen:
                seen.add(code)
                tried += 1
                if tried > most:
                    return count, tried
                verdict, low, hot, loss = sweep(
                    base, p, q, rate, now, roots, root_v, limits, v, order, parent, mark, flow, early
                )
                if verdict == OK and reached(needed, mark):
                    count = keep(kept, opened, count, loss, low, hot, out)
            depth -= 1
            fresh = False
            continue
        e = ties[depth]
        if fresh:
            size[depth] = path(base, now, is_root, base[0][e], base[1][e], cycle[depth], via, queue)
            at[depth] = 0
            now[e] = True
            if size[depth] < 0:
                out[depth] = -1
                depth += 1
                continue
        elif out[depth] >= 0:
            now[out[depth]] = True
        else:
            now[e] = False
            depth -= 1
            continue
        found = False
        while at[depth] < size[depth]:
            one = cycle[depth, at[depth]]
            at[depth] += 1
            if openable[one] and live[one]:
                out[depth] = one
                now[one] = False
                found = True
                break
        if found:
            depth += 1
            fresh = True
        else:
            out[depth] = -1
            now[e] = False
            depth -= 1
            fresh = False
    return count, tried


@compiled
def reached(needed: Bools, mark: Ints) -> bool:
    """Whether every needed bus has a root."""
    for i in range(len(needed)):
        if needed[i] and mark[i] < 0:
            return False
    return True


@compiled
def keep(kept: Floats, opened: Ints, count: int, loss: float, low: float, hot: float, out: Ints) -> int:
    """Put a way into the list in order of losses; the new length."""
    at = count
    while at > 0 and kept[at - 1, 0] > loss:
        at -= 1
    if at == len(kept):
        return count
    last = min(count, len(kept) - 1)
    for k in range(last, at, -1):
        kept[k] = kept[k - 1]
        opened[k] = opened[k - 1]
    kept[at, 0], kept[at, 1], kept[at, 2] = loss, low, hot
    opened[at] = out
    return last + 1
