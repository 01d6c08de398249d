"""Counts events into roll-ups, incrementally, and recounts them from the whole log.

One SELECT says what an event adds to which place and day; the increment and the recount both use it, and the tests
compare it with a plain count in Python.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import connection, transaction

from linhe.core.indicators.measures import Measure, all_measures, concerned
from linhe.core.indicators.models import Pending, Rollup
from linhe.core.loop.models import Event
from linhe.core.loop.step import Step

_BATCH = 500
_LOCK = 0x6C686E  # advisory lock: roll-ups share it, a recount has it alone
_COUNTED = """
    SELECT c.measure, p.place_id, (c.at AT TIME ZONE 'Asia/Shanghai')::date AS day,
           count(*) AS count, sum(c.value) AS total, coalesce(sum(c.base), 0) AS base
    FROM (
        SELECT m.measure, e.at, t.place_id, t.at_district_id, t.at_subdistrict_id, t.at_community_id, t.at_grid_id,
               t.at_compound_id, t.at_building_id,
               CASE m.how
                   WHEN 'count' THEN 1
                   WHEN 'minutes_since' THEN (
                       SELECT round((extract(epoch FROM e.at - b.at) / 60)::numeric, 4) FROM loop_event AS b
                       WHERE b.matter_id = e.matter_id AND b.action = m.name AND b.seq < e.seq
                       ORDER BY b.seq DESC LIMIT 1)
                   ELSE CASE jsonb_typeof(e.data -> m.name)
                       WHEN 'number' THEN round((e.data ->> m.name)::numeric, 4)
                       WHEN 'boolean' THEN (e.data ->> m.name)::boolean::int
                   END
               END AS value,
               m.how, CASE WHEN jsonb_typeof(e.data -> m.base) = 'number'
                           THEN round((e.data ->> m.base)::numeric, 4) END AS base
        FROM unnest(%(measures)s::text[], %(kinds)s::text[], %(actions)s::text[], %(hows)s::text[], %(names)s::text[],
                    %(bases)s::text[], %(kept)s::jsonb[]) AS m(measure, kind, action, how, name, base, kept)
        JOIN loop_event AS e ON e.action = m.action AND e.data @> m.kept
        JOIN loop_matter AS t ON t.id = e.matter_id AND t.kind = m.kind
        WHERE {which}
    ) AS c
    CROSS JOIN LATERAL (
        SELECT DISTINCT place_id
        FROM unnest(ARRAY[c.place_id, c.at_district_id, c.at_subdistrict_id, c.at_community_id, c.at_grid_id,
                          c.at_compound_id, c.at_building_id]) AS place_id
        WHERE place_id IS NOT NULL
    ) AS p
    WHERE c.value IS NOT NULL AND (c.how <> 'ratio' OR c.base IS NOT NULL)
    GROUP BY 1, 2, 3
"""
COUNTED_FROM_LOG = _COUNTED.format(which="NOT EXISTS (SELECT 1 FROM indicators_pending AS w WHERE w.event_id = e.id)")
_COUNTED_FROM_BATCH = _COUNTED.format(which="e.id = ANY(%(events)s)")
# Sorted, so that two roll-ups that meet in the same rows wait for each other instead of deadlocking.
_ADD = """
    INSERT INTO indicators_rollup (measure, place_id, day, count, total, base) {counted} ORDER BY 1, 2, 3
    ON CONFLICT (place_id, measure, day)
    DO UPDATE SET count = indicators_rollup.count + EXCLUDED.count, total = indicators_rollup.total + EXCLUDED.total,
                  base = indicators_rollup.base + EXCLUDED.base
"""


def remember_event(event: Event, step: Step) -> None:
    """Listener: note an event that some measure counts, in its own transaction."""
    if (step.kind.code, step.action.code) in concerned():
        Pending.objects.create(event=event)


def roll_up(*, most: int = 10_000) -> int:
    """Count pending events into the roll-ups and return how many. Several may run at once; each event counts once."""
    done = 0
    while done < most and (batch := _roll_up_some()):
        done += batch
    return done


@transaction.atomic
def _roll_up_some() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCK])
        waiting = Pending.objects.select_for_update(skip_locked=True).order_by("event_id")
        ids = list(waiting.values_list("event_id", flat=True)[:_BATCH])
        if ids:
            cursor.execute(_ADD.format(counted=_COUNTED_FROM_BATCH), parameters(list(all_measures().values()), ids))
    Pending.objects.filter(event_id__in=ids).delete()
    return len(ids)


@transaction.atomic
def recount(*, measures: list[Measure] | None = None) -> int:
    """Count some measures (all by default) from the whole log anew, e.g. one that was declared after its events.

    Returns the number of roll-ups. Events go on meanwhile; those that are pending stay so.
    """
    chosen = list(all_measures().values()) if measures is None else measures
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        rows = Rollup.objects.all() if measures is None else Rollup.objects.filter(measure__in=[m.code for m in chosen])
        rows.delete()
        cursor.execute(_ADD.format(counted=COUNTED_FROM_LOG), parameters(chosen))
        return int(cursor.rowcount)


def parameters(measures: list[Measure], events: list[int] | None = None) -> dict[str, Any]:
    """What the counting SELECT is filled with: one row for each measure and action."""
    rows = [(m, action) for m in measures for action in m.actions]
    return {
        "measures": [m.code for m, _ in rows],
        "kinds": [m.kind for m, _ in rows],
        "actions": [action for _, action in rows],
        "hows": ["count" if m.value == "count" else m.value[0] for m, _ in rows],
        "names": ["" if m.value == "count" else m.value[1] for m, _ in rows],
        "kept": [json.dumps(m.kept) for m, _ in rows],
        "bases": [m.value[2] if m.value != "count" and len(m.value) == 3 else "" for m, _ in rows],
        "events": events or [],
    }
