"""Checks of indicators: what desks declare, and that roll-ups equal a recount of the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core import checks
from django.db import connection

from linhe.core.indicators.measures import all_measures, problems
from linhe.core.indicators.rolling import COUNTED_FROM_LOG, parameters

# One statement, so that log, pending events and roll-ups are seen at the same moment while work goes on.
_DIFFERENT = f"""
    SELECT measure, place_id, day, r.count, r.total, r.base, c.count, c.total, c.base
    FROM (SELECT * FROM indicators_rollup WHERE measure = ANY(%(measures)s)) AS r
    FULL JOIN ({COUNTED_FROM_LOG}) AS c USING (measure, place_id, day)
    WHERE (r.count, r.total, r.base) IS DISTINCT FROM (c.count, c.total, c.base)
    ORDER BY measure, place_id, day
"""


def measures_are_right(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[checks.CheckMessage]:
    """Django system check: one error for each mistake in a declared measure."""
    return [checks.Error(problem, id="indicators.E001") for problem in problems()]


def problems_of_the_rollups() -> Iterator[str]:
    """One sentence for each roll-up that differs from a recount of the events that are no longer pending."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT, parameters(list(all_measures().values())))
        found = cursor.fetchall()
    for measure, place_id, day, *numbers in found:
        count, total, base, right_count, right_total, right_base = (number or 0 for number in numbers)
        yield (
            f"indicators: {measure} at place {place_id} on {day}: {count} events ({total} of {base}) are stored, "
            f"the log has {right_count} ({right_total} of {right_base})"
        )
