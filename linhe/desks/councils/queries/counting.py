"""From rows to the engine's problem: the sums of a vote and the shares in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from linhe.core.dated import value
from linhe.desks.councils.engine import Params, Problem
from linhe.desks.councils.engine.problem import Share
from linhe.desks.councils.engine.weight import CHOICES, Weight
from linhe.desks.councils.models import Body, MeetingDetail, Motion, Seat, Turnout, Urn

_WIDTH = (10, 20)
_BALLOT = sum(_WIDTH)


class VoteStillOpen(RuntimeError):
    """A vote is not counted before it is closed."""


def params_of(body: Body, *, at: datetime) -> Params:
    """The shares that hold for a body at a moment."""
    code = body.place.code

    def share(name: str, kind: str = "") -> Share:
        rows = value(f"councils.{name}", at=at, place_code=code)
        return _share(next(row for row in rows if row.get("kind", kind) == kind))

    return Params(
        quorum=share("quorum", Body.Kind.COUNCIL if body.by_owners else body.kind),
        simple=share("simple"),
        participation=share("participation"),
        ordinary=share("ordinary"),
        special=share("special"),
    )


def entitled(meeting: MeetingDetail) -> Weight:
    """Everyone who was called to a meeting."""
    return house(meeting)[0]


def present(meeting: MeetingDetail) -> Weight:
    """Everyone who is there, in the room or online."""
    return house(meeting)[1]


def house(meeting: MeetingDetail) -> tuple[Weight, Weight]:
    """Everyone who was called, and everyone who is there."""
    rows = list(Seat.objects.filter(meeting=meeting).values_list("area_dm2", "attended_at"))
    return _weight(area for area, _ in rows), _weight(area for area, at in rows if at)


def quorate(meeting: MeetingDetail, *, at: datetime, seen: tuple[Weight, Weight] | None = None) -> bool:
    """Whether enough members are there. Owners take part by voting, so their assembly needs no presence."""
    body = meeting.body
    if body.by_owners:
        return True
    called, here = seen or house(meeting)
    return params_of(body, at=at).quorum.met(here.number, called.number)


def of_hands(seen: tuple[Weight, Weight], hands: dict[str, int]) -> Problem:
    """The sums of raised hands among those who are here."""
    said = {choice: Weight(hands[choice]) for choice in CHOICES}
    whole, here = (Weight(weight.number) for weight in seen)
    return Problem(rule=Motion.Rule.SIMPLE, entitled=whole, taking_part=here, **said)


def problem_of(motion: Motion, *, closing: bool = False) -> Problem:
    """The sums of a vote: of open ballots, or from the urn.

    Raises :class:`VoteStillOpen` unless the vote is over or ``closing``: nobody looks into an urn before.
    """
    if motion.state == Motion.State.VOTING and not closing:
        raise VoteStillOpen(f"motion {motion.pk} is still being voted on")
    meeting = motion.item.meeting
    assert meeting is not None
    said = opened(Urn.objects.get(motion=motion).sealed) if motion.secret else _open_ballots(motion)
    whole, here = house(meeting)
    if meeting.body.by_owners:
        taking_part = said["yes"] + said["no"] + said["abstain"]
    else:
        whole, taking_part = Weight(whole.number), Weight(here.number)
        said = {choice: Weight(weight.number) for choice, weight in said.items()}
    return Problem(rule=motion.rule, entitled=whole, taking_part=taking_part, **said)


def sealed(said: dict[str, Weight]) -> str:
    """The sums of an urn as text whose length tells nothing."""
    return "".join(f"{said[c].number:0{_WIDTH[0]}}{said[c].area_dm2:0{_WIDTH[1]}}" for c in CHOICES)


def opened(text: str) -> dict[str, Weight]:
    """Undo :func:`sealed`."""
    parts = [text[n * _BALLOT : (n + 1) * _BALLOT] for n in range(len(CHOICES))]
    return {c: Weight(int(p[: _WIDTH[0]]), int(p[_WIDTH[0] :])) for c, p in zip(CHOICES, parts, strict=True)}


def empty_urn() -> str:
    """An urn without any ballot."""
    return sealed(dict.fromkeys(CHOICES, Weight()))


def turnout(motion: Motion) -> Weight:
    """How many have voted so far; never what."""
    return _weight(Turnout.objects.filter(motion=motion).values_list("seat__area_dm2", flat=True))


def seat_of(meeting: MeetingDetail, account_id: int) -> Seat | None:
    """The seat of a person at a meeting."""
    return Seat.objects.filter(meeting=meeting, membership__account=account_id).select_related("membership").first()


def _open_ballots(motion: Motion) -> dict[str, Weight]:
    said = dict.fromkeys(CHOICES, Weight())
    for choice, area in Turnout.objects.filter(motion=motion).values_list("choice", "seat__area_dm2"):
        said[choice] += Weight(1, area)
    return said


def _weight(areas: Iterable[int]) -> Weight:
    found = list(areas)
    return Weight(len(found), sum(found))


def _share(row: dict[str, Any]) -> Share:
    return Share(row["num"], row["den"], strict=row["strict"])
