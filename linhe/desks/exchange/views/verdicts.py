"""What the rules say of an application while it is typed: at its fields, and as a list of what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from linhe.desks.exchange.engine import Problem
from linhe.desks.exchange.engine.fields import FIELDS
from linhe.desks.exchange.engine.result import Finding
from linhe.desks.exchange.queries.awaiting import LEFT_MESSAGE, left_to_the_exchange
from linhe.desks.exchange.queries.facts import found_in
from linhe.desks.exchange.schemas.content import SELLERS
from linhe.lib.text import Text

GRAVEST_FIRST = {"refuse": 0, "return": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Note:
    """What a rule says at a field."""

    tone: str
    text: Text


@dataclass(frozen=True, slots=True)
class Stand:
    """What stands in the way: a rule, what it says, and the fields where it can be put right."""

    tone: str
    title: Text
    message: Text
    fields: tuple[tuple[str, Text], ...]
    lacks: bool
    """Whether the fields are missing; else they contradict something."""
    left: bool
    """Whether only the exchange can settle it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``notes`` by field; ``stands`` the gravest first, what is left to the exchange last."""

    checked: bool = False
    notes: dict[str, list[Note]] = field(default_factory=dict)
    stands: tuple[Stand, ...] = ()


def verdict_of(problem: Problem) -> Verdict:
    """Run the rules over an application."""
    found = list(found_in(problem).of("fail", "unknown"))
    found.sort(key=lambda f: (f.status != "fail", GRAVEST_FIRST[f.severity]))
    stands = [_stand(one, problem) for one in found]
    return Verdict(True, _notes(found, problem), tuple(sorted(stands, key=lambda one: one.left)))


def html_id(path: str) -> str:
    """An id that a selector can name."""
    return path.replace(".", "-")


def _notes(found: list[Finding], problem: Problem) -> dict[str, list[Note]]:
    """What fails at every field it reads, what is missing where it is missing."""
    notes: dict[str, list[Note]] = {}
    waiting: dict[str, list[Text]] = {}
    for one in found:
        title = Text(*one.title)
        if one.status == "fail":
            for place, path in enumerate(_sellers(_read(one))):
                notes.setdefault(path, []).append(Note(_tone(one), title if place else Text(*one.message)))
        else:
            for path in _sellers(_missing(one, problem)):
                waiting.setdefault(path, []).append(title)
    for path, titles in waiting.items():
        more = Text("", "") if len(titles) == 1 else Text(f"等 {len(titles)} 条规则", f" and {len(titles) - 1} more")
        text = Text(f"待补正：{titles[0].zh}{more.zh}需要此项。", f"Needed by: {titles[0].en}{more.en}.")
        notes.setdefault(path, []).append(Note("wait", text))
    return notes


def _stand(one: Finding, problem: Problem) -> Stand:
    fails = one.status == "fail"
    missing = () if fails else _missing(one, problem)
    left = left_to_the_exchange(missing)
    paths = _sellers(_read(one) if fails else missing)
    fields = tuple((html_id(path), Text(*FIELDS[path].name)) for path in paths)
    message = LEFT_MESSAGE if left else Text(*one.message)
    return Stand(_tone(one), Text(*one.title), message, fields, lacks=bool(fields) and not fails, left=left)


def _tone(one: Finding) -> str:
    return "over" if one.severity == "note" else "bad" if one.status == "fail" else "wait"


def _read(one: Finding) -> tuple[str, ...]:
    return tuple(e.path for e in one.evidence)


def _missing(one: Finding, problem: Problem) -> tuple[str, ...]:
    """What is missing of all that decides a rule: also whether it applies, which is no evidence."""
    paths = dict.fromkeys((*one.resolved.reads, *one.resolved.rule.evidence))
    return tuple(path for path in paths if problem.known[path].value is None)


def _sellers(paths: tuple[str, ...]) -> list[str]:
    """Those of the paths that the seller fills in."""
    return [path for path in paths if path.partition(".")[2] in SELLERS.get(path.partition(".")[0], ())]
