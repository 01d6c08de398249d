"""Open data: what the official schema demands, nothing that is not public, amounts exact to the fen."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from django.test import Client
from openpyxl import load_workbook

from linhe.core.loop.models import Matter
from linhe.desks.exchange.models import Listing
from linhe.desks.exchange.queries import publishing
from tests.integration.desks.exchange.world import AT, WAN, World

SCHEMAS = Path(__file__).with_name("ocds")
BASE = "https://standard.open-contracting.org/schema/1__1__5/"
SECRET = "金建国"
"""Whom to call at the seller."""


def schema(name: str) -> jsonschema_rs.Draft4Validator:
    """The official validator of a package; versioned releases, which are not published, are not among the schemas."""
    known = [(BASE + one.name, json.loads(one.read_text(encoding="utf-8"))) for one in sorted(SCHEMAS.glob("*.json"))]
    known.append((f"{BASE}versioned-release-validation-schema.json", {"not": {}}))
    registry = jsonschema_rs.Registry(known, draft=jsonschema_rs.Draft4)
    wanted = json.loads((SCHEMAS / f"{name}-schema.json").read_text(encoding="utf-8"))
    return jsonschema_rs.Draft4Validator(wanted, registry=registry, validate_formats=True)


@pytest.fixture
def told(world: World) -> World:
    """A lot that is listed twice and sold, one that is ended while its notice runs, one under review."""
    first = world.unsold(world.lodge())
    listing = Listing.objects.select_related("lot", "matter").get(pk=first.pk)
    later = Matter.objects.get(pk=first.pk).updated_at + timedelta(days=1)
    second = world.review(world.lodge(at=later, previous=listing, reserve_fen=950 * WAN + 1))
    world.step(second, "extend", "reviewer", days=5)
    world.step(second, "register_buyers", "reviewer", buyers=1)
    deal = {"procedure": "agreement", "price_fen": 950 * WAN + 1, "lump_sum": True, "difference_explained": True}
    world.after_notice(second, "record_deal", contract_on=Listing.objects.get(pk=second.pk).ends_on, **deal)
    third = world.review(world.lodge(by="bank", enterprise="汾源典当有限公司"))
    world.step(third, "register_buyers", "reviewer", buyers=3)
    world.lodge(by="bank", enterprise="尚未挂牌有限公司")
    return world


def fetched(name: str, year: int = 2026) -> Any:
    """A file, as anybody takes it away."""
    answer = Client().get(f"/exchange/open/990000000000/{year}/{name}")
    assert answer.status_code == 200
    return answer.content


@pytest.mark.parametrize("name", ["release-package", "record-package"])
def test_the_files_are_what_the_official_schema_demands(told: World, name: str) -> None:
    package = json.loads(fetched("releases.json" if name == "release-package" else "records.json"))
    found = [f"{'/'.join(map(str, e.instance_path))}: {e.message}" for e in schema(name).iter_errors(package)]
    assert found == []
    broken = package | {"version": "one", "publishedDate": "yesterday"}
    assert len(list(schema(name).iter_errors(broken))) == 2, "the validator looks"


def test_each_step_is_a_release_and_a_relisting_names_the_one_before(told: World) -> None:
    package = json.loads(fetched("releases.json"))
    steps = [(r["ocid"][-1], r["tag"][0], r["tender"]["status"]) for r in package["releases"]]
    assert steps == [
        ("1", "tender", "active"), ("1", "tenderUpdate", "unsuccessful"), ("2", "tender", "active"),
        ("2", "tenderUpdate", "active"), ("2", "award", "complete"), ("1", "tender", "active"),
    ]  # fmt: skip
    first, _, second, extended, award, running = package["releases"]
    assert second["relatedProcesses"][0]["identifier"] == first["ocid"] != second["ocid"]
    assert second["relatedProcesses"][0]["relationship"] == ["unsuccessfulProcess"]
    assert extended["tender"]["tenderPeriod"]["endDate"] > second["tender"]["tenderPeriod"]["endDate"]
    assert award["awards"][0]["value"] == {"amount": 9_500_000.01, "currency": "CNY"}
    assert award["tender"]["numberOfTenderers"] == 1
    assert "numberOfTenderers" not in running["tender"], "nobody learns how many bid while the notice runs"
    record = json.loads(fetched("records.json"))["records"][1]
    assert record["compiledRelease"]["tag"] == ["compiled"]
    assert record["compiledRelease"]["awards"] == award["awards"]


def test_nothing_is_published_that_was_not_announced(told: World) -> None:
    for name in ("releases.json", "records.json", "listings.json"):
        text = fetched(name).decode()
        for hidden in ("尚未挂牌", SECRET, "0351", "reviewer某", "manager某", "certificate", "finding", "青财金"):
            assert hidden not in text, (name, hidden)
    page = Client().get("/exchange/open/").content.decode()
    assert "试省" in page
    assert "邻省" not in page, "nothing was listed there"


def test_the_table_is_exact_and_the_same_in_excel_and_json(told: World) -> None:
    rows = json.loads(fetched("listings.json"))
    assert [(r["listing"], r["reserve_yuan"], r["result"], r["deal_yuan"]) for r in rows] == [
        (1, "10000000", "unsold", None), (2, "9500000.01", "sold", "9500000.01"), (1, "10000000", None, None),
    ]  # fmt: skip
    sheet = load_workbook(io.BytesIO(fetched("listings.xlsx"))).active
    lines = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert [line[6] for line in lines[1:]] == [r["reserve_yuan"] for r in rows]
    assert lines[0] == [name.zh for _, name in publishing.COLUMNS]


@pytest.mark.parametrize(
    "path",
    ["990000000000/2025/releases.json", "980000000000/2026/releases.json", "990000000000/2026/secrets.json",
     "990000000000/1/listings.json", "990201000000/2026/listings.json"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(told: World, path: str) -> None:
    assert Client().get(f"/exchange/open/{path}").status_code == 404


AMOUNTS = [(1, 100, "0.01"), (125_000, 10_000, "12.5"), (0, 100, "0"), (10**17, 100, "1" + "0" * 15), (None, 100, None)]


@pytest.mark.parametrize(("amount", "scale", "text"), AMOUNTS)
def test_amounts_are_exact_decimals(amount: int | None, scale: int, text: str | None) -> None:
    assert publishing._decimal(amount, scale) == text


def test_queries_do_not_grow_with_the_listings(told: World, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        publishing.release_package(
            told.province, publishing.published(told.province, 2026), uri="https://example.org/a", at=AT
        )
