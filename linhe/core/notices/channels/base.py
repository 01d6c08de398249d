"""What every channel has in common."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from linhe.core.people.models import Account


@dataclass(frozen=True, slots=True)
class Message:
    """One notice in the words and the language of whom it is for."""

    notice_id: int
    account: Account
    text: str
    at: datetime
    matter_id: int | None = None


class Channel(Protocol):
    """Hands a message over to the outside."""

    def send(self, message: Message) -> None:
        """Hand it over; raises :class:`TryLater` or :class:`CannotDeliver`."""


class TryLater(Exception):
    """It did not work this time (the network, the provider is busy)."""


class CannotDeliver(Exception):
    """It will not work for this person: no address, no permission. The next channel is tried."""


class NotConfigured(Exception):
    """The channel lacks a setting; the message says which."""
