"""What stands beside generated matters: notices, sessions' people, roll-ups, and the rows of the desks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from linhe.core.indicators.rolling import recount
from linhe.core.loop import registry

_NOTICES = """
    INSERT INTO notices_notice (account_id, code, matter_id, event_id, params, urgent, created_at, not_before, read_at)
    SELECT t.{who}_id, t.kind || '.' || e.action, t.id, e.id,
           jsonb_build_object(
               'kind', t.kind, 'version', t.kind_version, 'action', e.action, 'stage', e.to_stage, 'for', '{who}',
               'title', jsonb_build_object('zh', t.title, 'en', t.title_en),
               'place', jsonb_build_object('zh', p.name, 'en', p.name_en)),
           t.urgent, e.at, e.at, CASE WHEN t.id %% 20 > 0 THEN e.at + interval '1 hour' END
    FROM loop_matter AS t
    JOIN loop_event AS e ON e.matter_id = t.id AND e.seq = t.version
    JOIN places_place AS p ON p.id = t.place_id
    WHERE t.{who}_id IS NOT NULL AND t.{who}_id IS DISTINCT FROM e.actor_id AND ({which})
    ORDER BY t.id
"""


def tell(cursor: Any) -> int:
    """A notice of the last event of each matter to whoever asked, and of some to whoever handles it."""
    written = 0
    for who, which in (("requester", "true"), ("handler", "t.id % 3 = 0 AND t.handler_id <> t.requester_id")):
        cursor.execute(_NOTICES.format(who=who, which=which.replace("%", "%%")), [])
        written += cursor.rowcount
    return written


def furnish(at: datetime) -> dict[str, Any]:
    """Let the desks write the rows that their pages read, where they have a room for it, and tell everybody."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            for desk in registry.desks():
                room = desk.room("bench")
                if room is not None and hasattr(room, "furnish"):
                    room.furnish(cursor, at=at)
            return {"notices": tell(cursor)}
        finally:
            cursor.execute("RESET session_replication_role")


def count_all() -> int:
    """Make the roll-ups of everything that was written."""
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '1GB'")
        rows = recount()
        cursor.execute("RESET work_mem")
    return rows


def settle() -> None:
    """What autovacuum would have done by now."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
