"""Two phones confirm a run sheet item by item; both lose the network, go on, and send everything in order later."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from linhe.core.loop.models import Event
from linhe.core.runsheets.models import DONE, RunItem
from linhe.desks.power import services
from tests.browser.conftest import Enter, too_small
from tests.integration.desks.power.world import AT, make_county

PATIENCE_MS = 40_000
Shoot = Callable[[Page, str], None]
Accessible = Callable[[Page], None]


def call(page: Page) -> None:
    """The supervisor has read it out."""
    page.get_by_role("button", name="我已唱票").click()


def repeat(page: Page) -> None:
    """Repeated word for word, and carried out."""
    page.get_by_label("已逐字复诵").check()
    page.get_by_role("button", name="已完成").click()


def ready(page: Page) -> Page:
    """With its script running, and the page kept for a time without network."""
    page.wait_for_selector("[data-run][data-ready]", timeout=PATIENCE_MS)
    return page


@pytest.mark.slow
def test_two_phones_go_on_without_a_network(
    transactional_db: None, enter: Enter, shoot: Shoot, accessible: Accessible
) -> None:  # fmt: skip
    county = make_county()
    county.minutes = (timezone.now() - AT).total_seconds() / 60 - 2
    matter = county.alarm(scene="night")
    run = f"/power/{matter.pk}/run/"
    supervisor, dispatcher = ready(enter(county.supervisor, run)), ready(enter(county.dispatcher, run))
    call(supervisor)
    expect(supervisor.get_by_text("已唱票，等")).to_be_visible(timeout=PATIENCE_MS)
    ready(dispatcher).reload()
    accessible(ready(dispatcher))
    repeat(dispatcher)
    expect(dispatcher.locator("[data-run-label]")).to_have_text("2", timeout=PATIENCE_MS)
    ready(supervisor).reload()
    ready(supervisor)
    ready(dispatcher)

    for page in (supervisor, dispatcher):
        page.context.set_offline(True)
    for label in ("2", "3"):
        for page, tap in ((supervisor, call), (dispatcher, repeat)):
            expect(page.locator("[data-run-label]")).to_have_text(label)
            tap(page)
    for page in (supervisor, dispatcher):
        expect(page.locator("[data-run-count]")).to_have_text("2")
    shoot(dispatcher, "power-phone-offline")
    dispatcher.reload()
    expect(ready(dispatcher).locator("[data-run-count]")).to_have_text("2")

    for page in (dispatcher, supervisor):
        page.context.set_offline(False)
    for page in (supervisor, dispatcher):
        expect(page.locator("[data-run-waiting]")).to_be_hidden(timeout=PATIENCE_MS)
    done = RunItem.objects.filter(sheet=matter.pk, state=DONE).order_by("seq")
    assert [item.seq for item in done] == [1, 2, 3]
    moments = [moment for item in done for moment in (item.called_at, item.done_at)]
    assert moments == sorted(moments)
    actions = list(Event.objects.filter(matter=matter).order_by("seq").values_list("action", flat=True))
    assert actions == ["raise_alarm", *["call_item", "repeat_item"] * 3]


@pytest.mark.slow
def test_the_dispatcher_sees_plan_proof_steps_and_clocks(
    transactional_db: None, enter: Enter, shoot: Shoot, accessible: Accessible
) -> None:  # fmt: skip
    county = make_county()
    county.minutes = (timezone.now() - AT).total_seconds() / 60 - 45
    matter = county.planned(county.alarm())
    county.go_on(matter, lambda item: item.code == "truck_connected", wait=0.5)
    services.make_plan(matter, at=timezone.now())
    page = enter(county.dispatcher, f"/power/{matter.pk}/", wide=True)
    expect(page.get_by_text("已证明最优")).to_be_visible()
    accessible(page)
    shoot(page, "power-event")
    home = enter(county.dispatcher, "/power/", wide=True)
    accessible(home)
    county.crew.elder_mode = True
    county.crew.save()
    phone = enter(county.crew, f"/power/{matter.pk}/run/")
    ready(phone)
    assert too_small(phone) == []
    accessible(phone)
