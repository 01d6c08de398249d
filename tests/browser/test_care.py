"""An elder taps; the next day she does not, and one after the other is asked until the community has seen her."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.core.places.services import add_place
from linhe.desks.care import services
from linhe.desks.care.models import Check, Enrolment
from tests.browser.conftest import Enter, too_small
from tests.browser.town import Town
from tests.factories import make_account, make_post

Shoot = Callable[[Page, str], None]
Accessible = Callable[[Page], None]


def taking_part(town: Town) -> tuple[Account, Account]:
    """The elder takes part; returns the neighbour and the chief of her unit."""
    unit = add_place(
        code=f"{town.buildings[0].code}-02", name="2单元", name_en="Unit 2", kind="unit", parent=town.buildings[0]
    )
    home = Place.objects.select_related("building", "community").get(pk=unit.pk)
    neighbour = make_account("孙桂芝", home=town.buildings[0])
    chief = make_post("unit_chief", home, make_account("孟庆芳"))
    services.enrol(
        person=town.elder, by=town.elder, how="self", at=timezone.now() - timedelta(days=9),
        wish=services.Wish(
            home=home, check_time=time(9, 0), door="501室", look_for="五楼左手第二扇，蓝窗帘", habits="早上听戏",
            neighbour=neighbour, couriers_look=True, contacts=(services.Relative("女儿", "19911112222", "女儿"),),
        ),
    )  # fmt: skip
    return neighbour, chief


def day(town: Town, at: datetime) -> Matter:
    """A day begins."""
    return begin("daily_check", "open", by=None, place=town.community, beneficiary=town.elder, at=at).matter


def test_an_elder_taps_and_the_next_day_is_seen(town: Town, enter: Enter, shoot: Shoot, accessible: Accessible) -> None:
    neighbour, chief = taking_part(town)
    now = timezone.now()
    day(town, now)
    elder = enter(town.elder, "/care/")
    expect(elder.get_by_role("button", name="我很好")).to_be_visible()
    assert too_small(elder) == []
    accessible(elder)
    shoot(elder, "care-elder")
    elder.get_by_role("button", name="我很好").click()
    expect(elder.get_by_role("heading", level=1)).to_have_text("今天平安")
    assert Check.objects.get().sign == "tap"

    # The day was one of the past; today nothing comes.
    Check.objects.update(day=(now - timedelta(days=1)).date() - timedelta(days=1))
    matter = day(town, now)
    act(matter, "ask_neighbour", by=None, at=now)
    phone = enter(neighbour, "/care/")
    phone.get_by_role("link", name="孙").or_(phone.locator("#looks a")).first.click()
    expect(phone.get_by_text("501室")).not_to_be_visible()
    phone.get_by_role("button", name="看要点").click()
    expect(phone.get_by_text("五楼左手第二扇，蓝窗帘")).to_be_visible()
    accessible(phone)
    shoot(phone, "care-neighbour")
    phone.locator("summary", has_text="没见到，请单元长").click()
    phone.get_by_role("button", name="没见到，请单元长").click()
    expect(phone.locator("#looks")).to_have_count(0)

    phone = enter(chief, "/care/")
    phone.locator("#looks a").first.click()
    phone.get_by_role("button", name="看要点").click()
    expect(phone.get_by_text("501室")).to_be_visible()
    phone.locator("summary", has_text="没见到，请社区上门").click()
    phone.get_by_role("button", name="没见到，请社区上门").click()

    family = enter(town.daughter, "/care/")
    expect(family.locator("#families")).to_contain_text("正在确认，社区在跟进")

    console = enter(town.clerk, "/care/round/", wide=True)
    expect(console.locator(".walk__door")).to_have_count(1)
    accessible(console)
    shoot(console, "care-round")
    console.locator(".walk__door").click()
    console.get_by_text("打电话联系").click()
    console.get_by_role("button", name="看要点").click()
    expect(console.get_by_role("link", name="19911112222")).to_be_visible()
    console.get_by_label("当面见到").check()
    console.get_by_role("button", name="见到本人，平安").click()
    expect(console.get_by_text("没有要马上去的。")).to_be_visible()

    family.reload()
    expect(family.locator("#families")).to_contain_text("今天平安，有人来看过")
    elder.goto(elder.url.split("/care/")[0] + "/care/mine/")
    readers = elder.locator("section", has=elder.get_by_role("heading", name="谁看过我的信息")).locator("li")
    expect(readers).to_have_count(3)
    assert too_small(elder) == []
    accessible(elder)
    shoot(elder, "care-mine")


def test_a_couriers_page_tells_of_nobody(town: Town, enter: Enter, shoot: Shoot, accessible: Accessible) -> None:
    taking_part(town)
    page = enter(town.couriers[0], "/care/glances/")
    page.get_by_role("button", name="我愿意顺路看一眼").click()
    expect(page.locator("section.card")).to_have_count(3)
    content = page.content()
    for word in (town.elder.name, "独居", "老人", "501", "蓝窗帘", "平安", "关照对象"):
        assert word not in content, word
    accessible(page)
    shoot(page, "care-glances")
    for answer in ("都拉开了", "有没拉开的", "没路过"):
        page.get_by_role("button", name=answer).first.click()
    expect(page.get_by_text("今天都看完了，路上慢点。")).to_be_visible()


def test_a_courier_books_a_check_and_the_host_notes_who_came(
    town: Town, enter: Enter, shoot: Shoot, accessible: Accessible
) -> None:
    starts = timezone.now() + timedelta(hours=2)
    data = {
        "service": "health",
        "topic": "骑手健康体检",
        "starts_at": starts,
        "slots": 2,
        "seats": 1,
        "couriers_only": True,
    }
    begin("care_session", "offer", by=town.clerk, place=town.community, data=data)
    page = enter(town.couriers[0], "/care/sessions/")
    accessible(page)
    shoot(page, "care-sessions")
    page.get_by_role("button", name="约", exact=False).first.click()
    expect(page.get_by_text("约好了，到时会提醒您。")).to_be_visible()
    expect(page.get_by_text("已约上")).to_be_visible()

    console = enter(town.clerk, "/care/sessions/manage/", wide=True)
    accessible(console)
    console.get_by_role("link", name="骑手健康体检").click()
    expect(console.get_by_text("已约上")).to_be_visible()
    accessible(console)
    page.get_by_role("button", name="取消").click()
    expect(page.get_by_text("已取消。")).to_be_visible()


def test_the_community_changes_the_neighbour_and_the_elder_may_say_no(
    town: Town, enter: Enter, shoot: Shoot, accessible: Accessible
) -> None:
    _, other = taking_part(town), make_account("周新邻", home=town.buildings[0])
    enrolment = Enrolment.objects.get(person=town.elder)
    console = enter(town.clerk, f"/care/people/{enrolment.pk}/", wide=True)
    accessible(console)
    form = console.locator("form", has=console.get_by_role("heading", name="调整照看"))
    form.get_by_label("换一位邻居（手机号）").fill(other.phone)
    form.get_by_label("当面口头同意").check()
    shoot(console, "care-arrange")
    form.get_by_role("button", name="本人同意，保存").click()
    expect(console.get_by_text("现在是 周**")).to_be_visible()
    elder = enter(town.elder, "/care/mine/")
    expect(elder.get_by_text("邻居 周**")).to_be_visible()
    elder.locator("summary", has_text="想换一位邻居").click()
    assert too_small(elder) == []
    accessible(elder)
    elder.get_by_role("button", name="不再请这位邻居").click()
    expect(elder.get_by_text("社区正在帮您找邻居")).to_be_visible()
