"""A round from its opening to the company's leaving: three parties score, a household answers by its letter's code, the
re-check fails, departments meet, the owners decide, the notice runs, everything is handed over."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Matter, MatterClock
from linhe.core.people.models import Account, Organisation
from linhe.desks.property import services
from linhe.desks.property.models import Answer, Contract, ExitCase, Invitation
from tests.browser.conftest import PHONE, Enter
from tests.browser.town import Town
from tests.factories import make_account, make_post

PATIENCE_MS = 20_000
"""A sheet of 39 items on a busy machine."""
Shoot = Callable[[Page, str], None]
Accessible = Callable[[Page], None]


def picture() -> dict[str, Any]:
    """A photo of a sheet of paper."""
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "tan").save(out, "PNG")
    return {"name": "paper.png", "mimeType": "image/png", "buffer": out.getvalue()}


def settle_in(town: Town) -> dict[str, Account]:
    """A company under contract in the first compound, homes, and everybody who takes part."""
    compound = town.buildings[0].compound
    assert compound is not None
    people = {}
    for code, name in (("anju", "安居物业服务有限公司"), ("hexie", "和谐物业服务有限公司")):
        company = Organisation.objects.create(code=code, name=name, name_en=code, kind="company", place=town.district)
        services.register_company(company, registration_no=code)
    first = date(timezone.now().year - 1, 1, 1)
    services.sign_contract(
        company=Organisation.objects.get(code="anju"), compound=compound, from_date=first,
        to_date=first.replace(year=first.year + 4), fee_fen=120,
    )  # fmt: skip
    homes = [b for b in town.buildings if b.compound_id == compound.pk]
    services.register_homes(compound, [(b, f"{f}0{d}室", 8_500) for b in homes for f in range(1, 7) for d in (1, 2)])
    anju = Organisation.objects.get(code="anju")
    people["manager"] = make_post(
        "property_manager", compound, make_account("周经理", username="anju", theme="light"), organisation=anju
    )
    committee = make_account("苏主任", theme="light", elder_mode=True)
    people["committee"] = make_post("owners_committee", compound, committee)
    assert compound.subdistrict is not None
    for number in (1, 2):
        officer = make_account(f"街道{number}", username=f"street-{number}", theme="light")
        people[f"street{number}"] = make_post("subdistrict_officer", compound.subdistrict, officer)
    for code, name in (("housing", "住建局"), ("police", "公安分局")):
        office = Organisation.objects.create(code=code, name=name, kind="department", place=town.district)
        officer = make_account(name, username=code, theme="light")
        people[code] = make_post("department_officer", town.district, officer, organisation=office)
    return people


def fill_sheet(page: Page, *, full: bool) -> None:
    """Tap a score for every item: the best one, or the worst."""
    expect(page.get_by_role("button", name="提交评分")).to_be_visible(timeout=PATIENCE_MS)  # the sheet is whole
    page.evaluate(
        """(full) => document.querySelectorAll(".item__scores").forEach((row) => {
          const inputs = [...row.querySelectorAll("input")];
          (full ? inputs[0] : inputs.at(-2)).click();
        })""",
        full,
    )
    page.get_by_role("button", name="提交评分").click()
    expect(page.get_by_text("评分已提交")).to_be_visible(timeout=PATIENCE_MS)


def pass_time(code: str) -> None:
    """A clock of this name has run out; the sweep sees it."""
    MatterClock.objects.filter(code=code, stopped_at__isnull=True).update(due_at=timezone.now() - timedelta(minutes=1))
    sweep_clocks(at=timezone.now())


def explain(page: Page, button: str, words: str, *, photo: bool = False, send: str = "") -> None:
    """Open a step, say why, send it."""
    page.locator("summary", has_text=button).click()
    step = page.locator("details[open]", has_text=button)
    step.locator("textarea").fill(words)
    if photo:
        step.locator("input[type=file]").set_input_files([picture()])
    step.get_by_role("button", name=send or button).click()
    expect(page.get_by_text("已办好").or_(page.get_by_text("已提请"))).to_be_visible()


@pytest.mark.timeout(240)
def test_from_the_round_to_the_last_key(
    town: Town, enter: Enter, shoot: Shoot, accessible: Accessible, browser: Browser, live_server: LiveServer
) -> None:
    people = settle_in(town)
    street = enter(people["street1"], "/property/", wide=True)
    street.get_by_role("button", name="发起考核").click()
    expect(street.get_by_text("三方都会收到通知")).to_be_visible()
    street.get_by_role("button", name="抽取调查户").click()
    expect(street.get_by_text("抽 30 户，答 0 户")).to_be_visible()
    matter = Matter.objects.get(kind="assessment")
    page_of_round = f"/property/{matter.pk}/"

    company = enter(people["manager"], "/property/company/", wide=True)
    accessible(company)
    company.get_by_role("link", name="自评").click()
    fill_sheet(company, full=True)

    committee = enter(people["committee"], "/property/committee/")
    committee.get_by_role("link", name="给物业打分").click()
    accessible(committee)
    shoot(committee, "property-score")
    fill_sheet(committee, full=False)

    answer_by_letter(browser, live_server, shoot, accessible)
    worker = enter(town.clerk, page_of_round, wide=True)
    worker.get_by_role("link", name="去评分（39 项）").click()
    fill_sheet(worker, full=False)
    for group in ("manage", "order", "clean", "green", "repair", "lift", "fire", "together"):
        worker.locator("summary", has_text="说明分歧").click()
        worker.get_by_label("评分组").select_option(group)
        worker.locator("details[open] textarea").fill("企业自评偏高，以现场为准。")
        worker.locator("details[open]").get_by_role("button", name="说明分歧").click()
        expect(worker.get_by_text("「说明分歧」已办好")).to_be_visible()

    street.goto(live_server.url + page_of_round)
    street.get_by_role("button", name="核定结果").click()
    expect(street.locator(".outcome__grade")).to_have_text("不合格")
    accessible(street)
    shoot(street, "property-assessment")
    pass_time("appeal")
    company.goto(live_server.url + page_of_round)
    explain(company, "提交整改", "路灯已更换，照片附后。", photo=True)
    worker.goto(live_server.url + page_of_round)
    explain(worker, "复查不合格", "现场仍有六处未改。")
    assert Contract.objects.get().ended_date is None
    street.goto(live_server.url + page_of_round)
    explain(street, "提请联合会商", "两次不合格，居民意见集中。", send="提请住建、公安会商")
    leave(people, town, enter, shoot, accessible, live_server)


def answer_by_letter(browser: Browser, live_server: LiveServer, shoot: Shoot, accessible: Accessible) -> None:
    """An elder scans the letter's code on a phone and taps five faces; the code is good once."""
    code = Invitation.objects.order_by("id")[0].code
    context = browser.new_context(locale="zh-CN", viewport=PHONE)
    page = context.new_page()
    page.goto(f"{live_server.url}/property/survey/{code}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("楼道、院子干净吗？")
    accessible(page)
    shoot(page, "property-survey")
    for _ in range(4):
        page.get_by_role("button", name="满意", exact=True).click()
    page.get_by_role("button", name="上一题").click()
    for _ in range(2):
        page.get_by_role("button", name="不满意", exact=True).click()
    page.get_by_role("button", name="交卷").click()
    expect(page.get_by_text("谢谢您，已收到")).to_be_visible()
    assert [a.faces for a in Answer.objects.all()] == [[4, 4, 4, 2, 2]]
    page.goto(f"{live_server.url}/property/survey/{code}/")
    expect(page.get_by_text("无效、已用过")).to_be_visible()
    context.close()


def leave(
    people: dict[str, Account], town: Town, enter: Enter, shoot: Shoot, accessible: Accessible, live_server: LiveServer
) -> None:
    """From the joint review to the interim service, every step by a person."""
    case = Matter.objects.get(kind="exit")
    path = f"/property/{case.pk}/"
    for name in ("housing", "police"):
        office = enter(people[name], path, wide=True)
        office.locator("summary", has_text="部门意见").click()
        office.get_by_label("支持退出程序", exact=True).check()
        office.locator("details[open] textarea").fill("多次督促未改。")
        office.locator("details[open]").get_by_role("button", name="部门意见").click()
        expect(office.get_by_text("「部门意见」已办好")).to_be_visible()
    street = enter(people["street1"], path, wide=True)
    explain(street, "会商：交业主决定", "意见一致。")
    committee = enter(people["committee"], path)
    committee.locator("summary", has_text="登记业主决定").click()
    for label, count in (
        ("投票截止日期", timezone.now().date().isoformat()), ("参与表决人数", "30"), ("参与表决面积（㎡）", "2550"),
        ("同意解聘人数", "26"), ("同意解聘面积（㎡）", "2210.00"),
    ):  # fmt: skip
        committee.get_by_label(label).fill(count)
    committee.get_by_label("会议纪要、表决票汇总（照片）").set_input_files([picture()])
    committee.get_by_role("button", name="登记业主决定").click()
    expect(committee.get_by_text("待核对").first).to_be_visible()
    worker = enter(town.clerk, path, wide=True)
    worker.get_by_role("button", name="核对无误").click()
    expect(worker.get_by_text("通过：解聘")).to_be_visible()
    committee.goto(live_server.url + path)
    step = committee.locator("details.more", has_text="书面通知已送达")
    step.locator("summary").click()
    step.locator("input[type=file]").set_input_files([picture()])
    step.get_by_role("button", name="书面通知已送达").click()
    expect(committee.get_by_text("期满前合同照常履行")).to_be_visible()
    pass_time("notice")
    ExitCase.objects.update(notice_until=timezone.now() - timedelta(minutes=1))
    assert Contract.objects.get().ended_date is None
    street.goto(live_server.url + path)
    street.locator("summary", has_text="终止合同").click()
    street.get_by_role("button", name="终止合同，开始交接").click()
    expect(street.get_by_text("交接清单")).to_be_visible()
    committee.goto(live_server.url + path)
    for left in range(7, 0, -1):
        expect(committee.get_by_role("button", name="已交接")).to_have_count(left)
        committee.get_by_role("button", name="已交接").first.click()
    expect(committee.get_by_text("7/7")).to_be_visible()
    street.goto(live_server.url + path)
    for button in ("开始临时服务", "退出办结"):
        street.locator("summary", has_text=button).click()
        step = street.locator("details[open]", has_text=button)
        step.get_by_label("企业编号").fill("hexie")
        step.get_by_label("每平方米每月（元）").fill("1.10")
        step.get_by_role("button", name=button).click()
        expect(street.get_by_text(f"「{button}」已办好")).to_be_visible()
    accessible(street)
    shoot(street, "property-exit")
    case.refresh_from_db()
    assert case.stage == "done"
    assert sorted(Contract.objects.values_list("company__code", "kind")) == [
        ("anju", "regular"), ("hexie", "interim"), ("hexie", "regular"),
    ]  # fmt: skip
    compound = town.buildings[0].compound
    assert compound is not None
    public = enter(town.elder, f"/property/results/{compound.code}/")
    expect(public.get_by_text("和谐物业服务有限公司").first).to_be_visible()
    accessible(public)
    shoot(public, "property-result")
