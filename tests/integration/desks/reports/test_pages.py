"""The pages of the desk answer, keep what was typed, and show each reader what is theirs."""

from __future__ import annotations

import html
import io
import json
import re

import pytest
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from linhe.core.loop.acting import act
from linhe.core.loop.models import Event, Matter
from linhe.core.people.models import Account
from linhe.core.places.stickers import sticker_of
from linhe.desks.reports.models import Following, Report
from linhe.desks.reports.queries import link_of
from linhe.desks.reports.queries.views import without_door
from linhe.web.accounts.entering import BACKEND, PROVEN_BY, TOTP
from tests.factories import make_post
from tests.integration.desks.reports.conftest import Scene
from tests.trust.strategies import photos


def browser(account: Account | None) -> Client:
    client = Client()
    if account is not None:
        request = HttpRequest()
        request.session = SessionStore()
        login(request, account, backend=BACKEND)
        request.session[PROVEN_BY] = TOTP
        request.session.save()
        client.cookies["sessionid"] = request.session.session_key
    return client


def now(scene: Scene, category: str = "lights", by: Account | None = None, **data) -> Matter:
    from linhe.desks.reports.services import raise_report

    told = {"category": category, "words": "楼道口的灯不亮", **data}
    return raise_report(by=by, place=scene.town.building, data=told, at=timezone.now(), files=photos(1)).matter


def typed(scene: Scene, **more) -> dict:
    return {
        "step": "send", "key": "key-12345678", "category": "lights", "place": scene.town.building.code,
        "words": "灯坏了", "spot": "2单元", "how": "named",
    } | more  # fmt: skip


def test_reporting_with_a_photo_leads_to_its_page(scene: Scene) -> None:
    client = browser(scene.resident)
    assert "拍照片" in client.get("/reports/new/").content.decode()
    for _ in range(2):
        answer = client.post("/reports/new/", typed(scene) | {"files": photos(2)})
        assert answer.status_code == 302
    report = Report.objects.get()
    assert answer["Location"] == reverse("reports:report", args=[report.pk])
    page = client.get(answer["Location"]).content.decode()
    assert "已收到" in page
    assert "灯坏了" in page
    assert page.count("/photos/") == 4
    assert "/reports/" in client.get("/reports/").content.decode()


def test_a_refusal_keeps_everything_that_was_typed(scene: Scene) -> None:
    client = browser(scene.resident)
    for missing, said in (("place", "请选一个地点"), ("category", "请选一个类别")):
        answer = client.post("/reports/new/", typed(scene, **{missing: ""}))
        page = answer.content.decode()
        assert answer.status_code == 422
        assert said in page
        assert "灯坏了" in page
        assert "2单元" in page
    answer = client.post("/reports/new/", typed(scene, step="find", q="安居小区1号"))
    assert "安居小区1号楼" in answer.content.decode()
    assert "灯坏了" in answer.content.decode()
    assert not Matter.objects.exists()


def test_without_signing_in_one_reports_anonymously_and_follows_by_the_link(scene: Scene) -> None:
    client = browser(None)
    assert client.post("/reports/new/", typed(scene)).status_code == 422
    answer = client.post("/reports/new/", typed(scene, how="unnamed"))
    matter = Matter.objects.get()
    assert (matter.requester, matter.report.unnamed) == (None, True)
    assert answer["Location"] == reverse("reports:link", args=[link_of(matter)])
    assert "请存好这个链接" in client.get(answer["Location"]).content.decode()
    assert client.get(answer["Location"][:-2] + "x/").status_code == 404
    act(matter, "accept", by=scene.clerk)
    act(matter, "solve", by=scene.clerk, data={"words": "换了灯泡"})
    assert "换了灯泡" in client.get(answer["Location"]).content.decode()
    assert client.post(answer["Location"], {"answer": "reopen", "words": "", "key": "k1-12345678"}).status_code == 422
    client.post(answer["Location"], {"answer": "reopen", "words": "还是不亮", "key": "k2-12345678"})
    matter.refresh_from_db()
    assert matter.stage == "working"
    act(matter, "solve", by=scene.clerk, data={"words": "换了线路"})
    client.post(answer["Location"], {"answer": "confirm", "key": "k3-12345678"})
    matter.refresh_from_db()
    assert matter.stage == "confirmed"


def test_a_signed_in_resident_may_also_stay_unknown(scene: Scene) -> None:
    browser(scene.resident).post("/reports/new/", typed(scene, how="unnamed"))
    assert Matter.objects.get().requester is None


@pytest.mark.parametrize(("how", "source"), [("unnamed", "page"), ("named", "courier")])
def test_a_courier_without_a_name_is_not_told_to_be_one(scene: Scene, how: str, source: str) -> None:
    courier = make_post("courier", scene.town.community)
    browser(courier).post("/reports/new/", typed(scene, how=how))
    assert Report.objects.get().source == source
    assert Event.objects.get().data["source"] == source


def test_something_near_is_offered_to_follow_first(scene: Scene) -> None:
    first = now(scene, by=scene.resident)
    client = browser(scene.neighbour)
    answer = client.post("/reports/new/", typed(scene))
    assert answer.status_code == 409
    assert f"/reports/{first.pk}/" in answer.content.decode()
    assert Matter.objects.count() == 1
    assert b"\xe4\xb8\x80\xe8\xb5\xb7" in client.get(f"/reports/{first.pk}/").content
    assert client.post(f"/reports/{first.pk}/follow/", {"key": "k4-12345678"}).status_code == 302
    assert Following.objects.get().account == scene.neighbour
    page = client.get(f"/reports/{first.pk}/").content.decode()
    assert "楼道口" not in page
    assert client.post(f"/reports/{first.pk}/unfollow/").status_code == 302
    assert client.post("/reports/new/", typed(scene, seen="1")).status_code == 302
    assert Matter.objects.count() == 2


def test_what_the_script_sends_is_answered_with_an_address(scene: Scene) -> None:
    client = browser(scene.resident)
    answer = client.post("/reports/new/", typed(scene, refill="1"), headers={"Accept": "application/json, text/html"})
    assert (answer.status_code, json.loads(answer.content)["repeated"]) == (201, False)
    again = client.post("/reports/new/", typed(scene, refill="1", seen="1"), headers={"Accept": "application/json"})
    assert json.loads(again.content)["repeated"] is True
    assert Matter.objects.count() == 1


def test_the_public_sees_no_words_and_no_person_until_a_clerk_lets_it(scene: Scene) -> None:
    shown, hidden = now(scene, by=scene.resident), now(scene, "noise", private=True)
    anyone = browser(None)
    address = f"/reports/{shown.pk}/"
    photo = f"{address}photos/{shown.evidence.get().pk}/"
    page, layer = anyone.get(address).content.decode(), anyone.get("/reports/public.geojson").content.decode()
    listed = anyone.get("/reports/public/").content.decode()
    assert "路灯不亮" in page
    assert "路灯不亮" in listed
    assert "楼道口" not in page + layer + listed
    assert "噪声扰民" not in layer
    assert anyone.get(f"/reports/{hidden.pk}/").status_code == anyone.get("/reports/999999/").status_code == 404
    assert anyone.get(photo).status_code == 404
    (feature,) = json.loads(layer)["features"]
    assert feature["geometry"]["coordinates"] == [112.731, 38.421]
    act(shown, "publish", by=scene.clerk, data={"words_public": "楼前路灯不亮", "photos": True})
    assert "楼前路灯不亮" in anyone.get(address).content.decode()
    opened = anyone.get(photo)
    assert (opened.status_code, opened["Content-Type"]) == (200, "image/webp")
    assert b"".join(opened)
    act(shown, "hide", by=scene.clerk, data={"reason": "person", "words": "拍到了人"})
    assert anyone.get(address).status_code == anyone.get(photo).status_code == 404


def test_whoever_it_is_about_sees_the_issue_and_never_the_person(scene: Scene) -> None:
    matter = now(scene, "rubbish", by=scene.resident)
    address = f"/matters/{matter.pk}/"
    company, clerk = browser(scene.manager).get(address), browser(scene.clerk).get(address)
    assert "楼道口的灯不亮" in company.content.decode()
    assert "提出人" in clerk.content.decode()
    assert "王**" in clerk.content.decode()
    assert "王" not in company.content.decode().replace("王宫", "")
    act(matter, "anonymise", by=scene.resident)
    assert "王**" not in browser(scene.clerk).get(address).content.decode()
    rows = load_workbook(io.BytesIO(browser(scene.manager).get("/reports/board/export/").content)).active
    text = str([[cell.value for cell in row] for row in rows.iter_rows()])
    assert "垃圾杂物" in text
    assert "王" not in text
    assert "楼道口" not in text


def test_an_organisation_reads_the_issue_without_person_and_door(scene: Scene) -> None:
    typed = {"words": "王小明说楼道堆满了，回电19999977733", "spot": "1号楼2单元501室"}
    matter = now(scene, "rubbish", by=scene.resident, **typed)
    page, board = f"/matters/{matter.pk}/", "/reports/board/"
    for step in ("accept", "add"):
        act(matter, step, by=scene.manager, data={"words": "我们上午去看"} if step == "add" else {})
        for address in (page, board, f"/reports/{matter.pk}/"):
            text = browser(scene.manager).get(address).content.decode()
            assert "楼道堆满了" in text
            assert not [secret for secret in ("王小明", "19999977733", "501室", "2单元") if secret in text]
    act(matter, "add", by=scene.resident, data={"words": "我在501室"})
    assert "我们上午去看" in browser(scene.manager).get(page).content.decode()
    assert "501室" not in browser(scene.manager).get(page).content.decode()
    photo = f"{page}photos/{matter.evidence.get().pk}/"
    assert b"".join(browser(scene.manager).get(photo))
    clerk = browser(scene.clerk).get(page).content.decode()
    assert all(told in clerk for told in ("王小明", "19999977733", "2单元501室", "我在501室"))
    assert "王小明" in browser(scene.clerk).get(board).content.decode()


@pytest.mark.parametrize(
    ("spot", "shown"),
    [("2单元3楼楼道", "2单元3楼楼道"), ("1号楼2单元501室", "1号楼"), ("501", ""), ("3-2-501", ""), ("北门", "北门")],
)
def test_a_common_spot_is_told_and_a_door_is_not(spot: str, shown: str) -> None:
    assert without_door(spot) == shown


def test_the_board_narrows_and_does_many_at_once(scene: Scene) -> None:
    one, two, three = now(scene), now(scene, "noise"), now(scene, "wires")
    client = browser(scene.clerk)
    page = client.get("/reports/board/?category=noise").content.decode()
    assert f"#{two.pk}" in page
    assert f"/matters/{one.pk}/" not in page
    sent = {"report": [one.pk, two.pk, three.pk], "action": "accept", "key": "bulk-123456"}
    assert client.post("/reports/board/bulk/", sent).status_code == 302
    answer = client.post("/reports/board/bulk/", sent | {"action": "solve", "words": "已统一检修", "key": "bulk-2"})
    assert answer.status_code == 409
    assert "需要" in answer.content.decode() or "照片" in answer.content.decode()
    assert sorted(Matter.objects.values_list("stage", flat=True)) == ["solved", "solved", "working"]
    assert client.post("/reports/board/bulk/", {"action": "accept"}).status_code == 422
    assert browser(scene.resident).get("/reports/board/").status_code == 403


def test_the_board_is_paged_by_limit(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    raised = [now(scene, category) for category in ("noise", "wires", "lights", "noise", "wires")]
    monkeypatch.setattr("linhe.desks.reports.queries.board.PAGE_ROWS", 2)
    client, path, met = browser(scene.clerk), "/reports/board/?lane=raised", []
    while path:
        text = client.get(path).content.decode()
        met.append([int(n) for n in re.findall(r'name="report" value="([0-9]+)"', text)])
        found = re.search(r'href="([^"]*after=[^"]*)" rel="next"', text)
        path = f"/reports/board/{html.unescape(found[1])}" if found else ""
    assert [len(numbers) for numbers in met] == [2, 2, 1]
    nearest = Matter.objects.filter(pk__in=[m.pk for m in raised]).order_by("due_at", "pk")
    assert [number for page in met for number in page] == [matter.pk for matter in nearest]
    assert client.get("/reports/board/?after=nonsense").status_code == 200


def test_the_owner_hands_a_part_on(scene: Scene) -> None:
    matter = now(scene, by=scene.resident)
    client = browser(scene.clerk)
    client.post(f"/matters/{matter.pk}/do/accept/", {"key": "accept-12345"})
    sent = {"organisation": "urban", "category": "road", "words": "请补路面", "key": "part-123456"}
    assert client.post(f"/reports/{matter.pk}/hand-on/", sent).status_code == 302
    part = Matter.objects.get(parent=matter)
    assert part.organisation == scene.urban
    assert f"#{part.pk}" in client.get(f"/matters/{matter.pk}/").content.decode()
    assert browser(scene.resident).post(f"/reports/{matter.pk}/hand-on/", sent).status_code == 403


def test_a_label_says_where_it_hangs_and_a_forged_one_is_known(scene: Scene) -> None:
    token = sticker_of(scene.town.building)
    client = browser(None)
    page = client.get(f"/reports/at/{token}/").content.decode()
    for said in ("安居小区1号楼", "testserver", "不会要您付款"):
        assert said in page
    assert "password" not in page
    assert client.get(f"/reports/at/{token[:-1]}x/").status_code == 404
    form = client.get("/reports/new/", {"at": token}).content.decode()
    assert "1号楼" in form
    client.post(
        f"/reports/new/?at={token}", typed(scene, how="unnamed", place=scene.town.other_building.code, at=token)
    )
    assert Matter.objects.get().place == scene.town.building
    assert Report.objects.get().source == "qr"


def test_the_label_can_be_printed_by_whoever_works_there(scene: Scene) -> None:
    address = f"/reports/poster/{scene.town.building.code}/"
    sheet = browser(scene.clerk).get(address)
    assert sheet["Content-Type"] == "application/pdf"
    assert sheet.content.startswith(b"%PDF")
    assert browser(scene.clerk).get(f"/reports/poster/{scene.town.other_building.code}/").status_code == 404
    assert browser(scene.resident).get(address).status_code == 403


def test_what_the_device_keeps_names_nobody(scene: Scene) -> None:
    client = browser(scene.resident)
    shell = client.get("/reports/offline/").content.decode()
    assert "安居小区" not in shell
    assert "csrfmiddlewaretoken" not in shell[shell.index("data-report=") :]
    worker = client.get("/reports/sw.js")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "/reports/offline/" in worker.content.decode()


@pytest.mark.parametrize(("words", "code"), [("楼道里有人飞线充电", "fire"), ("水管漏水", "water"), ("你好", "")])
def test_words_suggest_a_category(db: None, words: str, code: str) -> None:
    assert json.loads(browser(None).get("/reports/suggest/", {"words": words}).content)["code"] == code


def test_the_api_raises_with_photos_and_lists_masked(scene: Scene) -> None:
    client = browser(scene.resident)
    sent = {"place_code": scene.town.building.code, "category": "lights", "words": "灯不亮", "files": photos(2)}
    answer = client.post("/api/reports/raise", sent, headers={"Idempotency-Key": "key-12345678"})
    assert answer.status_code == 201, answer.content
    assert Matter.objects.get().evidence.count() == 2
    listed = browser(None).get("/api/reports/public").json()
    assert [row["number"] for row in listed["rows"]] == [answer.json()["number"]]
    assert "灯不亮" not in str(listed["rows"][0]["words"])
    assert len(browser(None).get("/api/reports/categories").json()) == 16
