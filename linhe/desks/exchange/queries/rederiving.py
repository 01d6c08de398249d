"""Works out again what was found: the same facts under the same hash of rules must give the same findings."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from linhe.core.loop.chain import canonical
from linhe.desks.exchange.engine import Params, Problem, solve
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.models import Check, Filing, Finding

AT_A_TIME = 500
KEPT = ("rule", "status", "severity", "cite", "evidence")
READ = ("path", "value", "document", "page")
"""What a finding keeps of what it read; how it is worded may change."""


def problems_of_findings() -> Iterator[str]:
    """Filings that are not what was sealed, and reviews that come out otherwise now, under the hash they name.

    Where rules or the calendar have another hash by now, nothing is promised and nothing compared.
    """
    for filing in Filing.objects.order_by("pk").iterator(chunk_size=AT_A_TIME):
        if hashlib.sha256(canonical(filing.content)).hexdigest() != filing.sha256:
            yield f"listing {filing.listing_id}: filing {filing.number} is not what was lodged"
    runs = Check.objects.order_by("pk").select_related("filing").prefetch_related("findings")
    for run in runs.iterator(chunk_size=AT_A_TIME):
        if shipped().at(run.as_of).hash != run.rule_set:
            continue
        where = f"listing {run.filing.listing_id}: review {run.pk}"
        try:
            again = {row["rule"]: row for row in _found(run)}
        except ValueError as unread:
            yield f"{where} can no longer be read: {unread}"
            continue
        kept = {row.rule: _row(row) for row in run.findings.all()}
        for rule in sorted(kept.keys() | again.keys()):
            if kept.get(rule) != again.get(rule):
                yield f"{where}: {rule} comes out otherwise under the same rules"


def _found(run: Check) -> Iterator[dict[str, Any]]:
    for one in solve(Problem.from_json(run.facts), Params()).findings:
        told = one.to_json()
        yield _plain(told | {"cite": told["cite"] | {"from": told["from"]}})


def _row(finding: Finding) -> dict[str, Any]:
    return _plain({name: getattr(finding, name) for name in KEPT})


def _plain(told: dict[str, Any]) -> dict[str, Any]:
    read = [{name: one[name] for name in READ} for one in told["evidence"]]
    return {name: told[name] for name in KEPT} | {"evidence": read}
