"""Re-checks of a province: every application's last review, as it was read then, under the rules of another day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from linhe.core.loop import refusals
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.exchange.engine import Problem
from linhe.desks.exchange.engine.frames import statuses, table
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.engine.rulebook import RuleSet
from linhe.desks.exchange.models import Check, Difference, Finding, Recheck
from linhe.desks.exchange.queries.cases import provinces_of

BATCH = 2_000
"""Applications that are held in memory at a time."""


def begin_recheck(province: Place, day: date, *, by: Account, at: datetime) -> Recheck:
    """Note that a re-check is wanted. One that waits for the same day is not asked for twice."""
    if province not in provinces_of(by, at=at):
        raise refusals.not_allowed()
    waiting = Recheck.objects.filter(province=province, day=day, done_at__isnull=True).first()
    return waiting or Recheck.objects.create(province=province, day=day, by=by, at=at)


@transaction.atomic
def run_recheck(recheck_id: int, *, at: datetime) -> Recheck:
    """Do it, once: the polars back end judges batch by batch, what differs is kept."""
    recheck = Recheck.objects.select_for_update().get(pk=recheck_id)
    if recheck.done_at is not None:
        return recheck
    rule_set = shipped().at(recheck.day)
    ids = last_checks(recheck.province)
    for start in range(0, len(ids), BATCH):
        rows = [
            Difference(recheck=recheck, run_id=run, rule=rule, before=before, after=after)
            for run, rule, before, after in differences(ids[start : start + BATCH], rule_set)
        ]
        Difference.objects.bulk_create(rows, batch_size=BATCH)
    recheck.rule_set, recheck.cases, recheck.done_at = rule_set.hash, len(ids), at
    recheck.save(update_fields=["rule_set", "cases", "done_at"])
    return recheck


def last_checks(province: Place) -> list[int]:
    """Ids of the last review of every listing of a province, in order."""
    runs = Check.objects.filter(filing__listing__matter__at_district=province)
    return sorted(runs.values_list("filing__listing").annotate(last=Max("pk")).values_list("last", flat=True))


def differences(ids: Sequence[int], rule_set: RuleSet) -> Iterator[tuple[int, str, str, str]]:
    """For some reviews, every rule with another status than was found: review, rule, before, after.

    A rule that was or is not in force has no status there; that it is new and passes or does not apply is none.
    """
    runs = list(Check.objects.filter(pk__in=ids).order_by("pk").only("facts"))
    judged = statuses(table(Problem.from_json(run.facts) for run in runs), rule_set)
    columns = {rule: judged[rule].to_list() for rule in judged.columns}
    found: dict[int, dict[str, str]] = {}
    for run_id, rule, status in Finding.objects.filter(run__in=ids).values_list("run", "rule", "status"):
        found.setdefault(run_id, {})[rule] = status
    for row, run in enumerate(runs):
        before = found.get(run.pk, {})
        for rule in dict.fromkeys([*before, *columns]):
            was, is_now = before.get(rule, ""), columns[rule][row] if rule in columns else ""
            if was != is_now and {was, is_now} & {"fail", "unknown"}:
                yield run.pk, rule, was, is_now
