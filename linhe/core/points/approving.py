"""Entries by hand: one officer proposes, another one decides, and neither is whom it is for."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linhe.core.loop.refusals import Refused, not_allowed
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.people.roles import COMMUNITY_WORKER, DISTRICT_OFFICER, SUBDISTRICT_OFFICER
from linhe.core.places.models import Place
from linhe.core.points.models import Proposal, Transfer
from linhe.core.points.services import transfer_by_hand
from linhe.lib.text import Text

PROPOSERS = (COMMUNITY_WORKER.code, SUBDISTRICT_OFFICER.code, DISTRICT_OFFICER.code)
APPROVERS = (SUBDISTRICT_OFFICER.code, DISTRICT_OFFICER.code)


@transaction.atomic
def propose_entry(
    *, account: Account, points: int, place: Place, reason: str, by: Account, at: datetime
) -> Proposal:  # fmt: skip
    """Propose to give (or, negative, to take) points by hand. Nothing moves before another person approves.

    Raises :class:`Refused` when ``by`` holds no post that allows it at the place, or is whom it is for.
    """
    if points == 0 or not reason.strip():
        raise Refused("invalid", Text("请填写积分数和理由。", "Points and a reason are needed."), status=422)
    _check(by, account.pk, place, PROPOSERS, at)
    return Proposal.objects.create(
        owner=account, place=place, points=points, reason=reason.strip(), proposed_by=by, proposed_at=at
    )


@transaction.atomic
def approve_entry(*, proposal: Proposal, by: Account, at: datetime) -> Transfer:
    """Approve a proposal: the points move at once. Raises :class:`Refused` for the proposer, for whom it is for, for
    whoever holds no approving post at the place, and when it was decided before."""
    locked = _open(proposal, by, at)
    made = transfer_by_hand(
        account=locked.owner, points=locked.points, place=locked.place, memo=f"proposal-{locked.pk}", at=at, by=by
    )
    locked.decided_by, locked.decided_at, locked.transfer = by, at, made
    locked.save(update_fields=["decided_by", "decided_at", "transfer"])
    return made


@transaction.atomic
def reject_entry(*, proposal: Proposal, by: Account, at: datetime) -> Proposal:
    """Turn a proposal down: it is kept, and nothing moves."""
    locked = _open(proposal, by, at)
    locked.decided_by, locked.decided_at = by, at
    locked.save(update_fields=["decided_by", "decided_at"])
    return locked


def _open(proposal: Proposal, by: Account, at: datetime) -> Proposal:
    """The proposal, locked, once it is sure that it is open and this person may decide it."""
    locked = Proposal.objects.select_for_update(of=("self",)).select_related("owner", "place").get(pk=proposal.pk)
    if locked.decided_at is not None:
        raise Refused("already_decided", Text("这条申请已经办理过了。", "This proposal was decided before."))
    if by.pk == locked.proposed_by_id:
        raise Refused(
            "second_person", Text("需要另一位工作人员复核。", "Another person has to decide this."), status=403
        )
    _check(by, locked.owner_id, locked.place, APPROVERS, at)
    return locked


def _check(by: Account, owner_id: int, place: Place, roles: tuple[str, ...], at: datetime) -> None:
    held = posts_of(by, at=at)
    if by.pk == owner_id or not any(post.role in roles and post.place.contains(place) for post in held):
        raise not_allowed()
