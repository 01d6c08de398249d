"""Why an errand is with whom it is: on the map, on the board beside it, and plainly for whoever asked."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from playwright.sync_api import Page, expect

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.errands import services
from tests.browser.conftest import Enter
from tests.browser.town import Town, on_duty

Shoot = Callable[[Page, str], None]


def _offered(town: Town) -> Matter:
    for row, rider in enumerate(town.couriers):
        on_duty(rider, row)
    matter = town.errand(urgent=True)
    services.dispatch_batch(district=town.district, at=timezone.now())
    matter.refresh_from_db()
    assert matter.stage == "offered"
    return matter


def _opened(page: Page, matter: Matter) -> None:
    """The pin of the errand; the board beside the map says the same, also without any script."""
    ticket = page.locator(f'[data-ticket="{matter.pk}"]')
    ticket.locator("summary").click()
    expect(ticket.locator("details")).to_contain_text("甲" if page.locator("html[lang^=zh]").count() else "courier A")
    ticket.locator("summary").click()
    page.locator(".leaflet-marker-icon:has(.pin_urgent)").first.click(force=True)


def test_the_map_shows_the_offer_with_its_reasons(
    town: Town, enter: Enter, shoot: Shoot, accessible: Callable[[Page], None]
) -> None:
    matter = _offered(town)
    page = enter(town.clerk, "/errands/board/", wide=True)
    _opened(page, matter)
    why = page.locator(".map-popup__why")
    for words in ("绕行", "站后取件", "余量", "其次：小哥甲"):
        expect(why).to_contain_text(words)
    accessible(page)
    shoot(page, "errands-map-why")


def test_the_same_in_english_in_the_dark(town: Town, enter: Enter, shoot: Shoot) -> None:
    Account.objects.filter(pk=town.second_clerk.pk).update(language="en", theme="dark")
    matter = _offered(town)
    town.second_clerk.refresh_from_db()
    page = enter(town.second_clerk, "/errands/board/", wide=True)
    _opened(page, matter)
    expect(page.locator(".map-popup__why")).to_contain_text("next best: courier A")
    shoot(page, "errands-map-why-dark-en")


def test_whoever_asked_reads_plainly_why_nobody_comes_yet(town: Town, enter: Enter, shoot: Shoot) -> None:
    on_duty(town.couriers[0])
    matter = town.errand(service="small_fix", pickup_name="", pickup_lat=None, pickup_lng=None)
    services.dispatch_batch(district=town.district, at=timezone.now())
    page = enter(town.elder, f"/errands/{matter.pk}/")
    expect(page.locator(".status__why")).to_contain_text("还没有人做过这项技能核验")
    shoot(page, "errands-nobody-yet")
