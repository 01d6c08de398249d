"""The marks of a drawn loop: boxes, arrows, tracks and labels as SVG elements."""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

from linhe.web.drawing.layout import MARGIN, NODE_H, Arrow, Box, Plan, text_width

ROUND = 12


@dataclass(slots=True)
class Canvas:
    """Elements in the order they cover each other: tracks, then their labels, then boxes."""

    lines: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)
    right: float = 0
    used: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def svg(self) -> str:
        """All elements."""
        return "".join([*self.lines, *self.labels, *self.nodes])

    def port(self, box: Box, side: str, wanted: float | None = None) -> float:
        """A free x on a side of a box: the wanted one, the middle, or alternately right and left of it."""
        taken = self.used.setdefault((box.stage.code, side), [])
        step = min(17.0, box.w / 5)
        offsets = [0.0, step, -step, 2 * step, -2 * step]
        choices = [box.centre + offset for offset in offsets]
        if wanted is not None and abs(wanted - box.centre) < box.w / 2 - 10:
            choices.insert(0, wanted)
        free = (x for x in choices if all(abs(x - other) >= step - 1 for other in taken))
        x = next(free, choices[0])
        taken.append(x)
        return x

    def label(self, x: float, y: float, text: str, anchor: str = "middle") -> None:
        """A label on a ground that hides the track behind it."""
        width = text_width(text) + 8
        left = x - width / 2 if anchor == "middle" else x - 4
        self.right = max(self.right, left + width)
        self.labels.append(
            f'<rect class="loop__ground" x="{left:.0f}" y="{y - 12:.0f}" width="{width:.0f}" height="16"/>'
            f'<text class="loop__label" x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(text)}</text>'
        )

    def line(self, track: str, arrow: Arrow | None = None) -> None:
        """A track; without an arrow it belongs to the main path."""
        tone = "main" if arrow is None else arrow.tone if arrow.tone == "bad" else "other"
        self.lines.append(f'<path class="loop__line loop__line_{tone}" d="{track}"/>')

    def head(self, x: float, y: float, towards: str, arrow: Arrow | None = None) -> None:
        """An arrow head whose tip is at (x, y)."""
        points = {
            "right": f"{x:.0f},{y:.0f} {x - 9:.0f},{y - 5:.0f} {x - 9:.0f},{y + 5:.0f}",
            "down": f"{x:.0f},{y:.0f} {x - 5:.0f},{y - 9:.0f} {x + 5:.0f},{y - 9:.0f}",
            "up": f"{x:.0f},{y:.0f} {x - 5:.0f},{y + 9:.0f} {x + 5:.0f},{y + 9:.0f}",
        }[towards]
        tone = "main" if arrow is None else arrow.tone if arrow.tone == "bad" else "other"
        self.lines.append(f'<polygon class="loop__head loop__head_{tone}" points="{points}"/>')


def start(canvas: Canvas, plan: Plan) -> None:
    """The dot from which the loop begins."""
    first = plan.boxes[plan.path[0]]
    y, x = first.y + NODE_H / 2, float(MARGIN)
    canvas.nodes.append(f'<circle class="loop__start" cx="{x}" cy="{y}" r="6"/>')
    canvas.line(f"M{x + 6} {y}H{first.x - 9:.0f}")
    canvas.head(first.x - 1, y, "right")
    for i, name in enumerate(reversed(plan.begins)):
        canvas.label(x + 14, y - 9 - 16 * i, name, "start")


def straight(canvas: Canvas, plan: Plan, arrow: Arrow) -> None:
    """From one stage of the main path to the next."""
    a, b = plan.boxes[arrow.frm], plan.boxes[arrow.to]
    y, x1, x2 = a.y + NODE_H / 2, a.x + a.w, b.x - 1
    canvas.line(f"M{x1:.0f} {y:.0f}H{x2 - 8:.0f}")
    canvas.head(x2, y, "right")
    for i, name in enumerate(reversed(arrow.names)):
        canvas.label((x1 + x2 - 8) / 2, y - 9 - 16 * i, name)


def side_straight(canvas: Canvas, plan: Plan, arrow: Arrow) -> None:
    """From one stage of the lower row to its neighbour on the right."""
    a, b = plan.boxes[arrow.frm], plan.boxes[arrow.to]
    y, x1, x2 = a.y + NODE_H / 2, a.x + a.w, b.x - 1
    canvas.line(f"M{x1:.0f} {y:.0f}H{x2 - 8:.0f}", arrow)
    canvas.head(x2, y, "right", arrow)
    for i, name in enumerate(reversed(arrow.names)):
        canvas.label((x1 + x2 - 8) / 2, y - 9 - 16 * i, name)


def over_track(canvas: Canvas, plan: Plan, arrow: Arrow, lane_y: float) -> None:
    """Over the main path: a skip to the right or a return to the left."""
    a, b = plan.boxes[arrow.frm], plan.boxes[arrow.to]
    x1, x2 = canvas.port(a, "top"), canvas.port(b, "top")
    canvas.line(_track(x1, a.y, lane_y, x2, b.y - 9), arrow)
    canvas.head(x2, b.y - 1, "down", arrow)
    canvas.label((x1 + x2) / 2, lane_y + 4, arrow.label)


def lane_track(canvas: Canvas, plan: Plan, group: list[Arrow], lane_y: float) -> None:
    """Arrows to one target share a lane: each source comes to it, one head goes into the target."""
    target = plan.boxes[group[0].to]
    into = "bottom" if target.y < lane_y else "top"
    xs: dict[str, float] = {}
    for arrow in group:
        source = plan.boxes[arrow.frm]
        near = target.centre if abs(source.centre - target.centre) < source.w / 2 - 10 else None
        xs[arrow.frm] = canvas.port(source, "bottom" if source.y < lane_y else "top", near)
    above = next((x for x in xs.values() if abs(x - target.centre) < target.w / 2 - 10), None)
    end = canvas.port(target, into, above)
    to_y = target.y + NODE_H + 9 if into == "bottom" else target.y - 9
    tip_y = target.y + NODE_H + 1 if into == "bottom" else target.y - 1
    told: set[str] = set()
    for arrow in sorted(group, key=lambda one: abs(xs[one.frm] - end), reverse=True):
        source, x = plan.boxes[arrow.frm], xs[arrow.frm]
        falls = source.y < lane_y
        canvas.line(_track(x, source.y + (NODE_H if falls else 0), lane_y, end, to_y), arrow)
        canvas.head(end, tip_y, "up" if into == "bottom" else "down", arrow)
        if arrow.label not in told:
            canvas.label(x + 8, lane_y - 8 if falls else source.y - 14, arrow.label, "start")
        told.add(arrow.label)


def _track(x1: float, y1: float, lane_y: float, x2: float, y2: float) -> str:
    """Up or down to a lane, along it, and off it, with rounded corners; straight when there is nothing to go along."""
    if abs(x2 - x1) < 1:
        return f"M{x1:.0f} {y1:.0f}V{y2:.0f}"
    if abs(x2 - x1) < 2 * ROUND:
        bend = ROUND if y2 > y1 else -ROUND
        return (
            f"M{x1:.0f} {y1:.0f}V{lane_y - bend:.0f}"
            f"C{x1:.0f} {lane_y:.0f} {x2:.0f} {lane_y:.0f} {x2:.0f} {lane_y + bend:.0f}V{y2:.0f}"
        )
    turn = ROUND if x2 > x1 else -ROUND
    on, off = (ROUND if lane_y > y1 else -ROUND), (ROUND if y2 > lane_y else -ROUND)
    return (
        f"M{x1:.0f} {y1:.0f}V{lane_y - on:.0f}Q{x1:.0f} {lane_y:.0f} {x1 + turn:.0f} {lane_y:.0f}"
        f"H{x2 - turn:.0f}Q{x2:.0f} {lane_y:.0f} {x2:.0f} {lane_y + off:.0f}V{y2:.0f}"
    )


def node(canvas: Canvas, box: Box, stays: list[str], *, marked: bool) -> None:
    """A stage; the actions that keep it are counted at its corner and named on hover and to screen readers."""
    stage = box.stage
    radius = NODE_H / 2 if stage.final else 10
    now = " loop__node_now" if marked else ""
    canvas.nodes.append(
        f'<rect class="loop__node tone-{stage.tone}{now}" x="{box.x:.0f}" y="{box.y:.0f}" width="{box.w:.0f}" '
        f'height="{NODE_H}" rx="{radius}"/><text class="loop__name" x="{box.centre:.0f}" '
        f'y="{box.y + NODE_H / 2 + 5:.0f}" text-anchor="middle">{escape(str(stage.name))}</text>'
    )
    if stays:
        x, y = box.x + box.w - 4, box.y + 3
        canvas.nodes.append(
            f'<g><title>{escape("、".join(stays))}</title><circle class="loop__stays" cx="{x:.0f}" cy="{y:.0f}" r="9"/>'
            f'<text class="loop__count" x="{x:.0f}" y="{y + 4:.0f}" text-anchor="middle">{len(stays)}</text></g>'
        )
