"""Rows of the power desk for generated matters: feeders, the sheet of each run with its plan, trucks, findings."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.db import models

from linhe.core.loop.bench import insert_from
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation, Post
from linhe.core.places.models import Place
from linhe.core.runsheets.filling import begin_sheet, fill_in
from linhe.core.runsheets.models import RunClock, RunItem, RunSheet
from linhe.core.runsheets.template import template_at
from linhe.desks.power.bench import networks
from linhe.desks.power.demo.ground import case
from linhe.desks.power.loop.roles import DISPATCHER, SUPERVISOR
from linhe.desks.power.models import Feeder, FeederChange, Outage, Plan, RunFinding, Truck, TruckAid
from linhe.desks.power.queries.outages import present_of
from linhe.desks.power.services.events import TEMPLATE
from linhe.desks.power.services.planning import make_plan, operations_of
from linhe.lib.text import Text

FEEDERS, TRUCKS = 200, 60
WHOLE = 3000
"""So many of the latest runs have every item and clock; the older ones, which no list reaches, their sheet alone."""
PLANNED = 300
"""So many of the latest ones have a plan of their own; of these the walls are looked at."""
LIVE_DONE = 25
"""Items that are behind in a run under way."""
EVENTS = "FROM loop_matter AS t WHERE t.kind = 'power_event'"


def furnish(cursor: Any, *, at: datetime) -> None:
    """Write what the pages of the desk read beside the matters."""
    for table in ("people_account", "people_post", "places_place"):  # written with ids of their own
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    place = Place.objects.filter(kind="district").order_by("pk")[0]
    company = Organisation.objects.create(code="bench-power", name="供电公司", kind="company", place=place)
    people = [_somebody(role, place, company, at) for role in (DISPATCHER, SUPERVISOR)]
    _feeders(place)
    _trucks(place)
    model = Matter.objects.filter(kind="power_event").order_by("-pk").first()
    if model is None:
        return
    feeder = "(SELECT min(id) FROM power_feeder)"
    outage = {
        "matter_id": "t.id", "feeder_id": f"{feeder} + t.id % {FEEDERS}", "drill": "t.id % 2 = 0", "scene": "'plain'",
        "alarmed_at": "t.created_at", "fault": """'["L3"]'::jsonb""",
        "open": f"t.closed_at IS NULL AND row_number() OVER (PARTITION BY t.id % {FEEDERS}, t.closed_at IS NULL "
        "ORDER BY t.id DESC) = 1",
    }  # fmt: skip
    cursor.execute(insert_from(Outage, outage, f"{EVENTS} ORDER BY t.id"))
    _sheets(cursor, model, people, at)
    _beside(cursor)


def _somebody(role: str, place: Place, company: Organisation, at: datetime) -> Account:
    account = Account.objects.create(username=f"bench-{role}", name=role)
    Post.objects.create(account=account, role=role, place=place, organisation=company, valid_from=at.replace(year=2024))
    return account


def _feeders(place: Place) -> None:
    told = case()
    Feeder.objects.bulk_create(
        Feeder(
            code=f"bench-{number}", version=1, name=f"{number} 线", name_en=f"line {number}", place=place,
            from_date="2024-01-01", source="bench", case=told,
        )
        for number in range(FEEDERS)
    )  # fmt: skip


def _trucks(place: Place) -> None:
    """A few of their own, the others of a neighbour."""
    root = Place.objects.create(code="990309000000", name="邻县", kind="district")
    Place.objects.filter(pk=root.pk).update(district=root)
    neighbour = Organisation.objects.create(code="bench-neighbour", name="邻县供电公司", kind="company", place=root)
    own = Organisation.objects.get(code="bench-power", place=place)
    Truck.objects.bulk_create(
        Truck(
            code=f"bench-{number}", name=f"{number} 号车", name_en=f"truck {number}", kw=800, kva=1000, travel_min=30,
            owner=own if number < 3 else neighbour, lat=38.4, lng=112.7,
        )
        for number in range(TRUCKS)
    )  # fmt: skip


def _sheets(cursor: Any, model: Matter, people: list[Account], at: datetime) -> None:
    """One run is planned by the engine and filled in; the others get its items, at their own times."""
    outage = Outage.objects.select_related("feeder__place", "matter__place").get(pk=model.pk)
    template = template_at(TEMPLATE, at=at, place_code=model.place.code)
    words = {"feeder": Text("一线", "line"), "lost": Text("3,715", "3,715")}
    sheet = begin_sheet(model, template, at=model.created_at, began_at=model.created_at, drill=True, values=words)
    plan = make_plan(model, at=at)
    operations = list(operations_of(plan, outage, present_of(outage)))
    fill_in(sheet, template, operations, at=model.created_at, values=words)
    kept = f"(SELECT * FROM loop_matter WHERE kind = 'power_event' AND id <> {model.pk} ORDER BY id DESC LIMIT %d) AS t"
    sheets = {
        "matter_id": "t.id", "template": "m.template", "template_date": "m.template_date", "drill": "t.id % 2 = 0",
        "revision": "m.revision", "began_at": "t.created_at", "last_at": "t.updated_at", "ended_at": "t.closed_at",
        "blocks": "m.blocks",
    }  # fmt: skip
    of_model = f"JOIN runsheets_runsheet AS m ON m.matter_id = {model.pk}"
    where = f"WHERE t.kind = 'power_event' AND t.id <> {model.pk} ORDER BY t.id"
    cursor.execute(insert_from(RunSheet, sheets, f"FROM loop_matter AS t {of_model} {where}"))
    caller, doer = people[1].pk, people[0].pk
    done = f"m.state = 'open' AND (t.closed_at IS NOT NULL OR m.seq <= {LIVE_DONE})"
    items = _copied(RunItem) | {
        "sheet_id": "t.id", "state": f"CASE WHEN {done} THEN 'done' ELSE m.state END",
        "opened_at": f"CASE WHEN {done} OR m.seq = {LIVE_DONE} + 1 THEN t.created_at + m.seq * interval '1 minute' END",
        "called_by_id": f"CASE WHEN {done} THEN {caller} END", "done_by_id": f"CASE WHEN {done} THEN {doer} END",
        "called_at": f"CASE WHEN {done} THEN t.created_at + m.seq * interval '65 seconds' END",
        "done_at": f"CASE WHEN {done} THEN t.created_at + m.seq * interval '70 seconds' END",
    }  # fmt: skip
    items_of = f"JOIN runsheets_runitem AS m ON m.sheet_id = {model.pk}"
    cursor.execute(insert_from(RunItem, items, f"FROM {kept % WHOLE} {items_of} ORDER BY t.id, m.seq"))
    clocks = _copied(RunClock) | {
        "sheet_id": "t.id", "started_at": "t.created_at",
        "stopped_at": "CASE WHEN t.closed_at IS NOT NULL THEN t.created_at + interval '50 minutes' END",
    }  # fmt: skip
    clocks_of = f"JOIN runsheets_runclock AS m ON m.sheet_id = {model.pk}"
    cursor.execute(insert_from(RunClock, clocks, f"FROM {kept % WHOLE} {clocks_of} ORDER BY t.id"))
    plans = _copied(Plan) | {
        "outage_id": "t.id", "issued_at": "t.created_at"
    }  # fmt: skip
    cursor.execute(insert_from(Plan, plans, f"FROM {kept % PLANNED} JOIN power_plan AS m ON m.id = {plan.pk}"))
    cursor.execute("UPDATE power_outage AS o SET plan_id = p.id FROM power_plan AS p WHERE p.outage_id = o.matter_id")


def _copied(model: type[models.Model]) -> dict[str, str]:
    """Every column of the row that is copied, but its id."""
    return {str(one.column): f"m.{one.column}" for one in model._meta.concrete_fields if not one.primary_key}


def _beside(cursor: Any) -> None:
    """Trucks on loan, findings, data that were handed in."""
    outages = "(SELECT matter_id, row_number() OVER (ORDER BY matter_id) - 1 AS n, count(*) OVER () AS c "
    outages = f"JOIN {outages} FROM power_outage) AS o ON o.n = t.id % o.c"
    truck = f"(SELECT min(id) FROM power_truck) + 3 + t.id % {TRUCKS - 3}"
    aid = {
        "matter_id": "t.id", "outage_id": "o.matter_id", "truck_id": truck, "asked_at": "t.created_at",
        "active": f"t.closed_at IS NULL AND row_number() OVER (PARTITION BY t.id % {TRUCKS - 3}, t.closed_at IS NULL "
        "ORDER BY t.id DESC) = 1",
    }  # fmt: skip
    cursor.execute(insert_from(TruckAid, aid, f"FROM loop_matter AS t {outages} WHERE t.kind = 'truck_aid'"))
    finding = {"matter_id": "t.id", "outage_id": "o.matter_id", "step": "1 + t.id % 34"}
    cursor.execute(insert_from(RunFinding, finding, f"FROM loop_matter AS t {outages} WHERE t.kind = 'power_finding'"))
    small = json.dumps({"feeder": networks.SMALL})
    change = {
        "matter_id": "t.id", "code": "'bench-' || t.id", "name": "'线路'", "name_en": "'line'",
        "from_date": "t.created_at::date", "source": "'bench'", "form": "'linhe'", "digest": "md5(t.id::text)",
        "case": f"'{small}'::jsonb", "open": "t.closed_at IS NULL",
    }  # fmt: skip
    cursor.execute(insert_from(FeederChange, change, "FROM loop_matter AS t WHERE t.kind = 'power_feeder'"))


def pages() -> list[str]:
    """Addresses of runs: one under way, one that is over, both with their plans; a feeder, and what was handed in."""
    latest = Plan.objects.order_by("-outage").values_list("outage", flat=True)[:PLANNED]
    found = []
    for over in (False, True):
        run = Matter.objects.filter(pk__in=list(latest), closed_at__isnull=not over).order_by("-pk").first()
        if run is not None:
            found += [f"/power/{run.pk}/{page}" for page in ("", "run/", "wall/", "wall/points.json", "review/")]
    change = FeederChange.objects.order_by("-pk").first()
    found += [f"/power/feeders/versions/{Feeder.objects.latest('pk').pk}/"]
    return found + ([f"/power/feeders/{change.pk}/"] if change else [])


READERS = {DISPATCHER: pages}
"""Who looks at the desk, besides the people of every bench, and at which addresses besides those of every bench."""
