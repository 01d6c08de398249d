"""Signed tickets with which an open page may listen for news of some channels, and of no others."""

from __future__ import annotations

from collections.abc import Iterable

from django.core import signing

MAX_AGE_S = 3600  # a revoked post stops hearing news within this; news carry no content in any case
MOST_CHANNELS = 64
_SALT = "linhe.live"


class BadTicket(ValueError):
    """The ticket was not made here, was changed, or is too old."""


def live_token(channels: Iterable[str]) -> str:
    """A ticket for channels such as ``m:123`` (matter), ``a:45`` (place), ``u:7`` (account).

    The caller has checked that the reader may see them. At most 64; the rest are left out.
    """
    return signing.dumps(sorted(set(channels))[:MOST_CHANNELS], salt=_SALT, compress=True)


def channels_of(token: str) -> frozenset[str]:
    """The channels of a ticket; raises :class:`BadTicket`."""
    try:
        channels = signing.loads(token, salt=_SALT, max_age=MAX_AGE_S)
    except signing.BadSignature as error:
        raise BadTicket("the ticket is not valid or no longer valid") from error
    return frozenset(channels)
