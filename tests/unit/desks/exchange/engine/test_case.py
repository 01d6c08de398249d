"""A case is replayed from a file: what is wrong in it is named, what is in it comes back."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from linhe.config import command
from linhe.desks.exchange import engine
from linhe.desks.exchange.engine import Params, Problem, solve
from tests.unit.desks.exchange.engine.world import AS_OF, listing, problem

FOLDER = Path(str(files("linhe.desks.exchange.engine")))
CASES = {"case.json": "passed", "cases/below-ninety.json": "returned", "cases/to-complete.json": "to_complete"}


@pytest.mark.parametrize(("name", "outcome"), CASES.items())
def test_the_samples_are_replayed(name: str, outcome: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("solve", "exchange", str(FOLDER / name), "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["status"] == outcome
    case = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    assert found == json.loads(json.dumps(solve(Problem.from_json(case), Params()).to_json()))
    assert name in (FOLDER / "CASE.md").read_text(encoding="utf-8")


def test_a_case_comes_back_as_it_was() -> None:
    for one in (problem(listing(1), application__listing_number=2), Problem(as_of=AS_OF, facts={})):
        assert Problem.from_json(json.loads(json.dumps(one.to_json()))) == one


def test_the_engine_shows_four_names() -> None:
    assert engine.__all__ == ["Params", "Problem", "Result", "solve"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"as_of": "soon"}, "as_of: 'soon' is not a date"),
        ({"as_of": None}, "as_of: None is not a date"),
        ({"colour": 1}, "case.colour: is not a known name"),
        ({"facts": []}, "facts: must be an object"),
        ({"facts": {"application": 5}}, "facts.application: must be an object"),
        ({"facts": {"application": {"colour": 1}}}, "facts.application.colour: is not a known field"),
        ({"facts": {"mystery": {}}}, "facts.mystery: is not a known document"),
        ({"facts": {"application": {"seller": "\ud800"}}}, "application.seller: '\\ud800' holds what is no character"),
        ({"holders": [{"name": 5}]}, "holders.name: 5 is not a text"),
        ({"facts": {"earlier": {"count": 1}}}, "facts.earlier.count: is not a known field"),
        ({"facts": {"deal": {"buyers": {"value": 1, "page": 0}}}}, "facts.deal.buyers.page: must be a page number"),
        ({"facts": {"deal": {"buyers": {"value": 1, "document": 3}}}}, "facts.deal.buyers.document: must be a text"),
        ({"facts": {"deal": {"buyers": {"values": 1}}}}, "facts.deal.buyers.values: is not a known name"),
        ({"facts": {"deal": {"buyers": "2"}}}, "deal.buyers: '2' is not a whole number"),
        ({"facts": {"deal": {"price_fen": -1}}}, "deal.price_fen: -1 lies outside"),
        ({"facts": {"deal": {"contract_on": 20260101}}}, "facts.deal.contract_on: 20260101 is not a date"),
        ({"earlier": {}}, "earlier: must be a list"),
        ({"earlier": [{}]}, r"earlier[0].number: is missing"),
        ({"earlier": [{"number": 1, "price": 2}]}, r"earlier[0].price: is not a known name"),
        ({"earlier": [{"number": 1}, {"number": 1}]}, "listing 1 is there twice"),
        ({"earlier": [{"number": 1, "ends_on": "9999-12-31"}]}, "earlier[1].ends_on: 9999-12-31 lies outside"),
        ({"holders": [{"name": "甲", "share_ppm": 2_000_000}]}, "holders.share_ppm: 2000000 is not a whole number"),
    ],
)
def test_a_case_that_cannot_be_read_names_the_place(change: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        Problem.from_json({"as_of": "2026-03-20", "facts": {}} | change)


def test_a_number_beyond_all_listings_takes_no_memory() -> None:
    case = {"as_of": "2026-03-20", "facts": {"application": {"listing_number": 10**17}}, "earlier": [{"number": 1}]}
    assert Problem.from_json(case).known["earlier.complete"].value is False


def test_on_a_day_without_rules_nothing_passes() -> None:
    found = solve(Problem.from_json({"as_of": "1995-03-20", "facts": {}}), Params())
    assert (found.status, found.findings) == ("to_complete", ())


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000, '{"as_of":' * 50_000, '{"facts": {"deal": {"price_fen": ' + "9" * 5000 + "}}}",
        '{"as_of": "2026-03-20", "as_of": "2020-03-20"}',
        '{"as_of": "2026-03-20", "facts": {"deal": {"price_fen": 1e400}}}',
        '{"as_of": "2026-03-20", "facts": {"deal": {"price_fen": NaN}}}',
    ],
    ids=["lists", "objects", "digits", "twice", "infinite", "nan"],
)  # fmt: skip
def test_a_hostile_case_file_is_one_clear_refusal(text: str, tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(command.Usage, match=r"case\.json is not"):
        call_command("solve", "exchange", str(file), "--json")


def test_a_case_without_a_day_is_refused() -> None:
    with pytest.raises(ValueError, match="as_of: the day of the review is missing"):
        Problem.from_json({"facts": {}})
