"""What stands beside generated matters: notices, sessions' people, roll-ups, and the rows of the desks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import UniqueConstraint

from linhe.core.indicators.models import Rollup
from linhe.core.indicators.rolling import recount
from linhe.core.loop import registry
from linhe.core.loop.bench import insert_from
from linhe.core.notices.models import Notice

_PARAMS = """jsonb_build_object(
    'kind', t.kind, 'version', t.kind_version, 'action', e.action, 'stage', e.to_stage, 'for', '{who}',
    'title', jsonb_build_object('zh', t.title, 'en', t.title_en),
    'place', jsonb_build_object('zh', p.name, 'en', p.name_en))"""
_TOLD = """
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
        values = {
            "account_id": f"t.{who}_id", "code": "t.kind || '.' || e.action", "matter_id": "t.id", "event_id": "e.id",
            "params": _PARAMS.format(who=who), "urgent": "t.urgent", "created_at": "e.at", "not_before": "e.at",
            "read_at": "CASE WHEN t.id % 20 > 0 THEN e.at + interval '1 hour' END",
        }  # fmt: skip
        cursor.execute(insert_from(Notice, values, _TOLD.format(who=who, which=which)))
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
    """Make the roll-ups of everything that was written, without the index and the checks that would slow it down."""
    (unique,) = (one for one in Rollup._meta.constraints if isinstance(one, UniqueConstraint))
    with connection.schema_editor() as editor:
        editor.remove_constraint(Rollup, unique)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        rows = recount()
        cursor.execute("RESET session_replication_role")
    with connection.schema_editor() as editor:
        editor.add_constraint(Rollup, unique)
    return rows


def settle() -> None:
    """What autovacuum would have done by now."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
