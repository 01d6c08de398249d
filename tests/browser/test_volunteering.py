"""An activity from its announcement to the year's evaluation; a post from vacancy to hand-over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from linhe.core.loop.acting import act, begin
from linhe.core.people.models import Account, Organisation
from linhe.core.people.queries import posts_of
from linhe.desks.volunteering.models import SignUp
from linhe.lib.working_calendar import SHANGHAI
from tests.browser.conftest import Enter, too_small
from tests.browser.town import Town
from tests.factories import make_account, make_post

Shoot = Callable[[Page, str], None]
Accessible = Callable[[Page], None]


@pytest.fixture
def office(town: Town) -> Organisation:
    """A branch that serves in the first compound."""
    found = Organisation.objects.create(
        code="journey-branch", name="区司法局党支部", kind="branch", place=town.district
    )
    begin(
        "check_in", "check_in_organisation", by=town.clerk, place=town.buildings[0].compound or town.community,
        data={"organisation": found.code, "offers": ["law"]},
    )  # fmt: skip
    return found


@pytest.fixture
def organiser(town: Town, office: Organisation) -> Account:
    who = make_account("姚丽华", theme="light", home=town.buildings[3])
    return make_post("organiser", town.district, who, organisation=office)


@pytest.fixture
def members(town: Town, office: Organisation) -> list[Account]:
    """Three members, checked in where they live; the first reads in large letters."""
    found = [
        make_account(name, theme="light", home=town.buildings[0], elder_mode=n == 0)
        for n, name in enumerate(("孙桂兰", "李建国", "王小丽"))
    ]
    for one in found:
        data = {"organisation": office.code}
        begin("check_in", "enrol", by=town.clerk, place=town.buildings[0], beneficiary=one, data=data)
    return found


def local(moment) -> str:
    """What a field for date and time takes."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def test_an_activity_from_announcement_to_evaluation(
    town: Town, organiser: Account, members: list[Account], enter: Enter, shoot: Shoot, accessible: Accessible
) -> None:
    now = timezone.now()
    page = enter(organiser, "/volunteering/")
    page.get_by_role("link", name="发布活动").click()
    page.get_by_label("在哪个社区或小区").select_option(label="和平社区")
    page.get_by_label("主办单位").select_option(label="区司法局党支部")
    page.get_by_label("活动类型").select_option("law")
    page.get_by_label("名称").fill("普法大讲堂")
    page.get_by_label("集合地点").fill("社区活动室")
    page.get_by_label("开始").fill(local(now - timedelta(minutes=50)))
    page.get_by_label("结束").fill(local(now - timedelta(minutes=70)))
    page.get_by_label("名额").fill("2")
    accessible(page)
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("结束要晚于开始。")).to_be_visible()
    expect(page.get_by_label("名称")).to_have_value("普法大讲堂")
    page.get_by_label("结束").fill(local(now + timedelta(minutes=70)))
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("普法大讲堂")
    address = page.url.removeprefix(page.url.split("/volunteering")[0])

    phones = []
    for who in members:
        phone = enter(who, "/volunteering/")
        if who == members[0]:
            accessible(phone)
            assert too_small(phone) == []
            shoot(phone, "volunteering-activities")
        phone.get_by_role("article").filter(has_text="普法大讲堂").get_by_role("button").click()
        phones.append(phone)
    expect(phones[0].get_by_text("您已报名")).to_be_visible()
    expect(phones[2].get_by_text("您在候补名单上")).to_be_visible()
    accessible(phones[2])
    phones[0].get_by_role("button", name="来不了").click()
    phones[2].reload()
    expect(phones[2].get_by_text("您已报名")).to_be_visible()

    page.goto(page.url + "run/")
    page.get_by_role("link", name="打开签到码大屏").click()
    code = page.locator("[data-code]").get_attribute("data-code")
    assert code
    accessible(page)
    shoot(page, "volunteering-code")
    phones[1].get_by_label("签到码").fill("000000" if code != "000000" else "111111")
    phones[1].get_by_role("button", name="签到").click()
    expect(phones[1].get_by_text("签到码不对或已过期").first).to_be_visible()
    phones[1].get_by_label("签到码").fill(code)
    phones[1].get_by_role("button", name="签到").click()
    phones[2].goto(phones[2].url.split("?")[0] + f"?code={code}#arrive")  # what the QR code opens
    phones[2].get_by_role("button", name="签到").click()
    for phone in phones[1:]:
        expect(phone.get_by_text("您已签到，谢谢。")).to_be_visible()

    SignUp.objects.filter(arrived_at__isnull=False).update(arrived_at=F("arrived_at") - timedelta(minutes=45))
    page.goto(page.url.replace("screen/", "run/"))
    accessible(page)
    page.get_by_text("活动结束，计算时长").click()
    page.get_by_label("未登记的居民人数").fill("12")
    page.get_by_role("button", name="结束活动").click()
    expect(page.locator("#people")).to_contain_text("45 分钟")
    phones[1].reload()
    expect(phones[1].get_by_text("您参加了 45 分钟")).to_be_visible()
    phones[1].get_by_label("5 星").check()
    phones[1].get_by_role("button", name="提交评价").click()
    expect(phones[1].get_by_text("已收到您的评价。")).to_be_visible()
    phones[1].goto(phones[1].url.split("/volunteering")[0] + "/volunteering/me/?events=1")
    expect(phones[1].locator(".figures")).to_contain_text("0.8")
    accessible(phones[1])

    clerk = enter(town.clerk, "/volunteering/evaluations/", wide=True)
    clerk.get_by_role("button", name="开启").click()
    clerk.get_by_role("button", name="按记录计算").click()
    expect(clerk.get_by_text("已按办理记录算好。")).to_be_visible()
    accessible(clerk)
    shoot(clerk, "volunteering-evaluation")
    row = clerk.get_by_role("row").filter(has_text="45")
    row.first.get_by_role("link", name="45", exact=True).click()
    expect(clerk.locator("section", has=clerk.get_by_role("heading", name="背后的记录"))).to_contain_text("普法大讲堂")
    accessible(clerk)
    assert address.startswith("/volunteering/activities/")


def test_a_vacancy_is_filled_and_handed_over(
    town: Town, members: list[Account], enter: Enter, shoot: Shoot, accessible: Accessible
) -> None:
    chief, successor = members[1], members[2]
    page = enter(town.clerk, "/volunteering/posts/", wide=True)
    expect(page.locator(".figures")).to_contain_text("空缺")
    page.locator("#vacant").locator("xpath=ancestor::section").get_by_role("link", name="安居小区1号楼").click()
    page.get_by_role("button", name="直接任命").click()
    expect(page.get_by_text("请选择一个人，或填写手机号。")).to_be_visible()
    page.get_by_label("手机号").fill(chief.phone)
    accessible(page)
    page.get_by_role("button", name="直接任命").click()
    expect(page.get_by_text("已任命。")).to_be_visible()
    assert [p.role for p in posts_of(chief, at=timezone.now())] == ["building_chief"]
    accessible(page)
    shoot(page, "volunteering-posts")

    need = begin("need", "raise", by=chief, place=town.buildings[0], data={"theme": "law"}).matter
    page.get_by_role("link", name="交接").first.click()
    expect(page.locator("main")).to_contain_text("普法大讲堂")
    page.get_by_label("手机号").fill(successor.phone)
    page.get_by_label("任期届满").check()
    page.get_by_role("button", name="完成交接").click()
    expect(page.get_by_text("清单还没有全部完成。")).to_be_visible()
    for box in page.get_by_role("checkbox").all():
        box.check()
    accessible(page)
    page.get_by_role("button", name="完成交接").click()
    expect(page.get_by_text("交接完成，新任已到岗。")).to_be_visible()
    need.refresh_from_db()
    assert need.handler == successor
    assert [p.role for p in posts_of(successor, at=timezone.now())] == ["building_chief"]


def test_the_desk_in_the_dark_in_english(
    town: Town, office: Organisation, members: list[Account], enter: Enter, accessible: Accessible
) -> None:
    Account.objects.filter(pk=town.clerk.pk).update(language="en", theme="dark")
    town.clerk.refresh_from_db()
    need = begin("need", "raise", by=town.clerk, place=town.buildings[0], data={"theme": "law"}).matter
    page = enter(town.clerk, "/volunteering/organisations/", wide=True)
    page.get_by_role("button", name="Match").click()
    expect(page.get_by_text("Matched; the service comes next.")).to_be_visible()
    accessible(page)
    act(need, "deliver", by=town.clerk, data={"people": 12, "minutes": 60})
    page.goto(page.url.replace("organisations/", "desk/"))
    accessible(page)
    page.get_by_role("link", name="Who takes part").click()
    expect(page.get_by_role("table")).to_contain_text("区司法局党支部")
    accessible(page)
