"""Whether anything was written, told without reading every table every time."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from django.apps import apps
from django.db import connection


@cache
def tables() -> tuple[str, ...]:
    """Every table in which linhe keeps something."""
    ours = ("linhe.", "tests.")
    return tuple(
        sorted(m._meta.db_table for m in apps.get_models() if m.__module__.startswith(ours) and m._meta.managed)
    )


def everything(of: Collection[str] | None = None) -> dict[str, str]:
    """A fingerprint of every table, or of some."""
    chosen = tables() if of is None else sorted(of)
    if not chosen:
        return {}
    rows = " UNION ALL ".join(
        f"SELECT '{t}', (SELECT md5(string_agg(r::text, '|' ORDER BY r::text)) FROM {t} r)" for t in chosen
    )
    with connection.cursor() as cursor:
        cursor.execute(rows)
        return dict(cursor.fetchall())


class Watch:
    """Fingerprints that are taken anew only where this transaction has written since: PostgreSQL counts its rows, those
    of undone savepoints too. Only inside one transaction."""

    def __init__(self) -> None:
        self.kept = everything()
        self._counts = _written()

    def changed(self) -> set[str]:
        """The tables that hold something else than at the last look; what they hold now is kept."""
        touched, self._counts = self._touched()
        now = everything(touched)
        changed = {table for table, rows in now.items() if rows != self.kept[table]}
        self.kept |= now
        return changed

    def mark(self) -> None:
        """Begin a stretch that will be undone."""
        self._counts = _written()

    def differs(self) -> set[str]:
        """The tables that hold something else than what is kept, which stays so; only since the mark."""
        touched, _ = self._touched()
        return {table for table, rows in everything(touched).items() if rows != self.kept[table]}

    def _touched(self) -> tuple[set[str], dict[str, int]]:
        counts = _written()
        return {table for table in tables() if counts.get(table) != self._counts.get(table)}, counts


def _written() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables")
        return dict(cursor.fetchall())
