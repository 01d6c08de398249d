"""What the words of rules mean, tried out: the same rules under another meaning give other findings.

``lock.json`` holds what comes out, so that whoever changes a function, an operator or a fact also raises
``rulebook.SEMANTICS``, which is part of every rule set's hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

from linhe.desks.exchange.engine import grammar
from linhe.desks.exchange.engine.calendar import official
from linhe.desks.exchange.engine.case import plain
from linhe.desks.exchange.engine.chain import Earlier, Holder, derived
from linhe.desks.exchange.engine.closures import Compiler
from linhe.desks.exchange.engine.facts import ORDERED_DATES, Fact, normal
from linhe.desks.exchange.engine.fields import FIELDS
from linhe.desks.exchange.engine.functions import TABLE

CALENDAR_YEAR = 2026
STEPS = (0, 1, 2, 20, 23)
NUMBER, OTHER, DAY, LATER = "deal.buyers", "deal.price_fen", "appraisal.base_on", "application.applied_on"
YES, ALSO, TEXT = "certificate.genuine", "certificate.complete", "application.seller"
LISTS = {"ints": "earlier.reserve_fen", "bools": "earlier.conforming", "dates": "earlier.ends_on",
         "texts": "holders.largest_lines"}  # fmt: skip
DAYS = (
    None, date(2003, 12, 31), date(2024, 1, 31), date(2024, 2, 29), date(2025, 1, 26), date(2026, 9, 30),
    date(2026, 10, 10), date(2026, 12, 31), date(2027, 1, 4),
)  # fmt: skip
VALUES: dict[str, tuple[Any, ...]] = {
    NUMBER: (None, 0, 1, 3), OTHER: (None, 1, 2), DAY: DAYS, LATER: DAYS, YES: (None, False, True),
    ALSO: (None, False, True), TEXT: (None, "甲", "乙"), LISTS["ints"]: (None, (), (2,), (3, None), (1, 3, 2)),
    LISTS["bools"]: (None, (), (True,), (True, None), (False, None), (True, False)),
    LISTS["dates"]: (None, (), (DAYS[2],), (DAYS[3], DAYS[2]), (DAYS[3], None)),
    LISTS["texts"]: (None, (), ("甲",), (None, "乙")),
}  # fmt: skip


def tried() -> Iterator[tuple[str, list[Any]]]:
    """Expressions and other steps, each with what it gives for values around its bounds."""
    places = list(VALUES)
    compiler = Compiler({path: place for place, path in enumerate(places)}, official(CALENDAR_YEAR))
    for text, paths in _expressions():
        run = compiler.compile(grammar.parse(text, {}, where=text))
        found = []
        for values in product(*(VALUES[path] for path in paths)):
            row = dict(zip(paths, values, strict=True))
            found.append(run([row.get(path) for path in places]))
        yield text, found
    yield "names", [normal(text) for text in ("甲 乙", "ＡＢ（１）", "甲\u3000乙\n", "ﾃｽﾄ")]
    yield "ordered dates", [list(pair) for pair in ORDERED_DATES]
    for earlier, holders, number in product(_chains(), _holders(), (None, 1, 3)):
        facts = derived(earlier, holders, Fact(number))
        yield "derived", [[path, plain(fact.value)] for path, fact in sorted(facts.items())]


def vocabulary() -> Iterator[tuple[str, str]]:
    """Every fact with its kind and unit, and every code it may hold: findings that are kept name them."""
    for path, field in FIELDS.items():
        yield path, f"{field.kind} {field.unit}".strip()
        for code, _, _ in field.choices:
            yield f"{path}={code}", "code"


def _expressions() -> Iterator[tuple[str, tuple[str, ...]]]:
    for sign in ("==", "!=", "<", "<=", ">", ">="):
        yield f"{NUMBER} {sign} {OTHER}", (NUMBER, OTHER)
        yield f"{NUMBER} {sign} 1", (NUMBER,)
        yield f"{DAY} {sign} {LATER}", (DAY, LATER)
    for sign in ("+", "-", "*"):
        yield f"{NUMBER} {sign} {OTHER} < 3", (NUMBER, OTHER)
    yield f"not {YES}", (YES,)
    yield f"{YES} and {ALSO}", (YES, ALSO)
    yield f"{YES} or {ALSO}", (YES, ALSO)
    yield f"{TEXT} == '甲'", (TEXT,)
    yield f"{TEXT} not in ('甲', '丙')", (TEXT,)
    yield f"{TEXT} in {LISTS['texts']}", (TEXT, LISTS["texts"])
    yield f"{NUMBER} in {LISTS['ints']}", (NUMBER, LISTS["ints"])
    yield f"0 < {NUMBER} < {OTHER}", (NUMBER, OTHER)
    for name in TABLE:
        yield from _of_function(name)


def _of_function(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each function compared with values that tell its results apart."""
    takes, gives = TABLE[name].takes, TABLE[name].gives
    if len(takes) == 2 and takes[1] == ("date",):
        for bound in (-5, 0, 1, 4, 20, 365):
            yield f"{name}({DAY}, {LATER}) < {bound}", (DAY, LATER)
    elif len(takes) == 2:
        for step, sign in product(STEPS, ("==", "<")):
            yield f"{name}({DAY}, {step}) {sign} {LATER}", (DAY, LATER)
    elif gives == "bool":
        for path in [LISTS["bools"]] if takes[0] == ("bools",) else [NUMBER, YES, TEXT, DAY, *LISTS.values()]:
            yield f"{name}({path})", (path,)
    elif gives == "int":
        for path in LISTS.values():
            yield f"{name}({path}) == {NUMBER}", (path, NUMBER)
    else:
        yield f"{name}({LISTS['ints']}) == {NUMBER}", (LISTS["ints"], NUMBER)
        yield f"{name}({LISTS['dates']}) == {DAY}", (LISTS["dates"], DAY)


def _chains() -> tuple[tuple[Earlier, ...] | None, ...]:
    def one(number: int, **facts: Any) -> Earlier:
        return Earlier(number=Fact(number), **{name: Fact(value) for name, value in facts.items()})

    return None, (), (one(1, result="sold", review="conforming"), one(2, reserve_fen=5, ends_on=DAYS[2]))


def _holders() -> tuple[tuple[Holder, ...] | None, ...]:
    def one(share: int | None, line: str) -> Holder:
        return Holder(name=Fact("甲"), share_ppm=Fact(share), fiscal_line=Fact(line))

    return None, (one(1, "省"), one(2, "市 "), one(2, "县")), (one(None, "省"),)
