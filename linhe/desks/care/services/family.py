"""What the family is told: from the level on at which it is called, and each step when the person lets them see it."""

from __future__ import annotations

from linhe.core.loop.kinds import REQUESTER
from linhe.core.loop.models import Event
from linhe.core.loop.step import Step
from linhe.core.notices.listening import notice_people, recipients
from linhe.desks.care.loop import DAILY_CHECK, EMERGENCY, FAMILY, VISIT
from linhe.desks.care.queries.people import enrolment_of, family_of


def tell_family(event: Event, step: Step) -> None:
    """Tell the family what the person is told. Of who opened a record only the person learns."""
    if step.kind.code not in (DAILY_CHECK.code, VISIT.code) or REQUESTER not in step.action.notify:
        return
    person = step.matter.beneficiary
    enrolment = enrolment_of(person) if person else None
    if enrolment is None or not (enrolment.family_sees_steps or _called(event)):
        return
    known = recipients(step)
    family = [i for i in family_of(enrolment, at=step.at) if i not in known]
    notice_people(event, step, dict.fromkeys(family, REQUESTER))


def _called(event: Event) -> bool:
    """Whether the family has been called for this check, now or before."""
    return Event.objects.filter(matter=event.matter_id, to_stage__in=(FAMILY, EMERGENCY)).exists()
