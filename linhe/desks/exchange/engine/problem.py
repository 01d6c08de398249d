"""One application as it is reviewed: what its documents say, the earlier listings of the lot, and the day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from linhe.desks.exchange.engine import case
from linhe.desks.exchange.engine.chain import Earlier, Holder, derived, ordered
from linhe.desks.exchange.engine.facts import MISSING, Fact, checked, in_order
from linhe.desks.exchange.engine.fields import FIELDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One application.

    Parameters
    ----------
    as_of : the day of the review; the rules and parameters in force on that day decide.
    facts : by path (``application.reserve_fen``, see ``fields.FIELDS``); a path that is left out is unknown.
    earlier : earlier listings of the lot; ``()`` says there are none, None that nobody knows.
    holders : state holders of the object; None when nobody knows.

    Attributes
    ----------
    known : every path of the vocabulary with its fact, derived ones included; ``Fact(None)`` where it is missing.

    Raises
    ------
    InvalidFact : an unknown path, a value of the wrong kind or out of range, reversed dates. Names the path.
    BrokenChain : earlier listings that cannot all have happened.
    """

    as_of: date
    facts: Mapping[str, Fact]
    earlier: tuple[Earlier, ...] | None = None
    holders: tuple[Holder, ...] | None = None
    known: Mapping[str, Fact] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = dict.fromkeys(FIELDS, MISSING)
        for path, fact in self.facts.items():
            known[path] = checked(path, fact)
        in_order(known)
        listing = known["application.listing_number"]
        earlier = self.earlier
        if earlier is not None:
            earlier = ordered(earlier, listing.value)  # type: ignore[arg-type]  # a whole number
        object.__setattr__(self, "earlier", earlier)
        object.__setattr__(self, "known", known | derived(earlier, self.holders, listing))

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Problem:
        """Read a case; the format is in CASE.md."""
        return cls(**case.read(data))

    def to_json(self) -> dict[str, Any]:
        """The case that :meth:`from_json` reads."""
        return case.written(self)
