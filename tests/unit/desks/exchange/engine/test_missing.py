"""Missing evidence never helps: whatever is taken away from an application that fails, it does not pass."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest

from linhe.desks.exchange.engine import Params, Problem, solve
from linhe.desks.exchange.engine.chain import Earlier
from linhe.desks.exchange.engine.facts import Fact, InvalidFact
from linhe.desks.exchange.engine.reading import shipped
from tests.unit.desks.exchange.engine.world import AS_OF, CONFORMING, HOLDERS, listing

SETS = 25
FULL = CONFORMING | {
    "certificate.pledgee_agrees": False, "appraisal.accounting_engaged": True, "appraisal.accounting_agency": "庚记账",
    "approval.valid_until_stated": True, "approval.valid_until": date(2026, 12, 31),
    "approval.price_floor_stated": True, "approval.price_floor_fen": 90_000_000, "approval.authority_kind": "finance",
    "application.controls_lost": False, "application.difference_explained": False, "disclosure.extensions": 0,
    "disclosure.suspended": False, "disclosure.changed": False, "disclosure.buyer_terms_changed": False,
}  # fmt: skip
"""Everything is answered, also whether there is what need not be there."""


def _failing() -> Iterator[tuple[str, dict[str, Any]]]:
    """The full application with what the failing examples of the rules say instead."""
    for one in shipped().at(AS_OF).rules:
        for case in one.rule.cases:
            if case.expect == "fail":
                told = {path: value for path, value in case.facts.items() if path in FULL or path.startswith("deal.")}
                yield one.rule.id, FULL | told


def _outcome(values: dict[str, Any], earlier: tuple[Earlier, ...] | None, holders: Any = HOLDERS) -> str:
    facts = {path: Fact(value, "某文件", 1) for path, value in values.items()}
    return solve(Problem(as_of=AS_OF, facts=facts, earlier=earlier, holders=holders), Params()).status


@pytest.mark.parametrize("number", [1, 2, 3])
def test_nothing_passes_for_want_of_evidence(number: int) -> None:
    dice, tried = Random(number), 0
    chain = ((), (listing(1),), (listing(1, review="not_conforming"), listing(2, result="sold")))[number - 1]
    for rule, values in _failing():
        case = values | {"application.listing_number": number}
        try:
            if _outcome(case, chain) == "passed":
                continue
        except InvalidFact:
            continue  # reversed dates: an example tells of two facts only
        tried += 1
        taken = [[path] for path in case] + [dice.sample(list(case), dice.randrange(2, 9)) for _ in range(SETS)]
        for paths in taken:
            left = {path: value for path, value in case.items() if path not in paths}
            assert _outcome(left, chain) != "passed", (rule, paths)
        assert "passed" not in (_outcome(case, None), _outcome(case, chain, None), _outcome(case, chain, ()))
    assert tried > 20
