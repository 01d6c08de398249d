"""The demo's door: its people are entered by a button, nobody else is, and it is shut unless asked for."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from linhe.core.people import services
from linhe.core.people.models import Account
from linhe.web.accounts import demo
from tests.factories import District, make_account, make_district, make_post

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> District:
    return make_district()


@pytest.fixture
def worker(town: District) -> Account:
    account = services.create_account(username="worker", name="张敏", password=PASSWORD, at=timezone.now())
    return make_post("community_worker", town.community, account)


def test_outside_the_demo_there_is_no_demo_door(client: Client) -> None:
    make_account(username="demo-elder")
    assert client.post("/sign-in/as/demo-elder/").status_code == 404
    assert "/sign-in/as/" not in client.get("/sign-in/").content.decode()
    assert "_auth_user_id" not in client.session


def test_the_demo_is_off_unless_asked_for(settings: Settings) -> None:
    assert settings.DEMO is False


def test_in_the_demo_its_people_are_entered_by_a_button(client: Client, worker: Account, settings: Settings) -> None:
    settings.DEMO = True
    Account.objects.filter(pk=worker.pk).update(username="demo-worker")
    page = client.get("/sign-in/?next=/console/").content.decode()
    assert re.findall(r"/sign-in/as/([a-z-]+)/", page) == ["demo-worker"]
    assert client.get("/sign-in/as/demo-worker/").status_code == 405
    assert client.post("/sign-in/as/demo-worker/").headers["Location"] == "/console/"
    assert client.get("/console/").status_code == 200
    settings.DEMO = False
    assert client.get("/console/").status_code == 302


def test_the_demo_enters_nobody_else(client: Client, worker: Account, settings: Settings) -> None:
    settings.DEMO = True
    for username in ("worker", "demo-elder", "nobody"):
        assert client.post(f"/sign-in/as/{username}/").status_code == 404
    assert len({person.username for person in demo.DEMO_PEOPLE}) == len(demo.DEMO_PEOPLE) > 7
