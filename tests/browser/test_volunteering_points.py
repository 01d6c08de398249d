"""Points from a kind deed to a bowl of noodles, to a signature, and to a vote."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Evidence, Matter
from linhe.core.people.models import Account, Organisation
from linhe.core.points.services import credit, settle_due
from linhe.desks.volunteering.models import Candidate, Item, Reward, Voted
from linhe.desks.volunteering.services import take_part
from linhe.lib.periods import Quarter
from tests.browser.conftest import Enter, too_small
from tests.browser.town import Town
from tests.factories import LONG_AGO, make_account, make_post

Shoot = Callable[[Page, str], None]
Accessible = Callable[[Page], None]
STORIES = (
    "下雨天给独居老人送药，还帮着关好窗户。",
    "捡到钱包等了两小时，一分不少还给失主。",
    "谁家灯泡坏了，送完餐顺手就换了。",
)


@pytest.fixture
def shop(town: Town) -> Organisation:
    found = Organisation.objects.create(code="journey-shop", name="老李面馆", kind="shop", place=town.community)
    for name, points in (("热汤面一碗", 10), ("豆浆油条", 5), ("大米五公斤", 30)):
        Item.objects.create(shop=found, name=name, points=points, stock_a_month=40)
    return found


@pytest.fixture
def clerk(town: Town, shop: Organisation) -> Account:
    return make_post("partner", town.community, make_account("店员小李", theme="light"), organisation=shop)


@pytest.fixture
def officer(town: Town) -> Account:
    street = town.community.parent
    assert street is not None
    return make_post("subdistrict_officer", street, make_account("梁文昌", username="street", theme="light"))


def last_quarter() -> Quarter:
    now = Quarter.of(timezone.now())
    return Quarter(now.year, now.number - 1) if now.number > 1 else Quarter(now.year - 1, 4)


def serve(town: Town, who: Account, times: int) -> None:
    """Kind deeds of the last quarter, confirmed and no longer to be disputed."""
    first = last_quarter().stretch()[0]
    place = town.buildings[0]
    for n in range(times):
        at = first + timedelta(days=2 + n, hours=3)
        event = begin("toy", "raise", by=make_account(), place=place, data={"size": 1}, at=at).event
        credit(account=who, rule="volunteer_hours", event=event, at=at, place=place)
    settle_due(at=timezone.now())


def test_points_are_redeemed_on_two_phones(
    town: Town, clerk: Account, enter: Enter, shoot: Shoot, accessible: Accessible
) -> None:
    rider = town.couriers[0]
    serve(town, rider, 4)
    phone = enter(rider, "/volunteering/points/")
    phone.get_by_text("参加，姓名打码").click()
    phone.get_by_role("button", name="保存").click()
    expect(phone.get_by_text("已参加季度评奖（姓名打码）")).to_be_visible()
    accessible(phone)
    shoot(phone, "volunteering-points")
    phone.get_by_role("button", name="出示兑换码").click()
    code = re.sub(r"\D", "", phone.locator(".code-card__digits").inner_text())
    assert len(code) == 8
    accessible(phone)
    shoot(phone, "volunteering-code")
    counter = enter(clerk, f"/volunteering/shop/?code={code}")
    accessible(counter)
    counter.get_by_text("热汤面一碗").first.click()
    counter.get_by_role("button", name="兑换", exact=True).click()
    expect(counter.get_by_text("兑换成功：兑换热汤面一碗，10 分。")).to_be_visible()
    shoot(counter, "volunteering-shop")
    phone.goto(phone.url.replace("code/", ""))
    expect(phone.get_by_text("兑换成功：热汤面一碗，用了 10 分。")).to_be_visible()
    counter.get_by_text("豆浆油条").first.click()
    counter.get_by_label("对方手机上的 8 位数字").fill(code)
    counter.get_by_role("button", name="兑换", exact=True).click()
    expect(counter.get_by_text("兑换码不对或已过期").first).to_be_visible()
    counter.get_by_text("撤销").first.click()
    counter.get_by_text("选错了商品").click()
    counter.get_by_role("button", name="撤销，退回积分").click()
    phone.reload()
    expect(phone.get_by_text("「热汤面一碗」已撤销，10 分退回。")).to_be_visible()
    Account.objects.filter(pk=rider.pk).update(elder_mode=True)
    phone.reload()
    assert too_small(phone) == []


def test_a_quarter_is_published_objected_to_and_signed_for(
    town: Town, officer: Account, enter: Enter, shoot: Shoot, accessible: Accessible
) -> None:
    for number, rider in enumerate(town.couriers):
        take_part(rider, named=number == 0, at=LONG_AGO)
        serve(town, rider, 5 - number)
    desk = enter(officer, "/volunteering/settlements/", wide=True)
    desk.get_by_role("button", name="按台账结算并公示").click()
    expect(desk.get_by_text("已结算并开始公示。")).to_be_visible()
    matter = Matter.objects.get(kind="settlement")
    mine = enter(town.couriers[2], f"/volunteering/settlements/{matter.pk}/")
    expect(mine.get_by_text("周强")).to_be_visible()
    expect(mine.get_by_text("郑**")).to_be_visible()
    accessible(mine)
    mine.get_by_text("对结果有异议？").click()
    mine.get_by_label("哪里不对").fill("我有一次送药没有算进去")
    mine.get_by_role("button", name="提交异议").click()
    expect(mine.get_by_text("正在处理，会答复您。")).to_be_visible()
    shoot(mine, "volunteering-settlement")
    desk.reload()
    desk.get_by_label("答复").fill("已核对台账，这一单由邻居取消，没有计分。")
    accessible(desk)
    desk.get_by_role("button", name="答复").click()
    desk.get_by_role("button", name="答复完毕，继续公示").click()
    expect(desk.get_by_text("继续公示。")).to_be_visible()
    sweep_clocks(at=timezone.now() + timedelta(days=30))
    reward = Reward.objects.order_by("rank").first()
    assert reward is not None
    sign = enter(officer, f"/volunteering/rewards/{reward.pk}/")
    accessible(sign)
    pad = sign.locator("canvas").bounding_box()
    assert pad
    sign.mouse.move(pad["x"] + 30, pad["y"] + 40)
    sign.mouse.down()
    for n in range(1, 9):
        sign.mouse.move(pad["x"] + 30 + 25 * n, pad["y"] + (30 if n % 2 else 80))
    sign.mouse.up()
    expect(sign.locator("[data-sign]")).to_have_attribute("data-signed", "")
    shoot(sign, "volunteering-reward")
    sign.get_by_role("button", name="确认已领取").click()
    expect(sign.get_by_text("手写签收")).to_be_visible()
    assert Evidence.objects.filter(matter=matter).count() == 1


def test_a_vote_counts_once(town: Town, enter: Enter, shoot: Shoot, accessible: Accessible) -> None:
    district = make_post("district_officer", town.district, make_account("宋国平", username="district", theme="light"))
    matter = begin(
        "selection", "open", by=district, place=town.district, data={"year": timezone.now().year}
    ).matter  # fmt: skip
    for rider, story in zip(town.couriers, STORIES, strict=True):
        data = {"phone": rider.phone, "name": rider.name, "story": story}
        act(matter, "nominate", by=town.daughter, data=data)
        act(matter, "agree", by=rider, data={"agrees": True})
    act(matter, "screening", by=district)
    for candidate in Candidate.objects.filter(selection=matter.pk):
        act(matter, "screen", by=district, data={"candidate_id": candidate.pk, "passed": True})
    act(matter, "open_vote", by=district)
    Account.objects.filter(pk=town.daughter.pk).update(phone_verified_at=LONG_AGO)
    page = enter(town.daughter, f"/volunteering/selections/{matter.pk}/")
    accessible(page)
    shoot(page, "volunteering-vote")
    page.get_by_role("button", name="投给 吴海").click()
    expect(page.get_by_text("您已投票，谢谢。投给谁不会被记录。")).to_be_visible()
    expect(page.get_by_role("button", name="投给")).to_have_count(0)
    assert list(Candidate.objects.order_by("number").values_list("votes", flat=True)) == [0, 1, 0]
    assert Voted.objects.count() == 1
