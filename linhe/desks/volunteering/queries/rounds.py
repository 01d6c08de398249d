"""Reads of evaluations: the rounds, their rows by key, and the events behind each figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from linhe.core.loop.access import visible_to
from linhe.core.loop.models import Event
from linhe.core.loop.queries import Page, page_of
from linhe.core.people.models import Account
from linhe.core.people.queries import organisations_of
from linhe.desks.volunteering.models import EvaluationDetail, EvaluationRow, Objection
from linhe.desks.volunteering.queries.evaluation import (
    FIGURES,
    grade_names,
    member_records,
    organisation_records,
    year_of,
)
from linhe.lib.masking import mask_name
from linhe.lib.text import Text

SIZE = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as pages show it."""

    row: EvaluationRow
    name: str
    grade: Text
    figures: list[tuple[str, Text, Text, int]]


@dataclass(frozen=True, slots=True)
class Behind:
    """An event behind a figure and how much it adds."""

    event: Event
    what: Text
    amount: int


def rounds_for(account: Account, *, at: datetime) -> list[EvaluationDetail]:
    """The evaluations that somebody may read as a whole, the latest first."""
    mine = visible_to(account, at=at).filter(kind="evaluation").values("pk")
    return list(
        EvaluationDetail.objects.filter(matter__in=mine).select_related("matter__place").order_by("-year", "-pk")[:100]
    )


def rows_of(round_: EvaluationDetail, *, organisations: bool, before: int | None = None) -> Page[EvaluationRow]:
    """A page of rows in the order in which they were written: by number, never by points."""
    rows = EvaluationRow.objects.filter(evaluation=round_, account__isnull=organisations)
    return page_of(rows.select_related("account", "organisation"), before=before, size=SIZE)


def shown(row: EvaluationRow, grades: Mapping[str, Text]) -> Shown:
    """A row with its names."""
    name = mask_name(row.account.name) if row.account else row.organisation.name
    figures = [(code, label, unit, row.figures.get(code, 0)) for code, label, unit in FIGURES]
    return Shown(row, name, grades.get(row.grade, Text(row.grade, row.grade)), figures)


def grades_of(round_: EvaluationDetail) -> Mapping[str, Text]:
    """The grades by which a round was computed."""
    return grade_names(at=round_.matter.created_at, place_code=round_.place.code)


def row_for(account: Account, row_id: int, *, at: datetime) -> EvaluationRow | None:
    """A row for whom it is about, for their organisation, and for who may read the whole round."""
    row = (
        EvaluationRow.objects.filter(pk=row_id)
        .select_related("evaluation__matter__place", "evaluation__place", "account", "organisation")
        .first()
    )
    if row is None:
        return None
    mine = row.account_id == account.pk or row.organisation in organisations_of(account, at=at)
    readable = mine or visible_to(account, at=at).filter(pk=row.evaluation_id).exists()
    return row if readable else None


def rows_about(account: Account) -> list[EvaluationRow]:
    """One's own rows, the latest year first."""
    rows = EvaluationRow.objects.filter(account=account, evaluation__over=False)
    return list(
        rows.select_related("evaluation__matter__place", "evaluation__place", "organisation", "account").order_by(
            "-evaluation__year", "-pk"
        )[:20]
    )


def behind(row: EvaluationRow, figure: str) -> list[Behind]:
    """The events that a figure adds up, the latest first: what the row was computed from, read again."""
    round_ = row.evaluation
    year = year_of(round_.year, cut_at=round_.matter.created_at)
    if row.account_id is not None:
        records = member_records(round_.place, year, [row.account_id])
    else:
        records = organisation_records(round_.place, year, [row.organisation_id])
    amounts: dict[int, int] = defaultdict(int)
    for record in records:
        if record.figure == figure:
            amounts[record.event] += record.amount
    events = Event.objects.filter(pk__in=amounts).select_related("matter__place").order_by("-at", "-pk")
    return [Behind(one, one.matter.declared.action(one.action).name, amounts[one.pk]) for one in events]


def open_objections(round_: EvaluationDetail) -> list[Objection]:
    """The objections that wait for an answer, the oldest first."""
    rows = Objection.objects.filter(evaluation=round_, answered_at__isnull=True)
    return list(rows.select_related("account").order_by("pk"))
