"""Where the stages and tracks of a drawn loop go."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field

from linhe.core.loop.kinds import NEW, Kind, Stage

NODE_H = 44
LANE_H = 34
MARGIN = 26
NODE_W = 76
GAP = 56
LABEL_SIZE = 12.5


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
    """Where a stage stands [px]."""

    stage: Stage
    x: float
    y: float
    w: float

    @property
    def centre(self) -> float:
        """Its middle [px]."""
        return self.x + self.w / 2


@dataclass(slots=True)
class Plan:
    """Everything that has a place: boxes, and tracks with their lanes."""

    path: list[str]
    boxes: dict[str, Box]
    begins: list[str]
    stays: dict[str, list[str]]
    straight: list[Arrow]
    above: list[tuple[Arrow, int]]
    side_straight: list[Arrow]
    between: list[tuple[list[Arrow], int]]
    under: list[tuple[list[Arrow], int]]

    @property
    def lanes_above(self) -> int:
        """Lanes needed over the main path."""
        return 1 + max((lane for _, lane in self.above), default=-1)

    @property
    def lanes_between(self) -> int:
        """Lanes needed between the two rows."""
        return 1 + max((lane for _, lane in self.between), default=-1)

    @property
    def lanes_under(self) -> int:
        """Lanes needed under the lower row."""
        return 1 + max((lane for _, lane in self.under), default=-1)


def text_width(text: str, size: float = LABEL_SIZE) -> float:
    """Approximate width [px] of a label: Chinese characters are square, others a little over half as wide."""
    return sum(size if ord(c) > 0x2E7F else size * 0.57 for c in text)


def plan_of(kind: Kind) -> Plan:
    """Place every stage and every arrow of a kind."""
    path = main_path(kind)
    arrows, begins, stays = _arrows_of(kind)
    order = {code: i for i, code in enumerate(path)}
    straight = [a for a in arrows if a.frm in order and order.get(a.to) == order[a.frm] + 1]
    above = [a for a in arrows if a.frm in order and a.to in order and a not in straight]
    crossing = [a for a in arrows if (a.frm in order) != (a.to in order)]
    lower = [a for a in arrows if a.frm not in order and a.to not in order]
    boxes = _main_boxes(kind, path, straight, begins)
    row = _place_side(kind, arrows, boxes)
    beside = [a for a in lower if row.index(a.to) == row.index(a.frm) + 1]
    _widen(row, boxes, beside)
    between = _groups(crossing)
    under = _groups([a for a in lower if a not in beside])
    return Plan(
        path, boxes, begins, stays, straight,
        list(zip(above, _lanes([_span([a], boxes) for a in above]), strict=True)),
        beside,
        list(zip(between, _lanes([_span(g, boxes) for g in between]), strict=True)),
        list(zip(under, _lanes([_span(g, boxes) for g in under]), strict=True)),
    )  # fmt: skip


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


def _arrows_of(kind: Kind) -> tuple[list[Arrow], list[str], dict[str, list[str]]]:
    """Arrows between stages, names of the beginning actions, and by stage the actions that stay there."""
    arrows: dict[tuple[str, str], Arrow] = {}
    begins: list[str] = []
    stays: dict[str, list[str]] = {}
    for action in kind.actions:
        for frm in action.frm:
            if frm == NEW:
                begins.append(str(action.name))
            elif action.to is None or action.to == frm:
                stays.setdefault(frm, []).append(str(action.name))
            else:
                arrow = arrows.setdefault((frm, action.to), Arrow(frm, action.to, tone=action.tone))
                arrow.names.append(str(action.name))
    return list(arrows.values()), begins, stays


def _box_width(stage: Stage) -> float:
    return max(float(NODE_W), text_width(str(stage.name), 14) + 32)


def _main_boxes(kind: Kind, path: list[str], straight: list[Arrow], begins: list[str]) -> dict[str, Box]:
    """Boxes of the main path, each gap wide enough for the label on it."""
    boxes: dict[str, Box] = {}
    x = MARGIN + 30 + max((text_width(name) for name in begins), default=0)
    for code in path:
        stage = kind.stage(code)
        boxes[code] = Box(stage, x, 0, _box_width(stage))
        longest = max((text_width(n) for a in straight if a.frm == code for n in a.names), default=0)
        x += boxes[code].w + max(GAP, longest + 32)
    return boxes


def _place_side(kind: Kind, arrows: list[Arrow], boxes: dict[str, Box]) -> list[str]:
    """Add boxes of the other stages, each near the stages it is joined to; return them from left to right."""
    side = [stage for stage in kind.stages if stage.code not in boxes]
    wanted = {code: box.centre for code, box in boxes.items()}
    for _ in range(3):
        for stage in side:
            near = [wanted[a.frm] for a in arrows if a.to == stage.code and a.frm in wanted]
            near += [wanted[a.to] for a in arrows if a.frm == stage.code and a.to in wanted]
            wanted[stage.code] = sum(near) / len(near) if near else MARGIN
    free, row = float(MARGIN), []
    for stage in sorted(side, key=lambda one: wanted[one.code]):
        width = _box_width(stage)
        x = max(free, wanted[stage.code] - width / 2)
        boxes[stage.code] = Box(stage, x, 0, width)
        row.append(stage.code)
        free = x + width + GAP
    return row


def _widen(row: list[str], boxes: dict[str, Box], beside: list[Arrow]) -> None:
    """Push the lower row apart where a label stands between two of its boxes."""
    for left, right in itertools.pairwise(row):
        label = max((text_width(n) for a in beside if (a.frm, a.to) == (left, right) for n in a.names), default=0)
        least = boxes[left].x + boxes[left].w + (max(GAP, label + 32) if label else GAP / 2)
        boxes[right].x = max(boxes[right].x, least)


def _groups(arrows: list[Arrow]) -> list[list[Arrow]]:
    """Arrows by where they lead, in the order of their first mention."""
    targets = dict.fromkeys(a.to for a in arrows)
    return [[a for a in arrows if a.to == code] for code in targets]


def _span(group: list[Arrow], boxes: dict[str, Box]) -> tuple[float, float]:
    xs = [boxes[a.frm].centre for a in group] + [boxes[group[0].to].centre]
    labels = [boxes[a.frm].centre + text_width(a.label) + 24 for a in group]
    return min(xs) - 20, max(max(xs) + 20, *labels)


def _lanes(spans: Iterable[tuple[float, float]]) -> list[int]:
    """A lane for each span, the shortest nearest, so that no two in one lane overlap."""
    found = list(spans)
    taken: list[list[tuple[float, float]]] = []
    lanes = [0] * len(found)
    for i in sorted(range(len(found)), key=lambda i: found[i][1] - found[i][0]):
        left, right = found[i]
        lane = next((n for n, row in enumerate(taken) if all(right < a or b < left for a, b in row)), len(taken))
        if lane == len(taken):
            taken.append([])
        taken[lane].append((left, right))
        lanes[i] = lane
    return lanes
