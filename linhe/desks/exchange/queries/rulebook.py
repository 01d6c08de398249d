"""The rule book as people read it: rules in words, parameters over time, what differs between two days."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from linhe.desks.exchange.engine.changes import Difference, difference
from linhe.desks.exchange.engine.fields import FIELDS
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.engine.rulebook import Cite, Example, Parameter, Resolved, Rule, Status
from linhe.desks.exchange.engine.wording import shown
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
    "to_date": Text("截止日", "last day"),
    "applies_when": Text("适用条件", "when it applies"),
    "fails_when": Text("判定条件", "when it fails"),
    "severity": Text("后果", "consequence"),
    "evidence": Text("证据", "evidence"),
    "message": Text("告知内容", "message"),
    "cite.document": Text("依据文件", "document"),
    "cite.article": Text("条款", "article"),
    "cite.quote": Text("原文", "quote"),
    "cite.verified_by": Text("核实", "verification"),
}
CHANGES: dict[str, Text] = {
    "added": Text("新增", "new"),
    "ended": Text("停用", "ended"),
    "changed": Text("修改", "changed"),
}
_OPERATORS = {"and": Text("且", "and"), "or": Text("或", "or"), "not": Text("非", "not")}
FUNCTIONS: dict[str, Text] = {
    "present": Text("已提供", "present"), "known": Text("已知", "known"), "all_of": Text("全部满足", "all of"),
    "any_of": Text("任一满足", "any of"), "count_of": Text("个数", "number of"),
    "first": Text("第一个", "the first of"),
    "last": Text("最后一个", "the last of"), "least": Text("最小值", "the least of"),
    "greatest": Text("最大值", "the greatest of"), "days_between": Text("相隔日数", "days between"),
    "working_days_between": Text("相隔工作日数", "working days between"), "add_days": Text("若干日后", "days after"),
    "add_working_days": Text("若干工作日后", "working days after"), "add_months": Text("若干月后", "months after"),
    "add_years": Text("若干年后", "years after"), "true": Text("是", "yes"), "false": Text("否", "no"),
    "True": Text("是", "yes"), "False": Text("否", "no"), "in": Text("属于", "is among"),
    "not_in": Text("不属于", "is not among"),
}  # fmt: skip
"""Functions and constants of the grammar in words."""
_OPERATORS |= {"==": Text("＝", "="), "!=": Text("≠", "≠"), ">=": Text("≥", "≥"), "<=": Text("≤", "≤")}
_TOKEN = re.compile(r"[a-z_]+\.[a-z_]+|\"[^\"]*\"|'[^']*'|[A-Za-z_]\w*|==|!=|>=|<=|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Case:
    """An example of a rule: its facts in words and what the rule says of it."""

    name: str
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
    reads: tuple[Text, ...]
    parameters: tuple[Parameter, ...]
    cases: tuple[Case, ...]

    @property
    def cite(self) -> Cite:
        """What it rests on."""
        return self.rule.cite


@dataclass(frozen=True, slots=True)
class Change:
    """A rule that differs between two days: for each part that moved its name, before and after."""

    kind: str
    name: Text
    rule_id: str
    title: Text
    moved: tuple[tuple[Text, Text, Text], ...]


def entries(day: date) -> tuple[Entry, ...]:
    """The rules in force on a day, in the order of the book."""
    return tuple(_entry(one) for one in shipped().at(day).rules)


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


def in_words(expression: str) -> Text:
    """An expression with the names of facts and parameters in place of their codes."""
    names = {one.name: Text(*one.label) for one in parameters()}
    zh, en = [], []
    before = ""
    for token in _TOKEN.findall(" ".join(expression.split()).replace(" not in ", " not_in ")):
        word = _word(token, before, names)
        before = token if "." in token else before
        zh.append(word.zh)
        en.append(word.en)
    return Text("".join(zh), "".join(en))


def _word(token: str, path: str, names: dict[str, Text]) -> Text:
    if token in FIELDS:
        return Text(f"「{FIELDS[token].name.zh}」", f"“{FIELDS[token].name.en}”")
    if token in names:
        return Text(f"【{names[token].zh}】", f"[{names[token].en}]")
    if token in _OPERATORS or token in FUNCTIONS:
        return _OPERATORS.get(token) or FUNCTIONS[token]
    if token[:1] in "\"'" and path in FIELDS:
        code = token.strip("\"'")
        known = next((Text(zh, en) for one, zh, en in FIELDS[path].choices if one == code), Text(code, code))
        return Text(f"“{known.zh}”", f"“{known.en}”")
    return Text(token, token)


def _entry(one: Resolved) -> Entry:
    rule = one.rule
    resting = {*one.parameters}
    return Entry(
        rule=rule, title=Text(*rule.title), severity=SEVERITIES[rule.severity], applies=in_words(rule.applies_when),
        fails=in_words(rule.fails_when), message=_template(rule), reads=tuple(_names(one.reads)),
        parameters=tuple(p for p in parameters() if p.name in resting), cases=tuple(_case(case) for case in rule.cases),
    )  # fmt: skip


def _case(case: Example) -> Case:
    facts = tuple(
        (Text(*FIELDS[path].name), Text(*shown(FIELDS[path], tuple(value) if isinstance(value, list) else value)))
        for path, value in case.facts.items()
        if path in FIELDS
    )
    return Case(case.name, facts, STATUSES[case.expect], case.expect)


def _template(rule: Rule) -> Text:
    names = {one.name: Text(*one.label) for one in parameters()}

    def fill(text: str, language: str) -> str:
        def one(found: re.Match[str]) -> str:
            code = found.group(1)
            held = Text(*FIELDS[code].name) if code in FIELDS else names.get(code, Text(code, code))
            return f"〔{getattr(held, language)}〕"

        return re.sub(r"\{([^{}]*)\}", one, text)

    return Text(fill(rule.message.zh, "zh"), fill(rule.message.en, "en"))


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
    return Change(kind, CHANGES[kind], rule_id, Text(*held.title), moved)


def _part(rule: Rule | None, part: str) -> Text:
    if rule is None:
        return Text("–", "–")
    head, _, rest = part.partition(".")
    value = getattr(getattr(rule, head), rest) if rest else getattr(rule, head)
    if head in ("applies_when", "fails_when"):
        return in_words(value)
    if head == "severity":
        return SEVERITIES[value]
    if head == "message":
        return _template(rule)
    if head == "evidence":
        names = list(_names(value))
        return Text("、".join(one.zh for one in names), ", ".join(one.en for one in names))
    if head == "title":
        return Text(*value)
    return Text(*("–" if value is None else str(value),) * 2)
