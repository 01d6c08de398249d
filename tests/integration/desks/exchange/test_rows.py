"""The desk's own rows hold by themselves: every constraint and trigger of theirs refuses what it must."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from linhe.core.loop.models import Matter
from linhe.core.people.models import Organisation
from linhe.core.places.models import Place, ancestors_of
from linhe.core.places.services import add_place
from linhe.desks.exchange.models import Check, Draft, Filing, Finding, Listing, Lot, Tie
from tests.factories import make_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def province() -> Place:
    """A province."""
    return add_place(code="990000000000", name="试省", kind="province")


@pytest.fixture
def seller(province: Place) -> Organisation:
    """An institution."""
    return Organisation.objects.create(code="s", name="信托公司", kind="company", place=province)


@pytest.fixture
def lot(province: Place, seller: Organisation) -> Lot:
    """A lot without listings."""
    return Lot.objects.create(seller=seller, province=province, name="股权", created_at=timezone.now())


def listing(lot: Lot, sequence: int, **fields: Any) -> Listing:
    """The row of a listing, with a matter beside it."""
    now = timezone.now()
    matter = Matter.objects.create(
        kind="listing", kind_version=1, stage="completeness", title="t", created_at=now, updated_at=now,
        **ancestors_of(lot.province),
    )  # fmt: skip
    return Listing.objects.create(matter=matter, lot=lot, sequence=sequence, **fields)


def refused(name: str) -> Any:
    """The database must name this constraint."""
    return pytest.raises(IntegrityError, match=name)


def test_the_chain_has_no_gaps_no_forks_and_stays_with_its_lot(lot: Lot, seller: Organisation) -> None:
    listing(lot, 1)
    assert listing(lot, 2).sequence_before == 1
    with refused("listing_once_a_number"), transaction.atomic():
        listing(lot, 2)
    with refused("listing_follows_the_one_before"), transaction.atomic():
        listing(lot, 4)
    other = Lot.objects.create(seller=seller, province=lot.province, name="别的", created_at=timezone.now())
    with refused("listing_follows_the_one_before"), transaction.atomic():
        listing(other, 2)
    with refused("listing_counts_from_one"), transaction.atomic():
        listing(other, 0)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("listing_price_in_range", {"reserve_fen": -1}),
        ("listing_price_in_range", {"reserve_fen": 10**17 + 1}),
        ("listing_appraisal_in_range", {"appraisal_fen": -1}),
        ("listing_notice_ends_after_it_starts", {"starts_on": date(2026, 3, 4), "ends_on": date(2026, 3, 3)}),
        ("listing_deal_has_its_price", {"result": "sold"}),
        ("listing_deal_has_its_price", {"result": "unsold", "deal_fen": 1}),
        ("listing_result_known", {"result": "gone"}),
    ],
)
def test_a_listing(lot: Lot, name: str, fields: dict[str, Any]) -> None:
    with refused(name), transaction.atomic():
        listing(lot, 1, **fields)


def test_a_lot_is_named(lot: Lot) -> None:
    with refused("lot_is_named"), transaction.atomic():
        Lot.objects.create(seller=lot.seller, province=lot.province, name="", created_at=timezone.now())


def test_drafts(lot: Lot) -> None:
    one = listing(lot, 1)
    plain = {"organisation": lot.seller, "province": lot.province, "saved_at": timezone.now()}
    Draft.objects.create(key="a", previous=one, **plain)
    Draft.objects.create(key="b", corrects=one, **plain)
    for name, fields in (
        ("draft_once_a_key", {"key": "a"}),
        ("draft_one_a_next_listing", {"key": "c", "previous": one}),
        ("draft_one_a_correction", {"key": "c", "corrects": one}),
        ("draft_follows_one_listing_at_most", {"key": "c", "corrects": one, "previous": one}),
        ("draft_version_counts_from_one", {"key": "c", "version": 0}),
    ):
        with refused(name), transaction.atomic():
            Draft.objects.create(**plain, **fields)


def _found(one: Listing) -> tuple[Filing, Check, Finding]:
    now = timezone.now()
    filing = Filing.objects.create(listing=one, number=1, content={}, sha256="0" * 64, lodged_at=now)
    run = Check.objects.create(
        filing=filing, at_step="lodged", as_of=date(2026, 3, 4), at=now, rule_set="h", facts={}, failed=0, unknown=0,
        passed=1,
    )  # fmt: skip
    finding = Finding.objects.create(
        run=run, rule="r", rule_set="h", status="pass", severity="block", title_zh="t", title_en="t", cite={},
        evidence=[],
    )  # fmt: skip
    return filing, run, finding


def test_what_was_lodged_and_found_stays(lot: Lot) -> None:
    rows = _found(listing(lot, 1))
    for row, change in zip(rows, ({"content": {"a": 1}}, {"failed": 1}, {"status": "fail"}), strict=True):
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**change)
        with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
            type(row).objects.filter(pk=row.pk)._raw_delete(using="default")
        truncate = f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {type(row)._meta.db_table} CASCADE"
        with pytest.raises(DatabaseError, match="cannot be truncated"), transaction.atomic(), connection.cursor() as c:
            c.execute(truncate)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("filing_once_a_number", ("filing", {})),
        ("filing_counts_from_one", ("filing", {"number": 0})),
        ("check_step_is_known", ("check", {"at_step": "later"})),
        ("check_names_its_rules", ("check", {"rule_set": ""})),
        ("finding_once_a_rule", ("finding", {})),
        ("finding_names_its_rule", ("finding", {"rule": ""})),
        ("finding_status_is_known", ("finding", {"rule": "s", "status": "maybe"})),
    ],
)
def test_filings_checks_and_findings(lot: Lot, name: str, change: tuple[str, dict[str, Any]]) -> None:
    row = dict(zip(("filing", "check", "finding"), _found(listing(lot, 1)), strict=True))[change[0]]
    row.pk = None
    row._state.adding = True
    for field, value in change[1].items():
        setattr(row, field, value)
    with refused(name), transaction.atomic():
        row.save(force_insert=True)


def test_ties(seller: Organisation) -> None:
    plain = {"account": make_account(), "organisation": seller, "declared_at": timezone.now()}
    with refused("tie_ends_after_it_begins"), transaction.atomic():
        Tie.objects.create(**plain, from_date=date(2026, 3, 4), until_date=date(2026, 3, 3))
    Tie.objects.create(**plain, from_date=date(2026, 3, 4))
    with refused("tie_once_at_a_time"), transaction.atomic():
        Tie.objects.create(**plain, from_date=date(2026, 3, 5))
