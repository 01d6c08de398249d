"""Rows of the errands desk for generated matters: the way, the door, offers, shifts, and what couriers earned."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from linhe.core.loop.bench import insert_from
from linhe.core.people.encryption import encrypt
from linhe.core.places.models import ANCESTOR_FIELDS
from linhe.core.points.models import Entry, PointAccount, Transfer
from linhe.desks.errands.models import ErrandDetail, Offer, Shift
from linhe.desks.errands.queries import menu

SHIFTS = 150
"""Couriers on duty at the moment of the bench."""

FURNISHED = ("errand",)
"""The kinds whose rows are written, so that any action may be taken on their matters."""


def furnish(cursor: Any, *, at: datetime) -> None:
    """Write what the pages of the desk read beside the matters."""
    for statement in (*_of_errands(at), *_on_duty(at), *_points()):
        cursor.execute(statement)


def _of_errands(at: datetime) -> Iterator[str]:
    """The way and the door of each errand, and who was asked to take it."""
    long_ago = {one.code for one in menu(at=at - timedelta(days=730))}
    services = [one.code for one in menu(at=at) if one.code in long_ago and one.here]
    door = encrypt("1单元101", column="errands.erranddetail.door")
    code = encrypt("1234", column="errands.erranddetail.code")
    details = {
        "matter_id": "t.id", "service": f"(ARRAY{services})[1 + t.id % {len(services)}]",
        "pseudonym": "'邻居' || t.id % 1000", "lat": "p.lat", "lng": "p.lng", "door": f"'{door}'", "code": f"'{code}'",
        "earliest_at": "t.created_at", "latest_at": "t.created_at + interval '90 minutes'", "service_s": "300",
        "load": "1", "relay": "lpad((t.id % 10000)::text, 4, '0')",
        "accepted_at": "CASE WHEN t.handler_id IS NOT NULL THEN t.created_at END",
        "done_at": "CASE WHEN t.handler_id IS NOT NULL THEN t.closed_at END",
        "stars": "CASE WHEN t.stage = 'confirmed' THEN 1 + t.id % 5 END",
    }  # fmt: skip
    errands = "FROM loop_matter AS t JOIN places_place AS p ON p.id = t.place_id WHERE t.kind = 'errand'"
    yield insert_from(ErrandDetail, details, f"{errands} ORDER BY t.id")
    offers = {
        "matter_id": "t.id", "courier_id": "t.handler_id",
        "state": "CASE WHEN t.stage = 'offered' THEN 'offered' ELSE 'accepted' END", "offered_at": "t.created_at",
        "answered_at": "CASE WHEN t.stage <> 'offered' THEN t.updated_at END",
    }  # fmt: skip
    yield insert_from(Offer, offers, f"{errands} AND t.handler_id IS NOT NULL ORDER BY t.id")


def _on_duty(at: datetime) -> Iterator[str]:
    now = f"'{at.isoformat()}'::timestamptz"
    shifts = {
        "courier_id": "p.account_id", "district_id": "p.place_id", "started_at": f"{now} - interval '1 hour'",
        "until_at": f"{now} + interval '9 hours'", "lat": "d.lat + random() / 10", "lng": "d.lng + random() / 10",
        "seen_at": now, "free_at": now, "end_lat": "d.lat", "end_lng": "d.lng", "speed_kmh": "20", "capacity": "5",
        "detour_max_m": "3000", "extra_max": "8",
    }  # fmt: skip
    couriers = "FROM people_post AS p JOIN places_place AS d ON d.id = p.place_id WHERE p.role = 'courier'"
    yield insert_from(Shift, shifts, f"{couriers} ORDER BY p.account_id LIMIT {SHIFTS}")


def _points() -> Iterator[str]:
    """Five points for each delivery, from the pool of the district; balances as the triggers would have made them."""
    couriers = "FROM people_post AS p WHERE p.role = 'courier' GROUP BY 1 ORDER BY 1"
    yield insert_from(PointAccount, {"owner_id": "p.account_id"}, couriers)
    yield insert_from(
        PointAccount, {"pool": "'service'", "place_id": "id"}, "FROM places_place WHERE kind = 'district'"
    )
    transfers = {
        **{name: f"t.{name}" for name in ("place_id", *ANCESTOR_FIELDS)},
        "rule": "'errand'", "credited_id": "a.id", "points": "5", "event_id": "e.id",
        "counterpart_id": "t.requester_id", "at": "e.at", "settles_at": "e.at + interval '7 days'",
        "state": "'settled'",
    }  # fmt: skip
    yield insert_from(
        Transfer, transfers,
        "FROM loop_event AS e JOIN loop_matter AS t ON t.id = e.matter_id "
        "JOIN points_pointaccount AS a ON a.owner_id = t.handler_id "
        "WHERE t.kind = 'errand' AND e.action = 'done' ORDER BY e.id",
    )  # fmt: skip
    entry = {"transfer_id": "t.id", "point_account_id": "t.credited_id", "amount": "t.points"}
    yield insert_from(Entry, entry, "FROM points_transfer AS t ORDER BY t.id")
    from_pool = {"transfer_id": "t.id", "point_account_id": "p.id", "amount": "-t.points"}
    pools = "JOIN points_pointaccount AS p ON p.pool = 'service' AND p.place_id = t.at_district_id"
    yield insert_from(Entry, from_pool, f"FROM points_transfer AS t {pools} ORDER BY t.id")
    yield (
        "UPDATE points_pointaccount AS a SET balance = e.sum FROM "
        "(SELECT point_account_id, sum(amount) AS sum FROM points_entry GROUP BY 1) AS e "
        "WHERE e.point_account_id = a.id AND a.owner_id IS NOT NULL"
    )
