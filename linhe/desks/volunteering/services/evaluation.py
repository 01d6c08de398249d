"""Effects of a year-end evaluation: opened, computed from the log, objected to, answered, confirmed."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from linhe.core.loop.models import MatterClock
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.desks.volunteering.engine.evaluation import Problem, Result, solve
from linhe.desks.volunteering.models import EvaluationDetail, EvaluationRow, Objection
from linhe.desks.volunteering.queries.evaluation import (
    member_records,
    members_in,
    organisation_records,
    organisations_in,
    rules,
    year_of,
)
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI


def open_evaluation(step: Step) -> None:
    """One evaluation a year and place. It looks at members' service only, never at who asks for help."""
    year = step.data.year
    if year > step.at.astimezone(SHANGHAI).year:
        raise invalid({"year": str(Text("这一年还没有开始。", "That year has not begun."))})
    step.matter.title, step.matter.title_en = f"{year} 年终评价", f"evaluation of {year}"
    try:
        with transaction.atomic():
            EvaluationDetail.objects.create(matter=step.matter, place=step.matter.place, year=year)
    except IntegrityError:
        raise Refused("open_already", Text("这一年的评价已经开启。", "That year is evaluated already.")) from None


def compute_evaluation(step: Step) -> dict[str, Any]:
    """Compute every row from the log and keep it with the hash of its inputs; earlier rows of this round go."""
    round_ = EvaluationDetail.objects.select_related("place").get(pk=step.matter.pk)
    result, belongs = result_of(round_, step)
    round_.rows.all().delete()
    EvaluationRow.objects.bulk_create(
        [
            EvaluationRow(
                evaluation=round_, account_id=int(row.subject[1:]) if row.subject[0] == "a" else None,
                organisation_id=belongs[row.subject], figures=dict(row.figures), score=row.score, grade=row.grade,
                inputs_hash=row.seal,
            )
            for row in result.rows
        ],
        batch_size=1000,
    )  # fmt: skip
    round_.inputs_hash, round_.computed_at = result.seal, step.at
    round_.save(update_fields=["inputs_hash", "computed_at"])
    members = sum(row.subject[0] == "a" for row in result.rows)
    return {"inputs": result.seal, "members": members, "organisations": len(result.rows) - members}


def result_of(round_: EvaluationDetail, step: Step) -> tuple[Result, dict[str, int]]:
    """The result, and to which organisation each subject belongs. The same log always gives the same."""
    place, year = round_.place, year_of(round_.year, cut_at=step.matter.created_at)
    members = members_in(place, year)
    organisations = [one.pk for one in organisations_in(place, year)]
    belongs = {f"a{account}": organisation for account, organisation in members.items()}
    belongs |= {f"o{organisation}": organisation for organisation in organisations}
    records = [*member_records(place, year, members), *organisation_records(place, year, organisations)]
    # The rules of the day on which it was opened: a later change does not reach back.
    params = rules(at=step.matter.created_at, place_code=place.code)
    return solve(Problem(tuple(belongs), tuple(records)), params), belongs


def object_to_evaluation(step: Step) -> None:
    """Whoever is evaluated may object to their own figures, once at a time."""
    assert step.by is not None
    if not EvaluationRow.objects.filter(evaluation=step.matter.pk, account=step.by).exists():
        raise Refused("not_evaluated", Text("只能对本人的评价提出异议。", "You may object to your own figures only."))
    try:
        with transaction.atomic():
            Objection.objects.create(evaluation_id=step.matter.pk, account=step.by, at=step.at)
    except IntegrityError:
        raise Refused("objected", Text("您的异议正在处理。", "Your objection is being looked at.")) from None


def answer_objection(step: Step) -> None:
    """The answer is kept with the log; whoever was right is computed anew afterwards."""
    waiting = Objection.objects.filter(
        pk=step.data.objection_id, evaluation=step.matter.pk, answered_at__isnull=True
    ).exclude(account=step.by)
    if not waiting.update(answered_at=step.at, upheld=step.data.upheld):
        message = Text("没有等您答复的这条异议。", "No such objection waits for your answer.")
        raise Refused("no_objection", message, status=422, details={"objection_id": str(message)})


def confirm_evaluation(step: Step) -> dict[str, Any]:
    """Final, once the time for objections is over and each has its answer."""
    if Objection.objects.filter(evaluation=step.matter.pk, answered_at__isnull=True).exists():
        raise Refused("open_objections", Text("还有异议没有答复。", "Some objections have no answer yet."))
    clock = MatterClock.objects.filter(matter=step.matter, code="objections", stopped_at__isnull=True).first()
    if clock is not None and step.at < clock.due_at:
        raise Refused("too_early", Text("异议期还没有结束。", "The time for objections is not over."))
    return {"inputs": EvaluationDetail.objects.values_list("inputs_hash", flat=True).get(pk=step.matter.pk)}


def drop_evaluation(step: Step) -> None:
    """It counts for nothing; the year may be opened again."""
    EvaluationDetail.objects.filter(pk=step.matter.pk).update(over=True)
