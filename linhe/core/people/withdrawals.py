"""What stops when a person takes a consent back, purpose by purpose, in the same transaction.

An app that works with a consent registers here when it starts; core never names an app above it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from linhe.core.people.models import Account

Stop = Callable[[Account, datetime], None]

_STOPPING: dict[str, Stop] = {}


def register(purpose: str, stop: Stop) -> None:
    """Have something stopped when the consent to a purpose ends; the same purpose twice is an error."""
    if _STOPPING.setdefault(purpose, stop) is not stop:
        raise ValueError(f"purpose {purpose} has something to stop already")


def stop(purpose: str, account: Account, at: datetime) -> None:
    """Stop what goes on with a consent that has just ended."""
    if purpose in _STOPPING:
        _STOPPING[purpose](account, at)
