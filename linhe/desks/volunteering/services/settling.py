"""Effects of a quarter's settlement: the ranking is frozen, published, corrected by a new version only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from linhe.core.dated import value
from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Step
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.core.points.queries import Earned, earned, given_and_expired, still_disputable
from linhe.desks.volunteering.engine import Criterion, Entry, Measure, Params, Problem, Result, solve
from linhe.desks.volunteering.engine.problem import Edge
from linhe.desks.volunteering.models import OptIn, SettlementDetail, Snapshot, SnapshotRow
from linhe.desks.volunteering.queries.honours import riders
from linhe.desks.volunteering.services.publicity import check_answered, whole_of
from linhe.lib.periods import Quarter
from linhe.lib.text import Text

MEASURES = (Measure("points"), Measure("services"), Measure("reached"))


def freeze_quarter(step: Step) -> dict[str, Any]:
    """Compute the quarter's ranking from the ledger, keep it as version 1 and publish it."""
    place, quarter = whole_of(step, "subdistrict"), Quarter(step.data.year, step.data.quarter)
    if step.at < quarter.stretch()[1]:
        raise Refused("too_early", Text("这个季度还没有结束。", "The quarter is not over yet."), status=422)
    _, made = SettlementDetail.objects.get_or_create(
        place=place, year=quarter.year, quarter=quarter.number, defaults={"matter": step.matter}
    )
    if not made:
        raise Refused("settled_already", Text("这个季度已经结算过了。", "This quarter was settled before."))
    step.matter.title = f"{quarter.year} 年第 {quarter.number} 季度积分结算"
    step.matter.title_en = f"settlement of {quarter.year} Q{quarter.number}"
    return _freeze(SettlementDetail.objects.get(matter=step.matter), 1, step.at)


def correct_quarter(step: Step) -> dict[str, Any]:
    """Something was wrong: a new version is computed and published; the one before stays as it was."""
    check_answered(step)
    settlement = SettlementDetail.objects.get(matter=step.matter)
    settlement.version += 1
    settlement.save(update_fields=["version"])
    return _freeze(settlement, settlement.version, step.at)


def ranked(settlement: SettlementDetail, *, people: set[int]) -> tuple[list[Earned], Problem, Result]:
    """The ranking of these people as the ledger has it now, by the rules in force when the quarter ended."""
    place, quarter = settlement.place, Quarter(settlement.year, settlement.quarter)
    at = _last_moment(settlement)
    mine = [one for one in earned(place, quarter) if one.account_id in people]
    rules = value("volunteering.tie_rule", at=at, place_code=place.code)
    problem = Problem(
        measures=MEASURES,
        criteria=(Criterion("points"), *(Criterion(rule["by"], rule["better"]) for rule in rules)),
        quota=value("volunteering.reward_quota", at=at, place_code=place.code),
        entries=tuple(Entry(e.account_id, _figures(e)) for e in mine),
    )
    edge = value("volunteering.reward_edge", at=at, place_code=place.code)
    return mine, problem, solve(problem, Params(_edge(edge)))


def inputs_hash(problem: Problem, edge: str) -> str:
    """A hash over everything that a ranking was computed from."""
    content = {
        "criteria": [[c.name, c.better] for c in problem.criteria], "quota": problem.quota, "edge": edge,
        "entries": sorted([e.id, *map(str, e.figures)] for e in problem.entries),
    }  # fmt: skip
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def problems_of_the_snapshots() -> Iterator[str]:
    """For ``linhe verify``: snapshots whose frozen rows do not lead to their ranks, or do not match their hash."""
    for snapshot in Snapshot.objects.select_related("settlement__place").order_by("pk"):
        rows = {row.account_id: row for row in snapshot.rows.all()}
        kept = [Earned(row.account_id, row.points, row.services, row.reached_at) for row in rows.values()]
        settlement = snapshot.settlement
        rules = value("volunteering.tie_rule", at=_last_moment(settlement), place_code=settlement.place.code)
        criteria = (Criterion("points"), *(Criterion(rule["by"], rule["better"]) for rule in rules))
        entries = tuple(Entry(e.account_id, _figures(e)) for e in kept)
        problem = Problem(MEASURES, criteria, snapshot.quota, entries)
        lines = solve(problem, Params(_edge(snapshot.edge))).lines
        same = all((rows[line.id].rank, rows[line.id].chosen) == (line.rank, line.chosen) for line in lines)
        if not same or inputs_hash(problem, snapshot.edge) != snapshot.inputs_hash:
            yield f"volunteering: snapshot {snapshot.pk} is not what its inputs lead to"


@transaction.atomic
def take_part(account: Account, *, named: bool, at: datetime) -> None:
    """A courier agrees to be ranked from now on, with the full name or a masked one. Two taps are one consent."""
    if account.pk not in riders(at=at):
        raise Refused("no_courier", Text("评奖面向登记的小哥。", "Rankings are for registered couriers."), status=403)
    Account.objects.select_for_update(of=("self",), no_key=True).get(pk=account.pk)
    OptIn.objects.filter(account=account, ended_at__isnull=True).update(ended_at=Greatest(F("given_at"), at))
    OptIn.objects.create(account=account, named=named, given_at=at)


def leave(account: Account, *, at: datetime) -> None:
    """A courier does not want to be ranked any more; results that were published stay as they are, masked."""
    OptIn.objects.filter(account=account, ended_at__isnull=True).update(ended_at=at)


def check_settled(waiting: int) -> None:
    """Points that can still be disputed would be missing from a ranking, so it waits for them."""
    if waiting:
        message = Text(
            f"还有 {waiting} 笔积分在异议期内或争议处理中，全部到账后才能计算。",
            f"{waiting} credits can still be disputed or are being; compute it once all of them are settled.",
        )
        raise Refused("still_disputable", message, status=422)


def _freeze(settlement: SettlementDetail, version: int, at: datetime) -> dict[str, Any]:
    check_settled(still_disputable(settlement.place, *Quarter(settlement.year, settlement.quarter).stretch()).count())
    people = takers_part(settlement.place, at)
    mine, problem, result = ranked(settlement, people=people)
    edge = value("volunteering.reward_edge", at=_last_moment(settlement), place_code=settlement.place.code)
    snapshot = Snapshot.objects.create(
        settlement=settlement, version=version, made_at=at, quota=problem.quota, edge=edge,
        inputs_hash=inputs_hash(problem, edge),
    )  # fmt: skip
    of = {one.account_id: one for one in mine}
    SnapshotRow.objects.bulk_create(
        SnapshotRow(
            snapshot=snapshot, account_id=line.id, points=of[line.id].points, services=of[line.id].services,
            reached_at=of[line.id].reached_at, rank=line.rank, decided_by=line.decided_by, tied=line.tied,
            chosen=line.chosen,
        )
        for line in result.lines
    )  # fmt: skip
    given, expired = given_and_expired(settlement.place, Quarter(settlement.year, settlement.quarter))
    return {
        "given": given, "expired": expired, "version": version, "people": len(mine),
        "points": sum(one.points for one in mine),
        "chosen": sum(line.chosen for line in result.lines), "inputs": snapshot.inputs_hash,
    }  # fmt: skip


def takers_part(place: Place, at: datetime) -> set[int]:
    """Couriers of today who agreed to be ranked. Nobody else is, above all nobody who asked for help."""
    agreed = OptIn.objects.filter(ended_at__isnull=True, given_at__lte=at).values_list("account_id", flat=True)
    return riders(at=at) & set(agreed)


def _last_moment(settlement: SettlementDetail) -> datetime:
    return Quarter(settlement.year, settlement.quarter).stretch()[1] - timedelta(microseconds=1)


def _edge(text: str) -> Edge:
    return "share" if text == "share" else "next"


def _figures(one: Earned) -> tuple[Fraction, ...]:
    """``reached`` counts microseconds, so that the first really is the first."""
    reached = int(one.reached_at.timestamp()) * 10**6 + one.reached_at.microsecond
    return Fraction(one.points), Fraction(one.services), Fraction(reached)
