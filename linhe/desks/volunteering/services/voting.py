"""A vote: once a person, and kept nowhere for whom. It is no step of the selection's loop, whose events are for ever
and name who acted."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.desks.volunteering.loop.selection import SELECTION, VOTING
from linhe.desks.volunteering.models import Candidate, Voted
from linhe.lib.text import Text


@transaction.atomic
def cast_vote(*, account: Account, selection: Matter, number: int, at: datetime) -> None:
    """Vote for the candidate of that number on the ballot.

    Raises :class:`Refused` when the vote is not open, when the person has no verified phone, and when they have voted.
    """
    open_ = Matter.objects.select_for_update(no_key=True).filter(pk=selection.pk, kind=SELECTION.code, stage=VOTING)
    if open_.first() is None:
        raise Refused("not_open", Text("现在不是投票时间。", "The vote is not open."))
    if account.phone_verified_at is None or account.phone_verified_at > at or not account.is_active:
        raise Refused(
            "no_phone", Text("请先验证手机号再投票。", "Verify your phone before you vote."), status=403
        )  # fmt: skip
    candidate = Candidate.objects.filter(selection=selection.pk, number=number).first()
    if candidate is None:
        raise Refused("no_candidate", Text("没有这位候选人。", "There is no such candidate."), status=422)
    before = Voted.objects.filter(selection=selection.pk, account=account)
    if before.exists():
        raise Refused("voted_already", Text("您已经投过票了。", "You have voted already."))
    Voted.objects.create(selection_id=selection.pk, account=account)
    Candidate.objects.filter(pk=candidate.pk).update(votes=F("votes") + 1)
