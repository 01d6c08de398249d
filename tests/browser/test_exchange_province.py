"""A journey: an uploaded appraisal is read and confirmed; the province looks at figures, opens a case and re-checks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linhe.core.loop.models import Matter
from linhe.desks.exchange import services
from linhe.desks.exchange.models import Inspection, Listing, Recheck
from linhe.lib import pdf
from tests.integration.desks.exchange.world import WAN, World, make_world

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def world(transactional_db: None) -> World:
    """The exchange, and a lot that was listed again below its appraisal."""
    world = make_world()
    first = world.unsold(world.lodge(at=datetime(2026, 3, 4, 1, 0, tzinfo=UTC)))
    listing = Listing.objects.select_related("lot", "matter").get(pk=first.pk)
    later = Matter.objects.get(pk=first.pk).updated_at + timedelta(days=1)
    world.review(world.lodge(at=later, previous=listing, reserve_fen=950 * WAN))
    world.lodge(by="bank", enterprise="汾源典当有限公司", reserve_fen=999 * WAN, at=later)
    return world


@pytest.fixture
def this_spring(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A day whose calendar is known."""
    from django.utils import timezone

    now = datetime(2026, 5, 6, 2, 0, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now


def test_what_a_pdf_says_is_confirmed_on_a_phone(world: World, enter: Any, accessible: Any) -> None:
    at = datetime(2026, 5, 6, 2, 0, tzinfo=UTC)
    draft = services.begin_draft(
        organisation_id=world.trust.pk, province=world.province, by=world.people["seller"], key="b", at=at
    )
    paper = pdf.document("评估报告")
    for line in ("评估报告编号：中和评报字〔2026〕第12号", "评估值：1,000.00万元", "评估基准日：2026年1月31日"):
        paper.paragraph(line)
    page: Page = enter(world.people["seller"], f"/exchange/drafts/{draft.pk}/")
    page.locator("#application-object_name").fill("云川小额贷款有限公司")
    page.locator("#document").select_option("appraisal")
    page.locator("#file").set_input_files(
        {"name": "评估报告.pdf", "mimeType": "application/pdf", "buffer": paper.bytes()}
    )
    page.get_by_role("button", name="上传并读取").click()
    expect(page.locator(".uploads")).to_contain_text("评估报告.pdf")
    assert page.locator("#application-object_name").input_value() == "云川小额贷款有限公司"
    tick = page.locator("#part-appraisal .suggested", has_text="10,000,000.00")
    expect(tick).to_contain_text("第 1 页")
    accessible(page)
    tick.locator("input").check()
    page.get_by_role("button", name="采用勾选的内容").click()
    expect(page.locator("#appraisal-value_fen")).to_have_value("10,000,000.00")


def test_the_province_sees_asks_and_checks_again(
    world: World, this_spring: datetime, enter: Any, shoot: Any, accessible: Any
) -> None:
    page: Page = enter(world.people["supervisor"], "/exchange/province/", wide=True)
    expect(page.locator(".chain").first).to_contain_text("95%")
    accessible(page)
    shoot(page, "exchange-province")
    page.get_by_role("link", name="首次挂牌价").first.click()
    expect(page.locator("main")).to_contain_text("汾源典当")
    page.goto(page.url.split("/exchange/")[0] + "/exchange/supervision/")
    accessible(page)
    page.get_by_role("button", name="立案").first.click()
    expect(page.locator("main")).to_contain_text("重新挂牌价低于评估结果")
    accessible(page)
    shoot(page, "exchange-case")
    assert Inspection.objects.get().ground == "flagged"
    page.goto(page.url.split("/matters/")[0] + "/exchange/recheck/")
    page.locator("#on").fill("2007-06-01")
    page.get_by_role("button", name="重审全省申请").click()
    expect(page.locator("#recheck")).to_contain_text("正在重审")
    services.run_recheck(Recheck.objects.get().pk, at=this_spring)
    page.reload()
    expect(page.locator("#recheck")).to_contain_text("此规则已停用")
    accessible(page)


def test_the_rule_book_reads_on_a_phone(world: World, enter: Any, accessible: Any) -> None:
    page: Page = enter(world.people["seller"], "/exchange/rules/?on=2026-03-04&from=2024-03-04")
    expect(page.locator("main")).to_contain_text("来源未核实")
    expect(page.locator(".rules__changes li").first).to_be_visible()
    accessible(page)
