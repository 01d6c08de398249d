"""My home: chosen by plain selects or found by name, kept encrypted, and the way from the errand form and back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client

from linhe.core.people.models import Account
from linhe.core.places.models import Place
from tests.factories import District, make_account, make_district

DOOR = "二单元501室"
FORM = "/errands/new/medicine/"


@pytest.fixture
def town(db: None) -> District:
    return make_district("990101")


@pytest.fixture
def newcomer(client: Client, town: District) -> Account:
    account = make_account("新居民")
    client.force_login(account)
    return account


def test_a_home_is_chosen_step_by_step(client: Client, town: District, newcomer: Account) -> None:
    page = client.get("/me/home/").content.decode()
    assert "东街道" in page
    assert "和平社区" in page
    assert "安居小区" not in page
    page = client.get("/me/home/", {"subdistrict": town.subdistrict.code, "community": town.community.code}).content
    assert "安居小区" in page.decode()
    assert "1号楼" in page.decode()
    assert client.post("/me/home/", {"place": town.building.code, "door": f" {DOOR}\0"}).status_code == 302
    newcomer.refresh_from_db()
    assert (newcomer.home, newcomer.door) == (town.building, DOOR)
    with connection.cursor() as cursor:
        cursor.execute("SELECT door FROM people_account WHERE id = %s", [newcomer.pk])
        assert "501" not in cursor.fetchone()[0]


def test_what_does_not_lie_above_is_not_counted(client: Client, town: District, newcomer: Account) -> None:
    sent = {"community": town.other_community.code, "building": town.building.code}
    page = client.get("/me/home/", sent).content.decode()
    assert "2号楼" in page
    assert "1号楼" not in page


def test_a_home_is_found_by_its_english_name(client: Client, town: District, newcomer: Account) -> None:
    Place.objects.filter(pk=town.building.pk).update(name_en="Building One")
    assert f"?place={town.building.code}" in client.get("/me/home/", {"q": "building one"}).content.decode()


def test_a_home_is_found_by_name(client: Client, town: District, newcomer: Account) -> None:
    page = client.get("/me/home/", {"q": "1号楼", "next": FORM}).content.decode()
    assert f"?place={town.building.code}&amp;next=%2Ferrands%2Fnew%2Fmedicine%2F" in page
    assert (
        f'name="place" value="{town.building.code}"'
        in client.get(f"/me/home/?place={town.building.code}").content.decode()
    )


@pytest.mark.parametrize("code", ["", "nowhere", "990101001001", "990101001001-001", "\0", "1" * 500])
def test_a_home_is_a_building(client: Client, town: District, newcomer: Account, code: str) -> None:
    assert client.post("/me/home/", {"place": code, "door": DOOR}).status_code == 422
    newcomer.refresh_from_db()
    assert newcomer.home is None


def test_a_long_door_is_refused_and_kept_on_the_page(client: Client, town: District, newcomer: Account) -> None:
    answer = client.post("/me/home/", {"place": town.building.code, "door": "x" * 61})
    assert answer.status_code == 422
    assert "x" * 61 in answer.content.decode()


def test_from_the_errand_form_and_back_with_nothing_lost(client: Client, town: District, newcomer: Account) -> None:
    assert "step" in client.get(FORM).content.decode()
    typed = {"door": "", "note": "要三九感冒灵", "pickup_name": "惠民药房", "load": "3", "step": "home"}
    away = client.post(FORM, typed)["Location"]
    assert urlsplit(away).path == "/me/home/"
    assert parse_qs(urlsplit(away).query)["next"] == [FORM]
    assert "感冒灵" not in str(dict(client.session.items()))
    back = client.post("/me/home/", {"place": town.building.code, "door": DOOR, "next": FORM})["Location"]
    assert back == FORM
    page = client.get(back).content.decode()
    assert all(words in page for words in ("要三九感冒灵", "惠民药房", DOOR, "1号楼", '<option value="3" selected>'))
    assert "要三九感冒灵" not in client.get(FORM).content.decode()


def test_no_way_out_of_linhe(client: Client, town: District, newcomer: Account) -> None:
    sent = {"place": town.building.code, "door": "", "next": "https://example.org/"}
    assert client.post("/me/home/", sent)["Location"] == "/me/"
