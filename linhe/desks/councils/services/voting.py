"""Effects of a vote. Of a secret one the database keeps that a seat has voted, and sums that name nobody.

The choice never reaches the loop: the page seals the ballot with a fresh nonce, so that neither the event nor the
remembered request (a hash of what was sent) can tell it; the effect opens it inside the transaction.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Outcome, Step
from linhe.core.people.encryption import decrypt, encrypt
from linhe.core.people.models import Account
from linhe.desks.councils.engine import Problem, solve
from linhe.desks.councils.engine.weight import CHOICES, Weight
from linhe.desks.councils.models import Body, Motion, Turnout, Urn
from linhe.desks.councils.queries.counting import (
    empty_urn,
    house,
    of_hands,
    opened,
    params_of,
    problem_of,
    quorate,
    sealed,
    seat_of,
)
from linhe.desks.councils.services.common import item_of, meeting_of, motion_of, tell_members
from linhe.lib.text import Text

_BALLOT = "councils.ballot"
_LONGEST = max(map(len, CHOICES))


def seal_ballot(choice: str) -> str:
    """A choice as a ballot that tells nothing; two of the same choice have nothing in common, not even the length."""
    return encrypt(choice.ljust(_LONGEST), column=_BALLOT)


def open_ballot(ballot: str) -> str:
    """Undo :func:`seal_ballot`; refused when the page did not make it."""
    try:
        choice = decrypt(ballot, column=_BALLOT).strip()
    except ValueError:
        choice = ""
    if choice not in CHOICES:
        raise invalid({"ballot": str(Text("请在投票页面上选择。", "Choose on the page of the vote."))})
    return choice


def put_motion(step: Step) -> dict[str, Any]:
    """Put something to the vote under an item."""
    meeting, data = meeting_of(step), step.data
    if (data.rule == Motion.Rule.SIMPLE) == meeting.body.by_owners:
        text = Text("通过条件与议事组织不符。", "This majority is not one of this body.")
        raise invalid({"rule": str(text)})
    item = item_of(step, meeting)
    motion = Motion.objects.create(item=item, words=data.words, rule=data.rule, secret=data.secret)
    return {"motion": motion.pk}


def open_vote(step: Step) -> None:
    """Ballots from now on; a council must be quorate."""
    meeting = meeting_of(step)
    motion = motion_of(step, meeting, Motion.State.PUT)
    _check_quorum(step, quorate(meeting, at=step.at))
    Motion.objects.filter(pk=motion.pk).update(state=Motion.State.VOTING)
    if motion.secret:
        Urn.objects.create(motion=motion, sealed=empty_urn())
    people = meeting.seats.values_list("membership__account", flat=True)
    tell_members(step, "councils.vote_opened", people, meeting)


def cast_vote(step: Step) -> None:
    """One ballot a seat. What was chosen goes to the seat in an open vote, into the urn in a secret one."""
    meeting = meeting_of(step)
    seat = seat_of(meeting, step.by.pk) if step.by else None
    if seat is None:
        raise Refused(
            "not_a_member", Text("您不在本次会议的名单里。", "You were not called to this meeting."), status=403
        )
    if seat.attended_at is None and not meeting.body.by_owners:
        raise Refused("check_in_first", Text("请先签到，再投票。", "Check in before you vote."), status=422)
    motion = motion_of(step, meeting, Motion.State.VOTING)
    if Turnout.objects.filter(motion=motion, seat=seat).exists():
        raise Refused("voted_already", Text("您已经投过票了。", "You have voted already."))
    choice = open_ballot(step.data.ballot)
    if motion.secret:
        Turnout.objects.create(motion=motion, seat=seat, secret=True)
        urn = Urn.objects.select_for_update().get(motion=motion)
        said = opened(urn.sealed)
        said[choice] += Weight(1, seat.area_dm2)
        urn.sealed = sealed(said)
        urn.save(update_fields=["sealed"])
    else:
        Turnout.objects.create(motion=motion, seat=seat, secret=False, choice=choice)


def count_hands(step: Step) -> dict[str, Any]:
    """Put a motion and count raised hands at once: for open votes of those who sit in the room."""
    meeting, data = meeting_of(step), step.data
    if meeting.body.by_owners:
        raise Refused("needs_ballots", Text("业主表决要逐户投票。", "Owners vote by ballot."), status=422)
    seen = house(meeting)
    _check_quorum(step, quorate(meeting, at=step.at, seen=seen))
    here = seen[1].number
    if data.yes + data.no + data.abstain > here:
        text = Text(f"票数超过到会人数（{here} 人）。", f"More hands than the {here} people here.")
        raise invalid({"yes": str(text)})
    hands = {"yes": data.yes, "no": data.no, "abstain": data.abstain}
    motion = Motion(item=item_of(step, meeting), words=data.words, rule=Motion.Rule.SIMPLE, by_hands=True)
    return _decide(step, motion, meeting.body, of_hands(seen, hands))


def close_vote(step: Step) -> dict[str, Any]:
    """Now, and not before, the ballots are counted."""
    meeting = meeting_of(step)
    motion = motion_of(step, meeting, Motion.State.VOTING)
    return _decide(step, motion, meeting.body, problem_of(motion, closing=True))


def vote(*, by: Account, matter: Matter, motion: int, choice: str, at: datetime) -> Outcome:
    """Cast a ballot from the page of a vote. There is no request key: the seat itself can vote only once."""
    return act(matter, "vote", by=by, data={"motion": motion, "ballot": seal_ballot(choice)}, at=at)


def _decide(step: Step, motion: Motion, body: Body, problem: Problem) -> dict[str, Any]:
    result = solve(problem, params_of(body, at=step.at))
    said = {choice: asdict(getattr(problem, choice)) for choice in CHOICES}
    sums = {"entitled": asdict(problem.entitled), "taking_part": asdict(problem.taking_part), **said}
    motion.state, motion.result = result.status, sums | result.to_json()
    motion.save()
    return {"motion": motion.pk, "result": result.status} | {c: said[c]["number"] for c in CHOICES}


def _check_quorum(step: Step, enough: bool) -> None:
    if not enough:
        raise Refused("no_quorum", Text("到会人数不足，不能表决。", "Too few are here to vote."), status=422)
