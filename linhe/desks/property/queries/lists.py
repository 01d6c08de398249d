"""Lists and figures of the desk: rounds and cases of a territory, of a company, of a committee; the year's figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, Sum

from linhe.core.indicators.measures import Measure, all_measures
from linhe.core.indicators.models import Rollup
from linhe.core.indicators.queries import Figure, series
from linhe.core.loop.access import visible_to
from linhe.core.loop.models import Matter
from linhe.core.loop.queries import Page, page_of
from linhe.core.people.models import Account, Organisation
from linhe.core.people.queries import organisations_of, posts_of
from linhe.core.places.models import Place
from linhe.desks.property.engine.problem import PARTIES
from linhe.desks.property.models import Contract, ExitCase, Invitation, Ledger, Round, Score
from linhe.desks.property.queries.rounds import HOTLINE, contracts_of, in_force, year_of
from linhe.desks.property.queries.rules import grade_name
from linhe.lib.periods import Quarter
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

MOST_WAITING = 12


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round in a list: who has scored, how the survey goes, what came out."""

    matter: Matter
    company: str
    scored: list[bool]
    asked: int
    answered: int
    score: str
    grade: Text | None


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A compound of a company: its round of the year, its newest ledger, complaints of the year."""

    contract: Contract
    round: Round | None
    ledger: Ledger | None
    complaints: int | None
    exit: Matter | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A figure of a stretch of time beside that of the stretch before it."""

    figure: Figure
    before: Figure

    @property
    def change_percent(self) -> int | None:
        """By how much the count rose, in percent; None without anything before."""
        if not self.before.total:
            return None
        return round(float(100 * (self.figure.total - self.before.total) / self.before.total))


def rounds_page(
    account: Account, place: Place, *, at: datetime, stages: Sequence[str] = (), before: int | None = None
) -> Page[Matter]:
    """Assessments at a place that the reader may see, newest first."""
    rows = visible_to(account, at=at, place=place, kind="assessment")
    if stages:
        rows = rows.filter(stage__in=stages)
    return page_of(rows.select_related("place"), before=before)


def round_rows(matters: Iterable[Matter]) -> list[RoundRow]:
    """The rows of a page of rounds; four queries for all of them."""
    listed = list(matters)
    ids = [m.pk for m in listed]
    rounds = {r.matter_id: r for r in Round.objects.filter(pk__in=ids).select_related("contract__company")}
    scored = set(Score.objects.filter(round__in=ids).values_list("round", "party").distinct())
    surveys: dict[int, tuple[int, int]] = {
        row["round"]: (row["asked"], row["answered"])
        for row in Invitation.objects.filter(round__in=ids).values("round")
        .annotate(asked=Count("id"), answered=Count("id", filter=Q(used=True)))
    }  # fmt: skip
    found = []
    for matter in listed:
        one = rounds[matter.pk]
        grade = grade_name(one.grade, matter.created_at, matter.place.code) if one.grade else None
        score = "" if one.score_tenths is None else f"{one.score_tenths / 10:g}"
        parties = [(matter.pk, party) in scored for party in PARTIES]
        found.append(
            RoundRow(matter, one.contract.company.name, parties, *surveys.get(matter.pk, (0, 0)), score, grade)
        )
    return found


def exits_page(account: Account, place: Place | None, *, at: datetime, before: int | None = None) -> Page[Matter]:
    """Cases of exit that the reader may see, newest first."""
    rows = visible_to(account, at=at, place=place, kind="exit")
    related = ("place", "exit_case__contract__company", "exit_case__contract__compound")
    return page_of(rows.select_related(*related), before=before)


def without_round(place: Place, year: int, day: date) -> tuple[list[Contract], int]:
    """Contracts in force below a place that have no round of the year yet: the first ones, and how many in all."""
    rounds = Round.objects.filter(contract=OuterRef("pk"), year=year, cancelled=False)
    held = Contract.objects.filter(in_force(day), ~Exists(rounds), **{f"compound__{place.level}": place})
    related = held.select_related("company", "compound").order_by("compound__code")
    return list(related[:MOST_WAITING]), held.count()


def companies_of(account: Account, *, at: datetime) -> list[Organisation]:
    """The property companies in which someone holds a post."""
    return [o for o in organisations_of(account, at=at) if o.kind == Organisation.Kind.COMPANY]


def company_rows(account: Account, *, at: datetime) -> list[ContractRow]:
    """The compounds that the reader's companies serve and where the reader holds the post, one query a column."""
    day = local_date(at)
    here = {p.place_id for p in posts_of(account, at=at) if p.organisation_id}
    contracts = [
        c for c in contracts_of(companies_of(account, at=at), day) if here & set(c.compound.ancestor_ids())
    ]  # fmt: skip
    ids = [c.pk for c in contracts]
    current = Round.objects.filter(contract__in=ids, year=day.year, cancelled=False).select_related("matter")
    rounds = {r.contract_id: r for r in current}
    ledgers = {ledger.contract_id: ledger for ledger in Ledger.objects.filter(contract__in=ids).order_by("id")}
    exits = {e.contract_id: e.matter for e in _running_exits(ids)}
    counted = complaints_by_place([c.compound for c in contracts], *year_of(day.year, day))
    return [
        ContractRow(
            c, rounds.get(c.pk), ledgers.get(c.pk), None if counted is None else counted.get(c.compound_id, 0),
            exits.get(c.pk),
        )
        for c in contracts
    ]  # fmt: skip


def complaints_by_place(places: Sequence[Place], first: date, after: date) -> dict[int, int] | None:
    """Hotline complaints by place; None when nothing counts them."""
    if HOTLINE not in all_measures():
        return None
    rows = Rollup.objects.filter(measure=HOTLINE, place__in=places, day__gte=first, day__lt=after)
    return {row["place"]: int(row["n"]) for row in rows.values("place").annotate(n=Sum("total"))}


def committee_rows(account: Account, *, at: datetime) -> list[ContractRow]:
    """The compounds whose owners' committee the reader sits on."""
    day = local_date(at)
    places = [p.place for p in posts_of(account, at=at) if p.role == "owners_committee"]
    held = Contract.objects.filter(in_force(day), compound__in=places).select_related("company", "compound")
    contracts = {c.compound_id: c for c in held}
    ids = [c.pk for c in contracts.values()]
    current = Round.objects.filter(contract__in=ids, year=day.year, cancelled=False).select_related("matter")
    rounds = {r.contract_id: r for r in current}
    ledgers = {ledger.contract_id: ledger for ledger in Ledger.objects.filter(contract__in=ids).order_by("id")}
    exits = {e.contract_id: e.matter for e in _running_exits(ids)}
    return [
        ContractRow(c, rounds.get(c.pk), ledgers.get(c.pk), None, exits.get(c.pk))
        for c in sorted(contracts.values(), key=lambda c: c.compound.code)
    ]


def results_of(compound: Place) -> list[Round]:
    """The settled rounds of a compound, newest year first: what the public page shows."""
    settled = Round.objects.filter(contract__compound=compound, score_tenths__isnull=False, cancelled=False)
    related = ("matter__place", "contract__company", "contract__compound")
    return list(settled.select_related(*related).order_by("-year", "-pk")[:6])


def figure_between(measure: Measure, place: Place, first: date, after: date) -> Figure:
    """A figure of any stretch of days."""
    months = [f for _, f in series(measure, place, first, after, by="month")]
    totals = [sum(getattr(f, name) for f in months) for name in ("count", "total", "base")]
    return Figure(measure, *totals)


def year_compared(code: str, place: Place, at: datetime) -> Compared:
    """A measure of this year so far beside the whole year before."""
    measure, today = all_measures()[code], local_date(at)
    now = figure_between(measure, place, *year_of(today.year, today))
    return Compared(now, figure_between(measure, place, *year_of(today.year - 1)))


def complaints_compared(place: Place, at: datetime) -> Compared | None:
    """Complaints of the last full quarter beside the same quarter a year before; None when nothing counts them."""
    measure = all_measures().get(HOTLINE)
    if measure is None:
        return None
    this = Quarter.of(at)
    last = Quarter(this.year, this.number - 1) if this.number > 1 else Quarter(this.year - 1, 4)
    days = [
        [local_date(moment) for moment in quarter.stretch()] for quarter in (last, Quarter(last.year - 1, last.number))
    ]
    return Compared(figure_between(measure, place, *days[0]), figure_between(measure, place, *days[1]))


def _running_exits(contract_ids: list[int]) -> Iterable[ExitCase]:
    return ExitCase.objects.filter(contract__in=contract_ids, running=True).select_related("matter")
