"""The community: the board with its clocks, dispatch by the best three and by drag, call-back and the second clerk."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.errands import services
from linhe.desks.errands.models import Offer
from tests.browser.conftest import Enter
from tests.browser.town import Town, on_duty

Shoot = Callable[[Page, str], None]


def test_the_board_dispatches_by_the_best_three_and_by_drag(town: Town, enter: Enter, shoot: Shoot) -> None:
    for row, rider in enumerate(town.couriers):
        on_duty(rider, row)
    _busy_day(town)
    first = town.errand(urgent=True)
    second = town.errand(building=5, service="groceries", load=2)
    page = enter(town.clerk, "/errands/board/", wide=True)
    expect(page.locator(".rider")).to_have_count(3)
    expect(page.locator(f'[data-ticket="{first.pk}"] .clock')).to_contain_text("剩")
    assert "501室" not in page.content()
    shoot(page, "errands-board")

    page.locator(f'[data-ticket="{first.pk}"]').get_by_role("link", name="派单").click()
    expect(page.locator(".best__one")).to_have_count(3)
    expect(page.locator(".best__one").first).to_contain_text("这位最顺路")
    shoot(page, "errands-best-three")
    page.get_by_role("button", name="派给他").first.click()
    expect(page.get_by_text("已派给小哥，等他答复。")).to_be_visible()
    first.refresh_from_db()
    assert first.stage == "offered"
    assert Offer.objects.get(matter=first).by_person

    rider = page.locator(".rider").nth(1)
    page.locator(f'[data-ticket="{second.pk}"]').drag_to(rider)
    expect(page.get_by_role("heading", name=re.compile("派给 .+？"))).to_be_visible()
    page.get_by_role("button", name="确认派单").click()
    expect(page).to_have_url(re.compile("/errands/board/$"))
    second.refresh_from_db()
    assert second.stage == "offered"


def test_the_board_in_english_in_the_dark(town: Town, enter: Enter, shoot: Shoot) -> None:
    Account.objects.filter(pk=town.second_clerk.pk).update(language="en", theme="dark")
    on_duty(town.couriers[0])
    on_duty(town.couriers[1], 1)
    _busy_day(town)
    waiting = town.errand(urgent=True)
    town.second_clerk.refresh_from_db()
    page = enter(town.second_clerk, "/errands/board/", wide=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dispatch board")
    shoot(page, "errands-board-dark-en")
    page.locator(f'[data-ticket="{waiting.pk}"]').get_by_role("link", name="Dispatch").click()
    expect(page.locator(".best__one").first).to_contain_text("the closest of 2 couriers")
    shoot(page, "errands-best-three-dark-en")


def test_a_delivery_by_photo_needs_a_call_and_a_second_clerk(town: Town, enter: Enter, shoot: Shoot) -> None:
    on_duty(town.couriers[0])
    matter = _left_at_the_door(town, town.errand())
    page = enter(town.clerk, "/errands/board/", wide=True)
    page.locator(f'[data-ticket="{matter.pk}"]').get_by_role("link", name="回访").click()
    shoot(page, "errands-call-back")
    page.get_by_label("说明").fill("电话里本人说收到了")
    page.get_by_role("button", name="回访属实").click()
    expect(page.locator(f'[data-ticket="{matter.pk}"]').get_by_role("link", name="复核")).to_be_visible()
    matter.refresh_from_db()
    assert matter.stage == "approving"

    page.locator(f'[data-ticket="{matter.pk}"]').get_by_role("link", name="复核").click()
    page.get_by_role("button", name="复核通过").click()
    expect(page.get_by_text("这一步需要另一位工作人员办理。").first).to_be_visible()

    other = enter(town.second_clerk, "/errands/board/", wide=True)
    other.locator(f'[data-ticket="{matter.pk}"]').get_by_role("link", name="复核").click()
    other.get_by_role("button", name="复核通过").click()
    expect(other.get_by_role("region", name="待复核")).to_contain_text("0")
    matter.refresh_from_db()
    assert matter.stage == "done"


def test_a_clerk_asks_for_a_resident_who_called(town: Town, enter: Enter) -> None:
    page = enter(town.clerk, "/errands/board/", wide=True)
    expect(page.get_by_role("heading", name="现在没有要办的捎带单")).to_be_visible()
    page.get_by_role("link", name="替居民登记").click()
    page.get_by_role("link", name="送水").click()
    page.get_by_role("link", name="选择楼栋").click()
    page.get_by_label("小区、楼栋或地址").fill("和平里2")
    page.get_by_role("button", name="找").click()
    page.get_by_role("link", name="和平里2号楼").click()
    page.get_by_label("居民的手机号").fill(town.elder.phone)
    page.get_by_role("button", name="下一步").click()
    page.get_by_role("button", name="下单").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("送水")
    matter = Matter.objects.get()
    assert (matter.beneficiary, matter.place.name) == (town.elder, "和平里2号楼")


def _busy_day(town: Town) -> None:
    """One errand under way and one waiting for a call-back, so that the board shows several lanes."""
    under_way = town.errand(building=3, service="parcel")
    services.take(by=town.couriers[1], matter_id=under_way.pk, at=timezone.now())
    _left_at_the_door(town, town.errand(building=2, service="meal", by=town.daughter))


def _left_at_the_door(town: Town, matter: Matter) -> Matter:
    services.take(by=town.couriers[0], matter_id=matter.pk, at=timezone.now())
    matter.refresh_from_db()
    out = io.BytesIO()
    Image.new("RGB", (120, 90), "tan").save(out, "PNG")
    photo = SimpleUploadedFile("door.png", out.getvalue(), "image/png")
    return act(matter, "done_by_photo", by=town.couriers[0], files=[photo], at=timezone.now()).matter
