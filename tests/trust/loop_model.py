"""What a kind's declaration promises, worked out a second time: who may, which stage follows, which clocks run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from linhe.core.dated import parameter, value
from linhe.core.loop.kinds import NEW, Action, Clock, Kind
from tests.trust.calendar_reference import after_working_days, after_working_minutes, working_minutes
from tests.trust.personas import Persona


@dataclass
class RunningClock:
    """One run of a clock; the fields are the columns that must hold the same."""

    code: str
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None = None
    remaining: timedelta | None = None
    stopped_at: datetime | None = None
    late_at: datetime | None = None

    @property
    def ticking(self) -> bool:
        """Neither stopped nor paused."""
        return self.stopped_at is None and self.paused_at is None


@dataclass
class MatterModel:
    """Where a matter must stand after what was done to it."""

    kind: Kind
    place_code: str
    requester_id: int | None
    beneficiary_id: int | None
    handler_id: int | None = None
    organisation_id: int | None = None
    stage: str = NEW
    version: int = 0
    closed_at: datetime | None = None
    clocks: list[RunningClock] = field(default_factory=list)
    log: list[tuple[str, str, str, int | None]] = field(default_factory=list)

    def permits(self, persona: Persona, action: Action, acts_for: dict[int, int]) -> bool:
        """Whether the declaration lets this person take the action, whatever the stage."""
        if persona.account is None:
            return "system" in action.who
        me, names = persona.account.pk, {"anyone"} | persona.roles
        if self.version:
            names |= {"requester"} if me == (self.beneficiary_id or self.requester_id) else set()
            names |= {"handler"} if me == self.handler_id else set()
            names |= {"organisation"} if self.organisation_id in persona.member_of else set()
            concerned = self.beneficiary_id or self.requester_id
            names |= {"delegate"} if concerned and acts_for.get(me) == concerned else set()
        return persona.active and bool(names & set(action.who))

    def second_person_missing(self, persona: Persona, action: Action) -> bool:
        """Whether the latest actor of one of the ``unlike`` actions is the one who comes now."""
        me = persona.account.pk if persona.account else None
        for code in action.unlike:
            actors = [actor for taken, _, _, actor in self.log if taken == code]
            if actors and me is not None and actors[-1] == me:
                return True
        return False

    def refusals(self, persona: Persona, action: Action, acts_for: dict[int, int], version: int | None) -> set[str]:
        """Every reason for which the action must be refused; empty when it must be allowed."""
        found = set()
        if not self.permits(persona, action, acts_for):
            found.add("not_allowed")
        if version is not None and version != self.version:
            found.add("out_of_step")
        if self.stage not in action.frm:
            found.add("wrong_stage")
        if self.second_person_missing(persona, action):
            found.add("second_person")
        return found

    def offered(self, persona: Persona, acts_for: dict[int, int]) -> list[str]:
        """The actions that a page would offer."""
        return [
            a.code for a in self.kind.actions if self.stage in a.frm and self.permits(persona, a, acts_for)
        ]  # fmt: skip

    def apply(self, action: Action, at: datetime, actor_id: int | None, *, to: str, handler_id: int | None) -> None:
        """Take the action."""
        self.log.append((action.code, self.stage, to, actor_id))
        self.stage, self.version, self.handler_id = to, self.version + 1, handler_id
        final = next(s for s in self.kind.stages if s.code == to).final
        self.closed_at = (self.closed_at or at) if final else None
        for clock in self.kind.clocks:
            self._move(clock, action.code, at, final)

    def _move(self, clock: Clock, action: str, at: datetime, final: bool) -> None:
        running = next((c for c in self.clocks if c.code == clock.code and c.stopped_at is None), None)
        if running and (final or action in clock.stop or action in clock.start):
            running.stopped_at, running.paused_at, running.remaining = at, None, None
            running = None
        if action in clock.start and not final:
            self.clocks.append(RunningClock(clock.code, at, self._due(clock, at)))
            running = self.clocks[-1]
        if running and action in clock.pause and running.paused_at is None:
            running.paused_at, running.remaining = at, self._left(clock, at, running.due_at)
        elif running and action in clock.resume and running.remaining is not None:
            running.due_at = self._resumed(clock, at, running.remaining)
            running.paused_at = running.remaining = None

    def _due(self, clock: Clock, at: datetime) -> datetime:
        limit, unit = value(clock.limit, at=at, place_code=self.place_code), parameter(clock.limit).unit
        if unit == "working min":
            return after_working_minutes(at, limit)
        if unit == "working days":
            return after_working_days(at, limit)
        assert unit == "min", unit
        return at + timedelta(minutes=limit)

    def _left(self, clock: Clock, at: datetime, due_at: datetime) -> timedelta:
        unit = parameter(clock.limit).unit
        if at > due_at or unit == "min":
            return due_at - at
        if unit == "working min":
            return timedelta(minutes=working_minutes(at, due_at))
        days = 0
        while after_working_days(at, days + 1) <= due_at:
            days += 1
        return timedelta(days=days)

    def _resumed(self, clock: Clock, at: datetime, left: timedelta) -> datetime:
        unit = parameter(clock.limit).unit
        if left < timedelta() or unit == "min":
            return at + left
        if unit == "working min":
            return after_working_minutes(at, int(left / timedelta(minutes=1)))
        return after_working_days(at, left.days) if left else after_working_days(at - timedelta(days=1), 1)

    @property
    def due_at(self) -> datetime | None:
        """The nearest limit that runs."""
        return min((c.due_at for c in self.clocks if c.ticking), default=None)

    def overdue(self, at: datetime) -> Iterable[RunningClock]:
        """Clocks that a sweep at ``at`` must mark late, oldest first."""
        return [c for c in self.clocks if c.ticking and c.late_at is None and c.due_at <= at]
