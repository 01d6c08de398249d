"""The desk's pages: what is typed survives a refusal, a double tap counts once, nobody sees what is not theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.volunteering.models import EvaluationRow, SignUp
from linhe.lib.tables import read_table
from linhe.web.accounts.entering import PROVEN_BY, TOTP
from tests.factories import make_account, make_post
from tests.integration.desks.volunteering.conftest import ITEMS, Town, sign_up_of


def browser(account: Account) -> Client:
    """A browser in which somebody is signed in with everything that their posts ask for."""
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[PROVEN_BY] = TOTP
    session.save()
    return client


@pytest.fixture
def activity(town: Town) -> Matter:
    """An activity under way now."""
    now = timezone.now()
    begun = (now - timedelta(minutes=30)).isoformat()
    return town.activity(capacity=1, at=now, starts_at=begun, ends_at=(now + timedelta(hours=1)).isoformat())


def test_a_double_tap_signs_up_once_and_the_second_person_waits(town: Town, activity: Matter) -> None:
    a, b = town.people[:2]
    client, address = browser(a), f"/volunteering/activities/{activity.pk}/do/sign_up/"
    for _ in range(2):
        assert client.post(address, {"key": "tap-1"}).status_code == 302
    assert SignUp.objects.count() == 1
    assert client.post(address, {"key": "tap-2"}).status_code == 409
    browser(b).post(address, {"key": "tap-1"})
    assert sign_up_of(activity, b).state == "waiting"
    assert (
        "您在候补名单上，前面还有 0 人" in browser(b).get(f"/volunteering/activities/{activity.pk}/").content.decode()
    )


def test_the_code_is_only_for_who_runs_it(town: Town, activity: Matter) -> None:
    stranger = browser(town.people[0])
    for page in ("run", "screen"):
        assert stranger.get(f"/volunteering/activities/{activity.pk}/{page}/").status_code == 404
    assert stranger.post(f"/volunteering/activities/{activity.pk}/do/finish/", {"key": "k"}).status_code == 404
    shown = browser(town.organiser).get(f"/volunteering/activities/{activity.pk}/screen/")
    code = shown.context["code"]
    assert shown.status_code == 200
    assert f"code={code}" in shown.wsgi_request.build_absolute_uri("?code=" + code)
    answer = stranger.post(f"/volunteering/activities/{activity.pk}/do/arrive/", {"key": "k", "code": "12"})
    assert answer.status_code == 422
    assert 'value="12"' in answer.content.decode()
    assert (
        stranger.post(f"/volunteering/activities/{activity.pk}/do/arrive/", {"key": "l", "code": code}).status_code
        == 302
    )


def test_the_list_hides_names_and_the_walk_in_form_keeps_the_number(town: Town, activity: Matter) -> None:
    act(activity, "sign_up", by=make_account("欧阳晓峰"))
    client = browser(town.organiser)
    page = client.get(f"/volunteering/activities/{activity.pk}/run/").content.decode()
    assert "欧阳晓峰" not in page
    answer = client.post(f"/volunteering/activities/{activity.pk}/do/walk_in/", {"key": "k", "phone": "13800001111"})
    assert answer.status_code == 422
    assert "13800001111" in answer.content.decode()


def test_a_hand_over_keeps_what_was_ticked_until_it_is_complete(town: Town) -> None:
    held = town.appointed(town.people[0], at=timezone.now())
    client, address = browser(town.worker), f"/volunteering/posts/{held.pk}/hand-over/"
    sent = {"key": "k1", "version": "1", "phone": town.people[1].phone, "reason": "term", "items": ITEMS[:3]}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("checked") == 4
    assert town.people[1].phone in page
    assert client.post(address, sent | {"key": "k2", "items": ITEMS}).status_code == 302
    assert client.get(address).status_code == 404
    assert browser(town.organiser).get(address).status_code == 404


def test_a_vacancy_is_filled_only_where_one_may(town: Town) -> None:
    address = f"/volunteering/posts/fill/building_chief/{town.places.building.code}/"
    assert browser(town.organiser).get(address).status_code == 404
    assert browser(make_post("community_worker", town.places.other_community)).get(address).status_code == 404
    client = browser(town.worker)
    assert client.get(address.replace("building_chief", "unit_chief")).status_code == 404
    assert client.post(address, {"key": "k", "step": "nominate", "phone": town.people[0].phone}).status_code == 302
    assert Matter.objects.get(kind="posting").stage == "proposed"
    points = client.get("/volunteering/posts/vacancies.geojson").json()["features"]
    # The compound has no point of its own: it is shown in the middle of its buildings.
    assert [p["geometry"]["coordinates"] for p in points] == [[112.731, 38.421]]
    assert town.places.building.name in client.get("/volunteering/posts/").content.decode()


def test_members_are_listed_for_their_own_and_exported(town: Town) -> None:
    data = {"organisation": town.office.code}
    begin("check_in", "enrol", by=town.worker, place=town.places.building, beneficiary=town.people[0], data=data)
    for who in (town.worker, town.organiser):
        answer = browser(who).get("/volunteering/participation.xlsx")
        rows = read_table(answer.content)
        assert [row["单位"] for row in rows] == ["区司法局"]
        assert rows[0]["成员"] == "志**"
    assert browser(town.people[0]).get("/volunteering/participation/").status_code == 403
    stranger = make_post("community_worker", town.places.other_community)
    assert read_table(browser(stranger).get("/volunteering/participation.xlsx").content) == []


def test_a_row_of_an_evaluation_is_for_its_member_their_office_and_the_staff(town: Town) -> None:
    now, data = timezone.now(), {"organisation": town.office.code}
    for who in town.people[:2]:
        begin("check_in", "enrol", by=town.worker, place=town.places.building, beneficiary=who, data=data)
    year = begin("evaluation", "open", by=town.worker, place=town.places.community, data={"year": now.year}).matter
    act(year, "compute", by=town.worker)
    row = EvaluationRow.objects.get(account=town.people[0])
    address = f"/volunteering/evaluations/rows/{row.pk}/?figure=check_ins"
    found = {
        name: browser(who).get(address).status_code
        for name, who in {
            "own": town.people[0], "worker": town.worker, "office": town.organiser, "other member": town.people[1],
            "elsewhere": make_post("community_worker", town.places.other_community), "stranger": town.people[4],
        }.items()
    }  # fmt: skip
    assert found == {
        "own": 200, "worker": 200, "office": 200, "other member": 404, "elsewhere": 404, "stranger": 404,
    }  # fmt: skip
    assert "登记成员报到" in browser(town.people[0]).get(address).content.decode()
    assert browser(town.people[0]).post(address, {"key": "k", "words": "少了一次"}).status_code == 302
    assert "少了一次" not in browser(town.worker).get(f"/volunteering/evaluations/{year.pk}/").content.decode()


def test_lists_need_no_query_a_row(town: Town, django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    data = {"organisation": town.office.code}
    for who in town.people:
        begin("check_in", "enrol", by=town.worker, place=town.places.building, beneficiary=who, data=data)
        town.activity(at=timezone.now())
        begin("need", "raise", by=town.worker, place=town.places.building, data={"theme": "law"})
    worker, volunteer = browser(town.worker), browser(town.people[0])
    for client, address in (
        (worker, "/volunteering/desk/"), (worker, "/volunteering/posts/"), (worker, "/volunteering/participation/"),
        (worker, "/volunteering/organisations/"), (volunteer, "/volunteering/"), (volunteer, "/volunteering/me/"),
    ):  # fmt: skip
        client.get(address)
        with django_assert_max_num_queries(26):
            assert client.get(address).status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "9999-12-31", "nonsense"])
def test_a_day_that_no_calendar_shows_is_today(town: Town, day: str) -> None:
    page = browser(town.people[0]).get(f"/volunteering/calendar/?day={day}")
    assert page.context["day"] == timezone.localdate()
