"""12345 orders: answered within their limit, called back, sent by API, exported, counted."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from linhe.core.indicators.measures import all_measures
from linhe.core.indicators.queries import events_behind, figures
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.acting import act
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Event, Matter, Particular
from linhe.core.loop.refusals import Refused
from linhe.core.loop.retention import forget_old
from linhe.core.people import holdings
from linhe.desks.reports.models import HotlineOrder
from linhe.desks.reports.queries import dealt_with
from linhe.desks.reports.queries.hotline import Asked, asked_orders, exported, order_view, orders_page, rates
from tests.factories import make_post
from tests.integration.desks.reports.conftest import AT, Scene
from tests.integration.desks.reports.open311 import a_key
from tests.integration.desks.reports.orders import DAY, HEAD, receive, row

# ---- the loop


def test_an_order_goes_round_the_loop(scene: Scene) -> None:
    matter = receive(scene)
    assert (matter.stage, matter.organisation, matter.title) == ("received", scene.company, "12345：物业管理")
    assert matter.due_at == datetime(2026, 3, 11, 16, 0, tzinfo=UTC)  # five working days after the 4th, at midnight
    matter = act(
        matter, "answer", by=scene.manager, at=AT + DAY, data={"result": "solved", "words": "电梯已修好"}
    ).matter
    order = matter.hotline
    assert (order.in_time, order.result, order.answered_at) == (True, "solved", AT + DAY)
    with pytest.raises(Refused):
        act(matter, "call_back", by=scene.manager, at=AT + DAY, data={"satisfied": True})
    matter = act(matter, "call_back", by=scene.supervisor, at=AT + 2 * DAY, data={"satisfied": True}).matter
    order.refresh_from_db()
    assert (matter.stage, order.satisfied) == ("closed", True)


def test_the_orders_own_limit_counts(scene: Scene) -> None:
    limit_at = AT + timedelta(hours=5)
    matter = receive(scene, limit_at=limit_at.isoformat())
    assert matter.due_at == limit_at == HotlineOrder.objects.get().limit_at
    assert sweep_clocks(at=limit_at) == 1
    matter.refresh_from_db()
    matter = act(matter, "answer", by=scene.clerk, at=limit_at, data={"words": "已联系物业处理"}).matter
    assert matter.hotline.in_time is False
    assert [e.action for e in Event.objects.filter(matter=matter)] == ["receive", "late", "answer"]


def test_an_order_that_did_not_satisfy_is_worked_on_again(scene: Scene) -> None:
    matter = receive(scene)
    act(matter, "answer", by=scene.manager, at=AT, data={"words": "已安排维修"})
    matter = act(matter, "redo", by=scene.supervisor, at=AT + DAY, data={"words": "来电人说还没修"}).matter
    assert (matter.stage, matter.due_at) == ("received", datetime(2026, 3, 12, 16, 0, tzinfo=UTC))
    act(matter, "answer", by=scene.manager, at=AT + 2 * DAY, data={"words": "今天修好了"})
    matter = act(matter, "call_back", by=scene.supervisor, at=AT + 3 * DAY, data={"satisfied": False}).matter
    assert matter.hotline.satisfied is False


@pytest.mark.parametrize("first_late", [False, True])
def test_an_order_worked_on_again_is_open_again_and_late_when_its_second_limit_passes(
    scene: Scene, first_late: bool
) -> None:
    def counted(at: datetime) -> tuple[int, int, int]:
        (rate,) = rates(scene.supervisor, Asked(), "organisation", at=at)
        return rate.answered, rate.in_time, rate.late

    matter, at = receive(scene), AT + (20 * DAY if first_late else DAY)
    sweep_clocks(at=at)
    act(matter, "answer", by=scene.manager, at=at, data={"words": "已安排维修"})
    assert counted(at) == (1, not first_late, first_late)
    act(matter, "redo", by=scene.supervisor, at=at, data={"words": "来电人说还没修"})
    assert counted(at) == (0, 0, first_late)
    at += 20 * DAY
    assert counted(at) == (0, 0, 1)
    act(matter, "answer", by=scene.manager, at=at, data={"words": "今天修好了"})
    assert counted(at) == (1, 0, 1)


def test_a_company_sends_back_what_is_not_its_own_and_the_clerk_hands_it_on(scene: Scene) -> None:
    matter = receive(scene)
    matter = act(matter, "return_order", by=scene.manager, at=AT, data={"words": "不是我们小区"}).matter
    assert matter.organisation is None
    with pytest.raises(Refused):
        act(matter, "answer", by=scene.manager, at=AT, data={"words": "还能答复吗"})
    matter = act(matter, "assign", by=scene.supervisor, at=AT, data={"organisation": "urban"}).matter
    assert matter.organisation == scene.urban == matter.hotline.organisation
    act(matter, "answer", by=scene.officer, at=AT, data={"words": "已到现场处理"})


@pytest.mark.parametrize(
    "data",
    [
        {"category": "no_such"},
        {"called_at": "2026-03-05T00:00:00+08:00"},
        {"limit_at": "2026-03-01T00:00:00+08:00"},
        {"organisation": "no-such"},
        {"number": "?"},
        {"content": ""},
        {"phone": "call me"},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused(data: dict[str, Any], scene: Scene) -> None:
    with pytest.raises(Refused) as refused:
        receive(scene, **data)
    assert set(refused.value.details) == set(data)
    assert Matter.objects.count() == 0


def test_only_clerks_of_the_place_receive_orders(scene: Scene) -> None:
    for who in (
        scene.manager,
        scene.clerk,
        scene.resident,
        make_post("subdistrict_officer", scene.town.other_community),
    ):
        scene.supervisor = who
        with pytest.raises(Refused):
            receive(scene)


# ---- who sees what


def test_the_company_sees_the_issue_never_the_caller(scene: Scene) -> None:
    matter = receive(scene)
    for who, knows in ((scene.clerk, True), (scene.supervisor, True), (scene.manager, False)):
        view = order_view(matter, reader=who, at=AT)
        assert ("鸟名" in view.content + view.caller, "501" in view.address, bool(view.masked_phone)) == (knows,) * 3
        assert "电梯坏了" in view.content
        client = Client()
        client.force_login(who)
        page = client.get(f"/matters/{matter.pk}/").content.decode()
        assert "电梯坏了" in page
        assert ("鸟名来电" in page, "2单元" in page) == (knows, knows)
        assert "19999977733" not in page
    other = make_post("property_manager", scene.town.compound)
    assert orders_page(other, Asked(), at=AT).rows == []


def test_nothing_personal_enters_the_log(scene: Scene) -> None:
    receive(scene)
    kept = json.dumps(list(Event.objects.values_list("data", flat=True)), ensure_ascii=False)
    assert "鸟名" not in kept
    assert "501" not in kept
    assert not Particular.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text FROM reports_hotlineorder t")
        assert "鸟名" not in str(cursor.fetchall())


def test_callers_are_forgotten_in_time_and_may_be_erased(scene: Scene) -> None:
    matter = receive(scene)
    scene.resident.set_phone("+86 199 9997 7733")
    scene.resident.phone_verified_at = AT
    scene.resident.save()
    holding = next(h for h in holdings.holdings() if h.code == "hotline")
    assert holding.export(scene.resident)[0]["i_said"].startswith("鸟名来电")
    assert holding.export(scene.neighbour) == []
    act(matter, "answer", by=scene.clerk, at=AT, data={"words": "已处理完毕"})
    act(matter, "call_back", by=scene.supervisor, at=AT, data={"satisfied": True})
    forget_old(at=AT + 365 * DAY)
    assert HotlineOrder.objects.get().content != ""
    forget_old(at=AT + 366 * DAY)
    order = HotlineOrder.objects.get()
    assert (order.content, order.caller, order.phone, order.address, order.answer) == ("",) * 5
    assert (order.number, order.in_time) == ("GD-1", True)
    second = receive(scene, 2)
    holding.erase(scene.resident, AT)
    assert HotlineOrder.objects.get(pk=second.pk).phone == ""


# ---- the API


def send(key: str, orders: list[dict[str, str]], request: str = "request-1") -> Any:
    """Send orders as the hotline's system does."""
    return Client().post(
        "/api/reports/hotline/orders", json.dumps({"orders": orders}), content_type="application/json",
        headers={"X-API-Key": key, "Idempotency-Key": request},
    )  # fmt: skip


def test_orders_come_by_api_once(scene: Scene) -> None:
    key = a_key(scene.town.district, purpose="hotline")
    good = dict(zip(HEAD.split(","), row(1).split(","), strict=True))
    orders = [good, good | {"工单编号": "GD-2", "诉求类别": "天气"}]
    first, again = send(key, orders), send(key, orders)
    assert (first.status_code, again.status_code) == (201, 200)
    rows = first.json()["rows"]
    assert [one["state"] for one in rows] == ["taken", "bad"]
    assert rows[1]["faults"][0]["column"] == "诉求类别"
    assert again.json() == first.json() | {"repeated": True}
    assert send(key, orders[:1]).status_code == 422
    assert send(key, orders[:1], "request-2").json()["rows"][0] == rows[0] | {"state": "known"}
    assert Matter.objects.get().requester is None
    assert Event.objects.get().data["source"] == "api"


def test_the_api_needs_a_key_of_the_hotline(scene: Scene) -> None:
    for key in ("", "x", a_key(scene.town.district)):
        assert send(key, [{"工单编号": "1"}]).status_code == 401
    elsewhere = a_key(scene.town.other_community, purpose="hotline")
    good = dict(zip(HEAD.split(","), row(1).split(","), strict=True))
    assert send(elsewhere, [good]).json()["rows"][0]["state"] == "bad"


def test_answers_are_fetched_by_api_without_the_caller(scene: Scene) -> None:
    key, matter = a_key(scene.town.district, purpose="hotline"), receive(scene)

    def get(**query: str) -> Any:
        return Client().get("/api/reports/hotline/orders", query, headers={"X-API-Key": key})

    assert get().json() == {"rows": [], "next_before": None}
    act(matter, "answer", by=scene.manager, at=AT, data={"words": "电梯已修好"})
    one = get(answered_since="2026-03-01T00:00:00").json()["rows"][0]
    assert (one["number"], one["answer"], one["organisation"], one["in_time"]) == (
        "GD-1",
        "电梯已修好",
        "安居物业",
        True,
    )
    assert get(answered_since="2026-03-05T00:00:00Z").json()["rows"] == []
    assert "鸟名" not in get().content.decode()


# ---- figures


def test_rates_count_companies_categories_and_places(scene: Scene) -> None:
    for n, (days, satisfied) in enumerate([(1, True), (2, True), (20, False)]):
        matter = receive(scene, n)
        sweep_clocks(at=AT + days * DAY)
        act(matter, "answer", by=scene.manager, at=AT + days * DAY, data={"words": "已经处理"})
        act(matter, "call_back", by=scene.supervisor, at=AT + days * DAY, data={"satisfied": satisfied})
    receive(scene, 9, category="noise", organisation="")
    at = AT + 21 * DAY
    company, nobody = rates(scene.supervisor, Asked(), "organisation", at=at)
    assert (company.key, company.raised, company.in_time, company.late, company.satisfied) == ("wuye", 3, 2, 1, 2)
    assert company.in_time_share == company.satisfied_share == pytest.approx(2 / 3)
    assert (nobody.key, nobody.raised, nobody.late, nobody.satisfied_share) == ("none", 1, 1, None)
    assert [r.key for r in rates(scene.supervisor, Asked(), "category", at=at)] == ["property", "noise"]
    assert [r.key for r in rates(scene.supervisor, Asked(place=scene.town.subdistrict), "place", at=at)] == [
        scene.town.community.code
    ]
    for reader in (scene.supervisor, scene.manager, scene.clerk, scene.officer, scene.resident):
        for place in (None, scene.town.subdistrict, scene.town.compound, scene.town.other_building):
            counted = sum(rate.raised for rate in rates(reader, Asked(place=place), "category", at=at))
            assert counted == asked_orders(reader, Asked(place=place), at=at).count(), f"{reader} at {place}"
    assert len(orders_page(scene.supervisor, Asked(organisation="wuye", state="out_of_time"), at=at).rows) == 1
    assert len(orders_page(scene.supervisor, Asked(organisation="none"), at=at).rows) == 1
    assert len(orders_page(scene.supervisor, Asked(period="today"), at=at).rows) == 0


def test_a_list_of_a_place_asks_the_place_and_not_the_post_of_each_row(scene: Scene) -> None:
    receive(scene)
    scene.raised()
    for place, found in ((scene.town.compound, 1), (scene.town.subdistrict, 1), (scene.town.district, 1)):
        lists = (
            asked_orders(scene.supervisor, Asked(place=place), at=AT), dealt_with(scene.supervisor, at=AT, place=place)
        )  # fmt: skip
        for rows in lists:
            assert rows.count() == found
            assert ('"at_subdistrict_id" =' in str(rows.query)) == (place != scene.town.compound)


def test_other_desks_read_complaints_about_property_by_measure(scene: Scene) -> None:
    receive(scene, 1)
    receive(scene, 2)
    receive(scene, 3, category="noise")
    act(receive(scene, 4), "answer", by=scene.manager, at=AT, data={"words": "已经处理"})
    while roll_up():
        continue
    measures = all_measures()
    chosen = [measures[f"reports.hotline_{name}"] for name in ("received", "property", "in_time", "satisfied")]
    found = figures(scene.town.compound, chosen, "quarter", at=AT)
    assert [figure.value for figure in found.values()] == [4, 3, 1, 0]
    behind = events_behind(
        measures["reports.hotline_property"], scene.town.compound, "quarter", scene.supervisor, at=AT
    )
    assert len(behind.rows) == 3
    assert Event.objects.filter(data__property=1, action="receive", matter__organisation__code="wuye").count() == 3


def test_the_export_holds_answers_and_no_caller(scene: Scene) -> None:
    matter = receive(scene)
    act(matter, "answer", by=scene.manager, at=AT, data={"words": "电梯已修好"})
    kept = Matter.objects.select_related("hotline", "place", "organisation").filter(pk=matter.pk)
    rows = exported(kept, at=AT)
    assert rows[0]["答复内容"] == "电梯已修好"
    assert rows[0]["是否按时"] == "是"
    assert "鸟名" not in json.dumps(rows, ensure_ascii=False)
