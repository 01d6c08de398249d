"""Statements that everything asks again and again: a connection prepares them when it has met them a few times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Any

import psycopg
from django.db import connection


def rows_of(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The rows that a statement finds; planned anew each time it would take several times as long.

    It counts among the connection's queries as those of the ORM do, so that one a row is noticed.
    """
    connection.ensure_connection()
    begun = monotonic()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        found = cursor.execute(statement, values).fetchall()
    if connection.queries_logged:
        connection.queries_log.append({"sql": statement, "time": f"{monotonic() - begun:.3f}"})
    return found
