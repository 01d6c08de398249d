"""The words in which a desk declares a kind of matter: stages, actions, clocks. Plain frozen data, no behaviour."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from linhe.lib.text import Text

NEW = ""
"""The stage before the first event: an action from ``NEW`` begins a matter."""

REQUESTER = "requester"
DELEGATE = "delegate"
HANDLER = "handler"
ORGANISATION = "organisation"
ANYONE = "anyone"
SYSTEM = "system"
RELATIONS = (REQUESTER, DELEGATE, HANDLER, ORGANISATION, ANYONE, SYSTEM)
"""Who may act by relation to the matter; any other name in ``who`` is a role that needs a post at its place."""

Tone = Literal["wait", "move", "good", "bad", "over"]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a matter is (环节). A ``final`` stage closes it."""

    code: str
    name: Text
    tone: Tone = "move"
    final: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """What moves a matter (办理).

    Attributes
    ----------
    frm : stages it may be taken from; ``(NEW,)`` begins a matter.
    to : the stage it leads to; None keeps the stage.
    who : relations and roles that may take it.
    data : name of the pydantic model in the desk's ``schemas.py``, None when nothing is asked.
    effect : name of the function in the desk's ``services`` that runs inside the transaction.
    notify : relations that get a notice (``requester``, ``handler``, ``organisation``, or a role at the place).
    unlike : actions whose latest actor may not take this one (the second pair of eyes).
    evidence : least and most files.
    """

    code: str
    name: Text
    frm: tuple[str, ...]
    to: str | None
    who: tuple[str, ...]
    data: str | None = None
    effect: str | None = None
    notify: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    evidence: tuple[int, int] = (0, 0)
    tone: Tone = "move"
    icon: str = ""
    hidden: bool = False
    """Hidden actions are taken from a page of the desk's own, not offered on the generic matter page."""


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit on a stretch of the loop (时限).

    ``limit`` names a dated parameter whose unit says how it counts: ``min`` (wall clock), ``working min`` or
    ``working days``. ``late`` names a system action taken when the limit passes; without one the clock only shows it.
    """

    code: str
    name: Text
    limit: str
    start: tuple[str, ...]
    stop: tuple[str, ...]
    pause: tuple[str, ...] = ()
    resume: tuple[str, ...] = ()
    late: str | None = None


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of matter at one version. Matters under way keep the version they began with."""

    code: str
    version: int
    name: Text
    desk: str
    stages: tuple[Stage, ...]
    actions: tuple[Action, ...]
    clocks: tuple[Clock, ...] = ()
    reads: tuple[str, ...] = ()
    """Roles that may read every matter of this kind at their place."""
    retention_days: str = ""
    """Dated parameter: how long personal particulars are kept after closing."""
    icon: str = ""
    discreet: bool = False
    """That such a matter is there at all tells something of a person: it is kept at the community, never at a building,
    and shows on no list, page, map or interface but the desk's own. Figures of it stop at the community."""
    impersonal: bool = False
    """Asked for by an organisation, never by a person: who begins it is in its first event and nowhere else, so that
    whoever leaves the organisation takes no matter along."""
    page: str = ""
    """Where notices of a discreet kind lead, in place of the generic page."""
    _by_code: dict[str, Action] = field(default_factory=dict, init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        check(self)
        self._by_code.update({action.code: action for action in self.actions})

    def stage(self, code: str) -> Stage:
        """The stage of that code; KeyError when there is none."""
        return next(s for s in self.stages if s.code == code)

    def action(self, code: str) -> Action:
        """The action of that code; KeyError when there is none."""
        return self._by_code[code]

    def actions_from(self, stage: str) -> list[Action]:
        """Actions that may be taken from a stage, in declared order."""
        return [action for action in self.actions if stage in action.frm]


class InvalidKind(ValueError):
    """A kind's declaration contradicts itself; the message names the part."""


def _unknown(names: Iterable[str], known: Iterable[str]) -> list[str]:
    return sorted(set(names) - set(known))


def check(kind: Kind) -> None:
    """Raise :class:`InvalidKind` when a kind names what it does not declare, or has a stage without way in or out."""
    if kind.discreet != bool(kind.page):
        raise InvalidKind(f"{kind.code}: a discreet kind, and no other, names a page of its desk")
    if kind.discreet and kind.reads:
        raise InvalidKind(f"{kind.code}: a discreet kind is read by nobody for their post alone")
    if kind.impersonal and any({REQUESTER, DELEGATE} & {*a.who, *a.notify} for a in kind.actions):
        raise InvalidKind(f"{kind.code}: nobody is the requester of an impersonal kind")
    stages = [s.code for s in kind.stages]
    actions = [a.code for a in kind.actions]
    for what, codes in (
        ("stage", stages),
        ("action", actions),
        ("clock", [c.code for c in kind.clocks]),
    ):
        if len(set(codes)) != len(codes):
            raise InvalidKind(f"{kind.code}: a {what} code is declared twice")
    for action in kind.actions:
        if unknown := _unknown([*action.frm, *([action.to] if action.to else [])], [*stages, NEW]):
            raise InvalidKind(f"{kind.code}.{action.code}: unknown stage {unknown}")
        if unknown := _unknown(action.unlike, actions):
            raise InvalidKind(f"{kind.code}.{action.code}: unknown action in unlike {unknown}")
        if not action.who or not action.frm or (NEW in action.frm and (action.to is None or len(action.frm) > 1)):
            raise InvalidKind(f"{kind.code}.{action.code}: needs who, frm, and a first stage when it begins a matter")
    for clock in kind.clocks:
        named = [
            *clock.start,
            *clock.stop,
            *clock.pause,
            *clock.resume,
            *([clock.late] if clock.late else []),
        ]
        if unknown := _unknown(named, actions):
            raise InvalidKind(f"{kind.code}.{clock.code}: unknown action {unknown}")
        for action in kind.actions:
            if action.code == clock.late and (SYSTEM not in action.who or action.data or action.evidence[0]):
                raise InvalidKind(
                    f"{kind.code}.{clock.code}: its late action {action.code} must be open to the system"
                    " and ask nothing"
                )
    for stage in kind.stages:
        if not any(a.to == stage.code for a in kind.actions):
            raise InvalidKind(f"{kind.code}: no action leads to stage {stage.code}")
        if not stage.final and not any(stage.code in a.frm and a.to not in (None, stage.code) for a in kind.actions):
            raise InvalidKind(f"{kind.code}: no action leads out of stage {stage.code}")
