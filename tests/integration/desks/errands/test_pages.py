"""The desk's pages: nothing typed is lost, a double tap makes one, nobody sees what is not theirs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from linhe.core.loop.acting import act
from linhe.core.loop.models import Event, Matter
from linhe.core.people.models import Account, ReadLog
from linhe.core.points.queries import balance
from linhe.desks.errands import services
from linhe.desks.errands.models import Advance, ErrandDetail, Offer, Peek, Shift
from linhe.web.accounts.entering import PROVEN_BY, TOTP
from tests.factories import District, make_account, make_district, make_post
from tests.integration.desks.errands.conftest import photo

DOOR = "二单元501室"
PICKUP = {"pickup_name": "惠民药房", "pickup_lat": 38.4215, "pickup_lng": 112.7335}


class Street:
    """The people of these tests; their errands begin now, as the pages' do."""

    def __init__(self) -> None:
        self.places: District = make_district("990401")
        self.resident = make_account("贺金秀", home=self.places.building, door=DOOR)
        self.stranger = make_account("路人", home=self.places.other_building)
        self.courier = make_post("courier", self.places.district, make_account("周骑手"))
        self.other_courier = make_post("courier", self.places.district, make_account("吴骑手"))
        self.worker = make_post("community_worker", self.places.community, make_account("社工甲"))
        self.far_worker = make_post("community_worker", self.places.other_community, make_account("社工丙"))

    def errand(self, **data: Any) -> Matter:
        asked = {"service": "medicine", "door": DOOR, "note": "请敲门", **PICKUP, **data}
        return services.raise_errand(by=self.resident, place=self.places.building, data=asked, at=timezone.now()).matter

    def duty(self, courier: Account) -> Shift:
        return services.start_shift(courier=courier, at=timezone.now(), lat=38.4205, lng=112.7305)

    def taken(self, **data: Any) -> Matter:
        self.duty(self.courier)
        matter = self.errand(**data)
        return services.take(by=self.courier, matter_id=matter.pk, at=timezone.now()).matter


@pytest.fixture
def street(db: None) -> Street:
    return Street()


def sign_in(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[PROVEN_BY] = TOTP
    session.save()
    return client


def asking(**more: str) -> dict[str, str]:
    return {"step": "send", "key": "k1", "slot": "asap", "door": DOOR, "note": "降压药", "load": "2", **more}


def test_the_menu_shows_twelve_services_and_other_desks_kindly(street: Street) -> None:
    client = sign_in(street.resident)
    text = client.get("/errands/").content.decode()
    assert text.count('<a class="tile') == 12
    for code, desk in (("curtain_check", "/care/"), ("special_care", "/care/"), ("hazard", "/reports/")):
        elsewhere = client.get(f"/errands/new/{code}/")
        assert (elsewhere.status_code, elsewhere["Location"]) == (302, desk)
        assert client.get(desk).status_code == 200
    assert client.get("/errands/new/gold/").status_code == 404


def test_a_form_with_a_fault_keeps_everything_that_was_typed(street: Street) -> None:
    client = sign_in(street.resident)
    answer = client.post(
        "/errands/new/medicine/", asking(slot="2020-01-01-am", pickup_name="惠民药房", note="写了很多")
    )
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "请选一个时间。" in text
    for kept in ("写了很多", "惠民药房", DOOR, 'value="2" selected', 'value="k1"'):
        assert kept in text
    assert not Matter.objects.exists()


def test_checking_shows_everything_and_writes_nothing(street: Street) -> None:
    answer = sign_in(street.resident).post("/errands/new/medicine/", asking(step="check"))
    assert answer.status_code == 200
    assert "对不对？" in answer.content.decode()
    assert not Matter.objects.exists()


def test_a_double_tap_makes_one_errand(street: Street) -> None:
    client = sign_in(street.resident)
    first = client.post("/errands/new/medicine/", asking())
    second = client.post("/errands/new/medicine/", asking())
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]
    assert Matter.objects.count() == 1


def test_the_same_key_with_other_words_is_refused_with_the_words_kept(street: Street) -> None:
    client = sign_in(street.resident)
    client.post("/errands/new/medicine/", asking())
    answer = client.post("/errands/new/medicine/", asking(note="别的东西"))
    assert answer.status_code == 422
    assert "别的东西" in answer.content.decode()
    assert Matter.objects.count() == 1


def test_nobody_asks_for_a_stranger(street: Street) -> None:
    client = sign_in(street.stranger)
    client.post(f"/errands/new/medicine/?for={street.resident.pk}", asking())
    assert Matter.objects.get().beneficiary is None


def test_another_resident_is_told_that_there_is_no_such_errand(street: Street) -> None:
    matter = street.taken()
    client = sign_in(street.stranger)
    assert client.get(f"/errands/{matter.pk}/").status_code == 404
    assert client.post(f"/errands/{matter.pk}/address/").status_code == 404
    assert client.post(f"/errands/{matter.pk}/do/withdraw/", {"reason": "mistake"}).status_code == 404
    assert client.get("/errands/board/").status_code == 403
    assert client.get(f"/errands/{matter.pk}/dispatch/").status_code == 403
    assert client.get("/map/matters.geojson").json()["features"] == []
    assert client.get("/errands/courier/").status_code == 403


def test_who_is_not_signed_in_is_asked_to(street: Street) -> None:
    for path in ("/errands/", "/errands/board/", "/errands/courier/", "/errands/new/medicine/"):
        assert Client().get(path).status_code == 302


def test_a_worker_of_another_community_sees_nothing(street: Street) -> None:
    matter = street.errand()
    client = sign_in(street.far_worker)
    assert client.get(f"/errands/{matter.pk}/dispatch/").status_code == 404
    assert f"#{matter.pk}<" not in client.get("/errands/board/").content.decode()
    assert client.get("/map/matters.geojson").json()["features"] == []


def test_a_wrong_code_says_so_and_counts(street: Street) -> None:
    matter = street.taken()
    code = ErrandDetail.objects.get(pk=matter.pk).code
    client = sign_in(street.courier)
    wrong = "000000" if code != "000000" else "111111"
    answer = client.post(f"/errands/{matter.pk}/do/done/", {"code": wrong})
    assert answer.status_code == 422
    assert "验证码不对，请再问一次居民。" in answer.content.decode()
    assert wrong in answer.content.decode()
    assert ErrandDetail.objects.get(pk=matter.pk).code_tries == 1
    assert code not in answer.content.decode()
    answer = client.post(f"/errands/{matter.pk}/do/done/", {"code": code}, follow=True)
    assert "送到了，谢谢您！" in answer.content.decode()


def test_the_door_is_shown_on_asking_only_and_each_look_is_kept(street: Street) -> None:
    matter = street.taken()
    client = sign_in(street.courier)
    assert DOOR not in client.get(f"/errands/{matter.pk}/").content.decode()
    answer = client.post(f"/errands/{matter.pk}/address/")
    assert DOOR in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert Peek.objects.filter(matter=matter, courier=street.courier).count() == 1
    assert ReadLog.objects.filter(reader=street.courier, subject=street.resident, what="address").exists()


def test_couriers_see_no_door_and_no_name_before_they_accept(street: Street) -> None:
    street.errand(note="家里只有老人")
    street.duty(street.courier)
    text = sign_in(street.courier).get("/errands/courier/").content.decode()
    assert "1号楼" in text
    for hidden in (DOOR, "贺金秀", "老人", street.resident.phone):
        assert hidden not in text


def test_an_offer_that_has_gone_is_explained(street: Street) -> None:
    street.duty(street.courier)
    matter = street.errand()
    services.dispatch_to(by=street.worker, matter=matter, courier=street.courier, at=timezone.now())
    matter.refresh_from_db()
    act(matter, "lapse", by=None, at=timezone.now())
    answer = sign_in(street.courier).post(f"/errands/{matter.pk}/do/accept/", {"key": "a"}, follow=True)
    assert "已不在您手上" in answer.content.decode()


def test_an_advance_in_yuan_with_its_receipt_is_settled_by_both(street: Street) -> None:
    matter = street.taken()
    courier, resident = sign_in(street.courier), sign_in(street.resident)
    refused = courier.post(f"/errands/{matter.pk}/do/advance/", {"yuan": "十二块", "files": photo()})
    assert refused.status_code == 422
    assert "十二块" in refused.content.decode()
    courier.post(f"/errands/{matter.pk}/do/advance/", {"yuan": "12.5", "files": photo()})
    assert Advance.objects.get(matter=matter).amount_fen == 1250
    assert "12.50 元" in resident.get(f"/errands/{matter.pk}/").content.decode()
    resident.post(f"/errands/{matter.pk}/do/paid/")
    courier.post(f"/errands/{matter.pk}/do/received/")
    advance = Advance.objects.get(matter=matter)
    assert advance.paid_at
    assert advance.received_at


def test_rating_by_one_tap_credits_the_courier_once(street: Street) -> None:
    matter = street.taken()
    act(matter, "done", by=street.courier, data={"code": ErrandDetail.objects.get(pk=matter.pk).code})
    client = sign_in(street.resident)
    sent = {"stars": "5", "words": "谢谢", "key": "r1"}
    client.post(f"/errands/{matter.pk}/do/rate/", sent)
    client.post(f"/errands/{matter.pk}/do/rate/", sent)
    assert Event.objects.filter(matter=matter, action="rate").count() == 1
    assert balance(street.courier).pending == 10


def test_going_on_duty_needs_a_place(street: Street) -> None:
    client = sign_in(street.courier)
    answer = client.post("/errands/courier/on/", {"hours": "2"})
    assert answer.status_code == 422
    assert "请选择从哪里出发" in answer.content.decode()
    client.post("/errands/courier/on/", {"hours": "2", "start": street.places.building.code})
    assert Shift.objects.get(courier=street.courier).lat == street.places.building.lat
    client.post("/errands/courier/position/", {"lat": "38.43", "lng": "112.74"})
    assert Shift.objects.get(courier=street.courier).lat == 38.43
    assert client.post("/errands/courier/position/", {"lat": "nan", "lng": "1"}).status_code == 422
    client.post("/errands/courier/off/")
    assert Shift.objects.get(courier=street.courier).ended_at


def test_nobody_goes_off_duty_with_an_errand_in_hand(street: Street) -> None:
    street.taken()
    answer = sign_in(street.courier).post("/errands/courier/off/")
    assert answer.status_code == 409
    assert "还有没送完的捎带单" in answer.content.decode()


def test_the_board_shows_the_nearest_of_each_stage_and_counts_all(
    street: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("linhe.desks.errands.queries.cards._STAGE_MOST", 2)
    taken = street.taken()
    waiting = [street.errand() for _ in range(3)]
    page = sign_in(street.worker).get("/errands/board/").content.decode()
    nearest = Matter.objects.filter(pk__in=[m.pk for m in waiting]).order_by("due_at", "pk")
    shown = [f"#{matter.pk}<" in page for matter in (*nearest, taken)]
    assert shown == [True, True, False, True]
    assert "还有 1 件" in page
    assert '正在办 <b class="number">4</b>' in page
    assert '等人接 <b class="number">3</b>' in page


def test_dispatch_on_an_outdated_page_is_refused_and_says_so(street: Street) -> None:
    street.duty(street.courier)
    matter = street.errand()
    act(matter, "withdraw", by=street.resident, data={"reason": "mistake"})
    sent = {"courier": str(street.courier.pk), "version": str(matter.version), "key": "d1"}
    answer = sign_in(street.worker).post(f"/errands/{matter.pk}/dispatch/", sent)
    assert answer.status_code == 409
    assert "刚刚有了新进展" in answer.content.decode()


def test_dispatch_by_two_taps_is_one_offer(street: Street) -> None:
    street.duty(street.courier)
    matter = street.errand()
    client = sign_in(street.worker)
    sent = {"courier": str(street.courier.pk), "version": str(matter.version), "key": "d1"}
    for _ in range(2):
        assert client.post(f"/errands/{matter.pk}/dispatch/", sent)["Location"] == "/errands/board/"
    assert Offer.objects.filter(matter=matter).count() == 1


def test_an_explanation_that_is_refused_stays_in_the_form(street: Street) -> None:
    matter = street.taken()
    act(matter, "not_home", by=street.courier)
    client = sign_in(street.worker)
    sent = {"words": "电话没有人接，明天再打一次", "version": "1", "key": "c1"}
    answer = client.post(f"/errands/{matter.pk}/do/call_back/", sent)
    assert answer.status_code == 409
    assert "明天再打一次" in answer.content.decode()


def test_the_generic_page_carries_the_desks_panel(street: Street) -> None:
    street.duty(street.courier)
    matter = street.errand()
    text = sign_in(street.worker).get(f"/matters/{matter.pk}/").content.decode()
    assert "最合适的三位" in text
    assert "周**" in text
    assert DOOR not in text
    own = sign_in(street.resident).get(f"/matters/{matter.pk}/").content.decode()
    assert f"/errands/{matter.pk}/" in own
    assert "最合适的三位" not in own


def test_what_makes_no_sense_does_no_harm(street: Street) -> None:
    client, courier, worker = sign_in(street.resident), sign_in(street.courier), sign_in(street.worker)
    for path in (
        "?before=x", "mine/?before=-1", "place/?in=%00", "place/?q=%00&service=%00", "9" * 25 + "/",
        "new/medicine/?for=99999999999999999999&place=%F0%00",
    ):  # fmt: skip
        assert client.get(f"/errands/{path}").status_code in (200, 404)
    nothing = asking(note="a\0b", pickup_name="\0药房", key="\0", load="-3", pickup="\0")
    assert client.post("/errands/new/medicine/", nothing).status_code == 302
    assert client.post("/errands/new/medicine/", asking(load="999", key="n2")).status_code == 422
    assert client.post("/errands/new/medicine/", asking(note="长" * 5000, key="n3")).status_code == 422
    sent = {"start": "\0", "stop1": "\0", "time1": "99:99", "hours": "999999999999999999999", "lat": "inf", "lng": "0"}
    assert courier.post("/errands/courier/on/", sent).status_code == 422
    behalf = f"/errands/new/medicine/?behalf=1&place={street.places.building.code}"
    assert worker.post(behalf, asking(phone="\0abc")).status_code == 422
    assert worker.get(f"/errands/{Matter.objects.get().pk}/move/nowhere/").status_code == 200
