"""Points for having been there: by the rotating code, or by the word of a second person who looked at the list."""

from __future__ import annotations

from typing import Any

from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Step
from linhe.core.notices.services import send_notice
from linhe.core.points.queries import credits_of
from linhe.core.points.services import credit
from linhe.desks.volunteering.loop.roles import WORKER
from linhe.desks.volunteering.models import SignUp
from linhe.desks.volunteering.queries.activities import may_vouch
from linhe.lib.text import Text

RULE = "volunteer_activity"


def credit_who_came(step: Step, came: list[SignUp]) -> None:
    """At the end: points for those the code vouches for, and for the others when a worker who does not run it ends
    it. For whoever is left the community hears that a list waits for it."""
    left = False
    for one in came:
        if one.minutes and one.account is not None and one.arrival is not None:
            if one.account_id != _by(step) and (_by_code(step, one, one.arrival) or _second(step, one, one.arrival)):
                _credit(step, one)
            else:
                left = True
    workers = may_vouch(step.matter, at=step.at) if left else []
    if others := [one for one in workers if one.pk != _by(step)]:
        send_notice(accounts=others, code="volunteering.vouch", at=step.at, matter=step.matter)


def vouch_for_list(step: Step) -> dict[str, Any]:
    """Effect: a worker who neither runs it nor ticked them off has looked at the list, and those left get points."""
    if step.matter.handler_id == _by(step):
        message = Text("请另一位社区工作者核对。", "Another community worker has to look at it.")
        raise Refused("second_person", message, status=403)
    came = SignUp.objects.filter(
        matter=step.matter, state=SignUp.State.GOING, minutes__gt=0, account__isnull=False, arrival__isnull=False
    ).select_related("account", "arrival")
    rows = [
        one for one in came.order_by("account_id")
        if one.arrival is not None and not _by_code(step, one, one.arrival) and _second(step, one, one.arrival)
    ]  # fmt: skip
    paid = set(credits_of([one.arrival_id for one in rows if one.arrival_id]))
    due = [one for one in rows if one.arrival_id not in paid]
    if not due:
        raise Refused("nobody_left", Text("没有等您核对的人。", "Nobody is left for you to vouch for."))
    step.after(lambda event: _credit_all(step, due))
    return {"vouched": len(due)}


def _by(step: Step) -> int:
    assert step.by is not None
    return step.by.pk


def _by_code(step: Step, one: SignUp, arrival: Event) -> bool:
    """A check-in by the code counts by itself, but not that of whoever runs it and sees the code."""
    return arrival.action == "arrive" and one.account_id != step.matter.handler_id


def _second(step: Step, one: SignUp, arrival: Event) -> bool:
    """A community worker who neither runs it, nor ticked them off, nor is one of them."""
    return step.role == WORKER and _by(step) not in (step.matter.handler_id, arrival.actor_id, one.account_id)


def _credit_all(step: Step, due: list[SignUp]) -> None:
    for one in due:
        _credit(step, one)


def _credit(step: Step, one: SignUp) -> None:
    """By the event of each one's arrival, so that one can be struck off without the others."""
    assert one.account is not None
    assert one.arrival is not None
    one.arrival.matter = step.matter
    credit(account=one.account, rule=RULE, event=one.arrival, at=step.at, place=step.matter.place, helped=None)
