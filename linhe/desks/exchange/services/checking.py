"""Runs the rule book over what was lodged, and keeps every finding with its article and its evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from linhe.core.loop.chain import canonical
from linhe.core.loop.refusals import Refused, invalid
from linhe.desks.exchange.engine import Problem, Result
from linhe.desks.exchange.engine.facts import Fact
from linhe.desks.exchange.models import Check, Filing, Finding, Listing
from linhe.desks.exchange.queries.facts import confirmed_facts, found_in, notice_facts, problem_of, standing_of
from linhe.desks.exchange.schemas.documents import NotADocument
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

BLOCKING = ("refused", "returned", "to_complete")


def problem_at(listing: Listing, filing: Filing, *, at: datetime, more: Mapping[str, Fact] | None = None,
               step: str = "listing") -> Problem:  # fmt: skip
    """What the rules read of a listing at a moment."""
    known = notice_facts(listing) | confirmed_facts(listing) | dict(more or {})
    standing = standing_of(listing, applied_on=local_date(filing.lodged_at))
    try:
        return problem_of(filing.content, standing, as_of=local_date(at), more=known, step=step)
    except NotADocument as wrong:
        raise invalid({name: str(message) for name, message in wrong.errors.items()}) from None


def check(listing: Listing, filing: Filing, at_step: str, problem: Problem, *, at: datetime) -> Result:
    """Run the rules and keep what they found; returns it."""
    result = found_in(problem)
    counts = {status: sum(1 for _ in result.of(status)) for status in ("fail", "unknown", "pass")}
    run = Check.objects.create(
        filing=filing, at_step=at_step, as_of=problem.as_of, at=at, rule_set=result.rule_set_hash,
        facts=problem.to_json(), failed=counts["fail"], unknown=counts["unknown"], passed=counts["pass"],
    )  # fmt: skip
    rows = []
    for one in result.findings:
        kept = one.to_json()
        rows.append(
            Finding(
                run=run, rule=one.rule, rule_set=result.rule_set_hash, status=one.status, severity=one.severity,
                title_zh=one.title.zh, title_en=one.title.en, message_zh=one.message.zh, message_en=one.message.en,
                cite=kept["cite"] | {"from": kept["from"]}, evidence=kept["evidence"],
            )
        )  # fmt: skip
    Finding.objects.bulk_create(rows)
    return result


def must_conform(result: Result) -> None:
    """Refuse to go on while a rule fails or cannot be decided: what is unknown is never a pass."""
    if result.status not in BLOCKING:
        return
    open_ = [f for f in result.of("fail", "unknown") if f.severity != "note"]
    names = "；".join(f.title.zh for f in open_[:3])
    message = Text(
        f"还有 {len(open_)} 条规则不符合或待补正，不能通过：{names}。",
        f"{len(open_)} rules fail or cannot be decided yet: {'; '.join(f.title.en for f in open_[:3])}.",
    )
    raise Refused("not_conforming", message, status=409, details={f.rule: f.message.zh for f in open_})


def seal(content: object) -> str:
    """SHA-256 of an application's content."""
    return hashlib.sha256(canonical(content)).hexdigest()
