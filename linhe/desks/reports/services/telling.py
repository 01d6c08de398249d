"""Followers hear how it goes: no matter of theirs, so only category, building and stage."""

from __future__ import annotations

from linhe.core.loop.models import Event, Matter
from linhe.core.loop.step import Step
from linhe.core.notices.services import send_notice
from linhe.core.people.models import Account
from linhe.desks.reports.models import Following, Report


def tell_followers(step: Step) -> None:
    """Once the event is written, tell everyone who follows, except who acted. Of a report that is private or hidden
    only those hear whose own was merged into it."""
    matter, stage = step.matter, step.kind.stage(step.to).name

    def tell(event: Event) -> None:
        ids = Following.objects.filter(matter=matter).values_list("account_id", flat=True)
        told = set(ids) - {step.by.pk if step.by else 0}
        report = Report.objects.get(pk=matter.pk)
        if report.private or report.hidden_for:
            told &= {one.concerns_id for one in Matter.objects.filter(report__merged_into=report)}
        people = list(Account.objects.filter(pk__in=told, is_active=True))
        if people:
            send_notice(
                accounts=people, code="reports.followed", at=step.at,
                params={
                    "number": matter.pk, "what_zh": matter.title, "what_en": matter.title_en,
                    "where_zh": matter.place.name, "where_en": matter.place.name_en or matter.place.name,
                    "stage_zh": stage.zh, "stage_en": stage.en,
                },
            )  # fmt: skip

    step.after(tell)
