"""The shell in a real browser: quick, forgiving, readable, and quiet about the content security policy."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from playwright.sync_api import ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Matter
from linhe.core.people.models import Account
from linhe.web.accounts.entering import PROVEN_BY, TOTP
from tests.factories import District, make_account, make_district, make_post

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, DESK = {"width": 360, "height": 780}, {"width": 1440, "height": 900}


@pytest.fixture
def town(transactional_db: None) -> District:
    return make_district()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser complained about: refused styles or scripts, exceptions."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if (
            message.type == "error"
            and "ERR_CONNECTION_REFUSED" not in message.text
            and "status of 4" not in message.text
        ):
            said.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def enter(page: Page, live_server: LiveServer, account: Account) -> None:
    """Bring a signed-in session into the browser."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[PROVEN_BY] = TOTP
    session.save()
    page.context.add_cookies([{"name": "sessionid", "value": str(session.session_key), "url": live_server.url}])


def raised(resident: Account, town: District) -> Matter:
    return begin("toy", "raise", by=resident, place=town.building, data={"size": 3, "words": "一盒药"}).matter


def do_elsewhere(work: Callable[[], object]) -> None:
    """Run work in a thread of its own, as another person's browser would."""

    def run() -> None:
        work()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_home_explains_itself_on_one_phone_screen(
    page: Page, live_server: LiveServer, complaints: list[str], screenshots: Path
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(live_server.url)
    for door in ("我是居民", "我是小哥", "我在社区工作"):
        box = page.get_by_role("link", name=door).bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"]
        assert box["height"] >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert complaints == []
    page.screenshot(path=screenshots / "home-phone.png")
    page.set_viewport_size(DESK)
    page.screenshot(path=screenshots / "home.png")


def test_elder_mode_shows_no_small_text_and_no_small_target(
    page: Page, live_server: LiveServer, town: District, complaints: list[str]
) -> None:
    resident = make_account(elder_mode=True, home=town.building)
    matter = raised(resident, town)
    enter(page, live_server, resident)
    page.set_viewport_size(PHONE)
    for address in ("/", "/my/", f"/matters/{matter.pk}/", "/new/toy/raise/", "/notices/"):
        page.goto(live_server.url + address)
        small = page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter((e) => e.offsetParent && !e.closest("svg")
                 && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())
                 && !e.closest(".sr-only, .skip")
                 && parseFloat(getComputedStyle(e).fontSize) < 18).map((e) => e.className + ": " + e.textContent)"""
        )
        assert small == [], address
        low = page.evaluate(
            """() => [...document.querySelectorAll("button, .btn, .tabs__item, .tool, .chip, .cell[href]")]
                 .filter((e) => e.offsetParent && e.getBoundingClientRect().height < 59.5).map((e) => e.outerHTML)"""
        )
        assert low == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
    assert complaints == []


def test_theme_and_size_change_at_one_tap_without_script(live_server: LiveServer, page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    plain = context.new_page()
    plain.goto(live_server.url)
    plain.get_by_label("大字模式").click()
    expect(plain.locator("html[data-elder]")).to_have_count(1)
    plain.get_by_label("深色").click()
    expect(plain.locator('html[data-theme="dark"]')).to_have_count(1)
    plain.get_by_role("button", name="EN").click()
    expect(plain.get_by_text("I live here")).to_be_visible()
    context.close()


def test_double_tap_makes_one_event(page: Page, live_server: LiveServer, town: District) -> None:
    resident = make_account(home=town.building)
    matter = raised(resident, town)
    enter(page, live_server, resident)
    page.goto(f"{live_server.url}/matters/{matter.pk}/")
    page.get_by_role("button", name="撤销").dblclick()
    page.get_by_text("已撤销").first.wait_for()
    assert Event.objects.filter(matter=matter, action="withdraw").count() == 1


def test_refused_form_keeps_the_words_and_says_what_is_wrong(
    page: Page, live_server: LiveServer, town: District, complaints: list[str]
) -> None:
    enter(page, live_server, make_account(home=town.building))
    page.goto(f"{live_server.url}/new/toy/raise/")
    page.get_by_label("说明").fill("降压药一盒")
    page.get_by_label("大小").evaluate("field => field.removeAttribute('max')")
    page.get_by_label("大小").fill("99")
    page.get_by_role("button", name="提出").click()
    page.get_by_text("不能大于 9").wait_for()
    assert page.get_by_label("说明").input_value() == "降压药一盒"
    assert complaints == []


def test_draft_survives_leaving_the_page(page: Page, live_server: LiveServer, town: District) -> None:
    enter(page, live_server, make_account(home=town.building))
    page.goto(f"{live_server.url}/new/toy/raise/")
    page.get_by_label("说明").fill("写到一半")
    page.goto(live_server.url)
    page.goto(f"{live_server.url}/new/toy/raise/")
    assert page.get_by_label("说明").input_value() == "写到一半"


def test_matter_page_follows_without_a_reload_when_the_stream_is_away(
    page: Page, live_server: LiveServer, town: District
) -> None:
    resident, courier = make_account(home=town.building), make_post("courier", town.district)
    matter = raised(resident, town)
    enter(page, live_server, resident)
    page.clock.install()
    page.goto(f"{live_server.url}/matters/{matter.pk}/")
    page.evaluate("window.stayed = true")
    do_elsewhere(lambda: act(matter, "take", by=courier))
    page.clock.fast_forward(16_000)
    page.locator("#state", has_text="已接").wait_for()
    assert page.evaluate("window.stayed")


def test_console_and_map_on_a_desk(
    page: Page, live_server: LiveServer, town: District, complaints: list[str], screenshots: Path
) -> None:
    worker = make_post("community_worker", town.community)
    matter = raised(make_account(home=town.building), town)
    enter(page, live_server, worker)
    page.set_viewport_size(DESK)
    page.goto(f"{live_server.url}/console/?kind=toy")
    page.locator(f'[data-ticket="{matter.pk}"]').click()
    page.get_by_role("heading", name="办理记录").wait_for()
    page.goto(f"{live_server.url}/map/")
    page.locator(".leaflet-container canvas").first.wait_for()
    page.goto(f"{live_server.url}/dashboard/?measure=toy.raised")
    page.locator(".chart canvas").wait_for()
    page.goto(f"{live_server.url}/desks/errands/")
    page.locator("svg.loop").first.wait_for()
    page.screenshot(path=screenshots / "desk-loop.png")
    page.set_viewport_size(PHONE)
    for address in ("/console/?kind=toy", "/dashboard/", "/map/", "/matters/", f"/matters/{matter.pk}/"):
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
    page.goto(f"{live_server.url}/reports/board/")
    expect(page.locator(".side__nav [aria-current]")).to_be_in_viewport(ratio=1)
    assert complaints == []


def test_error_page_leads_home(page: Page, live_server: LiveServer, complaints: list[str]) -> None:
    page.goto(f"{live_server.url}/nowhere/")
    assert page.get_by_text("There is no such page").is_visible()
    page.get_by_role("link", name="Home").click()
    expect(page).to_have_url(f"{live_server.url}/")
    assert complaints == []
