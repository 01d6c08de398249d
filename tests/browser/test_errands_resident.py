"""An elder in large text asks for medicine, sees who comes, tells the code, rates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.points.queries import balance
from linhe.desks.errands import services
from tests.browser.conftest import Enter, too_small
from tests.browser.town import Town, on_duty

Shoot = Callable[[Page, str], None]


def test_an_elder_asks_and_rates(town: Town, enter: Enter, shoot: Shoot) -> None:
    on_duty(town.couriers[0])
    page = enter(town.elder, "/errands/")
    expect(page.locator("html")).to_have_attribute("data-elder", "")
    expect(page.locator(".services > li")).to_have_count(12)
    assert too_small(page) == []
    shoot(page, "errands-menu-elder")
    page.get_by_role("link", name="代买代取药品").click()
    expect(page.get_by_text("安居小区1号楼")).to_be_visible()
    expect(page.get_by_label("门牌")).to_have_value("2单元501室")
    page.get_by_label("店名或取件点").fill("惠民药房")
    page.get_by_label("大概在哪儿").select_option(label="和平里")
    page.get_by_label("要什么、怎么送").fill("降压药一盒，医保卡在我这里")
    assert too_small(page) == []
    shoot(page, "errands-new-elder")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", name="对不对？")).to_be_visible()
    assert too_small(page) == []
    shoot(page, "errands-check-elder")
    page.get_by_role("button", name="下单").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("正在找顺路的小哥")

    services.dispatch_batch(district=town.district, at=timezone.now() + timedelta(minutes=1))
    matter = Matter.objects.get()
    act(matter, "accept", by=town.couriers[0], at=timezone.now())
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("小哥去取东西了，约")
    expect(page.get_by_text("周** 小哥")).to_be_visible()
    shown = page.locator(".code-card__code").inner_text().replace(" ", "").replace("\xa0", "")
    assert too_small(page) == []
    shoot(page, "errands-code-elder")

    act(matter, "collect", by=town.couriers[0], at=timezone.now())
    act(matter, "done", by=town.couriers[0], data={"code": shown}, at=timezone.now())
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("送到了，您满意吗？")
    page.get_by_label("想说的话").fill("小伙子很好")
    assert too_small(page) == []
    shoot(page, "errands-rate-elder")
    page.get_by_role("button", name="5 很满意").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("办好了")
    assert balance(town.couriers[0]).pending == 10


def test_a_daughter_asks_for_her_mother(town: Town, enter: Enter, shoot: Shoot) -> None:
    page = enter(town.daughter, "/errands/new/groceries/")
    expect(page.get_by_text("和平里3号楼")).to_be_visible()
    page.get_by_role("link", name="贺金秀").click()
    expect(page.get_by_text("安居小区1号楼")).to_be_visible()
    expect(page.get_by_label("门牌")).to_have_value("2单元501室")
    shoot(page, "errands-delegate")
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="下单").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("正在找顺路的小哥")
    matter = Matter.objects.get()
    assert (matter.requester, matter.beneficiary) == (town.daughter, town.elder)
    mother = enter(town.elder, "/errands/")
    expect(mother.locator(".running")).to_contain_text("正在找顺路的小哥")


def test_everything_works_without_javascript(town: Town, enter: Enter) -> None:
    page = enter(town.daughter, "/errands/", java_script_enabled=False)
    page.get_by_role("link", name="代扔垃圾").click()
    page.get_by_role("link", name="换地方").click()
    page.get_by_role("link", name="柳树巷").click()
    page.get_by_role("link", name="柳树巷2号楼").click()
    page.get_by_label("门牌").fill("1单元101室")
    page.get_by_text("急用").click()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="改一改").click()
    expect(page.get_by_label("门牌")).to_have_value("1单元101室")
    expect(page.get_by_role("radio", name="急用")).to_be_checked()
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="下单").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("正在找顺路的小哥")
    page.get_by_text("不要了").click()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("这一单已撤销")
    assert Matter.objects.get().stage == "withdrawn"
