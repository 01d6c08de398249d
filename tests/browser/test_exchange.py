"""A journey: below 90 % of the appraisal, why it does not pass, the correction, the review, the notice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.desks.exchange.models import Draft, Listing
from linhe.lib.working_calendar import local_date
from tests.integration.desks.exchange.world import WAN, YES, World, make_world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
PRICE, APPROVED, APPROVED_ON = "#application-reserve_fen", "#approval-new_price_fen", "#approval-new_price_on"


@pytest.fixture
def world(transactional_db: None) -> World:
    """The exchange and its people; the contents of a year whose calendar is known."""
    return make_world()


def _unsold(world: World, at: Any) -> Matter:
    first = world.lodge(at=at)
    return world.unsold(first)


def test_below_ninety_percent_is_corrected_and_listed(
    world: World, enter: Any, shoot: Any, accessible: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import UTC, datetime

    from django.utils import timezone

    start = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
    first = _unsold(world, start)
    now = Matter.objects.get(pk=first.pk).updated_at + timedelta(days=3)
    monkeypatch.setattr(timezone, "now", lambda: now)

    # ---- the seller: the lot again, at 89 %
    page: Page = enter(world.people["seller"], "/exchange/mine/", wide=True)
    page.get_by_role("link", name="云川小额贷款有限公司").click()
    page.get_by_role("button", name="再次挂牌").click()
    page.locator(PRICE).fill("890万")
    expect(page.locator("#live")).to_contain_text("低于评估结果90%")
    expect(page.locator("#note-approval-new_price_fen")).to_contain_text("待补正")
    today = local_date(now)
    for name, days in (("starts_on", 12), ("newspaper_on", 12), ("ends_on", 50)):
        page.locator(f"#disclosure-{name}").fill((today + timedelta(days=days)).isoformat())
    for name in ("newspaper_provincial", "on_exchange_site", "on_seller_site", "contents_complete", "undertakings"):
        page.locator(f"#disclosure-{name}").select_option("yes")
    page.locator("#application-difference_explained").select_option("yes")
    page.locator(APPROVED).fill("900万")
    page.locator(APPROVED_ON).fill(today.isoformat())
    expect(page.locator("#note-application-reserve_fen")).to_contain_text("不一致")
    accessible(page)
    shoot(page, "exchange-form")

    # ---- bad input: nothing is stored, nothing typed is lost
    page.locator(PRICE).fill("-1")
    page.get_by_role("button", name="存草稿").click()
    expect(page.get_by_role("alert").or_(page.locator(".note")).first).to_contain_text("没有保存")
    assert page.locator(PRICE).input_value() == "-1"
    assert page.locator(APPROVED).input_value() == "900万"
    assert Draft.objects.get(lodged_as__isnull=True).content["application"]["values"]["reserve_fen"] == 1000 * WAN

    # ---- lodged below 90 % all the same, returned
    page.locator(PRICE).fill("890万")
    page.get_by_role("button", name="提交申请").click()
    expect(page.locator("#findings")).to_contain_text("低于评估结果90%")
    accessible(page)
    second = Listing.objects.get(sequence=2)
    page = enter(world.people["reviewer"], "/exchange/", wide=True)
    accessible(page)
    page.get_by_role("link", name="云川小额贷款有限公司").first.click()
    page.locator("summary", has_text="核验材料").click()
    page.get_by_label("是").first.check()
    page.get_by_label("是").nth(1).check()
    page.get_by_role("button", name="核验材料").click()
    page.get_by_role("button", name="审核通过，报复核").click()
    expect(page.locator(".note").first).to_contain_text("不能通过")
    shoot(page, "exchange-review")
    accessible(page)
    page.get_by_role("link", name="为什么").first.click()
    expect(page.locator("main")).to_contain_text("来源未核实")
    accessible(page)
    page.get_by_role("link", name="返回申请").click()
    page.locator("summary", has_text="退回补正").click()
    page.locator("#id_return_words").fill("批准的价格与挂牌价不一致，请更正。")
    page.get_by_role("button", name="退回补正").click()
    expect(page.locator("#state")).to_contain_text("退回补正")

    # ---- corrected on a phone, without scripts
    page = enter(world.people["colleague"], f"/exchange/{second.pk}/", java_script_enabled=False)
    page.get_by_role("button", name="补正并重新提交").click()
    page.locator(APPROVED).fill("890万")
    page.get_by_role("button", name="检查", exact=True).click()
    expect(page.locator("#live")).not_to_contain_text("低于评估结果90%")
    page.get_by_role("button", name="提交补正").click()
    expect(page.get_by_text("申请已提交，审核结果见下。")).to_be_visible()

    # ---- reviewed and listed by two people
    act(Matter.objects.get(pk=second.pk), "check_complete", by=world.people["reviewer"], data=YES, at=now)
    act(Matter.objects.get(pk=second.pk), "pass_review", by=world.people["reviewer"], at=now)
    page = enter(world.people["manager"], f"/exchange/{second.pk}/", wide=True)
    page.get_by_role("button", name="复核同意，挂牌").click()
    expect(page.locator("#state")).to_contain_text("挂牌公告中")
    accessible(page)
    assert Listing.objects.get(pk=second.pk).conforming


def test_ties_are_declared(world: World, enter: Any, accessible: Any) -> None:
    page: Page = enter(world.people["reviewer"], "/exchange/ties/")
    page.get_by_label("机构").select_option(label="试省信托有限公司")
    page.get_by_role("button", name="申报").click()
    expect(page.locator("main")).to_contain_text("不能审核该机构")
    accessible(page)
