"""From a neighbour's petition to a settled matter: supporters, meeting, secret vote, minutes, publicity, done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.utils import timezone
from playwright.sync_api import Page, expect

from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.councils.models import MeetingDetail, Motion, Turnout
from tests.browser.conftest import Enter, too_small
from tests.browser.town import Town
from tests.factories import make_account, make_post
from tests.trust.desks.councils import make_body
from tests.trust.strategies import photos

Shoot = Callable[[Page, str], None]
Accessible = Callable[[Page], None]


def resolution_page(enter: Enter, who: Account, matter: Matter) -> Page:
    """The public page of the resolution, as somebody sees it."""
    return enter(who, f"/councils/resolutions/{matter.pk}/")


def test_from_petition_to_settled(
    town: Town, enter: Enter, shoot: Shoot, accessible: Accessible, tmp_path: Path
) -> None:
    home = town.buildings[0]
    members = [make_account(name, home=home, theme="light") for name in ("田文", "白兰", "石勇")]
    make_body(town.community, members)
    neighbours = [make_account(name, home=home, theme="light") for name in ("夏雨", "秋生")]

    # the elder proposes
    page = enter(town.elder, "/councils/")
    accessible(page)
    assert too_small(page) == []
    page.get_by_role("link", name="我来提一件事").click()
    page.get_by_label("飞线充电").check()
    page.get_by_label("一句话说清楚").fill("楼下建一个充电棚")
    page.get_by_label("详细说明").fill("好几户从楼上拉线充电，下雨天危险")
    page.get_by_label("安居小区1号楼").check()
    assert too_small(page) == []
    accessible(page)
    page.get_by_role("button", name="发出提议").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("楼下建一个充电棚")
    petition = Matter.objects.get(kind="petition")

    # two neighbours support it
    for neighbour in neighbours:
        page = enter(neighbour, f"/councils/petitions/{petition.pk}/")
        page.get_by_role("button", name="我附议").click()
        expect(page.get_by_text("您已附议")).to_be_visible()
    expect(page.get_by_text("附议已达标")).to_be_visible()
    accessible(page)
    shoot(page, "councils-petition")

    # the secretary takes it up and convenes
    clerk = enter(town.clerk, f"/councils/petitions/{petition.pk}/", wide=True)
    clerk.locator("summary").filter(has_text="列入议题").first.click()
    clerk.get_by_label("议题名称", exact=True).fill("增设充电棚")
    clerk.locator("form[action$='/adopt/'] button").click()
    expect(clerk.get_by_text("已列入议题。")).to_be_visible()
    clerk.goto(clerk.url.split("/councils/")[0] + "/councils/work/")
    clerk.get_by_role("link", name="开会").click()
    starts = timezone.localtime() + timedelta(days=4)
    clerk.get_by_label("开始时间").fill(starts.strftime("%Y-%m-%dT%H:%M"))
    clerk.get_by_label("会场").fill("社区议事厅")
    clerk.get_by_label("线上会议地址").fill("https://meet.example.org/1")
    clerk.get_by_role("button", name="下一步：议题").click()
    expect(clerk.get_by_text("增设充电棚")).to_be_visible()
    clerk.get_by_role("button", name="发出会议通知").click()
    expect(clerk.get_by_text("会议通知已发出。")).to_be_visible()
    meeting = MeetingDetail.objects.get()
    MeetingDetail.objects.update(starts_at=timezone.now())  # the day has come
    clerk.get_by_role("button", name="开会").click()
    code = clerk.locator(".check-in__code").get_attribute("data-code") or ""

    # two phones check in, the third member is called
    phones = []
    for member in members[:2]:
        phone = enter(member, f"/councils/meetings/{meeting.pk}/?code={code}")
        phone.get_by_role("button", name="签到").click()
        expect(phone.get_by_text("您已签到")).to_be_visible()
        phones.append(phone)
    clerk.reload()
    expect(clerk.get_by_text("达到法定人数")).to_be_visible()
    clerk.locator("summary", has_text="提出表决事项").click()
    clerk.locator("form[action$='/move/'] textarea").fill("在1号楼东侧建充电棚，装12个插座")
    clerk.get_by_label("无记名投票").check()
    clerk.locator("form[action$='/move/'] button").click()
    clerk.get_by_role("button", name="开始投票").click()
    accessible(clerk)
    shoot(clerk, "councils-run")

    # a secret vote on two phones
    motion = Motion.objects.get()
    for phone in phones:
        phone.goto(phone.url.split("/councils/")[0] + f"/councils/meetings/{meeting.pk}/vote/{motion.pk}/")
        accessible(phone)
        phone.get_by_role("button", name="同意", exact=True).click()
        phone.get_by_role("button", name="对，投出去").click()
        expect(phone.get_by_text("您已投票")).to_be_visible()
    assert not Turnout.objects.exclude(choice="").exists()
    clerk.reload()
    clerk.get_by_role("button", name="结束投票，计票").click()
    expect(clerk.locator(".motion .badge")).to_have_text("通过")
    clerk.get_by_role("button", name="散会，生成纪要").click()

    # the minutes are corrected, then confirmed by the chair
    text = clerk.locator("textarea[name=text]")
    text.fill(text.input_value() + "\n会后由物业公示施工时间。")
    clerk.get_by_role("button", name="修改纪要").click()
    expect(clerk.get_by_text("第 2 版")).to_be_visible()
    accessible(clerk)
    phones[0].goto(phones[0].url.split("/councils/")[0] + f"/councils/meetings/{meeting.pk}/")
    expect(phones[0].get_by_text("会后由物业公示施工时间。")).to_be_visible()
    phones[0].get_by_role("button", name="确认纪要").click()
    expect(phones[0].get_by_text("纪要已确认。")).to_be_visible()
    shoot(phones[0], "councils-minutes")

    # published; a neighbour objects, somebody else than the publisher dismisses the objection
    clerk.reload()
    clerk.get_by_role("link", name="公示决议").click()
    clerk.get_by_role("button", name="开始公示").click()
    expect(clerk.get_by_role("heading", level=1)).to_have_text("决议：增设充电棚")
    resolution = Matter.objects.get(kind="resolution")
    page = resolution_page(enter, neighbours[0], resolution)
    page.locator("summary", has_text="提出异议").click()
    page.get_by_label("异议理由").fill("会不会挡住消防通道")
    page.locator("form[action$='/object/'] button").click()
    expect(page.get_by_text("异议处理中")).to_be_visible()
    other = enter(make_post("community_worker", town.community), f"/councils/resolutions/{resolution.pk}/", wide=True)
    other.locator("summary", has_text="异议不成立").click()
    other.locator("form[action$='/dismiss/'] textarea").fill("已请消防复核，不占通道")
    other.locator("form[action$='/dismiss/'] button").click()
    expect(other.get_by_text("异议已答复，公示继续。")).to_be_visible()
    page.reload()
    accessible(page)
    shoot(page, "councils-resolution")

    # publicity runs out, it is carried out, the elder confirms
    sweep_clocks(at=timezone.now() + timedelta(days=30))
    clerk.reload()
    picture = tmp_path / "done.png"
    picture.write_bytes(photos(1)[0].read())
    clerk.locator("summary", has_text="办完了").click()
    clerk.locator("form[action$='/finish/'] textarea").fill("充电棚建好了，12个插座都通电")
    clerk.locator("form[action$='/finish/'] input[type=file]").set_input_files(picture)
    clerk.locator("form[action$='/finish/'] button").click()
    expect(clerk.get_by_text("待确认")).to_be_visible()
    page = resolution_page(enter, town.elder, resolution)
    page.locator("summary", has_text="确认办好了").click()
    assert too_small(page) == []
    page.locator("form[action$='/confirm/'] button").click()
    expect(page.get_by_text("已办结")).to_be_visible()
    resolution.refresh_from_db()
    assert resolution.stage == "settled"


def test_an_elder_votes_with_two_large_buttons(town: Town, enter: Enter, shoot: Shoot, accessible: Accessible) -> None:
    compound = town.buildings[0].parent
    assert compound is not None
    owners = [make_account("苏明远", home=town.buildings[0]), town.elder]
    body = make_body(compound, owners, kind="assembly")
    now = timezone.now()
    data = {"body": body.pk, "starts_at": now, "room": "物业大厅"}
    past = now - timedelta(days=20)
    matter = begin("meeting", "plan", by=town.clerk, place=compound, data=data, at=past).matter
    item = {"title": "更换电梯", "topic": "property"}
    matter = act(matter, "add_item", by=town.clerk, data=item, at=past).matter
    matter = act(matter, "convene", by=town.clerk, at=past).matter
    matter = act(matter, "open", by=town.clerk, at=now).matter
    put = {
        "item": matter.meeting.items.get().pk,
        "words": "动用维修资金更换2号楼电梯",
        "rule": "special",
        "secret": True,
    }
    matter = act(matter, "move", by=town.clerk, data=put, at=now).matter
    act(matter, "open_vote", by=town.clerk, data={"motion": Motion.objects.get().pk}, at=now)

    page = enter(town.elder, "/councils/", java_script_enabled=False)
    page.get_by_role("link", name="动用维修资金更换2号楼电梯").click()
    page.get_by_role("button", name="不同意").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("您选的是「不同意」，对吗？")
    page.get_by_role("link", name="不对，重选").click()
    page.get_by_role("button", name="同意", exact=True).click()
    page.get_by_role("button", name="对，投出去").click()
    expect(page.get_by_text("您已投票")).to_be_visible()

    page = enter(owners[0], f"/councils/meetings/{matter.pk}/vote/{Motion.objects.get().pk}/")
    owners[0].elder_mode = True
    owners[0].save()
    page.reload()
    assert too_small(page) == []
    accessible(page)
    shoot(page, "councils-vote-elder")
