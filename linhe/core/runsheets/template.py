"""A kept template: steps, phases and clocks as dated parameters, checked when they are read.

Three tables make one: ``<code>_phases``, ``<code>_steps`` and ``<code>_clocks``. Texts may hold ``{names}``, which the
sheet fills in; a step with ``slots`` is made once for every operation that the plan has for one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from linhe.core.dated import parameter, value
from linhe.lib.text import Text

BEGIN = "begin"
_TRIGGER = re.compile(r"begin|item:[a-z0-9_]+", re.ASCII)
_CODE = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_STEP_KEYS = {
    "number", "code", "phase", "role", "zh", "en", "needs", "target_min", "takes_zh", "takes_en", "slots", "tags",
    "skip", "title_zh", "title_en",
}  # fmt: skip


class InvalidTemplate(ValueError):
    """A template contradicts itself; the message names the row."""


@dataclass(frozen=True, slots=True)
class TemplateStep:
    """One numbered step.

    Attributes
    ----------
    role : who carries it out (and repeats the call).
    needs : codes of earlier steps that must be done, not skipped, before this one.
    takes : people, tools, papers.
    title : what it is called while no plan has told what is to be operated.
    slots : the kinds of planned operations that it stands for (``isolate.open``, or ``isolate.*`` for all others of
        that group); empty when it is done once, whatever the plan.
    tags : what may block it (``field_switching`` in lightning).
    skip : whether an emergency may leave it out.
    """

    number: int
    code: str
    phase: str
    role: str
    text: Text
    target_s: int
    takes: Text
    needs: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    title: Text | None = None
    tags: tuple[str, ...] = ()
    skip: bool = False


@dataclass(frozen=True, slots=True)
class TemplateClock:
    """A limit between two moments of the run: ``begin``, or ``item:<code of a step>``."""

    code: str
    name: Text
    limit_s: int
    start: str
    stop: str


@dataclass(frozen=True, slots=True)
class Template:
    """A template as it is in force on a day; ``from_date`` is the day since when."""

    code: str
    from_date: date
    phases: tuple[tuple[str, Text], ...]
    steps: tuple[TemplateStep, ...]
    clocks: tuple[TemplateClock, ...]

    def step_for(self, slot: str) -> TemplateStep:
        """The step that an operation of this slot belongs to. Raises :class:`InvalidTemplate` when none takes it."""
        anything = slot.partition(".")[0] + ".*"
        for wanted in (slot, anything):
            if found := next((step for step in self.steps if wanted in step.slots), None):
                return found
        raise InvalidTemplate(f"{self.code}: no step takes {slot!r}")


def template_at(code: str, *, at: date | datetime, place_code: str | None = None) -> Template:
    """The template of that code in force at a moment and a place. Raises :class:`InvalidTemplate`."""
    rows = {part: value(f"{code}_{part}", at=at, place_code=place_code) for part in ("phases", "steps", "clocks")}
    since = parameter(f"{code}_steps").entry(at=at, place_code=place_code).from_date
    return read_template(code, since, **rows)


def read_template(
    code: str,
    from_date: date,
    *,
    phases: Iterable[Mapping[str, Any]],
    steps: Iterable[Mapping[str, Any]],
    clocks: Iterable[Mapping[str, Any]],
) -> Template:
    """Check rows and put them together. Raises :class:`InvalidTemplate`."""
    made = Template(
        code,
        from_date,
        tuple((row["code"], Text(row["zh"], row["en"])) for row in phases),
        tuple(_step(row) for row in steps),
        tuple(
            TemplateClock(r["code"], Text(r["zh"], r["en"]), 60 * r["limit_min"], r["start"], r["stop"]) for r in clocks
        ),
    )
    _check(made)
    return made


def _step(row: Mapping[str, Any]) -> TemplateStep:
    if unknown := sorted(row.keys() - _STEP_KEYS):
        raise InvalidTemplate(f"step {row.get('number')}: unknown key {unknown}")
    try:
        return TemplateStep(
            number=row["number"], code=row["code"], phase=row["phase"], role=row["role"],
            text=Text(row["zh"], row["en"]), target_s=round(60 * row["target_min"]),
            takes=Text(row.get("takes_zh", ""), row.get("takes_en", "")), needs=tuple(row.get("needs", ())),
            slots=tuple(row.get("slots", ())), tags=tuple(row.get("tags", ())), skip=row.get("skip", False),
            title=Text(row["title_zh"], row["title_en"]) if "title_zh" in row else None,
        )  # fmt: skip
    except KeyError as missing:
        raise InvalidTemplate(f"step {row.get('number')}: {missing} is missing") from missing


def _check(template: Template) -> None:
    numbers = [step.number for step in template.steps]
    if numbers != list(range(1, len(numbers) + 1)):
        raise InvalidTemplate(f"{template.code}: steps are numbered from 1 without gaps")
    phases = [code for code, _ in template.phases]
    order = [phases.index(step.phase) if step.phase in phases else -1 for step in template.steps]
    if -1 in order or order != sorted(order) or len(set(order)) != len(phases):
        raise InvalidTemplate(f"{template.code}: every step is of a declared phase, phase after phase, none empty")
    known: set[str] = set()
    may_skip = {step.code for step in template.steps if step.skip}
    for step in template.steps:
        if not _CODE.fullmatch(step.code) or step.code in known:
            raise InvalidTemplate(f"step {step.number}: code {step.code!r} is none or there already")
        if unknown := sorted(set(step.needs) - known):
            raise InvalidTemplate(f"step {step.number}: needs {unknown}, which is no earlier step")
        if left_out := sorted(set(step.needs) & may_skip):
            raise InvalidTemplate(f"step {step.number}: needs {left_out}, which an emergency may leave out")
        if bool(step.slots) != (step.title is not None):
            raise InvalidTemplate(f"step {step.number}: a step with slots, and no other, has a title")
        if step.target_s <= 0:
            raise InvalidTemplate(f"step {step.number}: its target must be positive")
        known.add(step.code)
    for clock in template.clocks:
        for trigger in (clock.start, clock.stop):
            if not _TRIGGER.fullmatch(trigger) or (trigger != BEGIN and trigger.removeprefix("item:") not in known):
                raise InvalidTemplate(f"clock {clock.code}: {trigger!r} is no moment of the run")
        if clock.start == clock.stop or clock.limit_s <= 0:
            raise InvalidTemplate(f"clock {clock.code}: it needs a length")
