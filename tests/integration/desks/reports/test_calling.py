"""The community calls whoever raised a report: for a reason that the person sees; never when it has no name."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, ReadLog
from linhe.desks.reports.services import raise_report
from tests.factories import make_post
from tests.integration.desks.reports.conftest import Scene

NUMBER = "19999977744"


def browser(who: Account) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def raised(scene: Scene) -> Matter:
    """A report of a resident with a number."""
    scene.resident.set_phone(NUMBER)
    scene.resident.save()
    return scene.raised()


def url(matter: Matter) -> str:
    return f"/reports/{matter.pk}/phone/"


def test_the_number_shows_for_a_reason_and_the_person_sees_it(scene: Scene, raised: Matter) -> None:
    clerk = browser(scene.clerk)
    page = clerk.get(f"/matters/{raised.pk}/").content.decode()
    assert "给提出人打电话" in page
    assert NUMBER not in page
    for reason in ("", "curiosity"):
        answer = clerk.post(url(raised), {"reason": reason})
        assert (answer.status_code, NUMBER in answer.content.decode()) == (422, False)
        assert "请选择为什么打电话" in answer.content.decode()
    assert not ReadLog.objects.filter(what="phone").exists()
    shown = clerk.post(url(raised), {"reason": "meet"}).content.decode()
    assert f"tel:{NUMBER}" in shown
    look = ReadLog.objects.get(what="phone")
    assert (look.reader, look.subject, look.purpose) == (scene.clerk, scene.resident, f"meet · report {raised.pk}")
    told = browser(scene.resident).get("/me/privacy/").content.decode()
    assert f"电话号码 · 约时间上门 · 随手拍 #{raised.pk}" in told


def test_nobody_but_the_community_of_the_place_gets_it(scene: Scene, raised: Matter) -> None:
    elsewhere = make_post("community_worker", scene.town.other_community)
    for who in (scene.manager, scene.officer, scene.supervisor, scene.neighbour, scene.resident, elsewhere):
        answer = browser(who).post(url(raised), {"reason": "ask"})
        assert (answer.status_code, NUMBER in answer.content.decode()) == (404, False)
    assert Client().post(url(raised), {"reason": "ask"}).status_code == 302
    assert not ReadLog.objects.filter(what="phone").exists()


def test_who_raised_it_without_a_name_is_never_called(scene: Scene, raised: Matter) -> None:
    unnamed = scene.raised(by=None)
    act(raised, "anonymise", by=scene.resident, at=timezone.now())
    for matter in (unnamed, raised):
        assert "给提出人打电话" not in browser(scene.clerk).get(f"/matters/{matter.pk}/").content.decode()
        assert browser(scene.clerk).post(url(matter), {"reason": "ask"}).status_code == 404


def test_a_report_that_is_closed_is_no_reason(scene: Scene, raised: Matter) -> None:
    act(raised, "decline", by=scene.clerk, data={"words": "不属于受理范围"}, at=timezone.now())
    assert browser(scene.clerk).post(url(raised), {"reason": "ask"}).status_code == 404


def test_a_colleague_who_noted_a_call_is_not_called(scene: Scene) -> None:
    scene.second_clerk.set_phone(NUMBER)
    scene.second_clerk.save()
    told = {"category": "lights", "words": "来电反映路灯不亮", "source": "phone"}
    noted = raise_report(
        by=scene.second_clerk, place=scene.town.building, data=told, at=timezone.now(), behalf=True
    ).matter  # fmt: skip
    assert browser(scene.clerk).post(url(noted), {"reason": "ask"}).status_code == 404


@pytest.mark.parametrize(("how", "named"), [("named", True), ("unnamed", False)])
def test_what_a_clerk_notes_without_a_name_holds_nobody(scene: Scene, how: str, named: bool) -> None:
    scene.resident.set_phone(NUMBER)
    scene.resident.save()
    sent = {
        "place": scene.town.building.code, "category": "lights", "words": "来电反映路灯不亮", "how": how,
        "phone": "199 9997 7744", "seen": "1",
    }  # fmt: skip
    assert browser(scene.clerk).post("/reports/new/?behalf=1", sent).status_code == 302
    noted = Matter.objects.get(kind="report")
    assert noted.beneficiary == (scene.resident if named else None)
    shown = browser(scene.second_clerk).get(f"/matters/{noted.pk}/").content.decode()
    assert ("王**" in shown, "给提出人打电话" in shown) == (named, named)
