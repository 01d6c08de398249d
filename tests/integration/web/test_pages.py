"""The shell's pages: who sees what, what a form keeps, what a second tap does."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linhe.core.indicators.measures import measures_of
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop import registry
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Matter
from linhe.core.people.models import Account
from linhe.web.accounts.entering import PROVEN_BY, TOTP
from linhe.web.doors import first_page
from tests.factories import District, make_account, make_district, make_post

CANARY = "暗号七八九"


@pytest.fixture
def town(db: None) -> District:
    return make_district()


@pytest.fixture
def resident(town: District) -> Account:
    account = make_account()
    account.home = town.building
    account.save()
    return account


@pytest.fixture
def matter(town: District, resident: Account) -> Matter:
    return begin("toy", "raise", by=resident, place=town.building, data={"size": 3, "words": CANARY}).matter


def browser(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[PROVEN_BY] = TOTP
    session.save()
    return client


@pytest.mark.django_db
def test_home_is_open_to_everyone_and_speaks_both_languages() -> None:
    client = Client()
    assert "我是居民" in client.get("/").content.decode()
    client.post("/display/", {"language": "en", "next": "/"})
    assert "I live here" in client.get("/").content.decode()


def test_home_shows_somebody_what_is_theirs(resident: Account, matter: Matter) -> None:
    page = browser(resident).get("/").content.decode()
    assert resident.name in page
    assert f'href="/matters/{matter.pk}/"' in page
    assert "我是小哥" not in page
    assert "去干活" not in page


def test_everybody_begins_where_they_work(town: District, resident: Account) -> None:
    courier, dispatcher = make_post("courier", town.community), make_post("power_dispatcher", town.district)
    worker = make_post("community_worker", town.community)
    at = timezone.now()
    found = [first_page(one, at=at, as_staff=True) for one in (resident, courier, dispatcher, worker)]
    assert found == ["/", "/errands/courier/", "/power/", "/console/"]
    assert first_page(worker, at=at, as_staff=False) == "/"
    assert 'href="/console/"' in browser(worker).get("/").content.decode()


@pytest.mark.django_db
def test_display_choices_stay_with_the_device_and_never_lead_away() -> None:
    client = Client()
    answer = client.post("/display/", {"theme": "dark", "elder": "1", "next": "https://elsewhere.example/"})
    assert answer["Location"] == "/"
    page = client.get("/").content.decode()
    assert 'data-theme="dark"' in page
    assert "data-elder" in page


def test_display_choices_stay_with_the_account(resident: Account) -> None:
    browser(resident).post("/display/", {"elder": "1", "theme": "light"})
    resident.refresh_from_db()
    assert (resident.elder_mode, resident.theme) == (True, "light")


def test_only_my_matters_are_listed_and_opened(matter: Matter, resident: Account) -> None:
    stranger = browser(make_account())
    assert f"/matters/{matter.pk}/" in browser(resident).get("/my/").content.decode()
    assert f"/matters/{matter.pk}/" not in stranger.get("/my/").content.decode()
    assert stranger.get(f"/matters/{matter.pk}/").status_code == 404


def test_matter_page_tells_roles_but_no_names(matter: Matter, resident: Account, town: District) -> None:
    courier = make_post("courier", town.district, make_account("王小哥"))
    act(matter, "take", by=courier)
    page = browser(resident).get(f"/matters/{matter.pk}/").content.decode()
    assert CANARY in page
    assert "骑手" in page
    assert "王小哥" not in page


def test_handler_no_longer_reads_texts_of_a_closed_matter(matter: Matter, resident: Account, town: District) -> None:
    courier = make_post("courier", town.district)
    act(matter, "take", by=courier)
    assert CANARY in browser(courier).get(f"/matters/{matter.pk}/").content.decode()
    act(matter, "withdraw", by=resident)
    assert CANARY not in browser(courier).get(f"/matters/{matter.pk}/").content.decode()
    assert CANARY in browser(resident).get(f"/matters/{matter.pk}/").content.decode()


def test_action_is_taken_once_however_often_it_is_sent(matter: Matter, resident: Account) -> None:
    client = browser(resident)
    page = client.get(f"/matters/{matter.pk}/").content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key is not None
    sent = {"key": key[1], "version": "1"}
    for _ in range(2):
        assert client.post(f"/matters/{matter.pk}/do/withdraw/", sent).status_code == 302
    assert Event.objects.filter(matter=matter, action="withdraw").count() == 1


def test_action_on_an_old_page_is_refused_with_the_reason(matter: Matter, resident: Account, town: District) -> None:
    act(matter, "take", by=make_post("courier", town.district))
    answer = browser(resident).post(f"/matters/{matter.pk}/do/withdraw/", {"version": "1"})
    assert answer.status_code == 409
    assert "刷新" in answer.content.decode()


def test_refused_form_keeps_what_was_typed(resident: Account, town: District) -> None:
    sent = {"place": town.building.code, "size": "99", "words": "降压药一盒"}
    answer = browser(resident).post("/new/toy/raise/", sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "降压药一盒" in page
    assert 'value="99"' in page
    assert "不能大于 9" in page
    assert not Matter.objects.exists()


def test_nobody_begins_a_matter_at_a_place_that_is_not_theirs(resident: Account, town: District) -> None:
    sent = {"place": town.other_building.code, "size": "3"}
    assert browser(resident).post("/new/toy/raise/", sent).status_code == 422


@pytest.mark.parametrize(
    "address",
    ["/my/", "/console/", "/dashboard/", "/map/", "/map/matters.geojson", "/matters/", "/notices/", "/new/toy/raise/"],
)
@pytest.mark.django_db
def test_pages_with_matters_ask_to_sign_in(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize("address", ["/console/", "/dashboard/"])
def test_console_is_for_staff_posts(address: str, resident: Account) -> None:
    assert browser(resident).get(address).status_code == 403


@pytest.mark.parametrize(
    "query", ["before=abc", "before=-1", "before=99999999999999999999", "show=zzz", "place=1&state=x"]
)
def test_nonsense_in_addresses_is_ignored_or_not_found(query: str, matter: Matter, resident: Account) -> None:
    client = browser(resident)
    assert client.get(f"/my/?{query}").status_code == 200
    assert client.get(f"/matters/?{query}").status_code in (200, 404)


@pytest.mark.django_db
def test_unknown_address_shows_our_page_in_both_languages() -> None:
    page = Client().get("/nowhere/").content.decode()
    assert "没有找到这一页" in page
    assert "There is no such page" in page


@pytest.mark.django_db
def test_missing_form_token_shows_our_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/display/", {"theme": "dark"})
    assert answer.status_code == 403
    assert "页面放得太久了" in answer.content.decode()


@pytest.mark.django_db
def test_desk_page_draws_its_loop() -> None:
    page = Client().get("/desks/toy/").content.decode()
    assert "<svg" in page
    assert "待办" in page
    assert Client().get("/desks/nothing/").status_code == 404


def test_map_shows_the_building_and_no_words(matter: Matter, resident: Account) -> None:
    layer = browser(resident).get("/map/matters.geojson").json()
    assert [one["properties"]["place"] for one in layer["features"]] == ["1号楼"]
    assert CANARY not in str(layer)
    assert browser(make_account()).get("/map/matters.geojson").json()["features"] == []


def test_late_matters_are_listed_as_late(matter: Matter, resident: Account) -> None:
    client = browser(resident)
    assert f"/matters/{matter.pk}/" not in client.get("/matters/?state=late").content.decode()
    Matter.objects.filter(pk=matter.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    assert f"/matters/{matter.pk}/" in client.get("/matters/?state=late").content.decode()


def test_board_shows_lanes_of_my_place_only(matter: Matter, town: District) -> None:
    mine, elsewhere = make_post("community_worker", town.community), make_post("community_worker", town.other_community)
    assert f'data-ticket="{matter.pk}"' in browser(mine).get("/console/?kind=toy").content.decode()
    assert f'data-ticket="{matter.pk}"' not in browser(elsewhere).get("/console/?kind=toy").content.decode()


def test_dashboard_stays_inside_my_places(matter: Matter, town: District) -> None:
    client = browser(make_post("community_worker", town.community))
    assert client.get(f"/dashboard/{town.building.code}/").status_code == 200
    assert client.get(f"/dashboard/{town.other_building.code}/").status_code == 404
    assert client.get(f"/dashboard/{town.district.code}/").status_code == 404


def test_gallery_renders_every_component_for_staff(town: District) -> None:
    answer = browser(make_post("community_worker", town.community)).get("/design/")
    assert answer.status_code == 200
    assert " style=" not in answer.content.decode()
    assert browser(make_account()).get("/design/").status_code == 403


def test_every_figure_leads_to_the_events_behind_it(matter: Matter, town: District) -> None:
    client = browser(make_post("community_worker", town.community))
    page = client.get(f"/dashboard/{town.community.code}/?period=today").content.decode()
    address = f"/dashboard/{town.community.code}/toy.raised/?period=today"
    assert address in page
    events = client.get(address).content.decode()
    assert f"/matters/{matter.pk}/" in events
    assert client.get(f"/dashboard/{town.community.code}/nothing/").status_code == 404


def test_the_overview_shows_some_figures_of_every_desk_and_a_chosen_desk_all_of_its_own(
    matter: Matter, town: District
) -> None:
    client = browser(make_post("community_worker", town.community))
    overview = client.get(f"/dashboard/{town.community.code}/").content.decode()
    toys = client.get(f"/dashboard/{town.community.code}/?desk=toy").content.decode()
    for desk in registry.desks():
        mine = measures_of(desk.code)
        shown = [f"/dashboard/{town.community.code}/{m.code}/" in overview for m in mine if not m.service]
        assert not mine or any(shown), desk.code
    assert all(f"/dashboard/{town.community.code}/{m.code}/" in toys for m in measures_of("toy"))
    assert f"/dashboard/{town.community.code}/errands.raised/" not in toys


def test_services_of_all_desks_make_one_total_that_opens_its_parts(town: District) -> None:
    courier, worker = make_post("courier", town.district), make_post("community_worker", town.community)
    for _ in range(3):
        toy = begin("toy", "raise", by=make_account(), place=town.building, data={"size": 1, "words": "w"}).matter
        toy = act(toy, "take", by=courier).matter
        act(toy, "finish", by=courier, data={"went_well": True, "worn": 1, "size": 1})
    roll_up()
    page = browser(worker).get(f"/dashboard/{town.community.code}/").content.decode()
    assert re.search(r'total__number">3<', page)
    assert "toy.ended" in page
