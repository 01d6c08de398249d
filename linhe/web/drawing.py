"""Draws the loop of a kind as SVG: the main path on one line, everything else as rounded tracks above and below.

A pure function of the declaration. The main path goes from the first stage, by the first declared action that leads on
to a stage not yet passed, to a final stage. Tracks above join stages of the main path (skips and returns); tracks below
lead to the stages off the path, which stand in a row under it. Tracks whose spans overlap get lanes of their own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from itertools import count

from linhe.core.loop.kinds import NEW, Kind, Stage
from linhe.lib.text import Text

NODE_H = 44
LANE_H = 34
MARGIN = 26
ROUND = 12
_ids = count(1)


@dataclass(slots=True)
class Arrow:
    """All actions from one stage to another, drawn as one arrow."""

    frm: str
    to: str
    names: list[str] = field(default_factory=list)
    tone: str = "move"

    @property
    def label(self) -> str:
        """The names of the actions on the arrow."""
        return " / ".join(self.names)


@dataclass(slots=True)
class Box:
    """Where a stage stands. ``ports`` counts the track ends on its upper and lower side."""

    stage: Stage
    x: float
    y: float
    w: float

    @property
    def centre(self) -> float:
        """Middle of the box [px]."""
        return self.x + self.w / 2


def text_width(text: str, size: float = 14) -> float:
    """Approximate width [px] of a label: Chinese characters are square, others a little over half as wide."""
    return sum(size if ord(c) > 0x2E7F else size * 0.56 for c in text)


def main_path(kind: Kind) -> list[str]:
    """Stage codes from the first to a final one, by the first declared action that leads on."""
    path = [next(a.to for a in kind.actions if NEW in a.frm and a.to)]
    while not kind.stage(path[-1]).final:
        onward = [a for a in kind.actions_from(path[-1]) if a.to and a.to not in path]
        kindly = [a for a in onward if kind.stage(str(a.to)).tone not in ("bad", "over") and a.tone != "bad"]
        if not (kindly or onward):
            break
        path.append(str((kindly or onward)[0].to))
    return path


def arrows_of(kind: Kind) -> tuple[list[Arrow], list[str], dict[str, list[str]]]:
    """Arrows between stages, names of the beginning actions, and by stage the actions that stay there."""
    arrows: dict[tuple[str, str], Arrow] = {}
    begins: list[str] = []
    stays: dict[str, list[str]] = {}
    for action in kind.actions:
        for frm in action.frm:
            name = str(action.name)
            if frm == NEW:
                begins.append(name)
            elif action.to is None or action.to == frm:
                stays.setdefault(frm, []).append(name)
            else:
                arrow = arrows.setdefault((frm, action.to), Arrow(frm, action.to, tone=action.tone))
                arrow.names.append(name)
    return list(arrows.values()), begins, stays


def lanes_of(spans: list[tuple[float, float]]) -> list[int]:
    """A lane for each span, the shortest nearest, so that no two in one lane overlap."""
    taken: list[list[tuple[float, float]]] = []
    lanes = [0] * len(spans)
    for i in sorted(range(len(spans)), key=lambda i: spans[i][1] - spans[i][0]):
        left, right = spans[i]
        lane = next((n for n, row in enumerate(taken) if all(right < a or b < left for a, b in row)), len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((left, right))
        lanes[i] = lane
    return lanes


def draw_loop(kind: Kind, *, now: str = "") -> str:
    """The loop as an SVG string with an accessible title and description; ``now`` marks one stage."""
    path = main_path(kind)
    arrows, begins, stays = arrows_of(kind)
    place = {code: i for i, code in enumerate(path)}
    boxes = _place_main(kind, path, arrows, begins)
    above = [a for a in arrows if a.frm in place and a.to in place and place[a.to] != place[a.frm] + 1]
    below = [a for a in arrows if a.frm not in place or a.to not in place]
    straight = [a for a in arrows if a.frm in place and a.to in place and place[a.to] == place[a.frm] + 1]
    side = [s for s in kind.stages if s.code not in place]
    _place_side(side, below, boxes)

    up = lanes_of([_span(a, boxes) for a in above])
    groups = sorted({a.to for a in below}, key=lambda code: [s.code for s in kind.stages].index(code))
    down = lanes_of([_group_span([a for a in below if a.to == code], boxes) for code in groups])
    top = MARGIN + (max(up, default=-1) + 1) * LANE_H + 6
    stay_h = 20 if any(code in place for code in stays) else 0
    floor = top + NODE_H + stay_h
    side_top = floor + (max(down, default=-1) + 1) * LANE_H + 30
    for code, box in boxes.items():
        box.y = top if code in place else side_top

    drawn = [*_start(begins, boxes[path[0]]), *(_straight(a, boxes) for a in straight)]
    ports = _Ports()
    for arrow, lane in zip(above, up, strict=True):
        drawn.append(_over(arrow, boxes, top - 18 - lane * LANE_H, ports))
    for code, lane in zip(groups, down, strict=True):
        y = floor + 20 + lane * LANE_H
        drawn += _under([a for a in below if a.to == code], boxes, y, place, ports)
    drawn += [_node(box, now) for box in boxes.values()]
    drawn += [_stay(boxes[code], names) for code, names in stays.items() if code in boxes]
    width = max(box.x + box.w for box in boxes.values()) + MARGIN
    height = (side_top + NODE_H + 22 if side else floor) + MARGIN
    return _frame(kind, path, drawn, width, height)


def _place_main(kind: Kind, path: list[str], arrows: list[Arrow], begins: list[str]) -> dict[str, Box]:
    """Boxes of the main path, each gap wide enough for the label on it."""
    boxes: dict[str, Box] = {}
    x = MARGIN + 30 + max((text_width(name, 12.5) for name in begins), default=0)
    for i, code in enumerate(path):
        stage = kind.stage(code)
        width = max(72.0, text_width(str(stage.name)) + 30)
        boxes[code] = Box(stage, x, 0, width)
        label = next((a for a in arrows if a.frm == code and path[i + 1 : i + 2] == [a.to]), None)
        longest = max((text_width(n, 12.5) for n in label.names), default=0) if label else 0
        x += width + max(56.0, longest + 30)
    return boxes


def _place_side(side: list[Stage], below: list[Arrow], boxes: dict[str, Box]) -> None:
    """Boxes of the other stages in the lower row, each near the stages it is reached from."""
    wanted: list[tuple[float, Stage]] = []
    for stage in side:
        sources = [boxes[a.frm].centre for a in below if a.to == stage.code and a.frm in boxes]
        wanted.append((sum(sources) / len(sources) if sources else MARGIN, stage))
    free = float(MARGIN)
    for centre, stage in sorted(wanted, key=lambda w: w[0]):
        width = max(72.0, text_width(str(stage.name)) + 30)
        x = max(free, centre - width / 2)
        boxes[stage.code] = Box(stage, x, 0, width)
        free = x + width + 56


def _span(arrow: Arrow, boxes: dict[str, Box]) -> tuple[float, float]:
    ends = sorted((boxes[arrow.frm].centre, boxes[arrow.to].centre))
    middle, half = sum(ends) / 2, text_width(arrow.label, 12.5) / 2 + 8
    return min(ends[0] - 14, middle - half), max(ends[1] + 14, middle + half)


def _group_span(group: list[Arrow], boxes: dict[str, Box]) -> tuple[float, float]:
    xs = [boxes[a.frm].centre for a in group] + [boxes[group[0].to].centre]
    widest = max(text_width(a.label, 12.5) for a in group)
    return min(xs) - 14, max(xs) + widest + 14


class _Ports:
    """Hands out places on the sides of boxes so that tracks do not end on one another."""

    def __init__(self) -> None:
        self.used: dict[tuple[str, str], int] = {}

    def next(self, box: Box, side: str) -> float:
        """The next free x on a side: middle, then alternately right and left of it."""
        n = self.used.get((box.stage.code, side), 0)
        self.used[box.stage.code, side] = n + 1
        step = min(16.0, box.w / 5)
        return box.centre + (0 if n == 0 else (1 if n % 2 else -1) * ((n + 1) // 2) * step)


def _line_class(arrow: Arrow, main: bool = False) -> tuple[str, str]:
    kind = "main" if main else "bad" if arrow.tone == "bad" else ""
    return (f"loop__line loop__line_{kind}", f"loop__head loop__head_{kind}") if kind else ("loop__line", "loop__head")


def _label(x: float, y: float, text: str, anchor: str = "middle") -> str:
    return f'<text class="loop__label" x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}">{escape(text)}</text>'


def _head(x: float, y: float, towards: str, cls: str) -> str:
    points = {"right": f"{x},{y} {x - 9},{y - 5} {x - 9},{y + 5}", "down": f"{x},{y} {x - 5},{y - 9} {x + 5},{y - 9}",
              "up": f"{x},{y} {x - 5},{y + 9} {x + 5},{y + 9}"}[towards]  # fmt: skip
    return f'<polygon class="{cls}" points="{points}"/>'


def _start(begins: list[str], first: Box) -> list[str]:
    y, x = first.y + NODE_H / 2, float(MARGIN)
    labels = [_label(x + 12, y - 8 - 16 * i, name, "start") for i, name in enumerate(reversed(begins))]
    return [
        f'<circle class="loop__start" cx="{x}" cy="{y}" r="6"/>',
        f'<path class="loop__line loop__line_main" d="M{x + 6} {y}H{first.x - 9:.0f}"/>',
        _head(first.x - 1, y, "right", "loop__head loop__head_main"),
        *labels,
    ]


def _straight(arrow: Arrow, boxes: dict[str, Box]) -> str:
    a, b = boxes[arrow.frm], boxes[arrow.to]
    y, x1, x2 = a.y + NODE_H / 2, a.x + a.w, b.x - 1
    line, head = _line_class(arrow, main=True)
    labels = "".join(_label((x1 + x2 - 6) / 2, y - 8 - 15 * i, name) for i, name in enumerate(reversed(arrow.names)))
    return f'<path class="{line}" d="M{x1:.0f} {y}H{x2 - 8:.0f}"/>{_head(x2, y, "right", head)}{labels}'


def _over(arrow: Arrow, boxes: dict[str, Box], lane_y: float, ports: _Ports) -> str:
    a, b = boxes[arrow.frm], boxes[arrow.to]
    x1, x2 = ports.next(a, "top"), ports.next(b, "top")
    turn = ROUND if x2 > x1 else -ROUND
    line, head = _line_class(arrow)
    track = (
        f"M{x1:.0f} {a.y}V{lane_y + ROUND:.0f}Q{x1:.0f} {lane_y:.0f} {x1 + turn:.0f} {lane_y:.0f}"
        f"H{x2 - turn:.0f}Q{x2:.0f} {lane_y:.0f} {x2:.0f} {lane_y + ROUND:.0f}V{b.y - 9}"
    )
    return f'<path class="{line}" d="{track}"/>{_head(x2, b.y - 1, "down", head)}{_label((x1 + x2) / 2, lane_y + 4, arrow.label)}'


def _under(group: list[Arrow], boxes: dict[str, Box], lane_y: float, place: dict[str, int], ports: _Ports) -> list[str]:
    """Arrows to one target share a lane: each source comes down (or up) to it, one head goes into the target."""
    target = boxes[group[0].to]
    upward = group[0].to in place
    end = ports.next(target, "bottom" if upward else "top")
    drawn = []
    for arrow in group:
        source = boxes[arrow.frm]
        falls = arrow.frm in place
        x = ports.next(source, "bottom" if falls else "top")
        y1 = source.y + (NODE_H if falls else 0)
        line, head = _line_class(arrow)
        to_y = target.y + NODE_H + 9 if upward else target.y - 9
        drawn.append(f'<path class="{line}" d="{_track(x, y1, lane_y, end, to_y)}"/>')
        drawn.append(_head(end, target.y + NODE_H + 1 if upward else target.y - 1, "up" if upward else "down", head))
        drawn.append(_label(x + 7, lane_y - 6 if falls else lane_y + 20, arrow.label, "start"))
    return drawn


def _track(x1: float, y1: float, lane_y: float, x2: float, y2: float) -> str:
    """Down or up to a lane, along it, and off it, with rounded corners."""
    if abs(x2 - x1) < 2 * ROUND:
        middle = (y1 + y2) / 2
        return f"M{x1:.0f} {y1:.0f}C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2:.0f}"
    turn = ROUND if x2 > x1 else -ROUND
    on, off = (ROUND if lane_y > y1 else -ROUND), (ROUND if y2 > lane_y else -ROUND)
    return (
        f"M{x1:.0f} {y1:.0f}V{lane_y - on:.0f}Q{x1:.0f} {lane_y:.0f} {x1 + turn:.0f} {lane_y:.0f}"
        f"H{x2 - turn:.0f}Q{x2:.0f} {lane_y:.0f} {x2:.0f} {lane_y + off:.0f}V{y2:.0f}"
    )


def _node(box: Box, now: str) -> str:
    stage = box.stage
    marked = " loop__node_now" if stage.code == now else ""
    radius = NODE_H / 2 if stage.final else 10
    name = (
        f'<text class="loop__name" x="{box.centre:.0f}" y="{box.y + NODE_H / 2 + 5:.0f}" '
        f'text-anchor="middle">{escape(str(stage.name))}</text>'
    )
    return (
        f'<rect class="loop__node tone-{stage.tone}{marked}" x="{box.x:.0f}" y="{box.y}" width="{box.w:.0f}" '
        f'height="{NODE_H}" rx="{radius}"/>{name}'
    )


def _stay(box: Box, names: list[str]) -> str:
    """Actions that keep the stage, as a line under its box."""
    return _label(box.x + 2, box.y + NODE_H + 16, "↻ " + "、".join(names) if len(names) > 1 else f"↻ {names[0]}", "start")


def _frame(kind: Kind, path: list[str], drawn: list[str], width: float, height: float) -> str:
    number = next(_ids)
    title = Text(f"{kind.name.zh}的流程图", f"The loop of {kind.name.en}")
    steps = " → ".join(str(kind.stage(code).name) for code in path)
    return (
        f'<svg class="loop" role="img" aria-labelledby="loop-{number}-t loop-{number}-d" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}">'
        f'<title id="loop-{number}-t">{escape(str(title))}</title><desc id="loop-{number}-d">{escape(steps)}</desc>'
        f"{''.join(drawn)}</svg>"
    )
