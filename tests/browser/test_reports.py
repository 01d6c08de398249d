"""A resident reports without a network, the department solves it, the resident has the last word."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page, expect

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.desks.reports.models import Following, Report
from linhe.desks.reports.services import raise_report
from tests.browser.conftest import Enter, too_small
from tests.browser.town import Town
from tests.factories import make_account, make_post

Shoot = Callable[[Page, str], None]
Accessible = Callable[[Page], None]


def picture(colour: str = "#a4502f") -> FilePayload:
    """A photo as a phone would hand it over."""
    image = Image.new("RGB", (640, 480), "#d8cfbd")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 330, 640, 480), fill="#9a948a")
    pen.ellipse((220, 360, 430, 440), fill=colour)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return {"name": "road.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def officer(town: Town) -> Account:
    """The department that mends roads, and the one who acts for it."""
    urban = Organisation.objects.create(
        code="990301-urban", name="汾河区城市管理局", name_en="Fenhe urban management", kind="department",
        place=town.district,
    )  # fmt: skip
    who = make_account("谢晓东", username="urban", theme="light")
    return make_post("department_officer", town.district, who, organisation=urban)


def reported(town: Town, category: str, words: str, *, by: Account | None = None) -> Matter:
    told = {"category": category, "words": words}
    return raise_report(by=by, place=town.buildings[0], data=told, at=timezone.now()).matter


@pytest.mark.timeout(300)
def test_from_a_draft_without_network_to_the_last_word(
    town: Town, officer: Account, enter: Enter, shoot: Shoot, accessible: Accessible
) -> None:
    page = enter(town.daughter, "/reports/new/")
    expect(page.locator("[data-report-page]")).to_have_attribute("data-ready", "1")
    accessible(page)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.set_input_files("#files", picture())
    page.get_by_role("radio", name="路面破损").check()
    page.get_by_label("怎么回事").fill("路上有个坑，电动车容易摔")
    page.wait_for_timeout(400)
    page.reload()
    expect(page.locator("[data-report-page]")).to_have_attribute("data-ready", "1")
    expect(page.locator(".shot img")).to_have_count(1)
    expect(page.get_by_label("怎么回事")).to_have_value("路上有个坑，电动车容易摔")
    expect(page.get_by_role("radio", name="和平里3号楼")).to_be_checked()
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.locator("[data-waiting]")).to_be_visible()
    shoot(page, "reports-offline")
    assert not Matter.objects.exists()
    page.reload()
    expect(page.locator("[data-waiting]")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("已收到")
    matter = Matter.objects.get()
    assert (matter.requester, matter.organisation and matter.organisation.name) == (town.daughter, "汾河区城市管理局")
    assert matter.evidence.count() == 1
    page.goto(page.url.split("/reports/")[0] + "/reports/new/")
    expect(page.locator("[data-report-page]")).to_have_attribute("data-ready", "1")
    expect(page.locator(".shot img")).to_have_count(0)
    assert Matter.objects.count() == 1

    office = enter(officer, f"/matters/{matter.pk}/", wide=True)
    expect(office.locator("#report-panel")).to_contain_text("路上有个坑")
    expect(office.locator("body")).not_to_contain_text("贺")
    office.get_by_role("button", name="受理").click()
    office.get_by_text("办结", exact=True).first.click()
    office.get_by_label("办理结果").fill("已用沥青填平，两小时后可通行")
    office.locator("form[action$='/solve/'] input[type=file]").set_input_files(picture("#5f5a52"))
    office.get_by_role("button", name="办结").click()
    expect(office.locator("#state")).to_contain_text("待确认")

    page.goto(page.url.split("/reports/")[0] + f"/reports/{matter.pk}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("您看解决了吗")
    accessible(page)
    shoot(page, "reports-answer")
    page.locator("summary", has_text="没解决").click()
    page.get_by_label("还有什么没解决").fill("只填了一半")
    page.get_by_role("button", name="没解决").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("正在办")
    act(matter, "solve", by=officer, data={"words": "已全部填平"}, files=[uploaded()])
    page.reload()
    page.get_by_role("button", name="确认解决了").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("办好了")
    matter.refresh_from_db()
    assert matter.stage == "confirmed"


def uploaded() -> object:
    from tests.trust.strategies import photos

    return photos(1)[0]


def test_what_is_near_is_followed_instead(town: Town, enter: Enter, shoot: Shoot, accessible: Accessible) -> None:
    first = reported(town, "lights", "楼前路灯不亮", by=town.daughter)
    page = enter(make_account("邻居", home=town.buildings[0], theme="light"), "/reports/new/")
    expect(page.locator("[data-report-page]")).to_have_attribute("data-ready", "1")
    page.get_by_label("怎么回事").fill("灯不亮了")
    page.get_by_role("button", name="听起来像").click()
    expect(page.locator("[data-near]")).to_contain_text("是同一件吗")
    shoot(page, "reports-near")
    page.get_by_role("link", name="看看，一起关注").click()
    page.get_by_role("button", name="一起关注").click()
    expect(page.locator(".toasts, .messages").first).to_be_attached()
    expect(page.locator("html")).to_have_attribute("data-draft", "dropped")
    assert Following.objects.get().matter == first
    page.goto(page.url.split("/reports/")[0] + "/reports/new/")
    expect(page.locator("[data-report-page]")).to_have_attribute("data-ready", "1")
    expect(page.get_by_label("怎么回事")).to_have_value("")
    assert Report.objects.count() == 1


def test_an_elder_reports_in_large_text(town: Town, enter: Enter, shoot: Shoot, accessible: Accessible) -> None:
    page = enter(town.elder, "/reports/")
    assert too_small(page) == []
    accessible(page)
    page.get_by_role("link", name="拍一张，上报").click()
    expect(page.locator("[data-report-page]")).to_have_attribute("data-ready", "1")
    assert too_small(page) == []
    accessible(page)
    shoot(page, "reports-new-elder")
    page.get_by_role("radio", name="漏水积水").check()
    page.get_by_label("怎么回事").fill("一楼门口都是水")
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("已收到")
    assert too_small(page) == []


def test_without_javascript_and_without_a_name(town: Town, enter: Enter) -> None:
    page = enter(make_account("路人"), "/reports/new/", java_script_enabled=False)
    page.get_by_role("radio", name="噪声扰民").check()
    page.get_by_label("怎么回事").fill("夜里施工")
    page.get_by_label("小区、楼栋或地址").fill("柳树巷2号楼")
    page.get_by_role("button", name="找").click()
    page.get_by_role("radio", name="柳树巷2号楼").check()
    page.get_by_role("radio", name="匿名").check()
    page.get_by_role("button", name="上报", exact=True).click()
    expect(page.get_by_text("请存好这个链接")).to_be_visible()
    assert Matter.objects.get().requester is None


def test_the_clerk_closes_many_with_one_reply(town: Town, enter: Enter, shoot: Shoot, accessible: Accessible) -> None:
    for number, category in enumerate(("lights", "noise", "lights", "parking", "wires", "other") * 2):
        matter = reported(town, category, "楼前路灯不亮，晚上看不清台阶", by=town.elder if number % 2 else None)
        if number % 3 == 0:
            act(matter, "accept", by=town.clerk)
    page = enter(town.clerk, "/reports/board/", wide=True)
    accessible(page)
    shoot(page, "reports-board")
    page.get_by_role("link", name="办理中").click()
    expect(page.locator("[name=report]")).to_have_count(4)
    for box in page.locator("[name=report]").all():
        box.check()
    page.get_by_label("同一句答复").fill("线路统一检修完毕")
    page.get_by_role("button", name="办结").click()
    expect(page.locator("body")).to_contain_text("已办 4 件")
    assert Matter.objects.filter(stage="solved").count() == 4
    seen = enter(town.daughter, "/reports/public/")
    expect(seen.locator(".cells li").first).to_be_visible()
    accessible(seen)
    shoot(seen, "reports-public")
    for person, path in ((town.clerk, "/map/"), (town.elder, "/my/")):  # rows with a long stage and a long time left
        narrow = enter(person, path)
        expect(narrow.get_by_text("已办结，待确认").first).to_be_visible()
        assert narrow.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
