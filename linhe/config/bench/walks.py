"""Legal walks through the declared kinds: from them matters and events are made without asking any desk."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linhe.core.dated import parameter, value
from linhe.core.indicators.measures import all_measures
from linhe.core.loop.kinds import HANDLER, NEW, RELATIONS, Action, Clock, Kind

WALKS_A_KIND = 120
LONGEST = 9
WANTED = 3
"""After so many steps a walk heads for an end."""
STRAIGHT = 0.85
"""How often a walk takes a sensible step; otherwise any legal one."""
SECONDS = {"min": 60.0, "working min": 180.0, "working days": 86_400.0 * 1.4}
SLOW_S = 6 * 3600.0
QUICK_S = 20 * 60.0


Kept = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of a walk: what happened, who did it (relation or role), how long after the step before."""

    action: str
    frm: str
    to: str
    who: str
    after_s: float
    keeps: Kept
    """What the event keeps because a figure reads it: numbers by name (no choice), texts to choose from."""


@dataclass(frozen=True, slots=True)
class Ran:
    """A clock of a walk: started by the step of that index, stopped by another one, or running at its end."""

    code: str
    start: int
    stop: int | None
    limit_s: float
    moves: bool
    """Whether the matter leaves its stage when the limit passes, so that it cannot stand there for long."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A legal way of one matter, from its first action to a final stage or until it is given up on."""

    kind: str
    version: int
    title: str
    title_en: str
    steps: tuple[Taken, ...]
    clocks: tuple[Ran, ...]
    closed: int | None
    """Index of the step that first reached a final stage after which the matter stayed closed."""
    handled_from: int | None
    """Index of the step from which on somebody handles the matter."""
    handler: str
    """Role of whoever handles it."""

    def may_rest_after(self, steps: int) -> bool:
        """Whether a matter can stand still for months after so many steps: no clock would move it on."""
        running = [one for one in self.clocks if one.start < steps and (one.stop is None or one.stop >= steps)]
        return not any(one.moves for one in running)


def walks_of(kind: Kind, rng: random.Random, *, at: datetime, most: int = WALKS_A_KIND) -> list[Walk]:
    """Different legal walks of one kind; the shorter ones as often as they come."""
    nearness = _steps_to_an_end(kind)
    keeps = _read_by_measures()
    limits = {clock.code: _limit_s(clock, at) for clock in kind.clocks}
    quick = bool(kind.clocks) and all(parameter(clock.limit).unit == "min" for clock in kind.clocks)
    return [_walk(kind, rng, nearness, keeps, limits, QUICK_S if quick else SLOW_S) for _ in range(most)]


def _walk(
    kind: Kind,
    rng: random.Random,
    nearness: Mapping[str, int],
    keeps: Mapping[tuple[str, str], Kept],
    limits: Mapping[str, float],
    pace_s: float,
) -> Walk:
    stage = NEW
    steps: list[Taken] = []
    taken: list[Action] = []
    while len(steps) < LONGEST and not (stage != NEW and kind.stage(stage).final):
        action = _choose(kind, steps, stage, rng, nearness)
        if action is None:
            break
        who = rng.choice(action.who)
        to = action.to or stage
        pause = 0.0 if stage == NEW else rng.expovariate(1 / pace_s) + 1
        steps.append(Taken(action.code, stage, to, who, pause, keeps.get((kind.code, action.code), ())))
        taken.append(action)
        stage = to
    handled = next((n for n, one in enumerate(taken) if n and one.who[0] not in RELATIONS), None)
    if handled is None and any(HANDLER in one.who for one in kind.actions) and len(taken) > 1:
        handled = 1
    closed = len(steps) - 1 if kind.stage(stage).final else None
    clocks = _clocks(kind, taken, limits, closed is not None)
    return Walk(
        kind.code, kind.version, kind.name.zh, kind.name.en, tuple(steps), clocks, closed, handled, _handler(kind)
    )


def _choose(
    kind: Kind, steps: Sequence[Taken], stage: str, rng: random.Random, nearness: Mapping[str, int]
) -> Action | None:
    """Mostly onwards to stages not yet seen, after some steps mostly to an end, sometimes anything that is legal."""
    possible = kind.actions_from(stage)
    if not possible or stage == NEW or rng.random() > STRAIGHT:
        return rng.choice(possible) if possible else None
    seen = {one.to for one in steps}
    moving = [one for one in possible if one.to and one.to not in seen]
    onwards = [one for one in moving if len(steps) < WANTED and nearness[str(one.to)]]
    nearer = [one for one in possible if one.to and nearness[one.to] < nearness[stage]]
    return rng.choice(onwards or nearer or possible)


def _steps_to_an_end(kind: Kind) -> dict[str, int]:
    """Stage -> how few actions lead from it to a final stage."""
    found = {stage.code: 0 for stage in kind.stages if stage.final}
    for distance in range(1, len(kind.stages) + 1):
        for action in kind.actions:
            if action.to in found and found[action.to] < distance:
                for stage in action.frm:
                    found.setdefault(stage, distance)
    return {stage.code: LONGEST for stage in kind.stages} | found


def _clocks(kind: Kind, taken: Sequence[Action], limits: Mapping[str, float], closes: bool) -> tuple[Ran, ...]:
    """Which clocks ran, by the rules of the door: started anew they stop first, and closing stops them all."""
    found: list[Ran] = []
    for clock in kind.clocks:
        moves = clock.late is not None and kind.action(clock.late).to is not None
        start: int | None = None
        for n, action in enumerate(taken):
            if start is not None and action.code in (*clock.stop, *clock.start):
                found.append(Ran(clock.code, start, n, limits[clock.code], moves))
                start = None
            if action.code in clock.start and not (closes and n == len(taken) - 1):
                start = n
        if start is not None:
            found.append(Ran(clock.code, start, len(taken) - 1 if closes else None, limits[clock.code], moves))
    return tuple(found)


def _limit_s(clock: Clock, at: datetime) -> float:
    return float(value(clock.limit, at=at)) * SECONDS[str(parameter(clock.limit).unit)]


def _handler(kind: Kind) -> str:
    """The role that most actions are open to, as the role of whoever handles the matter."""
    named = [who for one in kind.actions if NEW not in one.frm for who in one.who if who not in RELATIONS]
    return "courier" if "courier" in named else max(named, key=named.count, default="community_worker")


def _read_by_measures() -> dict[tuple[str, str], Kept]:
    """(kind, action) -> the numbers and texts that some measure reads from its events."""
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for measure in all_measures().values():
        names = measure.value[1:] if measure.value != "count" and measure.value[0] != "minutes_since" else ()
        for action in measure.actions:
            kept = found.setdefault((measure.kind, action), {})
            for name in names:
                kept.setdefault(name, set())
            for name, text in measure.kept.items():
                kept.setdefault(name, {"other"}).add(text)
    return {key: tuple((name, tuple(sorted(texts))) for name, texts in kept.items()) for key, kept in found.items()}
