"""What pages tell of one round: the sheets side by side, the survey, what was counted, what came out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from linhe.core.dated import value
from linhe.core.loop.models import Event, Particular
from linhe.core.places.models import Place
from linhe.desks.property.engine.problem import PARTIES
from linhe.desks.property.models import Ledger, Round
from linhe.desks.property.queries.rounds import complaints_at, ledger_of, result_of, scores_of, strata_of, year_of
from linhe.desks.property.queries.rules import Group, Line, grade_name, names_of_weights, sheet_at
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

TENTHS = 10


@dataclass(frozen=True, slots=True)
class LineTold:
    """An item with what each party gave, in points; None where it has not scored."""

    line: Line
    points: list[str | None]


@dataclass(frozen=True, slots=True)
class GroupTold:
    """A group with each party's points, and whether they are too far apart."""

    group: Group
    points: list[str | None]
    apart: bool
    explained: bool
    words: str
    lines: list[LineTold]


@dataclass(frozen=True, slots=True)
class BuildingTold:
    """A building in the survey; ``percent`` only with enough answers that nobody can be made out."""

    name: Text
    asked: int
    answers: int
    percent: int | None


@dataclass(frozen=True, slots=True)
class SurveyTold:
    """How the survey goes, and once the result is settled, what it says."""

    asked: int
    answers: int
    buildings: list[BuildingTold]
    percent: str = ""
    low: str = ""
    high: str = ""
    confidence: int = 0

    @property
    def response(self) -> int:
        """Answers in percent of the households asked."""
        return 100 * self.answers // self.asked if self.asked else 0

    @property
    def silent(self) -> int:
        """Households that were asked and have not answered."""
        return self.asked - self.answers


@dataclass(frozen=True, slots=True)
class PartTold:
    """A part of the score; ``percent`` is None when nobody counted it."""

    name: Text
    percent: str | None
    weight: int


@dataclass(frozen=True, slots=True)
class RoundTold:
    """A round as pages show it."""

    one: Round
    parties: list[Text]
    party_done: list[bool]
    sums: list[str | None]
    groups: list[GroupTold]
    survey: SurveyTold | None
    parts: list[PartTold]
    ledger: Ledger | None
    complaints: int | None
    score: str = ""
    grade: Text | None = None

    @property
    def sheets(self) -> list[tuple[Text, bool]]:
        """Each party, and whether its sheet is in."""
        return list(zip(self.parties, self.party_done, strict=True))

    @property
    def unexplained(self) -> int:
        """Disagreements that wait for words."""
        return sum(g.apart and not g.explained for g in self.groups)


def points(tenths: int | None) -> str | None:
    """``825`` -> ``82.5``, ``800`` -> ``80``."""
    return None if tenths is None else f"{tenths / TENTHS:g}"


def told_round(one: Round, *, at: datetime) -> RoundTold:
    """Everything about a round; a settled one is told from what was kept then, an open one as it stands."""
    opened, place_code = one.matter.created_at, one.matter.place.code
    sheet, scores = sheet_at(opened, place_code), scores_of(one)
    names, part_names = names_of_weights("party", opened), names_of_weights("part", opened)
    settled = one.score_tenths is not None
    outcome = one.outcome if one.outcome else result_of(one, at=at).to_json()
    apart = {d["group"] for d in outcome["disagreements"]}
    words = _explanations(one)
    first, after = year_of(one.year, local_date(one.closed_at or at))
    return RoundTold(
        one=one,
        parties=[names[party] for party in PARTIES],
        party_done=[party in scores for party in PARTIES],
        sums=[points(sum(scores[party].values())) if party in scores else None for party in PARTIES],
        groups=[_group(group, scores, group.code in apart, words.get(group.code)) for group in sheet],
        survey=_survey(one, outcome if settled else {}, at),
        parts=[
            PartTold(part_names[p["code"]], None if p["percent"] is None else f"{p['percent']:.1f}", p["weight"])
            for p in (outcome["parts"] if settled else ())
        ],
        ledger=ledger_of(one.contract, one.year),
        complaints=complaints_at(one.contract.compound, first, after),
        score=points(one.score_tenths) or "",
        grade=grade_name(one.grade, opened, place_code) if one.grade else None,
    )


def _group(group: Group, scores: dict[str, dict[str, int]], apart: bool, words: str | None) -> GroupTold:
    lines = [
        LineTold(line, [points(scores[p][line.code]) if p in scores else None for p in PARTIES]) for line in group.lines
    ]
    sums = [
        points(sum(scores[party][line.code] for line in group.lines)) if party in scores else None for party in PARTIES
    ]
    return GroupTold(group, sums, apart, words is not None, words or "", lines)


def _explanations(one: Round) -> dict[str, str]:
    """Group -> the words that explain its disagreement; empty words once they have been erased."""
    events = Event.objects.filter(matter=one.matter_id, action="explain_gap").order_by("seq")
    groups = {event.pk: str(event.data.get("group", "")) for event in events}
    found = dict.fromkeys(groups.values(), "")
    for said in Particular.objects.filter(event__in=groups, name="words").order_by("id"):
        found[groups[said.event_id]] = said.value
    return found


def _survey(one: Round, outcome: dict[str, object], at: datetime) -> SurveyTold | None:
    if one.drawn_at is None:
        return None
    least = value("property.least_answers_shown", at=at, place_code=one.matter.place.code)
    strata = strata_of(one)
    names = {b.code: b for b in Place.objects.filter(code__in=[s.code for s in strata])}
    buildings = [
        BuildingTold(
            Text(names[s.code].name, names[s.code].name_en or names[s.code].name), s.asked, s.answers,
            100 * s.satisfied // s.answers if outcome and s.answers >= least else None,
        )
        for s in strata
    ]  # fmt: skip
    told = SurveyTold(sum(s.asked for s in strata), sum(s.answers for s in strata), buildings)
    estimate = outcome.get("estimate")
    if not isinstance(estimate, dict):
        return told
    share, low, high = (_percent(estimate[name]) for name in ("share", "low", "high"))
    return replace(told, percent=share, low=low, high=high, confidence=round(100 * estimate["confidence"]))


def _percent(share: float) -> str:
    return f"{float(100 * Fraction(str(share))):.1f}"
