"""The desk through its pages and its API: what shows to whom, what comes back with an error, what leaks nowhere."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from linhe.core.loop.access import visible_to
from linhe.core.loop.acting import act
from linhe.core.loop.models import Event, Matter
from linhe.core.notices.models import Notice
from linhe.core.notices.texts import text_of
from linhe.core.people.models import Account, ReadLog
from linhe.desks.care import services
from linhe.desks.care.models import Check, Contact, Enrolment, Glance, MeterSource, Need, Session
from linhe.desks.care.services.days import _open
from linhe.desks.care.views import reviews
from tests.factories import make_account, make_post
from tests.integration.desks.care.conftest import DAY, Street, wish

PERSONAL = ("鸟名", "鸟门", "鸟帘", "鸟习", "鸟亲", "19911112222", "王桂英")
FORM = {
    "check_time": "08:30", "door": "鸟门五", "look_for": "鸟帘五", "side": "north", "contact_name_1": "女儿",
    "contact_phone_1": "19933334444",
}  # fmt: skip


def signed_in(who: Account) -> Client:
    client = Client()
    client.force_login(who)
    return client


def today(street: Street) -> Matter:
    """Today's check, open at the neighbour."""
    matter = _open(street.enrolment, timezone.now())
    assert matter is not None
    return act(matter, "ask_neighbour", by=None).matter


# ---- the elder


def test_one_tap_is_enough_and_twice_is_once(street: Street) -> None:
    elder = signed_in(street.elder)
    assert "我很好" in elder.get("/care/").content.decode()
    for _ in range(2):
        assert elder.post("/care/well/", {"key": "key-12345678"}).status_code == 302
    assert list(Event.objects.order_by("seq").values_list("action", flat=True)) == ["open", "tap"]
    assert "今天平安" in elder.get("/care/").content.decode()


def test_agreeing_on_ones_own_phone_and_changing_it(street: Street) -> None:
    client, town = signed_in(street.stranger), street.town
    assert "先填好住址" in client.get("/care/join/").content.decode()
    Account.objects.filter(pk=street.stranger.pk).update(home=town.building)
    wrong = client.post("/care/join/", FORM | {"contact_phone_1": "12", "check_time": ""})
    assert wrong.status_code == 422
    assert "鸟门五" in wrong.content.decode()
    assert 'value="12"' in wrong.content.decode()
    assert client.post("/care/join/", FORM).status_code == 302
    mine = Enrolment.objects.get(person=street.stranger)
    assert (mine.consented_how, mine.neighbour, mine.meter_index) == ("self", None, None)
    assert client.post("/care/join/", FORM | {"version": "1", "door": "鸟门六"}).status_code == 302
    assert client.post("/care/join/", FORM | {"version": "1"}).status_code == 409
    mine.refresh_from_db()
    assert (mine.door, mine.version, Contact.objects.filter(enrolment=mine).count()) == ("鸟门六", 2, 1)


def test_the_way_out_is_one_button(street: Street) -> None:
    elder = signed_in(street.elder)
    matter = today(street)
    assert elder.post("/care/leave/").status_code == 302
    assert Matter.objects.get(pk=matter.pk).stage == "stopped"
    assert "我想参加" in elder.get("/care/").content.decode()


def test_the_person_sees_who_read_and_what_for(street: Street) -> None:
    matter, neighbour = today(street), signed_in(street.neighbour)
    url = f"/care/look/{matter.pk}/"
    assert "鸟帘南窗" not in neighbour.get(url).content.decode()
    assert neighbour.post(url + "open/", {"purpose": "curiosity"}).status_code == 422
    assert neighbour.post(url + "open/", {"purpose": "look"}).status_code == 302
    shown = neighbour.get(url).content.decode()
    assert "鸟帘南窗" in shown
    assert "鸟门三零一" not in shown
    assert ReadLog.objects.filter(subject=street.elder, reader=street.neighbour).count() == 1
    told = signed_in(street.elder).get("/care/mine/").content.decode()
    assert "李**" in told
    assert "去看她／他是否平安" in told


def test_needs_are_noted_and_deleted_by_ones_own_wish(street: Street) -> None:
    elder = signed_in(street.elder)
    assert elder.post("/care/needs/", {"needs": ["flying"]}).status_code == 422
    assert elder.post("/care/needs/", {"needs": ["walking", "company"], "words": "鸟语拐杖"}).status_code == 302
    assert "鸟语拐杖" in elder.get("/care/needs/").content.decode()
    assert elder.post("/care/needs/", {"do": "withdraw"}).status_code == 302
    assert not Need.objects.exists()


# ---- the others


def test_the_family_sees_steps_only_when_allowed(street: Street) -> None:
    matter, url = today(street), f"/care/family/{street.elder.pk}/"
    daughter = signed_in(street.daughter)
    assert "请邻居看看" not in daughter.get(url).content.decode()
    Enrolment.objects.update(family_sees_steps=True)
    assert "请邻居看看" in daughter.get(url).content.decode()
    assert daughter.get(f"/care/look/{matter.pk}/").status_code == 404
    for action in ("ask_chief", "ask_worker", "ask_family"):
        act(matter, action, by=None)
    assert daughter.get(f"/care/look/{matter.pk}/").status_code == 200
    assert daughter.post(f"/care/look/{matter.pk}/do/seen/", {"how": "called"}).status_code == 302
    assert Matter.objects.get(pk=matter.pk).stage == "well"


@pytest.mark.parametrize(
    ("sees_steps", "called", "codes"),
    [(False, False, []), (True, False, ["seen"]), (False, True, ["ask_family", "call_emergency", "seen"])],
)
def test_the_family_is_told_when_it_is_called_or_may_see_steps(
    street: Street, sees_steps: bool, called: bool, codes: list[str]
) -> None:
    Enrolment.objects.update(family_sees_steps=sees_steps)
    matter = today(street)
    levels = ("ask_chief", "ask_worker", *(("ask_family", "call_emergency") if called else ()))
    for action in levels:
        act(matter, action, by=None)
    act(matter, "seen", by=street.worker, data={"how": "met"})
    told = Notice.objects.filter(account=street.daughter).order_by("pk")
    assert list(told.values_list("code", flat=True)) == [f"daily_check.{code}" for code in codes]
    assert Notice.objects.filter(account=street.elder, code="daily_check.seen").count() == 1


def test_the_round_lists_so_many_alarms_and_counts_them_all(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_account(home=street.town.building)
    services.enrol(person=other, by=other, wish=wish(street.town), how="self", at=timezone.now() - DAY)
    for enrolment in Enrolment.objects.select_related("person", "community"):
        matter = _open(enrolment, timezone.now())
        assert matter is not None
        for action in ("ask_neighbour", "ask_chief", "ask_worker"):
            act(matter, action, by=None)
    page = signed_in(street.worker).get("/care/round/")
    assert (len(page.context["alarms"]), "2 件" in page.content.decode()) == (2, True)
    monkeypatch.setattr("linhe.desks.care.queries.today.ALARMS_SHOWN", 1)
    page = signed_in(street.worker).get("/care/round/")
    assert len(page.context["alarms"]) == 1
    assert "共 2 件，先列出时限最近的 1 件" in page.content.decode()


def test_who_was_asked_before_is_told_that_somebody_else_has_it(street: Street) -> None:
    matter, neighbour = today(street), signed_in(street.neighbour)
    act(matter, "ask_chief", by=None)
    assert neighbour.get(f"/care/look/{matter.pk}/").status_code == 404
    assert neighbour.post(f"/care/look/{matter.pk}/do/seen/", {"how": "met"}).status_code == 404


def test_a_worker_registers_who_agreed_in_person(street: Street) -> None:
    worker, other = signed_in(street.worker), make_account(home=street.town.building)
    stranger = make_account(home=street.town.other_building)
    sent = FORM | {"how": "signed", "neighbour": street.neighbour.phone, "meter": "W7"}
    for phone in (stranger.phone, "19912340000"):
        answer = worker.post("/care/people/new/", sent | {"phone": phone})
        assert answer.status_code == 422
        assert "没有找到住在本社区的这位居民" in answer.content.decode()
    assert worker.post("/care/people/new/", sent | {"phone": other.phone}).status_code == 302
    kept = Enrolment.objects.get(person=other)
    assert (kept.neighbour_id, kept.consented_how, kept.enrolled_by_id) == (
        street.neighbour.pk, "signed", street.worker.pk,
    )  # fmt: skip


def test_a_worker_plans_a_visit_and_it_is_in_the_round(street: Street) -> None:
    services.note_needs(person=street.elder, by=street.elder, needs={"walking": ""}, at=timezone.now())
    worker, url = signed_in(street.worker), f"/care/people/{street.enrolment.pk}/"
    tomorrow = (timezone.localtime() + DAY).date().isoformat()
    assert worker.post(url + "visit/", {"day": "", "from": "09:00", "until": "10:00"}).status_code == 422
    visit = {"day": tomorrow, "from": "09:00", "until": "10:00", "key": "key-12345678"}
    for _ in range(2):
        assert worker.post(url + "visit/", visit).status_code == 302
    planned = Matter.objects.get(kind="care_visit")
    assert planned.place_id == street.town.community.pk
    assert worker.get("/care/round/").status_code == 200
    assert "鸟门三零一" not in worker.get(url).content.decode()
    assert worker.post(f"/care/look/{planned.pk}/open/", {"purpose": "visit"}).status_code == 302
    assert "鸟门三零一" in worker.get(f"/care/look/{planned.pk}/").content.decode()
    assert worker.post(f"/care/look/{planned.pk}/do/done/", {"words": "都好"}).status_code == 302


def test_an_access_is_seen_by_the_person_and_judged_by_another(street: Street) -> None:
    worker, url = signed_in(street.worker), f"/care/people/{street.enrolment.pk}/"
    assert worker.post(url + "glass/", {"reason": "danger", "words": "短"}).status_code == 422
    assert worker.post(url + "glass/", {"reason": "danger", "words": "楼上听到呼救声"}).status_code == 302
    assert "鸟门三零一" in worker.get(url).content.decode()
    assert "紧急查看了您的档案" in signed_in(street.elder).get("/notices/").content.decode()
    access = Matter.objects.get(kind="care_access")
    act(access, "shut", by=street.worker)
    assert "鸟门三零一" not in worker.get(url).content.decode()
    officer = signed_in(make_post("district_officer", street.town.district))
    assert "楼上听到呼救声" in officer.get("/care/reviews/").content.decode()
    assert officer.post(f"/care/reviews/{access.pk}/find_abuse/", {"words": ""}).status_code == 422
    assert officer.post(f"/care/reviews/{access.pk}/find_abuse/", {"words": "没有必要"}).status_code == 302
    assert "属于滥用" in signed_in(street.elder).get("/notices/").content.decode()


def test_an_access_that_waits_is_listed_however_many_were_judged(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(reviews, "SHOWN", 1)
    worker, url = signed_in(street.worker), f"/care/people/{street.enrolment.pk}/"
    officer = signed_in(make_post("district_officer", street.town.district))
    for words in ("楼上听到呼救声", "门口闻到煤气味"):
        worker.post(url + "glass/", {"reason": "danger", "words": words})
        access = Matter.objects.filter(kind="care_access").latest("pk")
        act(access, "shut", by=street.worker)
        assert words in officer.get("/care/reviews/").content.decode()
        assert officer.post(f"/care/reviews/{access.pk}/find_proper/", {"words": "有必要"}).status_code == 302


# ---- nothing leaks


def test_generic_pages_know_nothing_of_anybody(street: Street) -> None:
    matter = today(street)
    for action in ("ask_chief", "ask_worker"):
        act(matter, action, by=None)
    people = [street.worker, street.courier, street.stranger, street.neighbour, street.chief, street.daughter]
    people += [make_post(r, street.town.district) for r in ("district_officer", "auditor", "administrator")]
    people.append(make_post("subdistrict_officer", street.town.subdistrict))
    places = (street.town.building.code, street.town.community.code)
    urls = [
        "/matters/",
        "/my/?show=all",
        "/console/",
        "/map/matters.geojson",
        "/api/matters",
        "/dashboard/",
        "/notices/",
    ]
    urls += [f"/dashboard/{code}/" for code in places]
    for who in people:
        assert not visible_to(who, at=timezone.now()).exists()
        client = signed_in(who)
        for url in urls:
            body = client.get(url).content.decode()
            assert not [p for p in PERSONAL if p in body and p not in who.name], f"{url} by {who.name}"
            assert "1号楼" not in body or "dashboard" in url, f"{url} by {who.name}"
            assert f"/matters/{matter.pk}/" not in body
        for url in (f"/matters/{matter.pk}/", f"/api/matters/{matter.pk}", f"/api/matters/{matter.pk}/events"):
            assert client.get(url).status_code == 404


def test_notices_say_nothing_of_a_person(street: Street) -> None:
    matter = today(street)
    for action in ("ask_chief", "ask_worker", "ask_family", "call_emergency"):
        act(matter, action, by=None)
    act(matter, "seen", by=street.worker, data={"how": "met", "words": "鸟语"})
    told = [str(text_of(n).zh) + str(text_of(n).en) for n in Notice.objects.select_related("matter")]
    assert told
    for text in told:
        assert not [w for w in (*PERSONAL, "鸟语", "1号楼", "1单元", "独居", "老人") if w in text]


def test_a_courier_cannot_tell_who_is_meant(street: Street) -> None:
    services.change(
        enrolment=street.enrolment, by=street.elder, version=None, at=timezone.now(),
        wish=wish(street.town, neighbour=street.neighbour, couriers_look=True),
    )  # fmt: skip
    matter, courier = today(street), signed_in(street.courier)
    courier.post("/care/glances/willing/", {"willing": "yes"})
    page = courier.get("/care/glances/").content.decode()
    cards = re.findall(r'<section class="card.*?</section>', page, flags=re.DOTALL)
    assert len(cards) == 3
    plain = {
        re.sub(r'\d+号楼|[东南西北]面|临街|"g\d+"|/glances/\d+/|csrfmiddlewaretoken.*?>|安居小区|1号楼', "", c)
        for c in cards
    }
    assert len({re.sub(r"\s+", " ", c) for c in plain}) == 1
    answers = set()
    for glance in Glance.objects.filter(courier=street.courier):
        answer = courier.post(f"/care/glances/{glance.pk}/", {"answer": "open"}, follow=True)
        answers.add(re.findall(r"谢谢您，注意安全。", answer.content.decode())[0])
    assert len(answers) == 1
    assert Matter.objects.get(pk=matter.pk).stage == "well"
    assert not Event.objects.filter(actor=street.courier).exists()


# ---- meters


def post(key: str, *readings: dict[str, Any]) -> Any:
    return Client().post(
        "/api/care/meters", {"readings": list(readings)}, content_type="application/json", headers={"X-Meter-Key": key}
    )


def test_a_reading_by_key_is_a_sign_once_and_tells_nothing(street: Street) -> None:
    officer = make_post("district_officer", street.town.district)
    page = signed_in(officer).post("/care/meters/", {"name": "自来水公司"}).content.decode()
    key = re.findall(r'care-key">(.+?)<', page)[0]
    services.change(
        enrolment=street.enrolment,
        by=street.worker,
        version=None,
        at=timezone.now(),
        wish=wish(street.town, meter="W9"),
    )
    matter, now = today(street), timezone.now()
    known = {"meter": "W9", "used": 0.4, "at": now.isoformat(), "reading_id": "r1"}
    unknown = known | {"meter": "W8", "reading_id": "r2"}
    assert post("wrong", known).status_code == 401
    assert post(key, unknown).json() == {"received": 1}
    old = known | {"at": (now - 2 * DAY).isoformat(), "reading_id": "r3"}
    post(key, old, known | {"used": 0.01, "reading_id": "r4"})
    assert Matter.objects.get(pk=matter.pk).stage == "neighbour"
    for _ in range(2):
        assert post(key, known).json() == {"received": 1}
    assert Matter.objects.get(pk=matter.pk).stage == "well"
    assert Event.objects.filter(matter=matter, action="meter").count() == 1
    assert Check.objects.get(pk=matter.pk).sign == "meter"
    assert post(key, known | {"used": -1}).status_code == 422
    source = MeterSource.objects.get()
    assert key not in str(source.__dict__)
    signed_in(officer).post("/care/meters/", {"end": str(source.pk)})
    assert post(key, known).status_code == 401


# ---- sessions


def test_booking_and_holding_through_the_pages(street: Street) -> None:
    worker, elder = signed_in(street.worker), signed_in(street.elder)
    soon = timezone.localtime() + timedelta(hours=1)
    sent = {
        "service": "class", "topic": "手机课", "day": soon.date().isoformat(), "from": f"{soon:%H:%M}", "slots": "1",
        "slot_minutes": "60", "seats": "1", "key": "key-12345678",
    }  # fmt: skip
    assert worker.post("/care/sessions/manage/", sent | {"seats": "0", "key": "key-00000000"}).status_code == 422
    assert worker.post("/care/sessions/manage/", sent).status_code == 302
    session = Matter.objects.get(kind="care_session")
    assert elder.post(f"/care/sessions/{session.pk}/book/", {"slot": "0", "key": "key-12345678"}).status_code == 302
    assert "已约上" in elder.get("/care/sessions/").content.decode()
    assert elder.post(f"/care/sessions/{session.pk}/book/", {"slot": "0"}).status_code == 409
    assert signed_in(street.stranger).get(f"/care/sessions/{session.pk}/").status_code == 403
    page = worker.get(f"/care/sessions/{session.pk}/").content.decode()
    assert "鸟**" in page
    assert "鸟名" not in page
    seat = Matter.objects.get(kind="care_appointment")
    today = timezone.localtime().replace(hour=23, minute=59, second=59)
    Session.objects.update(starts_at=today)  # its day has come, also when this runs shortly before midnight
    assert worker.post(f"/care/seats/{seat.pk}/do/attend/").status_code == 302
    assert worker.post(f"/care/sessions/{session.pk}/do/hold/").status_code == 409


@pytest.mark.parametrize("url", ["/care/round/", "/care/people/", "/care/people/new/"])
def test_only_the_community_opens_its_pages(street: Street, url: str) -> None:
    assert signed_in(street.worker).get(url).status_code == 200
    for who in (street.elder, street.neighbour, street.courier, street.chief):
        assert signed_in(who).get(url).status_code == 403
