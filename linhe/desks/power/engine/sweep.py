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
CLOSE, ROUGH = 1e-9, 1e-5
COLLAPSED = 0.3

SURELY = 1.04
"""Currents and losses at the voltage of the source are less than the real ones, but for what charging may lift."""

OK, LOOP, DIVERGED, LOW, HIGH, HOT, WEAK, LOSSY = 0, 1, 2, 3, 4, 5, 6, 7


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
    worst: float, near: float, warm: bool,
) -> tuple[int, float, float, float]:  # fmt: skip
    """One power flow: (verdict, lowest voltage, highest loading, losses); voltages stay in ``v``.

    ``limits`` = (v_min, v_max, most MW, most MVA out of a root); ``flow`` takes the current into each bus. ``early``
    gives up on what is clearly beyond a limit, or loses clearly more than ``worst``, in the first turns. Voltages
    settle to ``near``, from those in ``v`` where ``warm``.
    """
    f, t, r, x, b, ratio, g0, b0 = base[0], base[1], base[2], base[3], base[4], base[5], base[6], base[7]
    count = walk(base, live, roots, order, parent, mark)
    if count < 0:
        return LOOP, 0.0, 0.0, 0.0
    for k in range(count):
        if not warm or parent[order[k]] < 0 or v[order[k]] == 0:
            v[order[k]] = root_v[mark[order[k]]]
    for turn in range(TURNS):
        for k in range(count):
            i = order[k]
            re, im = v[i].real, v[i].imag
            size = re * re + im * im
            flow[i] = complex((p[i] * re + q[i] * im) / size, (p[i] * im - q[i] * re) / size)
        lost = 0.0
        for k in range(count - 1, -1, -1):
            i = order[k]
            e = parent[i]
            if e < 0:
                continue
            half = complex(0.0, b[e] / 2)
            y = complex(g0[e], b0[e])
            if f[e] == i:
                up = t[e]
                flow[i] += v[i] * (half + y)
                flow[up] += flow[i] * ratio[e] + v[up] * half
            else:
                up = f[e]
                flow[i] += v[i] * half
                flow[up] += flow[i] * (1.0 / ratio[e]) + v[up] * (half + y)
            if early and turn == 0:
                size = flow[i].real * flow[i].real + flow[i].imag * flow[i].imag
                lost += r[e] * size
                if size > (SURELY * rate[e]) * (SURELY * rate[e]):
                    return HOT, 0.0, 0.0, 0.0
        if early and turn == 0 and lost > worst * SURELY:
            return LOSSY, 0.0, 0.0, 0.0
        change, low = 0.0, 81.0
        for k in range(count):
            i = order[k]
            e = parent[i]
            if e >= 0:
                z = complex(r[e], x[e])
                up = t[e] if f[e] == i else f[e]
                if f[e] == i:
                    new = (v[up] - z * flow[i] * ratio[e]) * ratio[e]
                else:
                    new = v[up] * (1.0 / ratio[e]) - z * flow[i]
                re, im = new.real - v[i].real, new.imag - v[i].imag
                change = max(change, re * re + im * im)
                v[i] = new
                low = min(low, new.real * new.real + new.imag * new.imag)
        low = low**0.5
        if low < COLLAPSED:
            return DIVERGED, 0.0, 0.0, 0.0
        if early and low < limits[0] - 2e-3:
            return LOW, low, 0.0, 0.0
        if change < near * near:
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
    base: Any, p: Floats, q: Floats, weight: Floats, rate: Floats, live: Bools, openable: Bools, closable: Bools,
    ties: Ints, needed: Bools, is_root: Bools, roots: Ints, root_v: Floats, limits: Floats, listing: bool, most: int,
    kept: Floats, state: Bools,
) -> tuple[int, int]:  # fmt: skip
    """Close all of ``ties`` and open one branch of each cycle, in every way; keep the best ways.

    The best hold the limits with least losses; ``listing`` gives the first ones, whether they hold or not.
    ``kept`` (K, 4) takes the losses, lowest voltage and loading in order, ``state`` the branches that conduct.
    Returns (ways kept, candidates tried); tried > ``most`` = given up.
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
                if listing:
                    state[count] = now
                    count += 1
                    if count == len(state):
                        return count, tried
                    depth -= 1
                    fresh = False
                    continue
                worst = kept[count - 1, 0] if count == len(kept) else np.inf
                verdict, low, hot, loss = sweep(
                    base, p, q, rate, now, roots, root_v, limits, v, order, parent, mark, flow, True, worst, CLOSE,
                    False,
                )  # fmt: skip
                if verdict == OK and reached(needed, mark):
                    count = keep(kept, state, count, loss, low, hot, now)
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
    return not np.any(needed & (mark < 0))


@compiled
def keep(kept: Floats, state: Bools, count: int, key: float, low: float, hot: float, now: Bools) -> int:
    """Put a way into the list in order of its key; the new length."""
    at = count
    while at > 0 and kept[at - 1, 0] > key:
        at -= 1
    if at == len(kept):
        return count
    last = min(count, len(kept) - 1)
    for k in range(last, at, -1):
        kept[k] = kept[k - 1]
        state[k] = state[k - 1]
    kept[at, 0], kept[at, 1], kept[at, 2] = key, low, hot
    state[at] = now
    return last + 1


@compiled
def shed(
    base: Any, p: Floats, q: Floats, weight: Floats, rate: Floats, now: Bools, openable: Bools, closable: Bools,
    roots: Ints, root_v: Floats, limits: Floats, ties: int, least: float,
    v: NDArray[np.complex128], order: Ints, parent: Ints, mark: Ints, flow: NDArray[np.complex128],
) -> tuple[float, float, float]:  # fmt: skip
    """Open branches until the limits hold, then take back what fits: (worth fed, lowest voltage, loading).

    Cut is where the strongest relief costs least worth; ``ties`` is how many may be closed. ``now`` is changed. Nothing
    is done where all of the tree is worth less than ``least`` and no tie is left.
    """
    f, t, r, x = base[0], base[1], base[2], base[3]
    n = len(p)
    if np.sum(now & closable) >= ties:
        most = 0.0
        for k in range(walk(base, now, roots, order, parent, mark)):
            most += weight[order[k]]
        if most < least - 1e-9:
            return 0.0, 0.0, 0.0
    down_p, down_q, down_w, common = np.zeros(n), np.zeros(n), np.zeros(n), np.zeros((n, 2))
    on_way, below = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    for _ in range(n):
        verdict, _low, _hot, _loss = sweep(
            base, p, q, rate, now, roots, root_v, limits, v, order, parent, mark, flow, False, np.inf, ROUGH, True
        )
        if verdict == OK:
            break
        if verdict == DIVERGED:
            v[:] = 0
        if verdict == LOOP:
            return 0.0, 0.0, 0.0
        count = walk(base, now, roots, order, parent, mark)
        worst, bad = -1, 0.0
        for k in range(count):
            i = order[k]
            e = parent[i]
            down_p[i], down_q[i], down_w[i] = p[i], q[i], weight[i]
            over = max(0.0, (limits[0] - abs(v[i])) / limits[0]) if verdict != DIVERGED else float(k)
            if e >= 0 and verdict != DIVERGED:
                over = max(over, (abs(flow[i]) / rate[e] - 1.0) * 0.1)
            if over > bad:
                worst, bad = i, over
        if worst < 0:
            worst = order[count - 1]
        is_hot = parent[worst] >= 0 and abs(flow[worst]) > rate[parent[worst]]
        for k in range(count - 1, -1, -1):
            i = order[k]
            e = parent[i]
            on_way[i], below[i] = False, False
            if e >= 0:
                up = t[e] if f[e] == i else f[e]
                down_p[up] += down_p[i]
                down_q[up] += down_q[i]
                down_w[up] += down_w[i]
        i = worst
        on_way[i] = True
        while parent[i] >= 0:
            i = t[parent[i]] if f[parent[i]] == i else f[parent[i]]
            on_way[i] = True
        cut, ratio = -1, -1.0
        for k in range(count):
            i = order[k]
            e = parent[i]
            common[i, 0], common[i, 1] = 0.0, 0.0
            if e < 0:
                continue
            up = t[e] if f[e] == i else f[e]
            common[i] = common[up]
            below[i] = below[up] or i == worst
            if on_way[i]:
                common[i, 0] += r[e]
                common[i, 1] += x[e]
            if not openable[e] and not closable[e]:
                continue
            if is_hot:
                relief = (down_p[i] ** 2 + down_q[i] ** 2) ** 0.5 if below[i] else 0.0
            else:
                relief = common[i, 0] * down_p[i] + common[i, 1] * down_q[i]
            if relief > 0 and relief / (down_w[i] + 1e-9) > ratio * (1 + 1e-9):
                cut, ratio = e, relief / (down_w[i] + 1e-9)
        if cut < 0:
            return 0.0, 0.0, 0.0
        now[cut] = False
    return regrow(
        base, p, q, weight, rate, now, openable, closable, roots, root_v, limits, ties, v, order, parent, mark, flow
    )


@compiled
def regrow(
    base: Any, p: Floats, q: Floats, weight: Floats, rate: Floats, now: Bools, openable: Bools, closable: Bools,
    roots: Ints, root_v: Floats, limits: Floats, ties: int,
    v: NDArray[np.complex128], order: Ints, parent: Ints, mark: Ints, flow: NDArray[np.complex128],
) -> tuple[float, float, float]:  # fmt: skip
    """Close branches towards dead buses as long as the limits hold, the worthiest first.

    Most of them hold, so several are tried at once: twice as many after each success, half as many after a failure.
    """
    tried, picked = np.zeros(len(now), np.bool_), np.zeros(len(now), np.int64)
    trial, warm, drawn = now.copy(), False, limits.copy()
    drawn[0], drawn[1] = limits[0] + 2 * ROUGH, limits[1] - 2 * ROUGH
    many = 1
    while True:
        trial[:] = now
        count = 0
        while count < many and extend(
            base, weight, trial, tried, openable, closable, roots, ties, order, parent, mark, picked, count
        ):
            count += 1
        if count == 0:
            break
        verdict, _low, _hot, _loss = sweep(
            base, p, q, rate, trial, roots, root_v, drawn, v, order, parent, mark, flow, True, np.inf, ROUGH, warm
        )
        warm = verdict == OK
        if warm:
            now[:] = trial
            many *= 2
        elif count > 1:
            tried[picked[:count]] = False
            many = count // 2
    verdict, low, hot, _loss = sweep(
        base, p, q, rate, now, roots, root_v, limits, v, order, parent, mark, flow, False, np.inf, CLOSE, warm
    )
    worth = 0.0
    for i in range(len(p)):
        if mark[i] >= 0:
            worth += weight[i]
    return worth if verdict == OK else 0.0, low, hot


@compiled
def extend(
    base: Any, weight: Floats, now: Bools, tried: Bools, openable: Bools, closable: Bools, roots: Ints, ties: int,
    order: Ints, parent: Ints, mark: Ints, picked: Ints, at: int,
) -> bool:  # fmt: skip
    """Close the branch to the worthiest dead bus that was not tried yet, if there is one."""
    f, t, start, edge = base[0], base[1], base[8], base[9]
    count = walk(base, now, roots, order, parent, mark)
    pick, most = -1, -1.0
    more = np.sum(now & closable) < ties
    for k in range(count):
        i = order[k]
        for a in range(start[i], start[i + 1]):
            e = edge[a]
            j = t[e] if f[e] == i else f[e]
            if (
                mark[j] < 0
                and not now[e]
                and not tried[e]
                and weight[j] > most
                and (openable[e] or (more and closable[e]))
            ):
                pick, most = e, weight[j]
    if pick < 0:
        return False
    picked[at], tried[pick] = pick, True
    detach(base, now, openable, closable, mark, t[pick] if mark[f[pick]] >= 0 else f[pick], pick)
    now[pick] = True
    return True


@compiled
def detach(base: Any, now: Bools, openable: Bools, closable: Bools, mark: Ints, first: int, via: int) -> None:
    """Open what may be opened round a dead bus, so that it can be taken alone."""
    start, edge = base[8], base[9]
    for a in range(start[first], start[first + 1]):
        e = edge[a]
        if e != via and now[e] and (openable[e] or closable[e]):
            now[e] = False


@compiled
def islands(
    base: Any, p: Floats, q: Floats, weight: Floats, rate: Floats, live: Bools, fixed: Bools, usable: Bools,
    open_to: Bools, site: int, limits: Floats, v_pu: float, most: int,
    value: Floats, steps: Ints, member: Bools, chosen: Bools,
) -> tuple[int, int]:  # fmt: skip
    """Every feasible tree that a truck at ``site`` can feed: (number, trees tried); tried > ``most`` = not all.

    ``fixed`` branches conduct and cannot be opened, ``usable`` may be part of a tree, ``open_to`` buses may be fed.
    ``value`` takes the worth fed, ``steps`` the switch operations, ``member`` buses and ``chosen`` branches.
    Loads only lower voltages, so nothing beyond an infeasible tree needs to be looked at.
    """
    f, t, start, edge = base[0], base[1], base[8], base[9]
    n, m = len(p), len(live)
    v, flow = np.zeros(n, np.complex128), np.zeros(n, np.complex128)
    order, parent, mark = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    now, inside = np.zeros(m, np.bool_), np.zeros(n, np.bool_)
    queue, size = np.empty(2 * m + 1, np.int64), np.zeros(n + 2, np.int64)
    at, grown_from = np.zeros(n + 2, np.int64), np.zeros(n + 2, np.int64)
    stack, stacked = np.empty(n, np.int64), np.zeros(n + 2, np.int64)
    root, root_v = np.array([site]), np.array([v_pu])
    barred = np.zeros(m, np.bool_)
    count, tried, depth, total_in = 0, 0, 0, 0
    pending = site
    while True:
        if pending >= 0:
            before = total_in
            stack[total_in] = pending
            inside[pending] = True
            total_in += 1
            k = before
            good = open_to[pending]
            while k < total_in:
                i = stack[k]
                k += 1
                for a in range(start[i], start[i + 1]):
                    e = edge[a]
                    if fixed[e]:
                        now[e] = True
                        j = t[e] if f[e] == i else f[e]
                        if not inside[j]:
                            inside[j] = True
                            stack[total_in] = j
                            total_in += 1
                            if not open_to[j]:
                                good = False
            stacked[depth] = before
            if good:
                tried += 1
                load = 0.0
                for k in range(total_in):
                    load += p[stack[k]]
                good = load <= limits[2] * (1 + 1e-12)
                if good:
                    verdict, _low, _hot, _loss = sweep(
                        base, p, q, rate, now, root, root_v, limits, v, order, parent, mark, flow, True, np.inf,
                        CLOSE, False,
                    )  # fmt: skip
                    good = verdict == OK
            if good and tried <= most and count < len(value):
                worth, moves = 0.0, 0
                for k in range(total_in):
                    i = stack[k]
                    worth += weight[i]
                    member[count, i] = True
                    for a in range(start[i], start[i + 1]):
                        e = edge[a]
                        if live[e] and not now[e]:
                            moves += 1
                for e in range(m):
                    if now[e]:
                        chosen[count, e] = True
                        moves += not live[e]
                value[count], steps[count] = worth, moves
                count += 1
                size[depth + 1] = size[depth]
                for k in range(before, total_in):
                    i = stack[k]
                    for a in range(start[i], start[i + 1]):
                        e = edge[a]
                        j = t[e] if f[e] == i else f[e]
                        if usable[e] and not now[e] and not barred[e] and not inside[j]:
                            queue[size[depth + 1]] = e
                            size[depth + 1] += 1
                at[depth + 1] = grown_from[depth]
                depth += 1
                grown_from[depth] = at[depth]
            else:
                total_in = undo(base, now, inside, stack, before, total_in, fixed)
                if depth == 0:
                    return count, tried
                now[queue[at[depth] - 1]] = False
            pending = -1
            if tried > most or count >= len(value):
                return count, most + 1
        while pending < 0:
            if at[depth] >= size[depth]:
                depth -= 1
                total_in = undo(base, now, inside, stack, stacked[depth], total_in, fixed)
                if depth == 0:
                    return count, tried
                now[queue[at[depth] - 1]] = False
                continue
            e = queue[at[depth]]
            at[depth] += 1
            grown_from[depth] = at[depth]
            if inside[f[e]] and inside[t[e]]:
                continue
            now[e] = True
            pending = t[e] if inside[f[e]] else f[e]


@compiled
def undo(base: Any, now: Bools, inside: Bools, stack: Ints, before: int, total: int, fixed: Bools) -> int:
    """Take the buses from ``before`` on out of a tree again; the new number of buses."""
    start, edge = base[8], base[9]
    for k in range(before, total):
        i = stack[k]
        inside[i] = False
        for a in range(start[i], start[i + 1]):
            if fixed[edge[a]]:
                now[edge[a]] = False
    return before


@compiled
def pack(
    score: Floats, truck: Ints, site: Ints, member: Any, first: Ints, ahead: Floats, most: int, best: Ints
) -> tuple[float, int]:
    """Choose at most one tree a truck, none sharing buses or a site: (best score, nodes tried).

    Trees of truck ``k`` are rows ``first[k]:first[k+1]``, best score first; ``ahead[k]`` bounds trucks k and on.
    ``best`` takes the row chosen for each truck or -1; nodes > ``most`` = given up.
    """
    trucks, words = len(first) - 1, member.shape[1]
    used = np.zeros((trucks + 1, words), np.uint64)
    at, row = np.zeros(trucks + 1, np.int64), np.full(trucks, -1)
    total = np.zeros(trucks + 1)
    top, nodes, depth = 0.0, 0, 0
    best[:] = -1
    if trucks == 0:
        return 0.0, 0
    at[0] = first[0]
    while depth >= 0:
        nodes += 1
        if nodes > most:
            return top, nodes
        if depth == trucks:
            if total[depth] > top + 1e-12:
                top = total[depth]
                best[:] = row
            depth -= 1
            continue
        k = at[depth]
        if k > first[depth + 1]:
            depth -= 1
            continue
        gain = score[k] if k < first[depth + 1] else 0.0
        if total[depth] + gain + ahead[depth + 1] <= top + 1e-12:
            depth -= 1
            continue
        at[depth] = k + 1
        row[depth] = -1
        free = True
        if k < first[depth + 1]:
            for w in range(words):
                free = free and (used[depth, w] & member[k, w]) == 0
            for d in range(depth):
                free = free and (row[d] < 0 or site[row[d]] != site[k])
            if not free:
                continue
            row[depth] = k
        for w in range(words):
            used[depth + 1, w] = used[depth, w]
            if row[depth] >= 0:
                used[depth + 1, w] |= member[k, w]
        total[depth + 1] = total[depth] + gain
        depth += 1
        if depth < trucks:
            at[depth] = first[depth]
    return top, nodes
