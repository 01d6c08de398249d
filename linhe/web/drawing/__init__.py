"""Draws the loop of a kind as SVG: the main path on one line, everything else as rounded tracks above and below.

A pure function of the declaration, in the reader's language. The main path goes from the first stage, by the first
declared action that leads on, to a final stage. Tracks above it are skips and returns; the other stages stand in a row
below, with tracks between the rows, and tracks of their own under the lower row.
"""

from __future__ import annotations

from html import escape
from itertools import count

from linhe.core.loop.kinds import Kind
from linhe.lib.text import Text
from linhe.web.drawing.layout import LANE_H, MARGIN, NODE_H, Plan, plan_of
from linhe.web.drawing.marks import Canvas, lane_track, node, over_track, side_straight, start, straight

__all__ = ["draw_loop"]
_ids = count(1)


def draw_loop(kind: Kind, *, now: str = "") -> str:
    """The loop as an SVG string with an accessible title and description; ``now`` marks one stage."""
    plan = plan_of(kind)
    top = MARGIN + plan.lanes_above * LANE_H + 6
    floor = top + NODE_H + 10
    side_top = floor + max(plan.lanes_between, 1) * LANE_H + 34
    for code, box in plan.boxes.items():
        box.y = top if code in plan.path else side_top
    canvas = Canvas()
    start(canvas, plan)
    for arrow in plan.straight:
        straight(canvas, plan, arrow)
    for arrow, lane in plan.above:
        over_track(canvas, plan, arrow, top - 20 - lane * LANE_H)
    for arrow in plan.side_straight:
        side_straight(canvas, plan, arrow)
    for group, lane in plan.between:
        lane_track(canvas, plan, group, floor + 22 + lane * LANE_H)
    for group, lane in plan.under:
        lane_track(canvas, plan, group, side_top + NODE_H + 26 + lane * LANE_H)
    for box in plan.boxes.values():
        node(canvas, box, plan.stays.get(box.stage.code, []), marked=box.stage.code == now)
    width = max([box.x + box.w for box in plan.boxes.values()] + [canvas.right]) + MARGIN
    lowest = side_top + NODE_H + (plan.lanes_under * LANE_H + 14 if plan.lanes_under else 0)
    height = (lowest if len(plan.boxes) > len(plan.path) else top + NODE_H) + MARGIN
    return _frame(kind, plan, canvas, width, height)


def _frame(kind: Kind, plan: Plan, canvas: Canvas, width: float, height: float) -> str:
    number = next(_ids)
    title = Text(f"{kind.name.zh}的流程图", f"The loop of {kind.name.en}")
    steps = " → ".join(str(plan.boxes[code].stage.name) for code in plan.path)
    return (
        f'<svg class="loop" role="img" aria-labelledby="loop-{number}-t loop-{number}-d" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">'
        f'<title id="loop-{number}-t">{escape(str(title))}</title><desc id="loop-{number}-d">{escape(steps)}</desc>'
        f"{canvas.svg()}</svg>"
    )
