"""The rule book as people read it: rules in words, parameters over time, what differs between two days."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from linhe.desks.exchange.engine import ir
from linhe.desks.exchange.engine.changes import Difference, difference
from linhe.desks.exchange.engine.fields import FIELDS
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.engine.rulebook import Cite, Example, Parameter, Resolved, Rule, Status
from linhe.desks.exchange.engine.wording import parameters_of, shown
from linhe.desks.exchange.queries.phrases import phrase
from linhe.lib.text import Text

SEVERITIES: dict[str, Text] = {
    "refuse": Text("不予受理", "refused"),
    "return": Text("退回补正", "returned"),
    "note": Text("提示", "note"),
}
STATUSES: dict[Status, Text] = {
    "pass": Text("符合", "pass"),
    "fail": Text("不符合", "fail"),
    "unknown": Text("待补正", "unknown"),
    "not_applicable": Text("不适用", "does not apply"),
}
PARTS: dict[str, Text] = {
    "title": Text("标题", "title"),
    "from_date": Text("起始日", "first day"),
    "to_date": Text("最后一日", "last day"),
    "applies_when": Text("适用条件", "when it applies"),
    "fails_when": Text("判定条件", "when it fails"),
    "severity": Text("后果", "consequence"),
    "evidence": Text("证据", "evidence"),
    "message": Text("告知内容", "message"),
    "cite.document": Text("依据文件", "document"),
    "cite.article": Text("条款", "article"),
    "cite.quote": Text("原文", "quote"),
    "cite.verified_by": Text("核实", "verification"),
    "cite.seen_in": Text("引文所见", "quote read in"),
}
CHANGES: dict[str, Text] = {
    "added": Text("新增", "new"),
    "ended": Text("失效", "ended"),
    "changed": Text("修改", "changed"),
}
GROUPS: dict[str, Text] = {
    "certificate": Text("产权登记证（表）", "Registration certificate"),
    "approval": Text("经济行为批准文件", "Approval"),
    "appraisal": Text("资产评估", "Appraisal"),
    "price": Text("挂牌价格和历次挂牌", "Price and earlier listings"),
    "disclosure": Text("信息披露", "Notice"),
    "deal": Text("成交", "Deal"),
    "sasac": Text("国资监管条线", "SASAC line"),
}
"""The files of the book in the order of a review, by what they are about."""


@dataclass(frozen=True, slots=True)
class Case:
    """An example of a rule: its facts in words and what the rule says of it."""

    name: Text
    facts: tuple[tuple[Text, Text], ...]
    status: Text
    code: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule as the page shows it."""

    rule: Rule
    title: Text
    severity: Text
    applies: Text
    fails: Text
    message: Text
    note: Text | None
    reads: tuple[Text, ...]
    parameters: tuple[tuple[Parameter, int], ...]
    cases: tuple[Case, ...]
    others: tuple[Version, ...]

    @property
    def cite(self) -> Cite:
        """What it rests on."""
        return self.rule.cite

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds."""
        return last_day(self.rule.to_date)

    def mentions(self, words: Sequence[str]) -> bool:
        """Whether each of these words stands in it, in either language."""
        said = (self.title, self.severity, self.applies, self.fails, self.message, self.note, *self.reads)
        texts = [half for one in said if one for half in (one.zh, one.en)]
        cite = self.cite
        texts += [self.rule.id, cite.document, cite.article or "", cite.quote or ""]
        whole = "\n".join(texts).casefold()
        return all(word in whole for word in words)


@dataclass(frozen=True, slots=True)
class Version:
    """Another version of a rule, by the days on which it holds."""

    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Source:
    """A document that rules rest on: its articles, and how many of them were read by somebody or in a copy."""

    document: str
    articles: tuple[str, ...]
    rules: int
    verified: int
    copied: int


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that differs between two days: for each part that moved its name, before and after."""

    kind: str
    name: Text
    rule_id: str
    title: Text
    cite: Cite
    moved: tuple[tuple[Text, Text, Text], ...]


def entries(day: date, search: str = "") -> tuple[Entry, ...]:
    """The rules in force on a day that mention every word of ``search``, in the order of a review."""
    rules = sorted(shipped().at(day).rules, key=lambda one: list(GROUPS).index(_group(one.rule)))
    words = search.casefold().split()
    return tuple(entry for one in rules if (entry := _entry(one)).mentions(words))


def grouped(found: Sequence[Entry]) -> list[tuple[str, Text, list[Entry]]]:
    """The rules by what they are about: code, name, rules."""
    by_group = {code: [one for one in found if _group(one.rule) == code] for code in GROUPS}
    return [(code, GROUPS[code], held) for code, held in by_group.items() if held]


def sources(found: Sequence[Entry]) -> list[Source]:
    """The documents that these rules rest on, in the order of the rules."""
    by_document: dict[str, list[Cite]] = {}
    for one in found:
        by_document.setdefault(one.cite.document, []).append(one.cite)
    return [
        Source(
            document, tuple(dict.fromkeys(one.article for one in cites if one.article)), len(cites),
            sum(one.verified for one in cites), sum(bool(one.seen_in) for one in cites),
        )
        for document, cites in by_document.items()
    ]  # fmt: skip


def last_day(until: date | None) -> date | None:
    """The last day of what holds until the day before ``until``."""
    return until - timedelta(days=1) if until else None


def hash_at(day: date) -> str:
    """The hash of the rule set of a day, as findings keep it."""
    return shipped().at(day).hash


def parameters() -> tuple[Parameter, ...]:
    """Every parameter with its whole series."""
    return shipped().parameters


def change_days() -> tuple[date, ...]:
    """The days on which a rule or a parameter changes, newest first."""
    return shipped().days[::-1]


def changes(before: date, after: date) -> tuple[tuple[Change, ...], Difference]:
    """What came, went and changed from one day to another, in words, and as the engine tells it."""
    found = difference(shipped(), before, after)
    return tuple(_change(one.kind, one.id, one.before, one.after, one.parts) for one in found.rules), found


def in_words(node: ir.Node) -> Text:
    """A condition as a sentence."""
    return phrase(node, {one.name: one.unit for one in parameters()})


def _group(rule: Rule) -> str:
    return rule.file.removesuffix(".yaml")


def _entry(one: Resolved) -> Entry:
    rule = one.rule
    values = parameters_of(one)
    return Entry(
        rule=rule, title=Text(*rule.title), severity=SEVERITIES[rule.severity], applies=in_words(one.applies),
        fails=in_words(one.fails), message=_template(one), note=Text(*rule.note) if rule.note else None,
        reads=tuple(_names(one.reads)),
        parameters=tuple((p, values[p.name]) for p in parameters() if p.name in values),
        cases=tuple(_case(case) for case in rule.cases),
        others=tuple(
            Version(other.from_date, last_day(other.to_date))
            for other in shipped().versions(rule.id)
            if other.from_date != rule.from_date
        ),
    )  # fmt: skip


def _case(case: Example) -> Case:
    facts = tuple(
        (Text(*FIELDS[path].name), Text(*shown(FIELDS[path], tuple(value) if isinstance(value, list) else value)))
        for path, value in case.facts.items()
        if path in FIELDS
    )
    return Case(Text(*case.name), facts, STATUSES[case.expect], case.expect)


def _template(one: Resolved) -> Text:
    """The message with the names of facts in brackets and the values of parameters."""
    values = parameters_of(one)

    def fill(text: str, language: str) -> str:
        def named(found: re.Match[str]) -> str:
            code = found.group(1)
            if code not in FIELDS:
                return str(values.get(code, code))
            return f"〔{getattr(FIELDS[code].name, language)}〕"

        filled = re.sub(r"\{([^{}]*)\}", named, text)
        return filled if language == "en" else filled.replace(" 〔", "〔").replace("〕 ", "〕")

    return Text(fill(one.rule.message.zh, "zh"), fill(one.rule.message.en, "en"))


def _names(paths: Iterable[str]) -> Iterable[Text]:
    return (Text(*FIELDS[path].name) for path in paths)


def _change(kind: str, rule_id: str, before: Rule | None, after: Rule | None, parts: tuple[str, ...]) -> Change:
    held = after or before
    assert held is not None
    moved = tuple(
        (PARTS.get(part, Text(part, part)), _part(before, part), _part(after, part))
        for part in parts
        if before and after
    )
    return Change(kind, CHANGES[kind], rule_id, Text(*held.title), held.cite, moved)


def _part(rule: Rule | None, part: str) -> Text:
    if rule is None:
        return Text("–", "–")
    head, _, rest = part.partition(".")
    value = getattr(getattr(rule, head), rest) if rest else getattr(rule, head)
    resolved = shipped().at(rule.from_date).rule(rule.id)
    if head in ("applies_when", "fails_when"):
        return in_words(resolved.applies if head == "applies_when" else resolved.fails)
    if head == "to_date":
        value = last_day(value)
    if head == "severity":
        return SEVERITIES[value]
    if head == "message":
        return _template(resolved)
    if head == "evidence":
        names = list(_names(value))
        return Text("、".join(one.zh for one in names), ", ".join(one.en for one in names))
    if head == "title":
        return Text(*value)
    return Text(*("–" if value is None else str(value),) * 2)
