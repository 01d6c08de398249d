"""Rows of the errands desk for generated matters: the way, the door, offers, shifts, and what couriers earned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from linhe.core.people.encryption import encrypt
from linhe.desks.errands.queries import menu

SHIFTS = 150
"""Couriers on duty at the moment of the bench."""

_DETAILS = """
    INSERT INTO errands_erranddetail
        (matter_id, service, skill, pseudonym, pickup_name, lat, lng, door, note, earliest_at, latest_at, service_s,
         load, code, code_tries, relay, accepted_at, done_at, stars, unserved)
    SELECT t.id, (%(services)s::text[])[1 + t.id %% %(many)s], '', '邻居' || t.id %% 1000, '', p.lat, p.lng,
           %(door)s, '', t.created_at, t.created_at + interval '90 minutes', 300, 1, %(code)s, 0,
           lpad((t.id %% 10000)::text, 4, '0'), CASE WHEN t.handler_id IS NOT NULL THEN t.created_at END,
           CASE WHEN t.handler_id IS NOT NULL THEN t.closed_at END,
           CASE WHEN t.stage = 'confirmed' THEN 1 + t.id %% 5 END, '[]'
    FROM loop_matter AS t JOIN places_place AS p ON p.id = t.place_id WHERE t.kind = 'errand' ORDER BY t.id
"""
_OFFERS = """
    INSERT INTO errands_offer (matter_id, courier_id, state, offered_at, answered_at, by_person, reasons)
    SELECT id, handler_id,
           CASE WHEN stage = 'offered' THEN 'offered' ELSE 'accepted' END, created_at,
           CASE WHEN stage = 'offered' THEN NULL ELSE updated_at END, false, '[]'
    FROM loop_matter WHERE kind = 'errand' AND handler_id IS NOT NULL ORDER BY id
"""
_SHIFTS = """
    INSERT INTO errands_shift
        (courier_id, district_id, started_at, until_at, lat, lng, seen_at, free_at, end_lat, end_lng, speed_kmh,
         capacity, load, detour_max_m, detour_used_m, extra_max, extra_used)
    SELECT p.account_id, p.place_id, %(at)s::timestamptz - interval '1 hour', %(at)s::timestamptz + interval '9 hours',
           d.lat + random() / 10, d.lng + random() / 10, %(at)s, %(at)s, d.lat, d.lng, 20, 5, 0, 3000, 0, 8, 0
    FROM people_post AS p JOIN places_place AS d ON d.id = p.place_id
    WHERE p.role = 'courier' ORDER BY p.account_id LIMIT %(shifts)s
"""
_POINTS = (
    "INSERT INTO points_pointaccount (owner_id, pool, balance, pending) "
    "SELECT account_id, '', 0, 0 FROM people_post WHERE role = 'courier' GROUP BY account_id ORDER BY account_id",
    "INSERT INTO points_pointaccount (pool, place_id, balance, pending) "
    "SELECT 'service', id, 0, 0 FROM places_place WHERE kind = 'district'",
    "INSERT INTO points_transfer (place_id, at_district_id, at_subdistrict_id, at_community_id, at_compound_id, "
    "at_building_id, rule, credited_id, points, event_id, counterpart_id, memo, at, settles_at, state) "
    "SELECT t.place_id, t.at_district_id, t.at_subdistrict_id, t.at_community_id, t.at_compound_id, t.at_building_id, "
    "'errand', a.id, 5, e.id, t.requester_id, '', e.at, e.at + interval '7 days', 'settled' "
    "FROM loop_event AS e JOIN loop_matter AS t ON t.id = e.matter_id "
    "JOIN points_pointaccount AS a ON a.owner_id = t.handler_id "
    "WHERE t.kind = 'errand' AND e.action = 'done' ORDER BY e.id",
    "INSERT INTO points_entry (transfer_id, point_account_id, amount) "
    "SELECT id, credited_id, points FROM points_transfer ORDER BY id",
    "INSERT INTO points_entry (transfer_id, point_account_id, amount) "
    "SELECT t.id, p.id, -t.points FROM points_transfer AS t "
    "JOIN points_pointaccount AS p ON p.pool = 'service' AND p.place_id = t.at_district_id ORDER BY t.id",
    "UPDATE points_pointaccount AS a SET balance = e.sum FROM ("
    "SELECT point_account_id, sum(amount) AS sum FROM points_entry GROUP BY 1) AS e "
    "WHERE e.point_account_id = a.id AND a.owner_id IS NOT NULL",
)


def furnish(cursor: Any, *, at: datetime) -> None:
    """Write what the pages of the desk read beside the matters."""
    long_ago = {one.code for one in menu(at=at - timedelta(days=730))}
    services = [one.code for one in menu(at=at) if one.code in long_ago and one.here]
    values = {
        "services": services, "many": len(services), "at": at, "shifts": SHIFTS,
        "door": encrypt("1单元101", column="errands.erranddetail.door"),
        "code": encrypt("1234", column="errands.erranddetail.code"),
    }  # fmt: skip
    for statement in (_DETAILS, _OFFERS, _SHIFTS):
        cursor.execute(statement, values)
    for statement in _POINTS:
        cursor.execute(statement)
