"""A feeder from OpenDSS: handed in as a file, checked by another person, drilled on at once, its phases told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linhe.core.loop.models import Matter
from linhe.desks.power.models import Feeder, Outage
from tests.browser.conftest import Enter
from tests.integration.desks.power.test_feeders import ieee123
from tests.integration.desks.power.world import AT, County, make_county

Shoot = Callable[[Page, str], None]
Accessible = Callable[[Page], None]
SITES = "P48, 48, 北站\nP76, 76, 机床厂"


def hand_in(page: Page, content: bytes, code: str) -> None:
    page.get_by_label("数据文件").set_input_files(
        {"name": "ieee123.zip", "mimeType": "application/zip", "buffer": content}
    )
    page.get_by_label("线路编号").fill(code)
    page.get_by_label("线路名称").fill("北郊 123 节点线")
    page.get_by_label("英文名称").fill("North 123-bus line")
    page.get_by_label("数据来源").fill("IEEE PES")
    page.get_by_label("接入点").fill(SITES)
    page.get_by_role("button", name="读文件并报送").click()


def drilled(county: County) -> Matter:
    """An alarm on the new feeder, planned and worked through until a switch has moved."""
    county.minutes = (timezone.now() - AT).total_seconds() / 60 - 12
    matter = county.planned(county.alarm(feeder="north-123"), "L67")
    county.go_on(matter, lambda item: item.phase == "truck" or item.step >= 24, wait=0.05)
    return matter


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_three_phase_feeder_is_handed_in_and_drilled_on(
    transactional_db: None, enter: Enter, shoot: Shoot, accessible: Accessible
) -> None:
    county = make_county()
    page = enter(county.dispatcher, "/power/feeders/", wide=True)
    page.get_by_role("link", name="报送数据").click()
    hand_in(page, b"New Circuit.x\nExport voltages\n", "north-123")
    expect(page.get_by_text("第 2 行：'Export' 不是能读的命令")).to_be_visible()
    expect(page.get_by_label("线路名称")).to_have_value("北郊 123 节点线")
    page.get_by_label("不校核线路载流").check()
    hand_in(page, ieee123(), "north-123")
    expect(page.get_by_role("heading", name="识别结果")).to_be_visible(timeout=40_000)
    expect(page.locator(".ol__phase").first).to_be_visible()
    assert page.get_by_role("button", name="核对无误，采用").count() == 0
    accessible(page)

    phone = enter(county.supervisor, page.url.removeprefix(page.url.split("/power/")[0]))
    expect(phone.locator("html")).to_have_js_property("scrollWidth", 360)
    accessible(phone)
    shoot(phone, "power-feeder-phone")
    phone.get_by_role("button", name="核对无误，采用").click()
    expect(phone.get_by_text("已办好")).to_be_visible()
    assert Feeder.objects.get(code="north-123").version == 1

    matter = drilled(county)
    assert Outage.objects.get(pk=matter.pk).plan is not None
    page.goto(page.url.split("/power/")[0] + f"/power/{matter.pk}/wall/")
    expect(page.locator(".ol_large")).to_be_visible()
    expect(page.get_by_text("只有这些相").first).to_be_visible()
    accessible(page)
    shoot(page, "power-three-phase")
