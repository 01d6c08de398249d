"""A template is checked when it is read: what contradicts itself never becomes a sheet."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linhe.core.runsheets.template import InvalidTemplate, Template, read_template, template_at

PHASES = [{"code": "first", "zh": "一", "en": "one"}, {"code": "second", "zh": "二", "en": "two"}]


NAMED = {"title_zh": "操作", "title_en": "operate"}


def step(number: int, code: str, phase: str = "first", **more: Any) -> dict[str, Any]:
    return {"number": number, "code": code, "phase": phase, "role": "operator", "zh": "做", "en": "do", "target_min": 1,
            **more}  # fmt: skip


def clock(start: str = "begin", stop: str = "item:b", limit: int = 60) -> dict[str, Any]:
    return {"code": "hour", "zh": "时", "en": "hour", "limit_min": limit, "start": start, "stop": stop}


def made(steps: list[dict[str, Any]], clocks: list[dict[str, Any]] | None = None) -> Template:
    return read_template("test.run", date(2025, 1, 1), phases=PHASES, steps=steps, clocks=clocks or [])


def test_a_sound_template_is_read() -> None:
    found = made([step(1, "a", slots=["x.open"], **NAMED), step(2, "b", "second", needs=["a"])], [clock()])
    assert [one.code for one in found.steps] == ["a", "b"]
    assert found.step_for("x.open").number == 1
    assert found.clocks[0].limit_s == 3600
    with pytest.raises(InvalidTemplate, match="no step takes"):
        found.step_for("x.close")


def test_a_star_takes_what_no_other_step_of_its_group_takes() -> None:
    found = made([step(1, "a", slots=["x.*"], **NAMED), step(2, "b", "second", slots=["x.open"], **NAMED)])
    assert (found.step_for("x.open").number, found.step_for("x.tag").number) == (2, 1)


@pytest.mark.parametrize(
    ("steps", "clocks", "told"),
    [
        ([step(1, "a"), step(3, "b", "second")], [], "numbered from 1"),
        ([step(1, "a", "second"), step(2, "b", "first")], [], "phase after phase"),
        ([step(1, "a"), step(2, "b")], [], "none empty"),
        ([step(1, "a"), step(2, "b", "third")], [], "declared phase"),
        ([step(1, "a"), step(2, "a", "second")], [], "there already"),
        ([step(1, "a", needs=["b"]), step(2, "b", "second")], [], "no earlier step"),
        ([step(1, "a", skip=True), step(2, "b", "second", needs=["a"])], [], "may leave out"),
        ([step(1, "a", target_min=0), step(2, "b", "second")], [], "must be positive"),
        ([step(1, "a", colour="red"), step(2, "b", "second")], [], "unknown key"),
        ([step(1, "a", slots=["x.open"]), step(2, "b", "second")], [], "has a title"),
        ([{"number": 1}], [], "is missing"),
        ([step(1, "a"), step(2, "b", "second")], [clock(stop="item:c")], "no moment of the run"),
        ([step(1, "a"), step(2, "b", "second")], [clock(stop="begin")], "needs a length"),
        ([step(1, "a"), step(2, "b", "second")], [clock(limit=0)], "needs a length"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_contradicts_itself_is_refused(
    steps: list[dict[str, Any]], clocks: list[dict[str, Any]], told: str
) -> None:  # fmt: skip
    with pytest.raises(InvalidTemplate, match=told):
        made(steps, clocks)


def test_the_power_drill_has_its_34_steps_and_two_hours() -> None:
    found = template_at("power.drill", at=date(2026, 3, 4))
    counts = [sum(1 for one in found.steps if one.phase == code) for code, _ in found.phases]
    assert counts == [6, 7, 10, 5, 6]
    assert [(one.start, one.stop, one.limit_s) for one in found.clocks] == [
        ("begin", "item:isolation_confirmed", 3600),
        ("item:truck_ordered", "item:truck_closed", 3600),
    ]
