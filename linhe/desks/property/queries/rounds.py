"""Reads of contracts and rounds: what is in force, what was scored, surveyed and counted, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet

from linhe.core.dated import value
from linhe.core.indicators.measures import all_measures
from linhe.core.indicators.queries import series
from linhe.core.loop.models import Event, MatterClock
from linhe.core.people.models import Organisation
from linhe.core.places.models import Place
from linhe.desks.property.engine import Problem, Result, solve
from linhe.desks.property.engine.problem import Stratum
from linhe.desks.property.models import Card, Contract, Home, Ledger, Round
from linhe.desks.property.queries.rules import items_of, params_at, sheet_at
from linhe.lib.working_calendar import local_date

HOTLINE = "reports.hotline_property"
"""The measure that another desk may declare; without it complaints are not known, which is not none."""


def compound_of(place: Place) -> Place | None:
    """The compound that a place is or lies in."""
    return place if place.kind == "compound" else place.compound


def in_force(day: date) -> Q:
    """Contracts that hold on a day."""
    ended = Q(ended_date__isnull=True) | Q(ended_date__gt=day)
    return Q(from_date__lte=day, to_date__gt=day) & ended


def contract_at(compound: Place, day: date) -> Contract | None:
    """The contract in force in a compound on a day."""
    held = Contract.objects.filter(in_force(day), compound=compound)
    return held.select_related("company", "compound").first()


def contracts_of(companies: list[Organisation], day: date) -> QuerySet[Contract]:
    """The contracts of some companies in force on a day, by compound."""
    held = Contract.objects.filter(in_force(day), company__in=companies)
    return held.select_related("company", "compound__parent").order_by("compound__code")


def year_of(number: int, until: date | None = None) -> tuple[date, date]:
    """A calendar year as half-open days, cut at the day after ``until``."""
    first, after = date(number, 1, 1), date(number + 1, 1, 1)
    return first, after if until is None else max(first + timedelta(days=1), min(after, until + timedelta(days=1)))


def complaints_at(place: Place, first: date, after: date) -> int | None:
    """Complaints about property services to the hotline; None when nothing counts them."""
    measure = all_measures().get(HOTLINE)
    if measure is None:
        return None
    return int(sum(figure.total for _, figure in series(measure, place, first, after, by="month")))


def ledger_of(contract: Contract, year: int) -> Ledger | None:
    """The newest checked ledger of a contract whose period lies in the year."""
    first, after = year_of(year)
    found = Ledger.objects.filter(contract=contract, from_date__gte=first, to_date__lte=after)
    return found.filter(checked_at__isnull=False).order_by("-id").first()


def problem_of(one: Round, *, at: datetime) -> Problem:
    """Everything about a round that the engine needs, as of now."""
    matter, contract = one.matter, one.contract
    place_code = matter.place.code
    first, after = year_of(one.year, local_date(at))
    households = Home.objects.filter(compound=contract.compound_id).count()
    ledger = ledger_of(contract, one.year)
    complaints = complaints_at(contract.compound, first, after) if households else None
    return Problem(
        items=items_of(sheet_at(matter.created_at, place_code)), scores=scores_of(one), strata=strata_of(one),
        households=households, complaints=complaints, due_fen=ledger.due_fen if ledger else 0,
        collected_fen=ledger.collected_fen if ledger else None,
    )  # fmt: skip


def result_of(one: Round, *, at: datetime, problem: Problem | None = None) -> Result:
    """What the engine makes of a round as it stands, by the rules of the day on which it was opened."""
    problem = problem or problem_of(one, at=at)
    return solve(problem, params_at(one.matter.created_at, one.matter.place.code))


def scores_of(one: Round) -> dict[str, dict[str, int]]:
    """The sheets so far: party -> item -> tenths."""
    found: dict[str, dict[str, int]] = {}
    for party, item, tenths in one.scores.order_by("id").values_list("party", "item", "tenths"):
        found.setdefault(party, {})[item] = tenths
    return found


def strata_of(one: Round) -> tuple[Stratum, ...]:
    """The survey building by building, of the buildings that were drawn, in the order of their codes."""
    asked = _counted(one.invitations.values_list("home__building").annotate(n=Count("id")))
    here = Home.objects.filter(compound=one.contract.compound_id)
    homes = _counted(here.values_list("building").annotate(n=Count("id")))
    bound = satisfied_bound(one)
    rows = one.answers.values("building").annotate(n=Count("id"), good=Count("id", filter=Q(overall__gte=bound)))
    answers = {row["building"]: (row["n"], row["good"]) for row in rows}
    codes = Place.objects.filter(pk__in=asked).order_by("code").values_list("pk", "code")
    return tuple(
        Stratum(
            code=code, homes=homes[pk], asked=asked[pk], answers=answers.get(pk, (0, 0))[0],
            satisfied=answers.get(pk, (0, 0))[1],
        )
        for pk, code in codes
    )  # fmt: skip


def _counted(rows: Iterable[tuple[int, int]]) -> dict[int, int]:
    return dict(rows)


def satisfied_bound(one: Round) -> int:
    """The least face that counts as satisfied in a round."""
    bound: int = value("property.satisfied_from", at=one.matter.created_at, place_code=one.matter.place.code)
    return bound


def explained_groups(one: Round) -> set[str]:
    """Groups whose disagreement was explained."""
    events = Event.objects.filter(matter=one.matter_id, action="explain_gap")
    return set(events.values_list("data__group", flat=True))


def yellow_cards(company: Organisation, *, since: datetime) -> int:
    """Yellow cards of a company since a moment."""
    return Card.objects.filter(company=company, colour="yellow", at__gte=since).count()


def clock_is_late(matter_id: int, clock: str) -> bool:
    """Whether a clock that runs has passed its limit."""
    running = MatterClock.objects.filter(matter=matter_id, code=clock, stopped_at__isnull=True)
    return running.filter(late_at__isnull=False).exists()
