"""Recounts the whole ledger for ``linhe verify``: it trusts neither the stored balances nor the triggers."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

_UNBALANCED = """
    SELECT t.id FROM points_transfer t LEFT JOIN points_entry e ON e.transfer_id = t.id
    GROUP BY t.id HAVING count(e.id) < 2 OR sum(e.amount) <> 0
        OR sum(e.amount) FILTER (WHERE e.point_account_id = t.credited_id) IS DISTINCT FROM t.points
    ORDER BY t.id
"""
_BALANCES = """
    SELECT a.id FROM points_pointaccount a
    LEFT JOIN (SELECT e.point_account_id AS id,
                      sum(e.amount) FILTER (WHERE t.state = 'pending') AS pending,
                      sum(e.amount) FILTER (WHERE t.state <> 'pending') AS settled
               FROM points_entry e JOIN points_transfer t ON t.id = e.transfer_id GROUP BY 1) s USING (id)
    WHERE a.owner_id IS NOT NULL
      AND (a.pending <> coalesce(s.pending, 0) OR a.balance <> coalesce(s.settled, 0) OR a.balance < 0 OR a.pending < 0)
    ORDER BY a.id
"""
_CREDITED_TWICE = """
    SELECT event_id FROM points_transfer WHERE event_id IS NOT NULL AND reverses_id IS NULL
    GROUP BY event_id, rule, credited_id HAVING count(*) > 1 ORDER BY 1
"""
_ONE_SIDED = """
    SELECT o.id FROM points_transfer o LEFT JOIN points_transfer r ON r.reverses_id = o.id
    WHERE (o.state = 'reversed') <> (r.id IS NOT NULL) OR (r.id IS NOT NULL AND r.points <> -o.points) ORDER BY o.id
"""
_HELD = "SELECT id FROM points_transfer WHERE held AND state <> 'pending' ORDER BY id"


def problems_of_the_ledger() -> Iterator[str]:
    """One sentence for each transfer that does not sum to zero, balance that its entries do not make, event credited
    twice, and reversal with one side only."""
    for query, sentence in (
        (_UNBALANCED, "points: transfer {} is not balanced"),
        (_BALANCES, "points: account {} has another balance than its entries make"),
        (_CREDITED_TWICE, "points: event {} is credited twice"),
        (_ONE_SIDED, "points: transfer {} is reversed on one side only"),
        (_HELD, "points: transfer {} is held by a dispute and not pending"),
    ):
        with connection.cursor() as cursor:
            cursor.execute(query)
            found = cursor.fetchall()
        for (key,) in found:
            yield sentence.format(key)
