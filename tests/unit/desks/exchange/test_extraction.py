"""What documents suggest, from amounts to whole files; and files that are meant to hurt."""

from __future__ import annotations

import io
import resource
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter

from linhe.desks.exchange.engine.fields import FIELDS
from linhe.desks.exchange.services.extraction import LABELS, MOST_BYTES, pages, read_pages, suggest, values
from linhe.lib import pdf
from linhe.lib.refusals import Refused
from tests.unit.desks.exchange import crafted

AMOUNTS = [
    ("评估值为12,345.67万元", 12_345_670_000),
    ("人民币1.2345亿元", 12_345_000_000),
    ("¥12,345,678.00", 1_234_567_800),
    ("１２３．４５万元", 123_450_000),
    ("12 万 元", 12_000_000),
    ("0.01元", 1),
    ("壹亿贰仟叁佰万元整", 12_300_000_000),
    ("人民币伍拾叁万陆仟元贰角壹分", 53_600_021),
    ("人民币壹亿元整(¥100,000,000.00)", 10_000_000_000),
    ("12.5", None),  # no unit: nobody knows whether yuan or ten thousands of them
    ("-12万元", None),
    ("负12万元", None),
    ("人民币-12万元", None),
    ("12345,678元", None),
    ("0.001元", None),
    ("51%", None),
    ("2025年3月", None),
    ("100000000亿元", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "fen"), AMOUNTS, ids=[f"amount{n}" for n in range(len(AMOUNTS))])
def test_an_amount_is_read_exactly_or_not_at_all(text: str, fen: int | None) -> None:
    assert values.amount_fen(text) == fen


def test_the_heading_of_a_table_gives_the_unit_only_where_the_amount_has_none() -> None:
    assert values.amount_fen("12,345.67", unit="万元") == 12_345_670_000
    assert values.amount_fen("12,345.67元", unit="万元") == 1_234_567
    assert values.amount_fen("2025年3月31日", unit="万元") is None


@given(fen=st.integers(1, values.MOST_FEN), unit=st.sampled_from(["元", "万元", "亿元"]), commas=st.booleans())
def test_every_amount_comes_back_as_it_was_written(fen: int, unit: str, commas: bool) -> None:
    scale = {"元": 2, "万元": 6, "亿元": 10}[unit]
    whole, part = divmod(fen, 10**scale)
    text = f"{whole:,}" if commas else str(whole)
    assert values.amount_fen(f"评估值:{text}.{part:0{scale}}{unit}") == fen


DAYS = [
    ("2025年3月31日", date(2025, 3, 31)),
    ("2025 年 3 月 31 日", date(2025, 3, 31)),
    ("2025-03-31", date(2025, 3, 31)),
    ("2025.3.1", date(2025, 3, 1)),
    ("二〇二五年三月三十一日", date(2025, 3, 31)),
    ("二○二四年十二月二十日", date(2024, 12, 20)),
    ("2025年⽉", None),
    ("2025-02-30", None),
    ("12025-03-01", None),
]


@pytest.mark.parametrize(("text", "expected"), DAYS, ids=[f"day{n}" for n in range(len(DAYS))])
def test_a_day_is_read_or_is_none(text: str, expected: date | None) -> None:
    assert values.day(text) == expected


SHARES = [
    ("51%", Fraction(51)),
    ("51.2345％", Fraction(512_345, 10_000)),
    ("百分之五十一点二", Fraction(512, 10)),
    ("百分之百", Fraction(100)),
    ("-5%", None),
    ("120%", None),
    ("0%", None),
]


@pytest.mark.parametrize(("text", "percent"), SHARES, ids=[f"share{n}" for n in range(len(SHARES))])
def test_a_share_lies_above_nothing_and_at_most_at_the_whole(text: str, percent: Fraction | None) -> None:
    assert values.share_percent(text) == percent


def test_every_fact_that_is_read_for_is_one_of_the_rule_book() -> None:
    assert {label.path for labels in LABELS.values() for label in labels} <= set(FIELDS)
    for labels in LABELS.values():
        for label in labels:
            named = {code for code, *_ in FIELDS[label.path].choices}
            levels = {1, 2, 3, 4} if FIELDS[label.path].unit == "level" else set()
            assert {code for _, code in label.choices} <= named | levels


def _appraisal() -> bytes:
    paper = pdf.document("资产评估报告")
    paper.heading("资产评估报告（摘要）")
    for line in (
        "评估报告编号：中和评报字〔2025〕第1234号",
        "评估机构：山青资产评估有限公司",
        "评估基准日：2025年3月31日",
        "评估结论：股东全部权益价值评估值为人民币 12,345.67 万元（大写：壹亿贰仟叁佰肆拾伍万陆仟柒佰元整）。",
    ):
        paper.paragraph(line)
    paper.add_page()
    paper.paragraph("备案编号：晋财金备〔2025〕7号   备案机关：山西省财政厅  备案日期：2025年6月2日")
    paper.paragraph("金额单位：万元")
    paper.paragraph("评估值　12,000.00")
    return paper.bytes()


def test_a_pdf_with_text_suggests_with_page_and_words() -> None:
    found = suggest("appraisal", read_pages(_appraisal()))
    shown = {path: [(one.value, one.page) for one in held] for path, held in found.items()}
    assert shown == {
        "appraisal.report_number": [("中和评报字〔2025〕第1234号", 1)],
        "appraisal.agency": [("山青资产评估有限公司", 1)],
        "appraisal.base_on": [(date(2025, 3, 31), 1)],
        "appraisal.value_fen": [(12_345_670_000, 1), (12_000_000_000, 2)],  # a contradiction is shown, not settled
        "appraisal.filing_number": [("晋财金备〔2025〕7号", 2)],
        "appraisal.filed_by": [("山西省财政厅", 2)],
        "appraisal.filed_on": [(date(2025, 6, 2), 2)],
    }
    assert "12,345.67" in found["appraisal.value_fen"][0].words


def test_more_than_256_different_letters_are_read_right() -> None:
    text = "".join(chr(0x4E00 + 7 * n) for n in range(600))
    paper = pdf.document("字")
    for start in range(0, 600, 30):
        paper.paragraph(text[start : start + 30])
    assert "".join(read_pages(paper.bytes())).replace("\n", "") == text


def test_labels_within_words_and_other_columns_are_not_taken_for_values() -> None:
    page = "本次评估值得关注\n标的企业：甲公司  批准机关：乙省财政厅\n批准机关层级：乙省财政厅\n转让比例：51.5%"
    found = suggest("approval", [page])
    shown = {path: held[0].value for path, held in found.items()}
    assert shown == {
        "approval.object_name": "甲公司", "approval.authority": "乙省财政厅", "approval.level": 2,
        "approval.share_ppm": 515_000,
    }  # fmt: skip


def test_a_scan_has_pages_without_text_and_suggests_nothing() -> None:
    scan = read_pages(crafted.one_page(crafted.stream(b"")))
    assert scan == ("",)
    assert suggest("certificate", scan) == {}


@pytest.mark.parametrize("resources", [b"", b"/Resources<</XObject<</I 4 0 R>>>>", b"/Resources<</Font<<>>>>"])
def test_a_scan_needs_no_fonts(resources: bytes) -> None:
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]%b>>" % resources
    image = crafted.stream(
        b"\0" * 9, b"/Type/XObject/Subtype/Image/Width 3/Height 1/BitsPerComponent 8/ColorSpace/DeviceRGB"
    )
    whole = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, image]
    assert read_pages(crafted.pdf_of(whole)) == ("",)


def test_a_pdf_without_pages_is_damaged() -> None:
    with pytest.raises(Refused) as refused:
        read_pages(crafted.pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>"]))
    assert "已损坏" in refused.value.message.zh


@pytest.mark.parametrize(("password", "opens"), [("", True), ("geheim", False)])
def test_a_pdf_that_only_forbids_printing_is_read_and_a_locked_one_is_named(password: str, opens: bool) -> None:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.encrypt(password, "owner", algorithm="AES-256")
    writer.write(out)
    if opens:
        assert read_pages(out.getvalue()) == ("",)
        return
    with pytest.raises(Refused) as refused:
        read_pages(out.getvalue())
    assert "有密码" in refused.value.message.zh


@pytest.mark.parametrize("name", sorted(set(crafted.HOSTILE) - {"many_small_bombs"}))
def test_a_hostile_pdf_is_stopped_and_the_house_stands(name: str) -> None:
    content = crafted.HOSTILE[name]()
    assert len(content) < MOST_BYTES
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if name in ("form_loop", "deep_arrays", "previous_loop"):  # harmless once the loop is cut
        assert len(read_pages(content)) == 1
    else:
        with pytest.raises(Refused) as refused:
            read_pages(content)
        assert refused.value.code == "bad_document"
        assert refused.value.status == 422
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_a_pdf_that_takes_too_much_memory_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    content = crafted.flate_bomb(200)
    monkeypatch.setitem(pages.LIMITS, "stream_bytes", 1024 * crafted.MEGABYTE)  # so that only memory stops it
    monkeypatch.setitem(pages.LIMITS, "memory_bytes", 160 * crafted.MEGABYTE)
    with pytest.raises(Refused) as refused:
        read_pages(content)
    assert "展开后过大" in refused.value.message.zh


def test_a_pdf_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pages.LIMITS, "seconds", 1)
    with pytest.raises(Refused) as refused:
        read_pages(crafted.many_small_bombs())
    assert "展开后过大" in refused.value.message.zh


def test_what_is_no_pdf_or_damaged_is_refused_with_a_reason() -> None:
    for content in (b"%PDF-1.7\n", b"hello", _appraisal()[:3000], b"%PDF-" + bytes(range(256)) * 40):
        with pytest.raises(Refused) as refused:
            read_pages(content)
        assert refused.value.code == "bad_document"


def test_fifty_megabytes_are_refused_unread() -> None:
    with pytest.raises(Refused) as refused:
        read_pages(b"%PDF-" + b" " * (50 * crafted.MEGABYTE))
    assert "20 MB" in refused.value.message.en
