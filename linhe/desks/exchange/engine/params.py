"""What a review goes by: the rule book, and the day whose rules decide."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.engine.rulebook import RuleBook, RuleSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Params:
    """The rule book; the one that comes with the desk unless another is given.

    Parameters
    ----------
    book : rules and parameters over time.
    on : the day whose rules decide; None: the problem's own ``as_of``.
    """

    book: RuleBook = field(default_factory=shipped)
    on: date | None = None

    def rule_set(self, as_of: date) -> RuleSet:
        """What is in force: rules with their trees, parameters, working calendar and ``hash``."""
        return _in_force(self.book, self.on or as_of)


@lru_cache(maxsize=4096)
def _in_force(book: RuleBook, day: date) -> RuleSet:
    return book.at(day)
