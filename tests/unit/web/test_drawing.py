"""Loops are drawn whole, readable, and without their parts on top of each other."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

from django.utils import translation

from linhe.core.loop import registry
from linhe.core.loop.kinds import ANYONE, HANDLER, NEW, Action, Kind, Stage
from linhe.lib.text import Text
from linhe.web.drawing import draw_loop
from linhe.web.drawing.layout import NODE_H, main_path, plan_of
from tests.desks.toy.loop import TOY

SVG = "{http://www.w3.org/2000/svg}"


def _parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def test_main_path_follows_the_first_action_that_leads_on() -> None:
    assert main_path(TOY) == ["open", "taken", "done", "checked"]


def test_main_path_avoids_bad_ends() -> None:
    kind = Kind(
        "k", 1, Text("件", "k"), "d",
        stages=(
            Stage("a", Text("甲", "a")),
            Stage("no", Text("否", "no"), "bad", True),
            Stage("yes", Text("是", "yes"), "good", True),
        ),
        actions=(
            Action("go", Text("起", "go"), (NEW,), "a", (ANYONE,)),
            Action("refuse", Text("拒", "refuse"), ("a",), "no", (HANDLER,)),
            Action("grant", Text("准", "grant"), ("a",), "yes", (HANDLER,)),
        ),
    )  # fmt: skip
    assert main_path(kind) == ["a", "yes"]


def test_drawing_is_valid_svg_with_every_stage_and_action_named() -> None:
    for kind in registry.kinds():
        root = _parsed(draw_loop(kind))
        words = " ".join(text for element in root.iter() for text in (element.text or "",))
        assert all(str(stage.name) in words for stage in kind.stages)
        assert all(str(action.name) in words for action in kind.actions), kind.code
        assert root.get("role") == "img"
        assert root.find(f"{SVG}title") is not None


def test_boxes_do_not_overlap() -> None:
    for kind in registry.kinds():
        rects = [r for r in _parsed(draw_loop(kind)).iter(f"{SVG}rect") if "loop__node" in r.get("class", "")]
        spots = [(float(r.get("x", 0)), float(r.get("y", 0)), float(r.get("width", 0))) for r in rects]
        for (x1, y1, w1), (x2, y2, w2) in combinations(spots, 2):
            assert x1 + w1 <= x2 or x2 + w2 <= x1 or abs(y1 - y2) >= NODE_H, kind.code


def test_tracks_that_share_a_lane_do_not_overlap() -> None:
    for kind in registry.kinds():
        plan = plan_of(kind)
        spans: dict[int, list[tuple[float, float]]] = {}
        for arrow, lane in plan.above:
            ends = sorted((plan.boxes[arrow.frm].centre, plan.boxes[arrow.to].centre))
            spans.setdefault(lane, []).append((ends[0], ends[1]))
        for row in spans.values():
            for (a1, b1), (a2, b2) in combinations(row, 2):
                assert b1 < a2 or b2 < a1


def test_present_stage_is_marked_once() -> None:
    assert draw_loop(TOY, now="taken").count("loop__node_now") == 1
    assert "loop__node_now" not in draw_loop(TOY)


def test_labels_are_escaped_and_in_the_reader_language() -> None:
    kind = Kind(
        "k", 1, Text("<件>", "<k>"), "d",
        stages=(Stage("a", Text("甲&", "A&"), final=True),),
        actions=(Action("go", Text("<b>起", "<b>go"), (NEW,), "a", (ANYONE,)),),
    )  # fmt: skip
    assert "<b>" not in draw_loop(kind)
    with translation.override("en"):
        assert "A&amp;" in draw_loop(kind)
    assert "甲&amp;" in draw_loop(kind)
