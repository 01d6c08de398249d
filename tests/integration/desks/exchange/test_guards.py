"""What must not happen in a review although each step by itself is allowed: ties, notices, deals, people who leave."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pgtrigger
import pytest
from django.test import Client
from django.urls import reverse

from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.desks.exchange import services
from linhe.desks.exchange.models import Check, Filing, Finding, Listing
from linhe.desks.exchange.queries.rederiving import problems_of_findings
from linhe.desks.exchange.queries.telling import why
from linhe.desks.exchange.services.extraction import read_pages
from tests.factories import make_post
from tests.integration.desks.exchange.world import AT, WAN, YES, World

DEAL = {"procedure": "agreement", "price_fen": 1000 * WAN, "lump_sum": True}


def _refused(code: str) -> Any:
    return pytest.raises(Refused, match=rf"^{code}:")


def _passed(world: World, **offer: Any) -> Matter:
    matter = world.lodge(**offer)
    world.step(matter, "check_complete", "reviewer", **YES)
    return world.step(matter, "pass_review", "reviewer")


def test_what_was_passed_by_somebody_tied_is_reviewed_again_by_another(world: World) -> None:
    matter = _passed(world)
    services.declare_tie(account=world.people["reviewer"], organisation=world.trust, words="配偶任职", at=AT)
    with _refused("passed_by_tied"):
        world.step(matter, "approve", "manager")
    with _refused("invalid"):
        world.step(matter, "review_again", "manager", words="")
    assert world.step(matter, "review_again", "manager", words="审核员申报了关联").stage == "reviewing"
    with _refused("tied"):
        world.step(matter, "pass_review", "reviewer")
    world.step(matter, "pass_review", "second")
    assert world.step(matter, "approve", "manager").stage == "listed"


def test_nobody_decides_on_what_they_lodged_themselves(world: World) -> None:
    matter = _passed(world)
    world.people["seller"].posts.update(valid_to=AT)
    make_post("exchange_manager", world.province, world.people["seller"])
    with _refused("tied"):
        world.step(matter, "approve", "seller")


@pytest.mark.parametrize("why", ["left", "tied"])
def test_a_reviewer_who_leaves_or_is_tied_blocks_nobody(world: World, why: str) -> None:
    matter = world.review(world.lodge())
    with _refused("assigned"):
        world.step(matter, "register_buyers", "second", buyers=1)
    if why == "left":
        world.people["reviewer"].posts.update(valid_to=AT)
    else:
        services.declare_tie(account=world.people["reviewer"], organisation=world.trust, words="", at=AT)
    with pytest.raises(Refused):
        world.step(matter, "register_buyers", "reviewer", buyers=1)
    world.step(matter, "register_buyers", "second", buyers=1)


def test_a_notice_runs_its_whole_time_from_the_day_it_is_listed(world: World) -> None:
    """Neither an early newspaper nor a late approval makes it shorter; 20 working days are enough, 19 are not."""
    early = {"disclosure.newspaper_on": date(2025, 12, 1), "disclosure.starts_on": date(2026, 3, 17)}
    for ends_on, enough in ((date(2026, 4, 14), False), (date(2026, 4, 15), True)):
        matter = _passed(world, otherwise=early | {"disclosure.ends_on": ends_on})
        if enough:
            assert world.step(matter, "approve", "manager").stage == "listed"
        else:
            with _refused("notice_too_short"):
                world.step(matter, "approve", "manager")
    late = _passed(world)
    with _refused("notice_too_short"):
        world.step(late, "approve", "manager", later=20)
    assert Listing.objects.get(pk=late.pk).listed_on is None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"price_fen": 0}, "price_fen"), ({"price_fen": 1000 * WAN - 1}, "price_fen"), ({}, "contract_on")],
)
def test_no_deal_below_the_reserve_price_or_before_the_notice_ends(
    world: World, change: dict[str, Any], field: str
) -> None:
    matter = world.review(world.lodge())
    world.step(matter, "register_buyers", "reviewer", buyers=1)
    ends = Listing.objects.get(pk=matter.pk).ends_on
    assert ends is not None
    day = ends if change else ends - timedelta(days=1)
    with _refused("invalid") as caught:
        world.after_notice(matter, "record_deal", contract_on=day, difference_explained=True, **DEAL | change)
    assert list(caught.value.details) == [field]
    assert not Check.objects.filter(at_step="closing").exists()


def test_an_edited_finding_or_filing_is_found_by_deriving_it_again(world: World) -> None:
    world.lodge(otherwise={"certificate.holder": "别家公司"})
    assert list(problems_of_findings()) == []
    with pgtrigger.ignore("exchange.Finding:finding_is_append_only"):
        Finding.objects.filter(rule="certificate-holder").update(status="pass")
    (problem,) = problems_of_findings()
    assert problem.endswith("certificate-holder comes out otherwise under the same rules")
    with pgtrigger.ignore("exchange.Filing:filing_is_append_only", "exchange.Check:check_is_append_only"):
        Filing.objects.update(content={})
        Check.objects.update(facts={"as_of": "2026-03-04", "facts": {"application": {"colour": 1}}})
    filing, run = problems_of_findings()
    assert filing.endswith("filing 1 is not what was lodged")
    assert "can no longer be read: facts.application.colour: is not a known field" in run


def test_another_provinces_people_and_former_officers_meet_nothing(world: World) -> None:
    """Every address of the desk that names something: the answer is that it is not there."""
    draft = world.draft()
    matter = world.lodge_draft(draft)
    world.step(matter, "return", "reviewer", words="请补正")
    run = services.begin_recheck(world.province, AT.date(), by=world.people["supervisor"], at=AT)
    world.people["colleague"].posts.update(valid_to=AT)
    place = {"place": str(world.province.pk), "recheck": str(run.pk)}
    finding = Finding.objects.order_by("pk")[0]
    named = [reverse(f"exchange:{name}", args=[matter.pk]) for name in ("listing", "letter")]
    named += [reverse("exchange:why", args=[finding.pk]), reverse("exchange:draft", args=[draft.pk])]
    named += [f"/matters/{matter.pk}/", f"/api/matters/{matter.pk}", f"/api/matters/{matter.pk}/events"]
    of_province = [reverse(f"exchange:{name}") for name in ("province", "recheck")]
    of_province += [reverse("exchange:behind", args=[what]) for what in ("lodge", "time", "rule-certificate-genuine")]
    for name in ("stranger", "reviewer there", "bank", "colleague"):
        browser = Client()
        browser.force_login(world.people[name])
        assert {browser.get(url).status_code for url in named} == {404}, name
        assert {browser.get(url, place).status_code for url in of_province} == {404}, name
        for url in ("/exchange/", "/exchange/mine/", "/exchange/supervision/", "/api/matters"):
            assert "云川小额" not in browser.get(url, place).content.decode(), (name, url)
        posted = [reverse("exchange:do", args=[matter.pk, "withdraw"]), reverse("exchange:recheck"),
                  reverse("exchange:draw"), reverse("exchange:correct", args=[matter.pk])]  # fmt: skip
        assert {browser.post(url, place | {"words": "撤回"}).status_code for url in posted} == {404}, name
    assert Matter.objects.get(pk=matter.pk).stage == "returned"


def test_a_letter_after_the_correction_holds_no_old_reasons_and_why_names_the_applied_version(world: World) -> None:
    matter = world.lodge(reserve_fen=999 * WAN)
    world.step(matter, "return", "reviewer", words="旧的审核意见")
    finding = Finding.objects.filter(rule="first-listing-price").latest("pk")
    assert why(finding) is not None
    finding.cite = finding.cite | {"from": "1999-01-01"}
    assert why(finding) is None, "a rule that has another day of from is not the one that was applied"
    listing = Listing.objects.select_related("matter", "lot").get(pk=matter.pk)
    seller = world.people["seller"]
    draft = services.begin_draft(
        organisation_id=world.trust.pk, province=world.province, by=seller, key="c", at=AT, corrects=listing
    )
    world.step(matter, "relodge", "seller", draft=draft.pk, draft_version=draft.version)
    browser = Client()
    browser.force_login(seller)
    text = "".join("".join(read_pages(browser.get(reverse("exchange:letter", args=[matter.pk])).content)).split())
    assert "尚未退回" in text
    assert "旧的审核意见" not in text


@pytest.mark.parametrize("words", ["\u200b\u200b", "\u2066\u2069", "退回\u202e由理"])
def test_a_reason_that_nobody_can_read_is_none(world: World, words: str) -> None:
    matter = world.lodge()
    with _refused("invalid") as caught:
        world.step(matter, "return", "reviewer", words=words)
    assert list(caught.value.details) == ["words"]
    assert Matter.objects.get(pk=matter.pk).stage == "completeness"


@pytest.mark.parametrize(
    "change", [{"price_fen": True}, {"price_fen": 1e9}, {"first_payment_fen": False}, {"contract_on": 1_777_000_000}]
)
def test_an_amount_is_a_whole_number_and_a_day_is_written(world: World, change: dict[str, Any]) -> None:
    matter = world.review(world.lodge())
    with _refused("invalid") as caught:
        world.step(matter, "record_deal", "reviewer", **{"contract_on": "2026-04-20"} | DEAL | change)
    assert list(caught.value.details) == list(change)


def test_a_recheck_by_the_rules_of_a_day_before_all_rules_comes_to_an_end(world: World) -> None:
    world.lodge(otherwise={"certificate.holder": "别家公司"})
    run = services.begin_recheck(world.province, date(2001, 1, 1), by=world.people["supervisor"], at=AT)
    run = services.run_recheck(run.pk, at=AT)
    assert run.cases == 1
    assert set(run.differences.values_list("after", flat=True)) == {""}
