"""Tables come in as Excel, CSV or JSON and go out so that nothing in them is run."""

from __future__ import annotations

import io
import json
import zipfile
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from linhe.lib.refusals import Refused
from linhe.lib.tables import read_table, write_csv, write_xlsx

ROWS = [{"工单编号": "A1", "内容": "电线乱拉"}, {"工单编号": "A2", "内容": "停水，三天"}]
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zs", "Zl", "Zp")), max_size=12
)


def excel(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        excel(["工单编号", "内容"], ["A1", "电线乱拉"], [None, None], ["A2", "停水，三天"]),
        "工单编号,内容\nA1,电线乱拉\n\nA2,停水，三天\n".encode("gb18030"),
        "\ufeff工单编号;内容\r\nA1;电线乱拉\r\nA2;停水，三天\r\n".encode(),
        json.dumps(ROWS, ensure_ascii=False).encode(),
    ],
    ids=["excel", "csv of a Chinese Excel", "csv with a mark and semicolons", "json"],
)
def test_the_same_rows_come_from_every_format(content: bytes) -> None:
    assert read_table(content) == ROWS


def test_numbers_and_dates_become_the_text_a_person_sees() -> None:
    day = datetime.fromisoformat("2026-03-04")  # Excel knows no time zone
    content = excel(["电话", "时间", "日期", "比例"], [19900001111.0, day.replace(hour=9, minute=5), day, 0.25])
    assert read_table(content) == [
        {"电话": "19900001111", "时间": "2026-03-04 09:05:00", "日期": "2026-03-04", "比例": "0.25"}
    ]


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * (210 * 1024 * 1024))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe\x00\x01", b"PK\x03\x04 no zip", b"{}", b"[1]", b"[" * 5000, b'[{"a": {"b": 1}}]', b"a,a\n1,2\n",
        b"a,,c\n1,2,3\n", b"%PDF-1.7\0", ("a\n" + "1\n" * 50_001).encode(), b"x" * (20 * 1024 * 1024 + 1),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(Refused) as refused:
        read_table(content, name="文件.xlsx")
    assert refused.value.status == 422
    assert refused.value.message.zh.startswith("文件.xlsx")


def test_a_file_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(Refused):
        read_table(_bomb())


def test_what_looks_like_a_formula_stays_text() -> None:
    evil = "=HYPERLINK(1)"
    sheet = load_workbook(io.BytesIO(write_xlsx({"一": [["名"], [evil]]}))).active
    assert sheet["A2"].data_type == "s"
    assert sheet["A2"].value == evil
    assert b"'=HYPERLINK" in write_csv([["名"], [evil]])


def test_what_an_excel_file_cannot_hold_is_left_out() -> None:
    assert read_table(write_xlsx({"一": [["名"], ["a\x0bb\x01"]]})) == [{"名": "ab"}]


def test_moments_are_shown_in_shanghai() -> None:
    content = write_xlsx({"一": [["时间"], [datetime(2026, 3, 4, 1, 0, tzinfo=UTC)]]})
    assert read_table(content) == [{"时间": "2026-03-04 09:00:00"}]


@given(st.lists(st.tuples(TEXTS.filter(bool), TEXTS), min_size=1, max_size=5))
def test_what_was_written_is_read_again(rows: list[tuple[str, str]]) -> None:
    assert read_table(write_xlsx({"一": [("甲", "乙"), *rows]})) == [{"甲": a, "乙": b} for a, b in rows]


@given(st.binary(max_size=400))
def test_no_file_breaks_the_reader(content: bytes) -> None:
    with suppress(Refused):
        read_table(content)


def test_what_no_excel_file_can_hold_is_left_out() -> None:
    content = write_xlsx({"x": [["name"], ["a\ufffe\uffff\x01\ud800b"]]})
    assert read_table(content) == [{"name": "ab"}]
