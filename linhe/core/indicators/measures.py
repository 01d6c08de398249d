"""The words in which a desk declares what it measures, and the list of all that is declared.

A desk's room ``indicators.py`` holds ``MEASURES``, a tuple of :class:`Measure`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from linhe.core.loop import registry
from linhe.lib.text import Text

Better = Literal["up", "down", "none"]
Value = Literal["count"] | tuple[Literal["data", "mean", "minutes_since"], str] | tuple[Literal["ratio"], str, str]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure that events add up to.

    Attributes
    ----------
    kind, actions : which events count.
    value : what is shown: ``"count"`` how many; ``("data", key)`` the sum of a number (or of yes = 1) that the event
        keeps; ``("mean", key)`` its mean; ``("ratio", key, base_key)`` the sum of one number over the sum of another,
        in percent; ``("minutes_since", action)`` the mean time in minutes since the latest event of that action of
        the same matter. Events that lack a number or the earlier action do not count.
    better : which way is good news, for colours and arrows.
    service : whether each event is a service that somebody rendered to another; such figures make up one total.
    where : only events whose data keep this text under this key, e.g. ``("topic", "charging")``; None counts all.
    """

    code: str
    name: Text
    unit: Text
    kind: str
    actions: tuple[str, ...]
    value: Value = "count"
    better: Better = "none"
    where: tuple[str, str] | None = None
    service: bool = False

    @property
    def kept(self) -> dict[str, str]:
        """What the data of an event must contain to count; empty when everything does."""
        return {self.where[0]: self.where[1]} if self.where else {}

    @property
    def shows_mean(self) -> bool:
        """Whether the figure is a mean rather than a sum."""
        return self.value != "count" and self.value[0] != "data"


@cache
def all_measures() -> dict[str, Measure]:
    """Every measure of every desk by its code."""
    return {measure.code: measure for measure in _declared()}


@cache
def concerned() -> frozenset[tuple[str, str]]:
    """The (kind, action) pairs that some measure counts."""
    return frozenset((m.kind, action) for m in all_measures().values() for action in m.actions)


def measures_of(desk_code: str) -> tuple[Measure, ...]:
    """The measures that one desk declares, in its order."""
    room = registry.desk(desk_code).room("indicators")
    return tuple(room.MEASURES) if room else ()


def services() -> list[Measure]:
    """The measures of services rendered, in the order of the desks."""
    return [measure for measure in all_measures().values() if measure.service]


def problems() -> Iterator[str]:
    """What declared measures get wrong: a code twice, an unknown kind or action, an empty filter."""
    seen: set[str] = set()
    for measure in _declared():
        if measure.code in seen:
            yield f"measure {measure.code} is declared twice"
        seen.add(measure.code)
        try:
            known = {action.code for action in registry.kind(measure.kind).actions}
        except registry.UnknownKind:
            yield f"measure {measure.code}: unknown kind {measure.kind}"
            continue
        if measure.service and measure.shows_mean:
            yield f"measure {measure.code}: services are counted or summed"
        if measure.where and not all(measure.where):
            yield f"measure {measure.code}: where needs a key and a text"
        named = set(measure.actions)
        if measure.value != "count" and measure.value[0] == "minutes_since":
            named.add(measure.value[1])
        if unknown := sorted(named - known):
            yield f"measure {measure.code}: unknown action {unknown}"


def _declared() -> Iterable[Measure]:
    return [measure for desk in registry.desks() for measure in measures_of(desk.code)]
