"""Who looks after whom changes: at the person's word, seen at once by the new neighbour and no more by the old one."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from linhe.core.loop.acting import act
from linhe.core.loop.models import Event, Matter
from linhe.core.notices.models import Notice
from linhe.core.people.models import Account
from linhe.desks.care import services
from linhe.desks.care.loop import DAILY_CHECK, DAILY_CHECK_1
from linhe.desks.care.models import Enrolment
from linhe.desks.care.services.enrolling import meter_index
from tests.factories import make_account, make_post
from tests.integration.desks.care.conftest import Street, wish


def signed_in(who: Account) -> Client:
    client = Client()
    client.force_login(who)
    return client


def arranging(street: Street) -> tuple[Client, str]:
    """The worker's client and the address of the form."""
    return signed_in(street.worker), f"/care/people/{street.enrolment.pk}/arrange/"


def test_another_neighbour_sees_todays_check_and_the_old_one_no_more(street: Street) -> None:
    matter, other = street.check(timezone.now()), make_account("赵新邻")
    worker, url = arranging(street)
    assert len(signed_in(street.neighbour).get("/care/").context["to_look"]) == 1
    sent = {"neighbour": other.phone, "how": "spoken", "version": "1", "key": "key-12345678"}
    for _ in range(2):
        assert worker.post(url, sent).status_code == 302
    assert Matter.objects.filter(kind="care_arrangement").count() == 1
    assert (street.enrolment.neighbour_id, street.enrolment.version) == (other.pk, 2)
    assert Matter.objects.get(pk=matter.pk).handler_id == other.pk
    assert signed_in(street.neighbour).get("/care/").context["to_look"] == []
    assert len(signed_in(other).get("/care/").context["to_look"]) == 1
    event = Event.objects.get(matter__kind="care_arrangement")
    assert event.data == {"how": "spoken", "changed": ["neighbour"]}
    told = Notice.objects.filter(code="care_arrangement.arrange").values_list("account", flat=True)
    assert set(told) == {street.elder.pk, other.pk}


def test_an_alarm_without_its_neighbour_goes_on_to_the_unit_chief(street: Street) -> None:
    matter = act(street.check(timezone.now()), "ask_neighbour", by=None).matter
    worker, url = arranging(street)
    assert worker.post(url, {"no_neighbour": "on", "how": "spoken"}).status_code == 302
    matter.refresh_from_db()
    assert (matter.stage, matter.handler_id) == ("chief", street.chief.pk)


def test_time_and_meter_change_and_what_is_left_out_stays(street: Street) -> None:
    worker, url = arranging(street)
    assert worker.post(url, {"check_time": "10:15", "meter": "W7", "how": "signed"}).status_code == 302
    kept = street.enrolment
    assert (kept.check_time, kept.meter_index) == (time(10, 15), meter_index("W7"))
    assert (kept.neighbour_id, kept.door) == (street.neighbour.pk, "鸟门三零一")
    assert worker.post(url, {"no_meter": "on", "how": "signed"}).status_code == 302
    assert street.enrolment.meter_index is None


def test_the_meter_stays_when_the_person_changes_something_else(street: Street) -> None:
    Enrolment.objects.update(meter_index=meter_index("W7"))
    sent = {"check_time": "08:30", "door": "鸟门五", "side": "north", "version": "1"}
    assert signed_in(street.elder).post("/care/join/", sent).status_code == 302
    assert (street.enrolment.door, street.enrolment.meter_index) == ("鸟门五", meter_index("W7"))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"check_time": "10:00"}, 422),
        ({"check_time": "10:00", "how": "self"}, 422),
        ({"check_time": "25:99", "how": "signed"}, 422),
        ({"neighbour": "19912340000", "how": "signed"}, 422),
        ({"neighbour": "self", "how": "signed"}, 422),
        ({"how": "signed"}, 422),
        ({"meter": "taken", "how": "signed"}, 422),
        ({"check_time": "10:00", "how": "signed", "version": "7"}, 409),
    ],
    ids=[
        "nobody agreed", "not their own phone", "no time", "unknown", "themselves", "nothing", "meter", "out of step",
    ],
)  # fmt: skip
def test_a_wrong_change_comes_back_as_typed_and_changes_nothing(
    street: Street, sent: dict[str, str], status: int
) -> None:
    other = make_account(home=street.town.building)
    more = wish(street.town, meter="taken")
    services.enrol(person=other, by=other, wish=more, how="self", at=timezone.now())
    worker, url = arranging(street)
    sent = {name: street.elder.phone if text == "self" else text for name, text in sent.items()}
    answer = worker.post(url, sent)
    assert answer.status_code == status
    for name in {"neighbour", "meter"} & set(sent):
        assert f'value="{sent[name]}"' in answer.content.decode()
    assert street.enrolment.version == 1
    assert not Matter.objects.filter(kind="care_arrangement").exists()


def test_nobody_changes_the_care_of_another_community(street: Street) -> None:
    elsewhere = signed_in(make_post("community_worker", street.town.other_community))
    _, url = arranging(street)
    assert elsewhere.post(url, {"check_time": "10:00", "how": "signed"}).status_code == 404
    assert signed_in(street.neighbour).post(url, {"check_time": "10:00", "how": "signed"}).status_code == 403


def test_without_consent_there_is_nothing_to_change(street: Street) -> None:
    worker, url = arranging(street)
    services.withdraw(person=street.elder, by=street.elder, at=timezone.now())
    assert worker.post(url, {"check_time": "10:00", "how": "signed"}).status_code == 404
    assert signed_in(street.elder).post("/care/let-go/").status_code == 404


def test_the_person_lets_a_neighbour_go_without_a_reason(street: Street) -> None:
    matter, elder = street.check(timezone.now()), signed_in(street.elder)
    assert "想换一位邻居" in elder.get("/care/mine/").content.decode()
    assert elder.post("/care/let-go/", {"version": "4"}).status_code == 409
    for _ in range(2):
        assert elder.post("/care/let-go/", {"version": "1", "key": "key-12345678"}).status_code == 302
    assert street.enrolment.neighbour is None
    assert Matter.objects.get(pk=matter.pk).handler is None
    assert "社区正在帮您找邻居" in elder.get("/care/mine/").content.decode()
    assert Notice.objects.filter(code="care_arrangement.let_go", account=street.worker).count() == 1
    assert elder.post("/care/let-go/", {"version": "2"}).status_code == 409


def test_a_check_begun_under_the_first_version_ends_as_it_began(street: Street) -> None:
    matter = street.check(timezone.now())
    Matter.objects.filter(pk=matter.pk).update(kind_version=DAILY_CHECK_1.version)
    worker, url = arranging(street)
    assert worker.post(url, {"no_neighbour": "on", "how": "spoken"}).status_code == 302
    matter.refresh_from_db()
    assert matter.handler_id == street.neighbour.pk
    assert {a.code for a in DAILY_CHECK.actions} - {a.code for a in matter.declared.actions} == {"pass_on"}
    late = timezone.now() + timedelta(minutes=1)
    assert act(matter, "seen", by=street.neighbour, data={"how": "met"}, at=late).matter.stage == "well"
