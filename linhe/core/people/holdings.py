"""What the house holds about a person, app by app, so that export and erasure reach everything.

An app that keeps personal data registers a :class:`Holding` when it starts; core never names an app above it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from linhe.core.people.models import Account
from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class Holding:
    """How one app shows and erases what it keeps about an account.

    ``open`` names what must be finished before the account can be erased, None when nothing is.
    """

    code: str
    export: Callable[[Account], Any]
    erase: Callable[[Account, datetime], None]
    open: Callable[[Account], Text | None] = lambda account: None


_HOLDINGS: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Make a holding known; the same code twice is an error."""
    if _HOLDINGS.setdefault(holding.code, holding) is not holding:
        raise ValueError(f"holding {holding.code} is registered twice")


def holdings() -> list[Holding]:
    """All holdings in the order they were registered."""
    return list(_HOLDINGS.values())
