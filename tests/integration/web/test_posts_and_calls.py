"""Deputies between two days, family requests confirmed after a call, and the first password."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linhe.core.people import services
from linhe.core.people.models import Account, Delegation, Post, ReadLog
from linhe.core.people.queries import is_staff, posts_of
from linhe.lib.working_calendar import SHANGHAI
from linhe.web.accounts.entering import PROVEN_BY, TOTP
from tests.factories import District, make_account, make_district, make_post

PASSWORD = "correct horse battery"


@pytest.fixture
def town(db: None) -> District:
    return make_district()


def staff(role: str, place: object, username: str) -> Account:
    account = services.create_account(username=username, name=username, password=PASSWORD, at=timezone.now())
    return make_post(role, place, account)


def entered(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    session = client.session
    session[PROVEN_BY] = TOTP
    session.save()
    return client


def test_a_holder_sets_a_deputy_for_some_days_and_ends_it(town: District) -> None:
    holder = staff("community_worker", town.community, "holder")
    deputy = services.create_account(username="deputy", name="代理", password=PASSWORD, at=timezone.now())
    client, today = entered(holder), timezone.now().astimezone(SHANGHAI).date()
    sent = {"post": holder.posts.get().pk, "who": "deputy", "first": today, "last": today + timedelta(days=2)}
    assert client.post("/posts/deputies/", sent).status_code == 302
    made = Post.objects.get(account=deputy)
    assert made.delegated_from == holder.posts.get()
    assert made.valid_to == datetime(*(today + timedelta(days=3)).timetuple()[:3], tzinfo=SHANGHAI)
    assert is_staff(deputy, at=timezone.now())
    assert not posts_of(deputy, at=made.valid_to)
    assert "代理" in client.get("/posts/deputies/").content.decode()
    assert client.post("/posts/deputies/", {"do": "end", "post": made.pk}).status_code == 302
    assert not is_staff(deputy, at=timezone.now())


def test_nobody_sets_a_deputy_for_another_ones_post(town: District) -> None:
    holder = staff("community_worker", town.community, "holder")
    other = staff("community_worker", town.other_community, "other")
    client, today = entered(other), timezone.now().astimezone(SHANGHAI).date()
    sent = {"post": holder.posts.get().pk, "who": "other", "first": today, "last": today}
    assert client.post("/posts/deputies/", sent).status_code == 422
    own = sent | {"post": other.posts.get().pk}
    for wrong in ({"who": "other"}, {"who": "nobody"}, {"who": "holder", "last": today - timedelta(days=1)}):
        assert client.post("/posts/deputies/", own | wrong).status_code == 422
    assert Post.objects.count() == 2


def test_a_deputy_does_not_pass_the_post_on(town: District) -> None:
    holder = staff("community_worker", town.community, "holder")
    deputy = services.create_account(username="deputy", password=PASSWORD, at=timezone.now())
    now = timezone.now()
    given = services.delegate_post(
        post=holder.posts.get(), deputy=deputy, by=holder, at=now, valid_from=now, valid_to=now + timedelta(days=2)
    )
    assert f'<option value="{given.pk}"' not in entered(deputy).get("/posts/deputies/").content.decode()


def test_a_worker_confirms_a_family_request_after_a_call(town: District) -> None:
    elder, child = make_account("王奶奶", home=town.building), make_account("女儿")
    asked = services.ask_delegation(delegate=child, phone=elder.phone, at=timezone.now())
    assert asked is not None
    worker = staff("community_worker", town.community, "worker")
    stranger = entered(staff("community_worker", town.other_community, "stranger"))
    client = entered(worker)
    page = client.get("/families/").content.decode()
    assert "王奶奶" in page
    assert elder.phone not in page
    assert "王奶奶" not in stranger.get("/families/").content.decode()
    assert stranger.post("/families/", {"delegation": asked.pk, "do": "confirm"}).status_code == 404
    assert elder.phone in client.post("/families/", {"delegation": asked.pk, "do": "call"}).content.decode()
    assert ReadLog.objects.get(subject=elder).reader == worker
    assert client.post("/families/", {"delegation": asked.pk, "do": "confirm"}).status_code == 302
    kept = Delegation.objects.get()
    assert kept.confirmed_by == worker
    assert kept.confirmed_at is not None
    seen = Client()
    seen.force_login(elder)
    assert "家人代办核实电话" in seen.get("/me/privacy/").content.decode()


def test_others_have_no_such_page(town: District) -> None:
    assert entered(staff("district_officer", town.district, "officer")).get("/families/").status_code == 403
    assert entered(make_account()).get("/families/").status_code == 403


def test_a_first_password_opens_nothing_but_the_page_that_changes_it(town: District) -> None:
    account = services.create_account(username="fresh", password=PASSWORD, at=timezone.now(), must_change_password=True)
    client = entered(make_post("community_worker", town.community, account))
    assert client.get("/errands/board/")["Location"] == "/me/password/?next=%2Ferrands%2Fboard%2F"
    assert client.get("/api/v1/kinds").status_code == 403
    page = "/me/password/?next=/errands/board/"
    assert client.get(page).status_code == 200
    assert client.post(page, {"old": PASSWORD, "new": PASSWORD}).status_code == 422
    assert client.post(page, {"old": PASSWORD, "new": "another horse battery"})["Location"] == "/errands/board/"
    assert client.get("/errands/board/").status_code == 200
    account.refresh_from_db()
    assert not account.must_change_password


def test_an_account_made_on_the_posts_page_must_change_its_password(town: District) -> None:
    client = entered(staff("administrator", town.district, "chief"))
    sent = {"who": "newhand", "name": "新人", "role": "community_worker", "place": town.community.code}
    assert client.post("/posts/", sent).status_code == 200
    assert Account.objects.get(username="newhand").must_change_password
