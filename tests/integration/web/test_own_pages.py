"""One's own pages: name, password, family, privacy, export, erase; and posts for those who grant them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from linhe.core.people import services
from linhe.core.people.models import Account, Delegation, Post
from linhe.core.people.queries import has_consent, is_staff, posts_of, principals_of
from tests.factories import District, make_account, make_district, make_post

NINE = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def town(db: None) -> District:
    return make_district()


@pytest.fixture
def resident(town: District) -> Account:
    return make_account("王桂英", home=town.building)


@pytest.fixture
def administrator(town: District) -> Account:
    account = services.create_account(username="chief", name="李主任", password=PASSWORD, at=timezone.now())
    return make_post("administrator", town.community, account)


@pytest.mark.parametrize(
    "path", ["/me/", "/me/password/", "/me/family/", "/me/privacy/", "/me/export.json", "/me/erase/", "/posts/"]
)
def test_own_pages_are_for_those_who_signed_in(client: Client, db: None, path: str) -> None:
    assert client.get(path).headers["Location"] == f"/sign-in/?next={path}"


def test_the_phone_is_masked_on_my_page(client: Client, resident: Account) -> None:
    client.force_login(resident)
    page = client.get("/me/").content.decode()
    assert resident.phone not in page
    assert f"199****{resident.phone[-4:]}" in page


def test_my_name_is_changed(client: Client, resident: Account) -> None:
    client.force_login(resident)
    client.post("/me/", {"name": "桂英阿姨"})
    resident.refresh_from_db()
    assert resident.name == "桂英阿姨"
    assert client.post("/me/", {"name": "x" * 41}).status_code == 422


def test_pages_speak_the_language_of_the_account(client: Client, resident: Account) -> None:
    client.force_login(resident)
    assert "家人代办" in client.get("/me/").content.decode()
    services.set_display(account=resident, language="en", elder_mode=True, theme="dark")
    page = client.get("/me/", headers={"accept-language": "zh-CN"}).content.decode()
    assert "Sign out" in page
    assert '<html lang="en" data-theme="dark" data-elder>' in page


@pytest.mark.parametrize("path", ["/sign-in/", "/sign-in/staff/"])
def test_sign_in_pages_are_in_english_too(client: Client, db: None, path: str) -> None:
    page = client.get(path, headers={"accept-language": "en"}).content.decode()
    assert "Staff sign-in" in page


def test_a_new_password_needs_the_old_and_ends_other_sessions(client: Client, administrator: Account) -> None:
    other = Client()
    client.force_login(administrator)
    other.force_login(administrator)
    assert client.post("/me/password/", {"old": "wrong", "new": "a much longer one"}).status_code == 422
    assert client.post("/me/password/", {"old": PASSWORD, "new": "short"}).status_code == 422
    assert client.post("/me/password/", {"old": PASSWORD, "new": "a much longer one"}).status_code == 302
    assert client.get("/me/").status_code == 200
    assert other.get("/me/").status_code == 302


def test_family_is_asked_confirmed_and_ended_by_page(client: Client, resident: Account) -> None:
    daughter, hers = make_account("小芳"), Client()
    hers.force_login(daughter)
    client.force_login(resident)
    known = hers.post("/me/family/", {"do": "ask", "phone": resident.phone}, follow=True).content.decode()
    unknown = hers.post("/me/family/", {"do": "ask", "phone": "19999999999"}, follow=True).content.decode()
    assert "王桂英" not in known
    assert known.count("已提交") == unknown.count("已提交") == 1
    asked = Delegation.objects.get()
    assert "小芳" in client.get("/me/family/").content.decode()
    hers.post("/me/family/", {"do": "confirm", "delegation": asked.pk})
    assert principals_of(daughter, at=timezone.now()) == set()
    client.post("/me/family/", {"do": "confirm", "delegation": asked.pk})
    assert principals_of(daughter, at=timezone.now()) == {resident.pk}
    assert "王桂英" in hers.get("/me/family/").content.decode()
    stranger = Client()
    stranger.force_login(make_account())
    assert stranger.post("/me/family/", {"do": "end", "delegation": asked.pk}).status_code == 404
    client.post("/me/family/", {"do": "end", "delegation": asked.pk})
    assert principals_of(daughter, at=timezone.now()) == set()


@pytest.mark.parametrize("sent", [{}, {"do": "ask"}, {"do": "ask", "phone": "12"}, {"do": "confirm"}])
def test_wrong_family_requests_are_refused(client: Client, resident: Account, sent: dict[str, str]) -> None:
    client.force_login(resident)
    assert client.post("/me/family/", sent).status_code in (404, 422)


def test_consent_is_given_and_withdrawn_by_page(client: Client, resident: Account) -> None:
    client.force_login(resident)
    client.post("/me/privacy/", {"do": "give", "purpose": "daily_check"})
    assert has_consent(resident, "daily_check")
    client.post("/me/privacy/", {"do": "withdraw", "purpose": "daily_check"})
    assert not has_consent(resident, "daily_check")
    assert client.post("/me/privacy/", {"do": "give", "purpose": "nothing"}).status_code == 404
    assert client.post("/me/privacy/", {"do": "steal"}).status_code == 404


def test_i_see_who_looked_and_why(client: Client, town: District, resident: Account) -> None:
    worker = make_post("community_worker", town.community, make_account("张敏"))
    services.log_read(reader=worker, subject=resident, what="手机号", purpose="回访", at=timezone.now())
    client.force_login(resident)
    page = client.get("/me/privacy/").content.decode()
    assert "社区工作者" in page
    assert "回访" in page
    assert "张**" in page
    assert "张敏" not in page


def test_my_data_is_exported_as_a_file(client: Client, resident: Account) -> None:
    client.force_login(resident)
    response = client.get("/me/export.json")
    assert "attachment" in response.headers["Content-Disposition"]
    assert json.loads(response.content)["account"]["phone"] == resident.phone
    assert "王桂英" in response.content.decode()


def test_erasing_asks_for_the_word(client: Client, resident: Account) -> None:
    client.force_login(resident)
    assert client.post("/me/erase/", {"word": "yes"}).status_code == 422
    assert client.post("/me/erase/", {"word": "注销"}).headers["Location"] == "/sign-in/"
    resident.refresh_from_db()
    assert resident.erased_at is not None
    assert client.get("/me/").status_code == 302


def test_posts_are_for_those_who_grant_them(client: Client, town: District, resident: Account) -> None:
    client.force_login(resident)
    assert client.get("/posts/").status_code == 403
    client.force_login(make_post("district_officer", town.district))
    assert client.get("/posts/").status_code == 403


def test_an_administrator_makes_and_ends_staff(client: Client, town: District, administrator: Account) -> None:
    client.force_login(administrator)
    ask = {"who": "zhang.min", "name": "张敏", "role": "community_worker", "place": town.community.code, "do": "grant"}
    page = client.post("/posts/", ask).content.decode()
    worker = Account.objects.get(username="zhang.min")
    assert is_staff(worker, at=timezone.now())
    assert any(worker.check_password(word.split("<")[0]) for word in page.split("<code>")[1:])
    assert "张敏" in client.get("/posts/").content.decode()
    assert client.post("/posts/", ask).status_code == 422
    client.post("/posts/", {"do": "end", "post": Post.objects.get(account=worker).pk})
    assert posts_of(worker, at=timezone.now()) == []


def test_an_administrator_reaches_no_further_than_their_place(
    client: Client, town: District, administrator: Account
) -> None:
    client.force_login(administrator)
    ask = {"who": "far.away", "role": "community_worker", "do": "grant"}
    assert client.post("/posts/", ask | {"place": town.other_community.code}).status_code == 422
    assert client.post("/posts/", ask | {"place": "nowhere"}).status_code == 422
    assert not Account.objects.filter(username="far.away").exists()
    elsewhere = make_post("community_worker", town.other_community)
    client.post("/posts/", {"do": "end", "post": Post.objects.get(account=elsewhere).pk})
    assert posts_of(elsewhere, at=timezone.now())


def test_a_courier_post_goes_to_a_phone(client: Client, town: District, administrator: Account) -> None:
    courier = make_account("小李")
    client.force_login(administrator)
    ask = {"role": "courier", "place": town.community.code, "do": "grant", "valid_to": "2099-01-01"}
    assert client.post("/posts/", ask | {"who": courier.phone}).status_code == 302
    assert [p.role for p in posts_of(courier, at=timezone.now())] == ["courier"]
    assert client.post("/posts/", ask | {"who": "19999999999"}).status_code == 422
