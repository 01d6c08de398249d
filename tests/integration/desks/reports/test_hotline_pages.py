"""Pages of the hotline clerk, of whoever answers, and of the administrator of keys, through the front door."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from linhe.core.loop.acting import act
from linhe.core.people.models import Account, ReadLog
from linhe.desks.reports.models import ApiKey, HotlineFile, HotlineOrder
from tests.factories import make_post
from tests.integration.desks.reports.conftest import AT, Scene
from tests.integration.desks.reports.orders import csv, receive, row


def browser(account: Account) -> Client:
    """Someone's browser."""
    client = Client()
    client.force_login(account)
    return client


def send(client: Client, content: bytes, name: str = "orders.csv") -> Any:
    """Choose a file and go on."""
    return client.post("/reports/hotline/import/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def text(response: Any) -> str:
    """The page."""
    return str(response.content.decode())


def test_a_file_is_shown_then_imported_and_its_bad_rows_taken_home(scene: Scene) -> None:
    client = browser(scene.supervisor)
    assert "工单编号" in text(client.get("/reports/hotline/import/"))
    page = text(send(client, csv(row(1), row(2), "GD-3,昨天,物业管理,没人来,安居小区,,,,,")))
    file = HotlineFile.objects.get()
    assert "导入 2 件" in page
    assert "时间写法不对" in page
    assert HotlineOrder.objects.count() == 0
    for _ in range(2):  # a double tap
        page = text(client.post(f"/reports/hotline/import/{file.pk}/", follow=True))
    assert HotlineOrder.objects.count() == 2
    assert "没有导入的行" in page
    sheet = load_workbook(io.BytesIO(client.get(f"/reports/hotline/import/{file.pk}/bad/").content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[1][0] == "GD-3"
    assert str(rows[1][-1]).startswith("来电时间：")
    assert "早已在系统里" in text(send(client, csv(row(1), row(9))))
    assert browser(scene.clerk).get(f"/reports/hotline/import/{file.pk}/").status_code == 404
    assert browser(scene.clerk).get("/reports/hotline/import/").status_code == 404


@pytest.mark.parametrize("content", [None, b"", b"\x00", b"PK\x03\x04", b"a,b\n1,2"])
def test_a_file_that_cannot_be_read_is_told(content: bytes | None, scene: Scene) -> None:
    client = browser(scene.supervisor)
    sent = {} if content is None else {"file": SimpleUploadedFile("a.csv", content)}
    response = client.post("/reports/hotline/import/", sent)
    assert response.status_code == 422
    assert 'role="alert"' in text(response)


def test_the_template_can_be_sent_back_as_it_is(scene: Scene) -> None:
    client = browser(scene.supervisor)
    scene.town.subdistrict.name = "东街道"
    response = client.get("/reports/hotline/template/")
    page = text(send(client, response.content, "t.xlsx"))
    assert "可以导入" in page
    assert "2026-0302-000117" in page


def test_the_list_shows_what_waits_and_narrows(scene: Scene) -> None:
    first, second = receive(scene, 1), receive(scene, 2, category="noise", organisation="")
    act(first, "answer", by=scene.manager, at=AT, data={"words": "电梯已修好"})
    client = browser(scene.supervisor)
    assert [n in text(client.get("/reports/hotline/")) for n in ("GD-1", "GD-2")] == [False, True]
    for query, shown in (
        ("state=answered", [True, False]), ("state=", [True, True]), ("state=&category=noise", [False, True]),
        ("state=&organisation=wuye", [True, False]), (f"state=&place={scene.town.compound.pk}", [True, True]),
        ("state=&period=today", [False, False]), ("state=in_time", [True, False]),
    ):  # fmt: skip
        page = text(client.get(f"/reports/hotline/?{query}"))
        assert [n in page for n in ("GD-1", "GD-2")] == shown, query
    assert client.get("/reports/hotline/?state=nonsense").status_code == 404
    assert client.get("/reports/hotline/?place=999999").status_code == 200
    assert client.get(f"/reports/hotline/?place={scene.town.district.pk}").status_code == 404
    manager = text(browser(scene.manager).get("/reports/hotline/?state="))
    assert [n in manager for n in ("GD-1", "GD-2")] == [True, False]
    assert second.stage == "received"


def test_the_list_costs_the_same_however_long(scene: Scene, django_assert_max_num_queries: Any) -> None:
    for n in range(12):
        receive(scene, n)
    client = browser(scene.supervisor)
    client.get("/reports/hotline/")
    with django_assert_max_num_queries(20):
        client.get("/reports/hotline/")


def test_rates_open_their_orders(scene: Scene) -> None:
    matter = receive(scene)
    act(matter, "answer", by=scene.manager, at=AT, data={"words": "电梯已修好"})
    act(matter, "call_back", by=scene.supervisor, at=AT, data={"satisfied": True})
    client = browser(scene.supervisor)
    for by, name in (("organisation", "安居物业"), ("category", "物业管理"), ("place", "东街道"), ("x", "安居物业")):
        page = text(client.get(f"/reports/hotline/rates/?by={by}&period=all"))
        assert name in page
        assert page.count(">100%<") == 2
    links = [part.split('"')[0] for part in page.split('href="/reports/hotline/?')[1:]]
    assert len(links) >= 4
    for link in links[:4]:
        assert client.get(f"/reports/hotline/?{link}".replace("&amp;", "&")).status_code == 200
    assert 'href="?state=&amp;period=month&amp;by=organisation" aria-current="true"' in text(
        client.get("/reports/hotline/rates/")
    )


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_orders_are_exported_with_answers_and_without_callers(form: str, scene: Scene) -> None:
    act(receive(scene), "answer", by=scene.manager, at=AT, data={"words": "电梯已修好"})
    response = browser(scene.supervisor).get(f"/reports/hotline/export/{form}/?state=")
    assert response["Content-Disposition"] == f'attachment; filename="12345.{form}"'
    if form == "xlsx":
        sheet = load_workbook(io.BytesIO(response.content)).active
        assert sheet is not None
        found = str(list(sheet.iter_rows(values_only=True)))
    else:
        found = response.content.decode("utf-8-sig" if form == "csv" else "utf-8")
    assert "电梯已修好" in found
    assert "鸟名" not in found
    if form == "json":
        assert json.loads(found)[0]["工单编号"] == "GD-1"


def test_an_empty_export_is_a_file_too(scene: Scene) -> None:
    client = browser(scene.supervisor)
    assert client.get("/reports/hotline/export/json/").json() == []
    assert client.get("/reports/hotline/export/xlsx/").status_code == 200
    assert client.get("/reports/hotline/export/pdf/").status_code == 404


def test_the_clerk_hands_an_order_on_from_its_page(scene: Scene) -> None:
    matter, client = receive(scene), browser(scene.supervisor)
    page = text(client.get(f"/matters/{matter.pk}/"))
    assert "交给另一个单位" in page
    url = f"/reports/hotline/{matter.pk}/assign/"
    for _ in range(2):
        client.post(url, {"organisation": "urban", "key": "key-12345678", "version": "1"})
    matter.refresh_from_db()
    assert (matter.organisation, matter.version) == (scene.urban, 2)
    assert "没有这个单位" in text(client.post(url, {"organisation": "no"}, follow=True))
    assert browser(scene.manager).post(url, {"organisation": ""}).status_code == 404


def test_the_number_is_shown_to_those_who_call_back_and_the_resident_sees_it(scene: Scene) -> None:
    scene.resident.set_phone("19999977733")
    scene.resident.save()
    matter = receive(scene)
    url = f"/reports/hotline/{matter.pk}/phone/"
    assert "19999977733" in text(browser(scene.clerk).post(url))
    assert "<html" not in text(browser(scene.clerk).post(url, headers={"HX-Request": "true"}))
    assert ReadLog.objects.filter(subject=scene.resident, what="phone", reader=scene.clerk).count() == 2
    assert "答复、回访 · 12345 工单 #" in text(browser(scene.resident).get("/me/privacy/"))
    for who in (scene.manager, scene.resident, scene.officer):
        assert browser(who).post(url).status_code == 404
    assert browser(scene.clerk).get(url).status_code == 405


def test_the_administrator_makes_shows_once_and_revokes_keys(scene: Scene) -> None:
    administrator = make_post("administrator", scene.town.subdistrict)
    client = browser(administrator)
    sent = {"name": "掌上城市", "purpose": "open311", "place": scene.town.subdistrict.pk, "key": "key-12345678"}
    first, again = text(client.post("/reports/keys/", sent)), text(client.post("/reports/keys/", sent))
    shown = first.split('key-text">')[1].split("<")[0]
    assert shown.startswith("lh_")
    assert shown in again
    key = ApiKey.objects.get()
    assert shown not in text(client.get("/reports/keys/"))
    assert f"…{key.hint}" in text(client.get("/reports/keys/"))
    stranger = browser(make_post("administrator", scene.town.other_community))
    assert stranger.post(f"/reports/keys/{key.pk}/revoke/").status_code == 404
    assert client.post("/reports/keys/999/revoke/").status_code == 404
    client.post(f"/reports/keys/{key.pk}/revoke/")
    key.refresh_from_db()
    assert key.revoked_at is not None
    assert client.post("/reports/keys/", sent | {"place": scene.town.district.pk}).status_code == 422
    assert client.post("/reports/keys/", {}).status_code == 422
    assert browser(scene.supervisor).get("/reports/keys/").status_code == 404
