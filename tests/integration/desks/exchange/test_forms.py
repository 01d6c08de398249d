"""The application as an Excel form: taken away, filled in, brought back, and taken whole or not at all."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from linhe.core.people.models import Account
from linhe.desks.exchange.models import Draft, Suggestion, Upload
from linhe.desks.exchange.schemas.sheets import blank_sheet
from linhe.desks.exchange.schemas.typed import as_typed
from linhe.lib.tables import read_table, write_xlsx
from tests.integration.desks.exchange.world import World, as_

CODE, VALUE, PAGE = "代码", "填写", "页码"


pytestmark = pytest.mark.usefixtures("in_spring")


def filled(draft: Draft, **cells: Any) -> bytes:
    """The form of a draft with other cells; ``appraisal__value_fen=(value, page)`` gives a page, too."""
    rows = read_table(blank_sheet(draft.content))
    for name, cell in cells.items():
        row = next(one for one in rows if one[CODE] == name.replace("__", "."))
        row[VALUE], row[PAGE] = cell if isinstance(cell, tuple) else (cell, "")
    return write_xlsx({"表": [list(rows[0]), *([row[name] for name in rows[0]] for row in rows)]})


def sent(who: Account, draft: Draft, do: str, content: bytes = b"") -> Any:
    """What the page answers when it is sent as it stands."""
    draft.refresh_from_db()
    data: dict[str, Any] = as_typed(draft.content) | {
        "do": do, "version": str(draft.version), "key": f"key-{do}-{draft.version}", "document": "approval",
    }  # fmt: skip
    if content:
        data["file"] = SimpleUploadedFile("申请表.xlsx", content)
    return as_(who).post(f"/exchange/drafts/{draft.pk}/", data)


def test_the_form_holds_what_is_typed_and_comes_back_the_same(world: World) -> None:
    draft, seller = world.draft(), world.people["seller"]
    answer = as_(seller).get(f"/exchange/drafts/{draft.pk}/form.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    cells = {row[0]: row for row in sheet.iter_rows(values_only=True)}
    assert cells["approval.authority_kind"][3] == "财政部门", "choices by their names"
    assert "省级" in cells["appraisal.filed_level"][5]
    assert "certificate.genuine" not in cells, "the exchange's own checks are not asked for"
    before = draft.content
    assert sent(seller, draft, "upload", answer.content).status_code == 302
    upload = Upload.objects.get()
    assert (upload.document, upload.pages) == ("application", 0)
    draft.refresh_from_db()
    assert draft.content == before, "a form counts once somebody takes it"
    assert sent(seller, draft, f"take-{upload.pk}").status_code == 302
    draft.refresh_from_db()
    assert draft.content == before
    assert not Suggestion.objects.filter(decided="").exists()
    assert as_(seller).get(f"/exchange/files/{upload.pk}/").headers["Content-Disposition"].startswith("attachment")


def test_what_is_written_is_taken_whole_with_its_page(world: World) -> None:
    draft, seller = world.draft(), world.people["seller"]
    content = filled(
        draft, appraisal__value_fen=("1,250.5万", "7"), appraisal__base_on="2025年9月5日", approval__kind="增资",
        certificate__pledged="是", approval__issued_on="2025-10-20",
        application__share_ppm="12.5%",
    )  # fmt: skip
    sent(seller, draft, "upload", content)
    page = as_(seller).get(f"/exchange/drafts/{draft.pk}/").content.decode()
    assert "采用整张表" in page
    sent(seller, draft, f"take-{Upload.objects.get().pk}")
    draft.refresh_from_db()
    values, pages = draft.content["appraisal"]["values"], draft.content["appraisal"]["pages"]
    assert (values["value_fen"], pages["value_fen"]) == (1_250_500_000, 7)
    assert (values["base_on"], "base_on" in pages) == ("2025-09-05", False)
    approval = draft.content["approval"]["values"]
    assert (approval["kind"], approval["issued_on"]) == ("capital", "2025-10-20")
    assert draft.content["certificate"]["values"]["pledged"] is True
    assert draft.content["application"]["values"]["share_ppm"] == 125_000
    assert "value_fen" not in draft.content["appraisal"].get("sources", {}), "a form is no document"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"appraisal__value_fen": "NaN"}, "评估结果"), ({"appraisal__base_on": "明天"}, "评估基准日"),
        ({"approval__kind": "赠与"}, "批准的交易类型"), ({"certificate__share_ppm": "101"}, "登记持有比例"),
        ({"appraisal__agency": ("明衡", "0")}, "评估机构"), ({"certificate__pledged": "maybe"}, "已质押"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_and_nothing_counts(world: World, cells: dict[str, Any], said: str) -> None:
    draft, seller = world.draft(), world.people["seller"]
    answer = sent(seller, draft, "upload", filled(draft, **cells))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page.partition("申请表没有接收")[2][:200]
    assert "明衡资产评估有限公司" in page, "what was typed is still there"
    assert not Upload.objects.exists()


def _packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        write_xlsx({"表": [["a", "b"], ["1", "2"]]}), b"PK\x03\x04 no zip at all", _packed("a.txt", b"text"),
        _packed("xl/workbook.xml", b"0" * (300 << 20)),
        write_xlsx({"表": [[CODE, VALUE], *[["appraisal.agency", "甲"]] * 2]}),
        write_xlsx({"表": [[CODE, VALUE], ["appraisal.agency", "甲"], ["certificate.genuine", "是"]]}),
        write_xlsx({"表": [[CODE, VALUE], ["appraisal.agency", "甲"], *[["", ""]] * 600, ["nothing", "x"]]}),
    ],
    ids=["another table", "no zip", "another zip", "bomb", "twice", "not the seller's", "unknown, far below"],
)  # fmt: skip
def test_what_is_no_form_is_refused(world: World, content: bytes) -> None:
    draft, seller = world.draft(), world.people["seller"]
    assert sent(seller, draft, "upload", content).status_code == 422
    assert not Upload.objects.exists()


def test_nobody_else_takes_the_form_away_or_takes_one_whole(world: World) -> None:
    draft, seller = world.draft(), world.people["seller"]
    sent(seller, draft, "upload", filled(draft, appraisal__agency="别的机构"))
    upload = Upload.objects.get()
    for name in ("bank", "reviewer", "manager", "supervisor", "stranger"):
        assert as_(world.people[name]).get(f"/exchange/drafts/{draft.pk}/form.xlsx").status_code == 404, name
        assert sent(world.people[name], draft, f"take-{upload.pk}").status_code == 404, name
    assert Client().get(f"/exchange/drafts/{draft.pk}/form.xlsx").status_code in (302, 404)
    other = world.draft(by="bank")
    sent(world.people["bank"], other, f"take-{upload.pk}")
    assert Suggestion.objects.filter(upload=upload, decided="").exists(), "a form of another draft is not taken"
