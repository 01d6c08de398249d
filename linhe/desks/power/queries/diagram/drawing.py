"""Draws a feeder as it stands now as one SVG: a pure function of the net, in the reader's language."""

from __future__ import annotations

from html import escape
from itertools import count

from linhe.desks.power.queries.diagram import marks
from linhe.desks.power.queries.diagram.layout import Spot, places
from linhe.desks.power.queries.diagram.net import STATE_NAMES, Branch, Net, State, parts_of, states
from linhe.desks.power.queries.diagram.routes import Point, Way, bowed, straight
from linhe.lib.text import Text

COLUMN, ROW = 84.0, 108.0
CLOSE_COLUMN, CLOSE_ROW, MOST_COLUMNS = 66.0, 66.0, 20
"""A feeder of more columns is drawn closer together, and not shrunk to a narrow page, where nobody could read it."""
LEFT, TOP, RIGHT = 92.0, 64.0, 48.0
_ids = count(1)


def draw(net: Net, *, title: Text) -> str:
    """The diagram as an SVG string with an accessible title and a description of what carries voltage."""
    spots, buses = places(net), states(net)
    large = max(spot.column for spot in spots.values()) > MOST_COLUMNS
    step = (CLOSE_COLUMN, CLOSE_ROW) if large else (COLUMN, ROW)
    at = {code: (LEFT + spot.column * step[0], TOP + spot.row * step[1]) for code, spot in spots.items()}
    width = max(x for x, _ in at.values()) + RIGHT
    ways = {branch.code: _way(branch, at, step) for branch in net.branches}
    titles = [(at[n.code][0], at[n.code][1] - 32) for n in net.nodes if n.vital]
    busy = [*at.values(), *titles, *(ways[b.code].at(0.5) for b in net.branches if b.switches and not b.tie)]
    below: list[str] = []
    above: list[str] = []
    for branch in sorted(net.branches, key=lambda one: not one.tie):
        lines, devices = _section(net, branch, ways[branch.code], parts_of(branch, buses), busy)
        below += lines
        above += devices
    supplies = [
        marks.truck(s, at[s.bus], below=_roomy_below(net, s.bus, spots), right=width) if s.truck
        else marks.substation(s, at[s.bus])
        for s in net.supplies
    ]  # fmt: skip
    nodes = [marks.bus(n, buses[n.code], at[n.code], now=net.now == n.code) for n in net.nodes]
    faults = [marks.fault(ways[b.code].at(0.5)) for b in net.branches if b.fault]
    lowest = max(y for _, y in at.values())
    height = lowest + (86 if any(s.truck and at[s.bus][1] == lowest for s in net.supplies) else 50)
    return _frame(buses, title, "".join([*below, *above, *supplies, *nodes, *faults]), width, height, large=large)


def _section(
    net: Net, branch: Branch, way: Way, parts: tuple[State, State, State], busy: list[Point]
) -> tuple[list[str], list[str]]:
    """The pieces of a section, each in its own state, and its switches."""
    near, far = branch.near, branch.far
    far_first = far is not None and not far.normal
    first, last = way.shares(near is not None, far is not None, busy, far_first=far_first)
    title = f"<title>{escape(_told(branch, parts[1]))}</title>"
    stops = [(0.0, first, parts[0]), (first, last, parts[1]), (last, 1.0, parts[2])]
    lines = [marks.way(way.path(a, b), state, tie=branch.tie) for a, b, state in stops if b > a]
    pair = near is not None and far is not None
    devices = []
    for one, share, state in ((near, first, parts[0]), (far, last, parts[2])):
        if one is not None:
            spot = way.at(share)
            busy.append(spot)
            devices.append(marks.switch(one, state, spot, now=net.now in (one.code, branch.code), pair=pair))
    if branch.earthed:
        devices.append(marks.earth(way.at((first + last) / 2)))
    return [f"<g>{title}{''.join(lines)}</g>"], devices


def _way(branch: Branch, at: dict[str, Point], step: Point) -> Way:
    start, end = at[branch.frm], at[branch.to]
    return bowed(start, end, highest=0.62 * step[1], column=step[0]) if branch.tie else straight(start, end)


def _frame(buses: dict[str, State], title: Text, body: str, width: float, height: float, *, large: bool) -> str:
    number = next(_ids)
    told = " · ".join(f"{STATE_NAMES[s]} {sum(1 for b in buses.values() if b is s)}" for s in State)
    return (
        f'<svg class="ol{" ol_large" if large else ""}" role="img" aria-labelledby="ol-{number}-t ol-{number}-d" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}">'
        f'<title id="ol-{number}-t">{escape(str(title))}</title>'
        f'<desc id="ol-{number}-d">{escape(told)}</desc>{body}</svg>'
    )


def _told(branch: Branch, state: State) -> str:
    place = Text("合位", "closed") if branch.closed else Text("分位", "open")
    return f"{branch.name or branch.code} · {place} · {STATE_NAMES[state]}"


def _roomy_below(net: Net, bus: str, spots: dict[str, Spot]) -> bool:
    """Whether no name of a load stands right below a bus, so that a truck fits there."""
    here = spots[bus]
    named = (spots[node.code] for node in net.nodes if node.vital)
    return not any(o.row == here.row + 1 and abs(o.column - here.column) <= 1 for o in named)
