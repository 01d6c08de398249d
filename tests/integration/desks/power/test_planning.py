"""From the fault to the plan, from the plan to the sheet, and a new plan when reality differs."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.acting import act
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused
from linhe.core.runsheets.models import DONE, FAILED, NONE, OPEN, REPLACED, RunItem, RunSheet
from linhe.core.runsheets.queries import told_sheet
from linhe.desks.power import services
from linhe.desks.power.engine import Params, Problem, solve
from linhe.desks.power.engine.interlocks import verify
from linhe.desks.power.models import Feeder, Outage, Plan, Signal, Truck
from linhe.desks.power.queries.figures import year_on_year
from linhe.desks.power.queries.outages import outage_of, present_of
from linhe.desks.power.queries.telling import told_plan
from linhe.desks.power.services.planning import ELECTRICAL
from linhe.lib.text import Text
from tests.integration.desks.power.world import CASE, County


def operated(matter: Matter, **more: Any) -> list[RunItem]:
    """The items of the present plan that operate something, in order."""
    rows = RunItem.objects.filter(sheet=matter.pk, operation__isnull=False, **more)
    return list(rows.exclude(state=REPLACED).order_by("seq"))


def test_signals_rank_where_the_fault_may_be(county: County) -> None:
    matter = county.alarm()
    county.act(matter, "add_signal", county.dispatcher, what="flipped", element="L1")
    county.act(matter, "add_signal", county.operator, what="unflipped", element="L3")
    plan = services.make_plan(matter, at=county.now())
    assert (plan.status, plan.proof) == ("located", "none")
    told = told_plan(plan, outage_of(matter))
    assert told.suspects
    assert told.suspects[0].percent >= told.suspects[-1].percent
    with pytest.raises(Refused, match="signal_known"):
        county.act(matter, "add_signal", county.dispatcher, what="flipped", element="L1")
    with pytest.raises(Refused, match="invalid"):
        county.act(matter, "add_signal", county.dispatcher, what="flipped", element="K01021")
    plan = services.make_plan(matter, at=county.now())
    with pytest.raises(Refused, match="nothing_to_do"):
        county.act(matter, "plan", county.dispatcher, number=plan.number)


def test_a_plan_fills_in_the_sheet_with_names_and_numbers(county: County) -> None:
    matter = county.planned(county.alarm())
    plan = Plan.objects.get(outage=matter.pk)
    assert (plan.proof, plan.status) == ("optimal", "partial")
    items = operated(matter)
    steps = {row["number"]: row for row in plan.result["steps"]}
    assert {item.operation["step"] for item in items if "step" in item.operation} == set(steps)
    for item in items:
        assert "……" not in item.zh
        assert "{" not in item.en
    first = items[0]
    assert (first.label, first.operation["action"]) == ("9-1", "open")
    assert steps[1]["name"]["zh"] in first.zh
    trucks = {row["truck"] for row in plan.result["islands"]}
    assert trucks
    assert {item.operation["device"] for item in items if item.code == "truck_ordered"} == trucks


def test_the_sheet_keeps_the_order_that_the_engine_has_checked(county: County) -> None:
    matter = county.planned(county.alarm())
    steps = {row["number"]: row for row in Plan.objects.get(outage=matter.pk).result["steps"]}
    order = [item.operation["step"] for item in operated(matter) if "step" in item.operation]
    place = {number: index for index, number in enumerate(order)}
    electrical = [number for number in order if steps[number]["action"] in ELECTRICAL]
    assert electrical == sorted(electrical)
    for number, row in steps.items():
        assert all(place[before] < place[number] for before in row["after"]), row


def test_the_guard_passes_the_order_of_the_sheet(county: County) -> None:
    matter = county.planned(county.alarm())
    problem = Problem.from_json(Plan.objects.get(outage=matter.pk).problem)
    steps = {step.number: step for step in solve(problem, Params()).steps}
    order = [item.operation["step"] for item in operated(matter) if "step" in item.operation]
    place = {number: index for index, number in enumerate(order, 1)}
    sheet = [
        replace(steps[number], number=place[number], after=tuple(place[one] for one in steps[number].after))
        for number in order
    ]
    assert verify(problem, sheet, tripped=["K01021"]) is None
    first = next(step for step in sheet if step.code == "truck.close")
    early = [first, *(step for step in sheet if step is not first)]
    renumbered = [replace(step, number=number, after=()) for number, step in enumerate(early, 1)]
    assert verify(problem, renumbered, tripped=["K01021"]) is not None


def test_a_whole_run_ends_with_its_figures(county: County) -> None:
    matter = county.planned(county.alarm())
    assert county.go_on(matter, lambda item: False) is None
    with pytest.raises(Refused, match="not_allowed"):
        county.act(matter, "finish", county.operator)
    county.act(matter, "finish", county.dispatcher)
    figures = Event.objects.get(matter=matter, action="finish").data
    assert figures["run"] == "drill"
    assert 0 < figures["restored_kw"] <= figures["lost_kw"]
    assert figures["isolate_min"] > 0
    assert figures["connect_min"] > 0
    assert figures["connect_in_time"] is (figures["connect_min"] <= 60)
    roll_up()
    shown = {one.now.measure.code: one.now.value for one in year_on_year(county.places.district, at=county.now())}
    assert shown["power.connect"] == figures["connect_min"]
    assert shown["power.restored"] == pytest.approx(100 * figures["restored_kw"] / figures["lost_kw"])
    assert shown["power.drills"] == 1
    closed = county.act(matter, "report", county.dispatcher, words="核相再快一点")
    assert closed.closed_at is not None
    assert "核相" not in str(Event.objects.get(matter=matter, action="report").data)
    assert not outage_of(closed).open
    again = county.alarm()
    told = told_sheet(RunSheet.objects.get(pk=again.pk), at=county.now(1))
    assert told.phases[0].items[0].before_s == 120


def test_nothing_ends_before_the_sheet_does(county: County) -> None:
    matter = county.alarm()
    with pytest.raises(Refused, match="no_plan"):
        county.act(matter, "finish", county.dispatcher)
    county.planned(matter)
    with pytest.raises(Refused, match="unfinished"):
        county.act(matter, "finish", county.dispatcher)
    county.act(matter, "cancel", county.dispatcher, reason="danger")
    assert RunSheet.objects.get(pk=matter.pk).ended_at is not None
    assert county.alarm().pk != matter.pk


def test_an_old_plan_is_not_issued(county: County) -> None:
    matter = county.alarm()
    county.act(matter, "locate", county.dispatcher, elements="L2")
    plan = services.make_plan(matter, at=county.now())
    county.act(matter, "add_signal", county.dispatcher, what="flipped", element="L1")
    with pytest.raises(Refused, match="plan_outdated"):
        county.act(matter, "plan", county.dispatcher, number=plan.number)
    with pytest.raises(Refused, match="invalid"):
        county.act(matter, "plan", county.dispatcher, number=99)
    with pytest.raises(Refused, match="invalid"):
        county.act(matter, "locate", county.dispatcher, elements="L2, nowhere")


def test_a_switch_that_does_not_open_is_planned_round(county: County) -> None:
    matter = county.planned(county.alarm())
    item = county.item(matter)
    stuck = item.operation["device"]
    county.act(matter, "call_item", county.supervisor, **county.named(matter))
    county.act(matter, "fail_item", county.doer(item), **county.named(matter), reason="stuck")
    assert RunItem.objects.get(pk=item.pk).state == FAILED
    with pytest.raises(Refused, match="no_plan"):
        county.act(matter, "call_item", county.supervisor, **county.named(matter))
    outcome = services.plan_anew(matter, by=county.operator, at=county.now(1), key="again")
    assert outcome.event.action == "replan"
    sheet = RunSheet.objects.get(pk=matter.pk)
    assert sheet.revision == 3
    assert stuck not in {
        one.operation["device"] for one in operated(matter, state=OPEN) if one.operation["action"] == "open"
    }
    assert county.item(matter).operation["action"] == "open"
    assert RunItem.objects.filter(sheet=sheet, state=DONE).count() == 8
    assert county.go_on(matter, lambda one: False) is None
    county.act(matter, "finish", county.dispatcher)


def test_after_the_repair_nothing_is_planned_round(county: County) -> None:
    matter = county.planned(county.alarm())
    item = county.go_on(matter, lambda one: one.code == "normal_switched", wait=0.2)
    assert item is not None
    with pytest.raises(Refused, match="repaired"):
        county.act(matter, "fail_item", county.operator, **county.named(matter), reason="stuck")
    assert county.item(matter).pk == item.pk


def test_a_new_plan_midway_starts_from_what_was_carried_out(county: County) -> None:
    matter = county.planned(county.alarm())
    county.go_on(matter, lambda item: item.code == "isolation_confirmed")
    before = present_of(outage_of(matter))
    assert before.switches
    services.plan_anew(matter, by=county.dispatcher, at=county.now(1), key="again")
    ahead = {(one.operation["action"], one.operation["device"]) for one in operated(matter, state=OPEN)}
    for device, closed in before.switches.items():
        assert not closed
        assert ("open", device) not in ahead
    behind = {(action, device) for action, device, _ in before.done}
    assert {action for action, _ in behind} == {"open", "tag", "test", "earth"}
    assert not ahead & behind
    assert Plan.objects.filter(outage=matter.pk).latest("number").problem["present"] == before.switches


def test_lightning_stops_the_field_and_not_the_dispatch_room(county: County) -> None:
    matter = county.planned(county.alarm())
    item = county.go_on(matter, lambda one: "field_switching" in one.tags)
    assert item is not None
    county.act(matter, "set_weather", county.supervisor, lightning=True)
    with pytest.raises(Refused, match="blocked"):
        county.act(matter, "call_item", county.supervisor, **county.named(matter))
    county.act(matter, "set_weather", county.supervisor)
    county.act(matter, "call_item", county.supervisor, **county.named(matter))
    remote = [one for one in operated(matter) if one.role == "power_dispatcher" and "step" in one.operation]
    assert remote
    assert all(not one.tags for one in remote)
    crews = [one for one in operated(matter) if one.role != "power_dispatcher" and "step" in one.operation]
    assert all(one.tags == ["field_switching"] for one in crews)


def test_what_the_plan_does_not_need_asks_for_nothing(county: County) -> None:
    Truck.objects.update(ready=False)
    matter = county.planned(county.alarm())
    trucks = RunItem.objects.filter(sheet=matter.pk, phase="truck").exclude(state=REPLACED)
    assert {item.state for item in trucks} == {NONE}
    assert not told_sheet(RunSheet.objects.get(pk=matter.pk), at=county.now()).clocks[1].running


def test_feeders_are_checked_and_versioned(county: County) -> None:
    given = {"code": "test-33", "name": Text("城东一线", "line 1"), "place": county.places.district, "source": "survey"}
    second = services.store_feeder(**given, from_date=county.now().date(), case=CASE)
    assert second.version == 2
    broken = {"feeder": CASE["feeder"] | {"sources": []}}
    with pytest.raises(Refused) as refused:
        services.store_feeder(**given, from_date=county.feeder.from_date, case=broken)
    assert "电源" in refused.value.details["case"]


def test_the_database_keeps_what_no_row_may_be(county: County) -> None:
    matter = county.alarm()
    county.act(matter, "add_signal", county.dispatcher, what="flipped", element="L1")
    county.act(matter, "locate", county.dispatcher, elements="L2")
    plan = services.make_plan(matter, at=county.now())
    truck, outages = Truck.objects.filter(code="own-1000"), Outage.objects.filter(pk=matter.pk)
    first, kept = Feeder.objects.get(), Signal.objects.get()
    wrong = {
        "feeder_once_a_version": lambda: _again(first, from_date=county.now().date()),
        "feeder_is_named": lambda: Feeder.objects.update(source=""),
        "truck_rating_is_possible": lambda: truck.update(kw=2000),
        "truck_position_is_whole": lambda: truck.update(lat=38.0, lng=None),
        "outage_scene_is_known": lambda: outages.update(scene="sea"),
        "signal_once_each": lambda: _again(kept),
        "signal_is_known": lambda: Signal.objects.update(what="dream"),
        "plan_numbered_once": lambda: _again(plan),
        "plan_proof_is_known": lambda: Plan.objects.update(proof="hope"),
        "plan_serves_at_most_all": lambda: Plan.objects.update(served_w=10**12),
    }
    for name, write in wrong.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            write()
    with pytest.raises(Refused, match="outage_open"):
        county.alarm()


def _again(row: Any, **changed: Any) -> None:
    row = copy(row)
    row.pk = None
    for name, one in changed.items():
        setattr(row, name, one)
    row.save(force_insert=True)


def test_one_tap_on_the_phone_fails_the_item_and_issues_the_new_plan(county: County, client: Any) -> None:
    matter = county.planned(county.alarm())
    item = county.item(matter)
    client.force_login(county.doer(item))
    sent = {"key": "tap-12345", "page": "run", "reason": "stuck", **county.named(matter)}
    for _ in range(2):
        answer = client.post(f"/power/{matter.pk}/replan/", sent)
        assert answer.status_code == 302
        assert answer["Location"] == f"/power/{matter.pk}/run/"
    assert Event.objects.filter(matter=matter, action="replan").count() == 1
    page = client.get(f"/power/{matter.pk}/run/").content.decode()
    assert county.item(matter).zh in page


def test_a_plan_is_only_issued_by_who_may(county: County) -> None:
    matter = county.planned(county.alarm())
    made = Plan.objects.count()
    with pytest.raises(Refused, match="not_allowed"):
        services.plan_anew(matter, by=county.observer, at=county.now(), key="x")
    assert Plan.objects.count() == made
    with pytest.raises(Refused, match="not_allowed"):
        act(matter, "replan", by=county.observer, data={"number": 1}, at=county.now())
