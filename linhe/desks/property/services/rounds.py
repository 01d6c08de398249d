"""Effects of an assessment: opened, scored by three parties, settled, appealed, put right, checked again."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, transaction

from linhe.core.dated import value
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.desks.property.engine import Result, scoring
from linhe.desks.property.loop import FAILED, PASSED, RECTIFYING, SCORED_BY
from linhe.desks.property.models import Card, Round, Score
from linhe.desks.property.queries.rounds import (
    clock_is_late,
    compound_of,
    contract_at,
    explained_groups,
    problem_of,
    result_of,
    yellow_cards,
)
from linhe.desks.property.queries.rules import FULL_TENTHS, items_of, params_at, scores_of, sheet_at
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

DAYS_A_MONTH = 30
ROUND_EXISTS = Text("这份合同今年已有一轮考核。", "This contract has a round for that year already.")


def round_of(matter_id: int) -> Round:
    """The round of an assessment, with what the rules need."""
    return Round.objects.select_related("matter__place", "contract__company", "contract__compound").get(pk=matter_id)


def open_round(step: Step) -> dict[str, Any]:
    """Begin: the contract in force in the compound is assessed; its company is a party."""
    compound = compound_of(step.matter.place)
    contract = contract_at(compound, local_date(step.at)) if compound else None
    if contract is None:
        raise Refused("no_contract", Text("这个小区没有生效的物业合同。", "No contract is in force here."), status=422)
    if step.data.year > local_date(step.at).year:
        raise invalid({"year": str(Text("不能考核以后的年度。", "A year to come cannot be assessed."))})
    step.matter.organisation = contract.company
    step.matter.title = f"{contract.compound.name} {step.data.year} 年物业考核"
    step.matter.title_en = f"{contract.compound.name_en or contract.compound.name}: assessment of {step.data.year}"
    try:
        with transaction.atomic():
            Round.objects.create(matter=step.matter, contract=contract, year=step.data.year)
    except IntegrityError as error:
        raise Refused("round_exists", ROUND_EXISTS, details={"year": str(ROUND_EXISTS)}) from error
    return {"contract": contract.pk}


def keep_sheet(step: Step) -> dict[str, Any]:
    """A party's sheet: every item once, in steps, none above its full score. A new sheet replaces the one before."""
    one = round_of(step.matter.pk)
    begun_at, code = one.matter.created_at, one.matter.place.code
    items = items_of(sheet_at(begun_at, code))
    least = value("property.score_step_tenths", at=begun_at, place_code=code)
    tenths = step.data.tenths
    if len(tenths) != len(items):
        raise invalid({"tenths": str(Text(f"共 {len(items)} 项，请逐项评分。", f"Score all {len(items)} items."))})
    for item, given in zip(items, tenths, strict=True):
        if not 0 <= given <= item.most_tenths:
            most = item.most_tenths / 10
            text = Text(f"{item.code} 项应在 0–{most:g} 分之间。", f"{item.code}: between 0 and {most:g} points.")
            raise invalid({"tenths": str(text), item.code: str(text)})
        if given not in scores_of(item.most_tenths, least):
            text = Text(
                f"{item.code} 项以 {least / 10:g} 分为一档。", f"{item.code}: in steps of {least / 10:g} points."
            )
            raise invalid({"tenths": str(text), item.code: str(text)})
    party = SCORED_BY[step.action.code]
    Score.objects.bulk_create(
        [Score(round=one, party=party, item=i.code, tenths=t) for i, t in zip(items, tenths, strict=True)],
        update_conflicts=True, unique_fields=["round", "party", "item"], update_fields=["tenths"],
    )  # fmt: skip
    return {"party": party, "sum_tenths": sum(tenths)}


def explain_gap(step: Step) -> None:
    """Only a disagreement that there is can be explained."""
    found = result_of(round_of(step.matter.pk), at=step.at).disagreements
    if step.data.group not in {d.group for d in found}:
        raise invalid({"group": str(Text("这一组没有需要说明的分歧。", "There is nothing to explain in this group."))})


def settle(step: Step) -> dict[str, Any]:
    """Work out the result from the rows: all three sheets are needed, and every large disagreement is explained."""
    one = round_of(step.matter.pk)
    problem = problem_of(one, at=step.at)
    result = result_of(one, at=step.at, problem=problem)
    if result.score_tenths is None:
        text = Text("三方都评完分才能核定。", "All three parties must score first.")
        raise Refused("unscored", text, status=409)
    explained = explained_groups(one)
    if missing := [d.group for d in result.disagreements if d.group not in explained]:
        text = Text(f"还有 {len(missing)} 组分歧没有说明。", f"{len(missing)} disagreements are not explained yet.")
        raise Refused("unexplained", text, status=409, details={"groups": ", ".join(missing)})
    _keep(one, result, step)
    record: dict[str, Any] = _told(result)
    if result.estimate:
        record |= {"satisfied": result.estimate.satisfied, "answered": result.estimate.answers}
    if problem.collected_fen is not None:
        record |= {"collected_fen": problem.collected_fen, "due_fen": problem.due_fen}
    if problem.complaints is not None:
        record |= {"complaints": problem.complaints, "households": problem.households}
    return record


def confirm_grade(step: Step) -> dict[str, Any]:
    """Nobody appealed: who passed is done, who failed has to put things right."""
    one = round_of(step.matter.pk)
    step.to = PASSED if one.passed else RECTIFYING
    return {"passed": bool(one.passed)}


def decide_appeal(step: Step) -> dict[str, Any]:
    """Another decider than the one who settled; an upheld appeal brings a score of its own."""
    one = round_of(step.matter.pk)
    if step.data.upheld != (step.data.score_tenths is not None):
        text = Text(
            "申诉成立时填写改定得分，不成立则留空。", "Give a new score when the appeal is upheld, and only then."
        )
        raise invalid({"score_tenths": str(text)})
    if step.data.score_tenths is not None:
        params = params_at(one.matter.created_at, one.matter.place.code)
        one.score_tenths = step.data.score_tenths
        one.grade = scoring.grade_of(one.score_tenths, params)
        one.passed = one.score_tenths >= params.pass_tenths
        one.save(update_fields=["score_tenths", "grade", "passed"])
    step.to = PASSED if one.passed else RECTIFYING
    return {"grade": one.grade, "passed": bool(one.passed)}


def fail_again(step: Step) -> dict[str, Any]:
    """The re-check fails, or the company let the time to put things right pass: a card, and nothing else.

    What becomes of the contract is for the owners to decide; nothing here touches it.
    """
    one = round_of(step.matter.pk)
    if step.from_stage == RECTIFYING and not clock_is_late(one.matter_id, "rectify"):
        text = Text("整改期未满，企业也未提交整改。", "The time to put things right is not over yet.")
        raise Refused("too_early", text, status=409)
    colour = _card_for(one, step)
    Card.objects.create(matter=step.matter, company=one.contract.company, colour=colour, at=step.at)
    assert step.to == FAILED
    return {"card": colour}


def cancel_round(step: Step) -> None:
    """A round opened by mistake makes room for another."""
    Round.objects.filter(pk=step.matter.pk).update(cancelled=True, closed_at=step.at)


def _card_for(one: Round, step: Step) -> str:
    """The severest card whose dated conditions hold: yellow cards before it, and complaints per 1,000 households."""
    place_code = step.matter.place.code
    months = value("property.card_months", at=step.at, place_code=place_code)
    before = yellow_cards(one.contract.company, since=step.at - timedelta(days=DAYS_A_MONTH * months))
    problem = problem_of(one, at=step.at)
    rate = Fraction(1000 * (problem.complaints or 0), max(problem.households, 1))
    held = [
        row["card"]
        for row in value("property.cards", at=step.at, place_code=place_code)
        if before >= row["yellows_before"] and rate >= row["complaints_per_1000"]
    ]
    return str(held[-1])


def _keep(one: Round, result: Result, step: Step) -> None:
    one.score_tenths, one.grade, one.passed = result.score_tenths, result.grade, result.passed
    one.outcome, one.closed_at = result.to_json(), step.at
    one.save(update_fields=["score_tenths", "grade", "passed", "outcome", "closed_at"])
    one.invitations.exclude(code="").update(code="")


def _told(result: Result) -> dict[str, Any]:
    return {
        "score_tenths": result.score_tenths, "full_tenths": FULL_TENTHS, "grade": result.grade, "passed": result.passed,
    }  # fmt: skip
