"""Rules by which points are given: dated by place, named by a code, declared by whichever desk credits by them.

A desk declares ``[points.<code>]`` in its ``params/*.toml``: a number (points a time, with the general limits), or a
table of one row ``{ points, cap_a_day, pair_cap_a_month, dispute_days, expiry_months }``; all but ``points`` may be
left to the general parameters of the same name.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from linhe.core.dated import parameter, value
from linhe.lib.periods import months_after
from linhe.lib.text import Text

BY_HAND = "manual"
"""The rule of entries by hand: no parameter, two people decide."""
EXPIRY = "expiry"
"""The rule under which unused points go back: no parameter either."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule gives and within which limits, on one day at one place.

    Attributes
    ----------
    points : given a time; 0 gives nothing.
    cap_a_day : most points that a person earns in a day by this rule.
    pair_cap_a_month : most credits a month between the same two people by this rule.
    dispute_days : for so long a credit is pending.
    expiry_months : whole calendar months that points stay good after the month in which they were given; 0 for ever.
    """

    code: str
    points: int
    cap_a_day: int
    pair_cap_a_month: int
    dispute_days: int
    expiry_months: int

    def expires_at(self, given_at: datetime) -> datetime | None:
        """When points given at that moment expire: at the end of a month, so that few dates are to be remembered."""
        return months_after(given_at, self.expiry_months + 1) if self.expiry_months else None


LIMITS = tuple(f.name for f in fields(Rule) if f.name not in ("code", "points"))


class InvalidRule(ValueError):
    """A rule's table has more than one row, or a key that no rule has."""


def rule_of(code: str, *, at: datetime, place_code: str) -> Rule:
    """The rule of that code in force. Raises :class:`linhe.core.dated.UnknownParameter` when no desk declares it."""
    declared = value(f"points.{code}", at=at, place_code=place_code)
    rows = declared if isinstance(declared, list) else [{"points": declared}]
    own = rows[0]
    if len(rows) != 1 or not {"points"} <= own.keys() <= {"points", *LIMITS}:
        raise InvalidRule(f"points.{code}: one row with points and, where they differ, {', '.join(LIMITS)}")
    general = {name: value(f"points.{name}", at=at, place_code=place_code) for name in LIMITS if name not in own}
    return Rule(code, **(general | own))


def name_of(code: str) -> Text:
    """What a rule is called in a statement."""
    return parameter(f"points.{code}").name
