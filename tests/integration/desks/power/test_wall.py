"""The wall, guests' links, trucks and the review through the front door."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.core.people.services import set_display
from linhe.core.places.services import add_place
from linhe.desks.power import services
from linhe.desks.power.models import GuestLink, Outage, Truck, TruckAid
from linhe.desks.power.queries.links import link_of, token_of
from linhe.desks.power.queries.review import compared
from linhe.lib.text import Text
from tests.factories import make_post
from tests.integration.desks.power.world import AT, County


def as_(account: Account) -> Client:
    """A browser in which somebody is signed in."""
    client = Client()
    client.force_login(account)
    return client


def _text(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\0", "")


@pytest.fixture
def running(county: County) -> Matter:
    """A drill that began a moment ago, three items done."""
    county.minutes = (timezone.now() - AT).total_seconds() / 60 - 20
    matter = county.alarm(scene="lightning")
    county.to_step(matter, 4)
    return matter


def guest_of(county: County, matter: Matter) -> GuestLink:
    outage = Outage.objects.select_related("matter__place").get(pk=matter.pk)
    return services.invite(outage, [Text("安岭县", "Anling")], by=county.dispatcher, at=timezone.now())[0]


def test_the_wall_shows_clocks_the_step_its_reason_and_the_diagram(county: County, running: Matter) -> None:
    page = as_(county.observer).get(f"/power/{running.pk}/wall/")
    shown = page.content.decode()
    assert page.status_code == 200
    for words in ("两个一小时", "为什么现在做这一步", "雷电", "核实现场天气", "城东变电站", "3<small>/"):
        assert words in shown
    assert 'class="ol__bus is-dead"' in shown
    assert "邀请县公司" not in shown
    assert "邀请县公司" in as_(county.supervisor).get(f"/power/{running.pk}/wall/").content.decode()
    assert as_(county.outsider).get(f"/power/{running.pk}/wall/").status_code == 404
    points = as_(county.observer).get(f"/power/{running.pk}/wall/points.json").json()
    assert points["type"] == "FeatureCollection"


def test_a_guest_sees_the_wall_without_signing_in_and_nothing_else(county: County, running: Matter) -> None:
    link = guest_of(county, running)
    address = f"/power/guest/{token_of(link)}/"
    shown = Client().get(address).content.decode()
    assert "为什么现在做这一步" in shown
    assert "收回" not in shown
    assert f"/power/{running.pk}/" not in shown
    for person in (county.dispatcher, county.supervisor):
        assert person.name not in shown
    link.refresh_from_db()
    assert link.first_seen_at is not None
    assert Client().get(f"{address}points.json").status_code == 200
    assert Client().post(address).status_code == 405


def test_a_link_that_is_forged_expired_or_taken_back_leads_nowhere(county: County, running: Matter) -> None:
    link = guest_of(county, running)
    token = token_of(link)
    for wrong in (
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        f"{link.pk + 1}.{token.split('.', 1)[1]}",
        "x",
        "1.2",
    ):
        assert Client().get(f"/power/guest/{wrong}/").status_code == 404
    assert link_of(token, at=link.expires_at - timedelta(seconds=1)) == link
    assert link_of(token, at=link.expires_at) is None
    page = f"/power/{running.pk}/guests/revoke/"
    assert as_(county.observer).post(page, {"link": link.pk}).status_code == 404
    assert as_(county.supervisor).post(page, {"link": link.pk}).status_code == 302
    assert Client().get(f"/power/guest/{token}/").status_code == 404


def test_who_leads_invites_by_name_and_too_many_come_back_with_what_was_typed(county: County, running: Matter) -> None:
    page = f"/power/{running.pk}/guests/"
    assert as_(county.dispatcher).post(page, {"counties": "甲县\n乙县，丙县"}).status_code == 302
    assert list(GuestLink.objects.order_by("id").values_list("county", flat=True)) == ["甲县", "乙县", "丙县"]
    many = as_(county.dispatcher).post(page, {"counties": "\n".join(f"{n} 县" for n in range(40))})
    assert many.status_code == 422
    assert "39 县" in many.content.decode()
    assert as_(county.observer).post(page, {"counties": "丁县"}).status_code == 404


def test_a_request_goes_out_once_and_its_owner_answers_on_a_page(county: County, running: Matter) -> None:
    root = add_place(code="990211000000", name="甲县", kind="district")
    company = Organisation.objects.create(code="a-power", name="甲县供电公司", kind="company", place=root)
    truck = services.register_truck(
        code="a-800", name=Text("甲县 800 千瓦车", "A 800"), owner=company, kw=800, kva=1000, travel_min=45
    )
    officer = make_post("truck_owner", county.places.district, organisation=company)
    sent = {"outage": running.pk, "truck": truck.pk, "key": "key-12345678"}
    dispatcher, owner = as_(county.dispatcher), as_(officer)
    assert "请求支援" in dispatcher.get("/power/trucks/").content.decode()
    assert [dispatcher.post("/power/trucks/ask/", sent).status_code for _ in range(2)] == [302, 302]
    aid = TruckAid.objects.get()
    again = dispatcher.post("/power/trucks/ask/", sent | {"key": "key-87654321"})
    assert again.status_code == 409
    assert "不能重复使用" in again.content.decode()
    page = f"/power/aid/{aid.pk}/do/accept/"
    wrong = owner.post(page, {"key": "k-1", "version": 1, "minutes": "many"})
    assert wrong.status_code == 422
    assert "many" in wrong.content.decode()
    assert owner.post(page, {"key": "k-2", "version": 1, "minutes": 30}).status_code == 302
    assert "已同意" in owner.get("/power/trucks/").content.decode()
    assert owner.get(f"/power/{running.pk}/wall/").status_code == 404
    assert owner.post(f"/power/trucks/{truck.pk}/ready/", {"ready": "0"}).status_code == 302
    assert Truck.objects.get(pk=truck.pk).ready is False
    own = Truck.objects.filter(owner=county.company)[0]
    assert owner.post(f"/power/trucks/{own.pk}/ready/", {"ready": "0"}).status_code == 404
    assert as_(county.outsider).get("/power/trucks/").status_code == 404


def test_the_review_replays_registers_findings_and_prints_a_report(county: County, running: Matter) -> None:
    client, page = as_(county.supervisor), f"/power/{running.pk}/review/"
    assert "故障告警" in client.get(page, {"n": "0"}).content.decode()
    last = client.get(page, {"n": "9999"})
    assert 'max="3"' in last.content.decode()
    sent = {"step": "3", "words": "电话打了两次", "key": "key-12345678"}
    assert client.post(f"{page}find/", sent).status_code == 302
    assert client.post(f"{page}find/", sent).status_code == 302
    assert running.children.count() == 1
    short = client.post(f"{page}find/", {"step": "3", "words": "", "key": "key-2"})
    assert short.status_code == 422
    assert as_(county.observer).post(f"{page}find/", sent).status_code == 404
    report = client.get(f"{page}report.pdf")
    assert report["Content-Type"] == "application/pdf"
    assert "城东一线应急演练复盘报告" in _text(report.content)
    set_display(account=county.supervisor, language="en")
    english = _text(client.get(f"{page}report.pdf").content)
    assert "Chengdong line 1: review of the drill" in english
    assert "Time of each step" in english
    assert as_(county.outsider).get(f"{page}report.pdf").status_code == 404


def test_clocks_are_compared_with_drills_of_the_year_before_alone(county: County) -> None:
    times = {}
    for years, minutes in ((1, 4), (0, 3)):
        start = AT.replace(year=AT.year - years)
        county.minutes = (start - AT).total_seconds() / 60
        matter = county.alarm()
        clock = matter.run_sheet.clocks.get(code="isolate")
        clock.stopped_at = start + timedelta(minutes=minutes)
        clock.save()
        county.act(matter, "cancel", county.dispatcher, reason="other")
        times[years] = matter
    now = Outage.objects.select_related("matter").get(pk=times[0].pk)
    told = {one.clock.code: one for one in compared(now, now.matter.run_sheet, at=AT + timedelta(hours=1))}
    assert (told["isolate"].took_s, told["isolate"].before_s, told["isolate"].change_percent) == (180, 240, -25)
    assert (told["connect"].took_s, told["connect"].change_percent) == (None, None)
