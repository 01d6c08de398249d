"""Who can settle what is open: the seller completes an application, the exchange checks the originals itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import BooleanField, Count, Func, OuterRef, Q, Subquery

from linhe.core.loop.models import Matter
from linhe.desks.exchange.models import Check, Finding
from linhe.desks.exchange.schemas.content import NOT_THE_SELLERS
from linhe.lib.text import Text

EXCHANGES = frozenset(f"{code}.{name}" for code, names in NOT_THE_SELLERS.items() for name in names)
"""The facts that a seller cannot fill in."""

LEFT = Text("待核验", "to be checked")
LEFT_MESSAGE = Text("由交易所对照原件核验后判断。", "Decided once the exchange has checked it with the originals.")


class _LeftToTheExchange(Func):
    """Whether nothing is missing in the evidence but what the exchange finds out by itself."""

    template = (
        "(jsonb_path_exists(%(expressions)s, '$[*] ? (@.value == null)') AND "
        "jsonb_path_query_array(%(expressions)s, '$[*] ? (@.value == null).path') <@ '%(own)s'::jsonb)"
    )
    output_field = BooleanField()


LEFT_TO_THE_EXCHANGE = Q(status="unknown") & Q(
    _LeftToTheExchange("evidence", own=json.dumps(sorted(EXCHANGES)))
)  # fmt: skip
"""Findings that the exchange settles with the originals: nothing that a seller could complete."""


@dataclass(slots=True)
class Tally:
    """What is open in an application: rules that fail, that the seller completes, that the exchange checks."""

    failed: int = 0
    open: int = 0
    left: int = 0


def left_to_the_exchange(missing: Iterable[str]) -> bool:
    """Whether only the exchange can tell these missing facts."""
    paths = set(missing)
    return bool(paths) and paths <= EXCHANGES


def with_tallies(rows: Sequence[Matter]) -> Sequence[Matter]:
    """Listings with a ``tally`` of their last review each, notes aside; two queries for all."""
    last = Check.objects.filter(filing__listing=OuterRef("pk")).order_by("-filing__number", "-pk").values("pk")[:1]
    runs = dict(Matter.objects.filter(pk__in=[m.pk for m in rows]).values_list("pk", Subquery(last)))
    found = Finding.objects.filter(run__in=runs.values()).exclude(severity="note")
    counted = found.values_list("run").annotate(
        failed=Count("pk", filter=Q(status="fail")),
        open=Count("pk", filter=Q(status="unknown") & ~LEFT_TO_THE_EXCHANGE),
        left=Count("pk", filter=LEFT_TO_THE_EXCHANGE),
    )
    tallies = {run: Tally(*counts) for run, *counts in counted}
    for matter in rows:
        matter.tally = tallies.get(runs.get(matter.pk), Tally())  # type: ignore[attr-defined]  # as annotate() would
    return rows
