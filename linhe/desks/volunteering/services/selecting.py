"""Effects of the yearly selection: nominations, screening, the jury, the count. The vote itself is in ``voting``."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from fractions import Fraction
from typing import Any

from linhe.core.dated import value
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.people.codes import account_of_phone
from linhe.core.people.models import Account
from linhe.core.people.queries import organisations_of
from linhe.core.points.queries import earned, still_disputable
from linhe.desks.volunteering.engine import Criterion, Entry, Measure, Params, Problem, solve
from linhe.desks.volunteering.models import Candidate, Juror, Mark, Recusal, ResultRow, SelectionDetail
from linhe.desks.volunteering.queries.honours import riders
from linhe.desks.volunteering.services.guessing import check_guesses, wrong_guess
from linhe.desks.volunteering.services.publicity import check_answered, whole_of
from linhe.desks.volunteering.services.settling import check_settled
from linhe.lib.periods import Quarter
from linhe.lib.text import Text

CRITERIA = (Criterion("total"), Criterion("jury"), Criterion("votes"), Criterion("nominated", "least"))


def open_selection(step: Step) -> None:
    """Open the year's selection of a district, once."""
    place, year = whole_of(step, "district"), step.data.year
    quota = value("volunteering.selection_quota", at=step.at, place_code=place.code)
    _, made = SelectionDetail.objects.get_or_create(
        place=place, year=year, defaults={"matter": step.matter, "quota": quota}
    )
    if not made:
        raise Refused("open_already", Text("这一年的评选已经开启。", "This year's selection was opened before."))
    step.matter.title, step.matter.title_en = f"{year} 年最美小哥评选", f"most admired couriers of {year}"


def nominate(step: Step) -> dict[str, Any]:
    """Nominate a courier, known by phone and name together; nobody is on the ballot without agreeing."""
    assert step.by is not None
    data, selection = step.data, _selection(step)
    account = _rider(step)
    organisation = None
    if data.source == Candidate.Source.COMPANY:
        organisation = next((o for o in organisations_of(step.by, at=step.at) if o.kind == "company"), None)
        if organisation is None:
            raise invalid({"source": str(Text("您不代表企业。", "You do not act for a company."))})
    _, made = Candidate.objects.get_or_create(
        selection=selection, account=account,
        defaults={
            "nominated_by": step.by, "source": data.source, "organisation": organisation, "story": data.story,
            "agreed": True if account.pk == step.by.pk else None,
        },
    )  # fmt: skip
    if not made:
        raise Refused("nominated_already", Text("这位小哥已被推荐。", "This courier was nominated before."))
    return {"candidates": Candidate.objects.filter(selection=selection).count()}


def agree_to_stand(step: Step) -> None:
    """The nominee agrees, or does not; whoever was already screened out stays out."""
    mine = Candidate.objects.select_for_update().filter(selection=step.matter.pk, account=step.by).first()
    if mine is None:
        raise Refused("not_nominated", Text("您没有被推荐。", "You were not nominated."), status=403)
    mine.agreed = step.data.agrees
    if not mine.agreed:
        mine.passed = None
    mine.save(update_fields=["agreed", "passed"])


def screen_candidate(step: Step) -> dict[str, bool]:
    """Put a candidate on the ballot, or not."""
    candidate = _candidate(step)
    if step.data.passed and not candidate.agreed:
        raise Refused("no_consent", Text("本人还没有同意参评。", "They have not agreed to stand."))
    candidate.passed = step.data.passed
    candidate.save(update_fields=["passed"])
    return {"passed": step.data.passed}


def open_vote(step: Step) -> dict[str, int]:
    """Number the candidates and let people vote."""
    passed = list(Candidate.objects.filter(selection=step.matter.pk, passed=True).order_by("pk"))
    if not passed:
        raise Refused("no_candidates", Text("还没有通过审核的候选人。", "No candidate has passed yet."))
    for number, candidate in enumerate(passed, start=1):
        candidate.number = number
    Candidate.objects.bulk_update(passed, ["number"])
    return {"candidates": len(passed)}


def close_vote(step: Step) -> dict[str, int]:
    """The event keeps how many votes each number on the ballot got, so that the count is sealed."""
    on_ballot = Candidate.objects.filter(selection=step.matter.pk, number__isnull=False)
    return {"votes": sum(c.votes for c in on_ballot), **{f"votes_{c.number}": c.votes for c in on_ballot}}


def name_juror(step: Step) -> None:
    """Name a member of the jury, by user name or phone."""
    account = Account.objects.filter(username=step.data.who, is_active=True).first() or _active(step.data.who)
    if account is None:
        raise invalid({"who": str(Text("没有这个人。", "There is no such person."))})
    Juror.objects.get_or_create(selection=_selection(step), account=account)


def recuse(step: Step) -> None:
    """A juror declares to be near to a candidate."""
    candidate, juror = _candidate(step), _juror(step)
    if Mark.objects.filter(juror=juror, candidate=candidate).exists():
        raise Refused("marked_already", Text("您已经打过分。", "You have marked this candidate already."))
    Recusal.objects.get_or_create(juror=juror, candidate=candidate)


def give_mark(step: Step) -> None:
    """A juror's mark, once; none for oneself, nor for whom one has declared a tie with."""
    candidate, juror = _candidate(step), _juror(step)
    if candidate.number is None:
        raise Refused("not_on_ballot", Text("这位不在候选名单。", "Not on the ballot."))
    near = candidate.account_id == juror.account_id or Recusal.objects.filter(juror=juror, candidate=candidate).exists()
    if near:
        raise Refused("near", Text("您需要回避，不能打分。", "You have a tie and cannot mark them."), status=403)
    _, made = Mark.objects.get_or_create(juror=juror, candidate=candidate, defaults={"marks": step.data.marks})
    if not made:
        raise Refused("marked_already", Text("您已经打过分。", "You have marked this candidate already."))


def count_selection(step: Step) -> dict[str, Any]:
    """Weigh votes, marks and points, rank, and publish; a recount is a version of its own."""
    selection = _selection(step)
    candidates = list(Candidate.objects.filter(selection=selection, number__isnull=False).prefetch_related("marks"))
    _check_jury(selection, candidates)
    closed_at = Event.objects.filter(matter=step.matter, action="close_vote").latest("pk").at
    first, after = Quarter(selection.year, 1).stretch()[0], Quarter(selection.year, 4).stretch()[1]
    waiting = still_disputable(selection.place, first, min(after, closed_at))
    check_settled(waiting.filter(credited__owner__in=[c.account_id for c in candidates]).count())
    problem, figures = _problem(selection, candidates, closed_at, step.at)
    lines = {line.id: line for line in solve(problem, Params("share")).lines}
    selection.version += 1
    selection.inputs_hash = _hash(problem)
    selection.save(update_fields=["version", "inputs_hash"])
    ResultRow.objects.bulk_create(
        ResultRow(
            selection=selection, version=selection.version, candidate=c, votes=c.votes, jury=str(figures[c.pk][0]),
            points=figures[c.pk][1], total=str(lines[c.pk].total), rank=lines[c.pk].rank, chosen=lines[c.pk].chosen,
        )
        for c in candidates
    )  # fmt: skip
    return {
        "version": selection.version, "votes": sum(c.votes for c in candidates), "inputs": selection.inputs_hash,
        "chosen": sum(line.chosen for line in lines.values()),
    }  # fmt: skip


def recount_selection(step: Step) -> dict[str, Any]:
    """Something was wrong: the result is counted anew as the next version."""
    check_answered(step)
    return count_selection(step)


def decide_selection(step: Step) -> dict[str, int]:
    """The published result counts."""
    selection = _selection(step)
    rows = ResultRow.objects.filter(selection=selection, version=selection.version, chosen=True)
    return {"selected": rows.count()}


def _problem(
    selection: SelectionDetail, candidates: list[Candidate], closed_at: datetime, at: datetime
) -> tuple[Problem, dict[int, tuple[Fraction, int]]]:
    """The selection as a problem of the engine, with each candidate's mean mark and points of the year until the vote
    closed: so they can all be settled by the count, and a recount sees the same ones."""
    place = selection.place
    [weights] = value("volunteering.selection_weights", at=at, place_code=place.code)
    points: dict[int, int] = {}
    for number in (1, 2, 3, 4):
        for one in earned(place, Quarter(selection.year, number), before=closed_at):
            points[one.account_id] = points.get(one.account_id, 0) + one.points
    figures = {}
    for c in candidates:
        marks = [mark.marks for mark in c.marks.all()]
        figures[c.pk] = (Fraction(sum(marks), len(marks) or 1), points.get(c.account_id, 0))
    measures = (
        Measure("votes", Fraction(weights["votes"]), "sum"),
        Measure("jury", Fraction(weights["jury"]), "full", Fraction(100)),
        Measure("points", Fraction(weights["points"]), "max"),
        Measure("nominated"),
    )
    entries = tuple(
        Entry(c.pk, (Fraction(c.votes), figures[c.pk][0], Fraction(figures[c.pk][1]), Fraction(c.number or 0)))
        for c in candidates
    )
    return Problem(measures, CRITERIA, selection.quota, entries), figures


def _check_jury(selection: SelectionDetail, candidates: list[Candidate]) -> None:
    """Every juror has marked every candidate on the ballot, or declared a tie."""
    jurors = Juror.objects.filter(selection=selection).prefetch_related("marks", "recusals")
    waiting = 0
    for juror in jurors:
        done = {m.candidate_id for m in juror.marks.all()} | {r.candidate_id for r in juror.recusals.all()}
        waiting += sum(c.pk not in done and c.account_id != juror.account_id for c in candidates)
    if waiting:
        raise Refused(
            "jury_open", Text(f"评委还有 {waiting} 项没有打分。", f"{waiting} marks of the jury are missing.")
        )


def _hash(problem: Problem) -> str:
    content = [
        [[m.name, str(m.weight), m.scale, str(m.full)] for m in problem.measures], problem.quota,
        sorted([e.id, *map(str, e.figures)] for e in problem.entries),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _selection(step: Step) -> SelectionDetail:
    return SelectionDetail.objects.select_related("place").get(matter=step.matter)


def _candidate(step: Step) -> Candidate:
    found = Candidate.objects.select_for_update().filter(selection=step.matter.pk, pk=step.data.candidate_id).first()
    if found is None:
        raise invalid({"candidate_id": str(Text("没有这位候选人。", "There is no such candidate."))})
    return found


def _juror(step: Step) -> Juror:
    found = Juror.objects.filter(selection=step.matter.pk, account=step.by).first()
    if found is None:
        raise Refused("no_juror", Text("您不是评委。", "You are not on the jury."), status=403)
    return found


def _rider(step: Step) -> Account:
    """A courier by phone and name together, so that no number tells whose it is; wrong ones are counted."""
    check_guesses(step, "phone")
    account = _active(step.data.phone)
    if account is None or account.name != step.data.name or account.pk not in riders(at=step.at):
        message = str(Text("没有找到：请核对姓名和手机号。", "Not found. Check name and number."))
        raise invalid({"phone": message, "name": message}, afterwards=wrong_guess(step))
    return account


def _active(phone: str) -> Account | None:
    account = account_of_phone(phone)
    return account if account is not None and account.is_active else None
