"""Sheets made from a template, and filled in again with every plan. Called inside the effect of a desk's action."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from linhe.core.loop.models import Matter
from linhe.core.runsheets.models import NONE, OPEN, REPLACED, RunClock, RunItem, RunSheet
from linhe.core.runsheets.running import open_next, strike
from linhe.core.runsheets.template import BEGIN, Template, TemplateStep
from linhe.lib.text import Text

Values = Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation of the plan: the slot it fills, the words for the text, and what the item keeps of it.

    It comes after those whose ``number`` is among ``after``; ``ordered`` ones keep the order in which they are given.
    Both hold whatever the slots. ``tags`` and ``role`` replace those of the step.
    """

    slot: str
    values: Values
    keep: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0
    after: tuple[int, ...] = ()
    ordered: bool = False
    role: str = ""
    tags: tuple[str, ...] | None = None


def begin_sheet(
    matter: Matter, template: Template, *, at: datetime, began_at: datetime, drill: bool, values: Values
) -> RunSheet:
    """A sheet without a plan: steps that stand for planned operations wait for one."""
    sheet = RunSheet.objects.create(
        matter=matter, template=template.code, template_date=template.from_date, drill=drill, began_at=began_at,
        last_at=at,
    )  # fmt: skip
    RunClock.objects.bulk_create(
        RunClock(sheet=sheet, code=c.code, zh=c.name.zh, en=c.name.en, limit_s=c.limit_s, start=c.start, stop=c.stop)
        for c in template.clocks
    )
    drafts = [_item(step, values, planned=not step.slots) for step in template.steps]
    _append(sheet, drafts, first=1)
    strike(sheet, BEGIN, began_at)
    open_next(sheet, began_at)
    return sheet


def fill_in(
    sheet: RunSheet, template: Template, operations: Sequence[Operation], *, at: datetime, values: Values
) -> None:
    """Replace what has not been carried out by what the new plan asks for; what is done, failed or left out stays."""
    items = list(sheet.items.order_by("seq"))
    waiting = [item for item in items if item.state == OPEN]
    here = waiting[0].step if waiting else template.steps[-1].number
    parts: dict[int, int] = {}
    for item in items:
        if item.state not in (OPEN, REPLACED, NONE):
            parts[item.step] = max(parts.get(item.step, 0), item.part)
    sheet.items.filter(state=OPEN).update(state=REPLACED)
    sheet.revision += 1
    sheet.save(update_fields=["revision"])
    drafts = list(_drafts(template, operations, values, here=here, parts=parts, once={i.step for i in waiting}))
    _append(sheet, drafts, first=items[-1].seq + 1)
    open_next(sheet, at)


def _drafts(
    template: Template, operations: Sequence[Operation], values: Values, *, here: int, parts: dict[int, int],
    once: set[int],
) -> Iterator[RunItem]:  # fmt: skip
    """Items from the step where the run stands. An operation of an earlier step comes first of all."""
    placed: dict[int, list[tuple[TemplateStep, Operation]]] = {}
    at: dict[int, int] = {}
    reached = here
    for one in operations:
        own = template.step_for(one.slot)
        number = max([own.number, here, *(at[other] for other in one.after if other in at)])
        if one.ordered:
            number = reached = max(number, reached)
        at[one.number] = number
        placed.setdefault(number, []).append((own, one))
    for step in template.steps:
        if step.number < here:
            continue
        fillings = placed.get(step.number, [])
        for own, one in fillings:
            parts[step.number] = parts.get(step.number, 0) + 1
            yield _operated(step, own, one, values, part=parts[step.number])
        if not step.slots and step.number in once:
            yield _item(step, values)
        elif step.slots and not fillings and step.number not in parts:
            yield _item(step, values, state=NONE)


def _item(step: TemplateStep, values: Values, *, planned: bool = True, state: str = OPEN) -> RunItem:
    text = step.text if planned and state == OPEN else step.title or step.text
    return RunItem(
        step=step.number, code=step.code, phase=step.phase, role=step.role, zh=_filled(text.zh, values, "zh"),
        en=_filled(text.en, values, "en"), takes_zh=step.takes.zh, takes_en=step.takes.en, target_s=step.target_s,
        needs=list(step.needs), tags=list(step.tags), may_skip=step.skip, planned=planned, state=state,
    )  # fmt: skip


def _operated(step: TemplateStep, own: TemplateStep, one: Operation, values: Values, *, part: int) -> RunItem:
    """An item numbered after the step at which it comes, in the words and with the rules of the step it belongs to."""
    item = _item(own, {**values, **one.values})
    item.step, item.phase, item.part = step.number, step.phase, part
    item.role = one.role or own.role
    item.tags = list(own.tags if one.tags is None else one.tags)
    item.operation = dict(one.keep)
    return item


def _filled(text: str, values: Values, language: str) -> str:
    """The words in one language. A template that names something nobody told is wrong: KeyError."""
    return text.format_map({name: getattr(words, language) for name, words in values.items()})


def _append(sheet: RunSheet, drafts: Sequence[RunItem], *, first: int) -> None:
    for seq, item in enumerate(drafts, first):
        item.sheet, item.seq, item.revision = sheet, seq, sheet.revision
    RunItem.objects.bulk_create(drafts)
