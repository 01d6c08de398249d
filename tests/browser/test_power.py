"""A drill from the alarm to the report: two phones call and carry out, the wall shows it, a neighbour lends a truck."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.core.places.services import add_place
from linhe.core.runsheets.models import RunItem
from linhe.desks.power import services
from linhe.desks.power.models import GuestLink, TruckAid
from linhe.desks.power.queries.links import token_of
from linhe.lib.text import Text
from tests.browser.conftest import Enter
from tests.factories import make_post
from tests.integration.desks.power.world import AT, CASE, County, make_county

PATIENCE_MS = 40_000
Shoot = Callable[[Page, str], None]
Accessible = Callable[[Page], None]
ONE_TIE = ["K09151", "K12221", "K18331", "K25291"]
"""Ties that cannot be used; one is left, so that the plan needs it and trucks."""


def settle_in() -> tuple[County, Account]:
    """A county whose feeder has one tie left, and a neighbour with a truck; their officer."""
    county = make_county()
    county.minutes = (timezone.now() - AT).total_seconds() / 60 - 12
    services.store_feeder(
        code="test-33", name=Text("城东一线", "Chengdong line 1"), place=county.places.district,
        from_date=date(2026, 1, 1), source="M. E. Baran and F. F. Wu (1989)", case=CASE | {"unavailable": ONE_TIE},
    )  # fmt: skip
    for role in ("power_operator", "truck_crew"):
        make_post(role, county.places.district, county.dispatcher, organisation=county.company)
    root = add_place(code="990211000000", name="安岭县", kind="district")
    company = Organisation.objects.create(code="a-power", name="安岭县供电公司", kind="company", place=root)
    services.register_truck(
        code="al-800", name=Text("安岭 800 千瓦车", "Anling 800 kW"), owner=company, kw=800, kva=1000, travel_min=35
    )
    return county, make_post("truck_owner", county.places.district, organisation=company)


def confirm(supervisor: Page, doer: Page, label: str) -> None:
    """One item by two phones."""
    supervisor.reload()
    expect(supervisor.locator("[data-run-label]")).to_have_text(label)
    supervisor.wait_for_selector("[data-run][data-ready]", timeout=PATIENCE_MS)
    supervisor.get_by_role("button", name="我已唱票").click()
    expect(supervisor.get_by_text("已唱票，等")).to_be_visible(timeout=PATIENCE_MS)
    doer.reload()
    doer.wait_for_selector("[data-run][data-ready]", timeout=PATIENCE_MS)
    doer.get_by_label("已逐字复诵").check()
    doer.get_by_role("button", name="已完成").click()
    expect(doer.locator("[data-run-waiting]")).to_be_hidden(timeout=PATIENCE_MS)
    expect(doer.locator("[data-run-label]")).not_to_have_text(label, timeout=PATIENCE_MS)


def go_on_to(county: County, matter: Matter, code: str) -> RunItem:
    """Others confirm everything before this step."""
    item = county.go_on(matter, lambda one: one.code == code, wait=0.05)
    assert item is not None
    return item


def borrow(county: County, officer: Account, enter: Enter, accessible: Accessible, shoot: Shoot) -> None:
    """The dispatcher asks for the neighbour's truck, its owner promises it."""
    page = enter(county.dispatcher, "/power/trucks/", wide=True)
    page.get_by_role("button", name="请求支援").click()
    expect(page.get_by_text("请求已发出")).to_be_visible()
    answer = enter(officer, "/power/trucks/")
    answer.locator("summary", has_text="同意支援").click()
    answer.get_by_label("预计到达（分钟）").fill("35")
    accessible(answer)
    answer.get_by_role("button", name="同意支援").click()
    expect(answer.get_by_text("「同意支援」已办好")).to_be_visible()
    shoot(answer, "power-trucks")
    assert TruckAid.objects.get().matter.stage == "accepted"


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_from_the_alarm_to_the_report(
    transactional_db: None, enter: Enter, shoot: Shoot, accessible: Accessible, live_server: LiveServer,
    browser: Browser,
) -> None:  # fmt: skip
    county, officer = settle_in()
    wall = enter(county.dispatcher, "/power/", wide=True)
    wall.get_by_label("场景").select_option("mountain")
    wall.get_by_role("button", name="登记并开始计时").click()
    expect(wall.get_by_text("流程单开始计时")).to_be_visible()
    matter = Matter.objects.get(kind="power_event")
    borrow(county, officer, enter, accessible, shoot)
    supervisor, doer = (enter(who, f"/power/{matter.pk}/run/") for who in (county.supervisor, county.dispatcher))
    wall.goto(f"{live_server.url}/power/{matter.pk}/wall/")
    expect(wall.locator("#now-title")).to_contain_text("告警")
    confirm(supervisor, doer, "1")

    go_on_to(county, matter, "isolated")
    county.act(matter, "locate", county.operator, elements="L3")
    plan = services.make_plan(matter, at=county.now())
    county.act(matter, "plan", county.dispatcher, number=plan.number)
    confirm(supervisor, doer, "9-1")
    wall.reload()
    expect(wall.locator(".ol__fault")).to_be_visible()
    expect(wall.locator("#wall-words")).to_contain_text("失电")

    item = go_on_to(county, matter, "truck_closed")
    confirm(supervisor, doer, item.label)
    item = go_on_to(county, matter, "transfer_closed")
    confirm(supervisor, doer, item.label)
    wall.reload()
    expect(wall.locator(".ol__bus.is-island").first).to_be_visible()
    expect(wall.locator(".ol__truck.is-on").first).to_be_visible()
    accessible(wall)
    shoot(wall, "power-wall")
    watched_by_a_guest(wall, county, browser, live_server, accessible)

    item = go_on_to(county, matter, "withdrawn")
    confirm_last(supervisor, doer, item.label)
    wall.goto(f"{live_server.url}/power/{matter.pk}/")
    wall.get_by_role("button", name="终结流程").click()
    expect(wall.get_by_text("「终结流程」已办好")).to_be_visible()
    look_back(wall, matter, live_server, accessible, shoot)


def confirm_last(supervisor: Page, doer: Page, label: str) -> None:
    """The last item leaves nothing to do."""
    supervisor.reload()
    supervisor.wait_for_selector("[data-run][data-ready]", timeout=PATIENCE_MS)
    expect(supervisor.locator("[data-run-label]")).to_have_text(label)
    supervisor.get_by_role("button", name="我已唱票").click()
    expect(supervisor.get_by_text("已唱票，等")).to_be_visible(timeout=PATIENCE_MS)
    doer.reload()
    doer.wait_for_selector("[data-run][data-ready]", timeout=PATIENCE_MS)
    doer.get_by_label("已逐字复诵").check()
    doer.get_by_role("button", name="已完成").click()
    expect(doer.get_by_text("全部完成")).to_be_visible(timeout=PATIENCE_MS)


def watched_by_a_guest(
    wall: Page, county: County, browser: Browser, live_server: LiveServer, accessible: Accessible
) -> None:  # fmt: skip
    """Another county opens its link without signing in; taken back, it leads nowhere."""
    wall.locator("summary", has_text="邀请县公司观摩").click()
    wall.get_by_label("县名，一行一个").fill("\n".join(f"{n} 号县" for n in range(1, 15)))
    wall.get_by_role("button", name="生成链接").click()
    expect(wall.get_by_text("14 家，0 家已打开")).to_be_visible()
    link = GuestLink.objects.order_by("id")[0]
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width": 360, "height": 780})
    guest = context.new_page()
    address = f"{live_server.url}/power/guest/{token_of(link)}/"
    guest.goto(address)
    expect(guest.get_by_text("观摩：1 号县")).to_be_visible()
    assert guest.get_by_role("button", name="唱票").count() == 0
    accessible(guest)
    services.revoke(link, by=county.dispatcher, at=timezone.now())
    answer = guest.goto(address)
    assert answer is not None
    assert answer.status == 404
    context.close()


def look_back(page: Page, matter: Matter, live_server: LiveServer, accessible: Accessible, shoot: Shoot) -> None:
    """The replay by keyboard, a finding, the report."""
    page.goto(f"{live_server.url}/power/{matter.pk}/review/")
    shown = page.locator("#frame-shown > p").first
    before = shown.inner_text()
    page.get_by_label("第几步之后").focus()
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    expect(shown).not_to_have_text(before)
    page.locator("summary", has_text="登记整改事项").click()
    page.get_by_label("问题").fill("电缆卷盘离接入点太远，多走了一趟")
    page.get_by_role("button", name="登记", exact=True).click()
    expect(page.get_by_text("已登记为整改事项")).to_be_visible()
    assert matter.children.filter(kind="power_finding").count() == 1
    accessible(page)
    shoot(page, "power-review")
    report = page.request.get(f"{live_server.url}/power/{matter.pk}/review/report.pdf")
    assert report.headers["content-type"] == "application/pdf"
    assert report.body().startswith(b"%PDF")
