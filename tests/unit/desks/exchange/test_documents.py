"""The documents at the border: what is missing is left out, what is wrong is named in both languages."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from linhe.desks.exchange.engine import Params, Problem, solve
from linhe.desks.exchange.engine.fields import FIELDS, Kind
from linhe.desks.exchange.schemas.documents import MODELS, Application, Disclosure, Document, NotADocument

OF_KIND: dict[Kind, Any] = {"int": 1, "bool": True, "text": "甲", "date": date(2026, 3, 2)}


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.code)
def test_the_documents_hold_the_vocabulary(model: type[Document]) -> None:
    named = {f"{model.code}.{name}" for name in model.model_fields} - {"application.holders"}
    assert named == {path for path, one in FIELDS.items() if one.document == model.code}
    for name in model.model_fields:
        if name == "holders":
            continue
        field = FIELDS[f"{model.code}.{name}"]
        choices = model.choices(name)
        value = choices[0][0] if choices else OF_KIND[field.kind]
        found = model.read({name: value}).facts("某文件", {name: 3})
        assert list(found) == [field.path]
        assert (found[field.path].document, found[field.path].page) == ("某文件", 3)
        for code, _ in choices:
            assert getattr(model.read({name: code}), name) == code
        assert model.label(name).zh == field.name.zh
    assert model.title().zh
    assert model.read({}).facts("某文件") == {}


@pytest.mark.parametrize(
    ("field", "value", "zh"),
    [
        ("reserve_fen", -1, "不能小于 0。"), ("reserve_fen", float("nan"), "须为整数。"),
        ("reserve_fen", float("inf"), "须为整数。"), ("reserve_fen", True, "须为整数。"),
        ("reserve_fen", "12.5", "须为整数。"), ("reserve_fen", 10**17 + 1, f"不能大于 {10**17}。"),
        ("share_ppm", 1_000_001, "不能大于 1000000。"), ("colour", "red", "不是已知字段。"),
        ("applied_on", "2026-02-30", "须为日期，如 2026-03-02。"),
        ("applied_on", "1800-01-01", "不能小于 1990-01-01。"),
        ("line", "bank", "不在可选项中。"), ("controls_lost", 7, "须为是或否。"), ("controls_lost", [], "须为是或否。"),
        ("seller", "甲\x00", "含有不能识别的字符。"), ("seller", "甲" * 401, "过长。"), ("level", 5, "不能大于 4。"),
        ("listing_number", 0, "不能小于 1。"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(field: str, value: Any, zh: str) -> None:
    with pytest.raises(NotADocument) as error:
        Application.read({field: value, "lot": "L1"})
    assert list(error.value.errors) == [field]
    message = error.value.errors[field]
    assert message.zh == f"{Application.label(field).zh}：{zh}"
    assert message.en.startswith(f"{Application.label(field).en}: ")


def test_reversed_dates_and_all_mistakes_at_once() -> None:
    with pytest.raises(NotADocument) as error:
        Disclosure.read({"starts_on": "2026-03-02", "ends_on": "2026-03-01"})
    assert error.value.errors["ends_on"].zh == "公告截止日：早于公告起始日。"
    with pytest.raises(NotADocument) as error:
        Application.read({"reserve_fen": -1, "level": 9, "holders": [{"name": "甲", "share_ppm": -1}]})
    assert set(error.value.errors) == {"reserve_fen", "level", "holders.0.share_ppm"}
    assert error.value.errors["holders.0.share_ppm"].zh.startswith("持股比例：")


def test_a_form_is_read_as_it_comes() -> None:
    found = Application.read({"reserve_fen": "1200", "controls_lost": "on", "applied_on": "2026-01-02", "seller": " "})
    assert (found.reserve_fen, found.controls_lost, found.seller) == (1200, True, None)
    sent = {"holders": [{"name": "甲", "share_ppm": 1}, {"name": "乙"}], "fiscal_line": "省财政厅"}
    one = Application.read(sent)
    problem = Problem(as_of=date(2026, 3, 2), facts=one.facts("申请"), holders=one.holder_facts("申请", 2))
    assert problem.known["holders.count"].value == 2
    assert problem.known["holders.largest_lines"].value is None
    assert solve(problem, Params()).status == "to_complete"
    assert Application.read({}).holder_facts("申请") is None
