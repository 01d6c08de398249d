"""The marks of a one-line diagram as SVG: every state has a shape of its own beside its colour."""

from __future__ import annotations

from html import escape

from linhe.desks.power.queries.diagram.net import Node, State, Supply, Switchgear
from linhe.lib.text import Text

R = 8.0
"""Radius of a bus [px]."""
Point = tuple[float, float]


def bus(node: Node, state: State, at: Point, *, now: bool) -> str:
    """A bus with its number, and the name of what it feeds where it has one."""
    x, y = at
    shape = {
        State.LIVE: f'<circle cx="{x:g}" cy="{y:g}" r="{R:g}"/>',
        State.ISLAND: f'<path d="M{x:g} {y - R - 2:g}l{R + 2:g} {R + 2:g}-{R + 2:g} {R + 2:g}-{R + 2:g}-{R + 2:g}z"/>',
        State.DEAD: f'<circle cx="{x:g}" cy="{y:g}" r="{R:g}"/>'
        f'<path class="ol__cross" d="M{x - 3.5:g} {y - 3.5:g}l7 7m0-7l-7 7"/>',
        State.EARTHED: f'<rect x="{x - R:g}" y="{y - R:g}" width="{2 * R:g}" height="{2 * R:g}" rx="1.5"/>'
        f'<path class="ol__earth" d="M{x:g} {y + R:g}v8m-8 0h16m-13 4h10m-7 4h4"/>',
    }[state]
    text_y = y - R - 6
    label = f"{'★' if node.vital else ''}{escape(node.code)}"
    if node.phases:
        label += f'<tspan class="ol__phase" dx="4">{node.phases}</tspan>'
    parts = [f'<g class="ol__bus is-{state}">{shape}']
    parts.append(f'<text class="ol__code" x="{x:g}" y="{text_y:g}">{label}</text>')
    if node.name and node.vital:
        parts.append(f'<text class="ol__name" x="{x:g}" y="{text_y - 17:g}">{escape(node.name)}</text>')
    if now:
        parts.append(_ring(at))
    return "".join([*parts, "</g>"])


def way(path: str, state: State, *, tie: bool) -> str:
    """A piece of a section: thick when energised, double when islanded, thin and broken when dead."""
    inner = f'<path class="ol__inner" d="{path}"/>' if state is State.ISLAND else ""
    kind = " is-tie" if tie else ""
    return f'<g class="ol__way is-{state}{kind}"><path d="{path}"/>{inner}</g>'


def switch(one: Switchgear, state: State, at: Point, *, now: bool, pair: bool) -> str:
    """A switch on its section: a filled square or bar when closed, a hollow square or a raised blade when open.

    Of a ``pair`` on one section only those that tell something carry their number, the far one a line lower.
    """
    x, y = at
    if one.kind == "breaker":
        shape = f'<rect x="{x - 7:g}" y="{y - 7:g}" width="14" height="14" rx="1"/>'
    elif one.closed:
        shape = f'<rect x="{x - 4:g}" y="{y - 7:g}" width="8" height="14" rx="1"/>'
    else:
        shape = (
            f'<rect class="ol__gap" x="{x - 9:g}" y="{y - 5:g}" width="18" height="10"/>'
            f'<path class="ol__blade" d="M{x - 9:g} {y:g}l15-10"/><circle cx="{x - 9:g}" cy="{y:g}" r="2.5"/>'
            f'<circle cx="{x + 9:g}" cy="{y:g}" r="2.5"/>'
        )
    place = "closed" if one.closed else "open"
    ring = _ring(at) if now else ""
    text = ""
    if not pair or now or not one.closed or not one.normal or one.kind == "breaker":
        anchor, text_x, text_y = "middle", x, y + 23
        if pair:
            anchor, text_x, text_y = ("start", x - 9, y + 38) if one.far else ("end", x + 9, y + 23)
        label = escape(one.label or one.code)
        text = f'<text class="ol__number" text-anchor="{anchor}" x="{text_x:g}" y="{text_y:g}">{label}</text>'
    return f'<g class="ol__switch is-{place} is-{state}">{shape}{ring}{text}</g>'


def earth(at: Point) -> str:
    """An earthing lead on a section."""
    x, y = at
    return f'<path class="ol__lead" d="M{x:g} {y:g}v18m-8 0h16m-13 4h10m-7 4h4"/>'


def fault(at: Point) -> str:
    """A flag with a flash and the word, pointing at where the line is broken."""
    x, y = at
    word = escape(str(Text("故障", "fault")))
    wide = 34.0 + sum(15 if ord(letter) > 0x2E7F else 8 for letter in word)
    left = x - wide / 2
    return (
        f'<g class="ol__fault"><path d="M{x - 6:g} {y - 22:g}h12l-6 10z"/>'
        f'<rect x="{left:g}" y="{y - 45:g}" width="{wide:g}" height="24" rx="12"/>'
        f'<path class="ol__flash" d="M{left + 18:g} {y - 42:g}l-8 10h5l-2 8 8-10h-5z"/>'
        f'<text x="{x + 8:g}" y="{y - 28:g}">{word}</text></g>'
    )


def substation(supply: Supply, at: Point) -> str:
    """Two rings, as a transformer is drawn, to the left of the first bus."""
    x, y = at
    on = "live" if supply.on else "dead"
    return (
        f'<g class="ol__source is-{on}"><title>{escape(supply.name)}</title><path d="M{x - 28:g} {y:g}h20"/>'
        f'<circle cx="{x - 36:g}" cy="{y:g}" r="9"/><circle cx="{x - 48:g}" cy="{y:g}" r="9"/>'
        f'<text class="ol__name" text-anchor="start" x="{x - 57:g}" y="{y - 38:g}">{escape(supply.name)}</text></g>'
    )


def truck(supply: Supply, at: Point, *, below: bool, right: float) -> str:
    """A generator truck on a stub of its own: filled while it feeds, hollow while it waits. Its name ends before
    ``right`` [px]."""
    x, y = at
    sign = 1 if below else -1
    top = y + sign * 46 - 11
    stub = f"M{x:g} {y + sign * (R + 2):g}V{top + (0 if below else 22):g}"
    on = "on" if supply.on else "waiting"
    text_y = top + 37 if below else top - 8
    note = f" {escape(supply.note)}" if supply.note else ""
    half = sum(6.5 if ord(letter) > 0x2E7F else 3.8 for letter in supply.name)
    text_x = min(x, right - half - 4)
    return (
        f'<g class="ol__truck is-{on}"><title>{escape(supply.name)}{note}</title><path class="ol__stub" d="{stub}"/>'
        f'<path class="ol__body" d="M{x - 19:g} {top:g}h25v6h7l6 7v7h-38z"/>'
        f'<circle cx="{x - 10:g}" cy="{top + 20:g}" r="4"/><circle cx="{x + 10:g}" cy="{top + 20:g}" r="4"/>'
        f'<path class="ol__wave" d="M{x - 14:g} {top + 9:g}c3-7 5-7 7 0s4 7 7 0"/>'
        f'<text class="ol__name" x="{text_x:g}" y="{text_y:g}">{escape(supply.name)}</text></g>'
    )


def _ring(at: Point) -> str:
    return f'<circle class="ol__now" cx="{at[0]:g}" cy="{at[1]:g}" r="17"/>'
