"""A courier comes on duty, takes what lies on the way, delivers with the code, sees the points."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from playwright.sync_api import Page, expect

from linhe.core.loop.acting import act
from linhe.core.people.models import Account, ReadLog
from linhe.desks.errands import services
from linhe.desks.errands.models import ErrandDetail
from tests.browser.conftest import Enter
from tests.browser.town import Town, on_duty

Shoot = Callable[[Page, str], None]


def test_a_courier_carries_an_errand(town: Town, enter: Enter, shoot: Shoot) -> None:
    rider = town.couriers[0]
    matter = town.errand()
    town.errand(building=7, service="rubbish", pickup_name="", pickup_lat=None, pickup_lng=None, urgent=True)
    page = enter(rider, "/errands/courier/")
    shoot(page, "errands-off-duty")
    page.get_by_label("从哪里出发").select_option(label="和平社区 · 安居小区")
    page.get_by_text("我自己还要去的地方").click()
    page.get_by_label("第 1 站").select_option(label="柳树巷")
    page.get_by_label("几点到").first.fill("23:50")
    page.get_by_role("button", name="上岗").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("在岗")
    expect(page.locator("article.way")).to_have_count(2)
    expect(page.locator("article.way").first).to_contain_text("绕")
    assert "501室" not in page.content()
    shoot(page, "errands-on-my-way")
    page.locator("article.way", has_text="代买代取药品").get_by_role("button", name="顺手捎上").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("先去取：惠民药房")
    expect(page.get_by_role("link", name="取件导航")).to_have_attribute(
        "href", "geo:38.422200,112.734400?q=38.422200,112.734400"
    )
    page.get_by_role("button", name="看门牌和联系方式").click()
    expect(page.locator("#address")).to_contain_text("安居小区1号楼 2单元501室")
    assert ReadLog.objects.filter(reader=rider, subject=town.elder).exists()
    shoot(page, "errands-in-hand")
    page.get_by_role("button", name="我取到了").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("送到 安居小区1号楼")
    page.get_by_label("居民的验证码").fill("000000" if _code(matter.pk) != "000000" else "111111")
    page.get_by_role("button", name="送到了").click()
    expect(page.get_by_text("验证码不对，请再问一次居民。").first).to_be_visible()
    page.get_by_label("居民的验证码").fill(_code(matter.pk))
    page.get_by_role("button", name="送到了").click()
    expect(page.get_by_text("送到了，谢谢您！")).to_be_visible()

    act(matter, "rate", by=town.elder, data={"stars": 5}, at=timezone.now())
    page.get_by_role("link", name="我的积分").click()
    expect(page.locator(".figures")).to_contain_text("10")
    shoot(page, "errands-points")


def test_an_offer_waits_for_yes_or_no(town: Town, enter: Enter, shoot: Shoot) -> None:
    rider = town.couriers[1]
    on_duty(rider)
    matter = town.errand()
    services.dispatch_to(by=town.clerk, matter=matter, courier=rider, at=timezone.now())
    page = enter(rider, "/errands/courier/")
    expect(page.locator(".card_offer")).to_contain_text("社区直接派单")
    shoot(page, "errands-offer")
    page.get_by_role("button", name="接", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("先去取：惠民药房")
    matter.refresh_from_db()
    assert (matter.stage, matter.handler) == ("accepted", rider)


def test_the_route_in_english_in_the_dark(town: Town, enter: Enter, shoot: Shoot) -> None:
    rider = town.couriers[2]
    Account.objects.filter(pk=rider.pk).update(language="en", theme="dark")
    rider.refresh_from_db()
    on_duty(rider)
    in_hand = town.errand()
    services.take(by=rider, matter_id=in_hand.pk, at=timezone.now())
    town.errand(building=7, service="parcel")
    page = enter(rider, "/errands/courier/")
    expect(page.get_by_role("heading", level=1)).to_have_text("On duty")
    shoot(page, "errands-route-dark-en")
    page.get_by_role("link", name="First collect at").click()
    expect(page.get_by_role("button", name="I have it")).to_be_visible()
    shoot(page, "errands-in-hand-dark-en")


def _code(matter_id: int) -> str:
    return ErrandDetail.objects.get(pk=matter_id).code
