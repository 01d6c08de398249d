"""The hash chain of a matter's events: each hash covers the entry and the hash before it.

Source: Haber and Stornetta, How to time-stamp a digital document, doi 10.1007/BF00196791.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

GENESIS = b""


def canonical(value: Any) -> bytes:
    """One byte string for one JSON value: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def hash_of(
    *,
    matter_id: int,
    seq: int,
    action: str,
    from_stage: str,
    to_stage: str,
    actor_id: int | None,
    actor_role: str,
    at: datetime,
    data: dict[str, Any],
    prev_hash: bytes,
) -> bytes:
    """SHA-256 (32 bytes) over every column of an event and the previous hash."""
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    entry = [
        matter_id,
        seq,
        action,
        from_stage,
        to_stage,
        actor_id,
        actor_role,
        moment,
        data,
        bytes(prev_hash).hex(),
    ]
    return hashlib.sha256(canonical(entry)).digest()


def seal(value: str) -> tuple[bytes, str]:
    """A random salt (16 bytes) and the salted hash (hex) by which an erasable text is bound to its event."""
    salt = os.urandom(16)
    return salt, sealed(salt, value)


def sealed(salt: bytes, value: str) -> str:
    """The salted hash of a text."""
    return hashlib.sha256(bytes(salt) + value.encode()).hexdigest()


def broken_links(events: Iterable[Any]) -> Iterator[str]:
    """What is wrong with one matter's events (ordered by seq): edited, missing or out of order."""
    prev, expected = GENESIS, 1
    for e in events:
        if e.seq != expected:
            yield f"matter {e.matter_id}: event {expected} is missing, found {e.seq}"
        if bytes(e.prev_hash) != prev:
            yield f"matter {e.matter_id}: event {e.seq} does not follow the one before it"
        if bytes(e.hash) != hash_of(
            matter_id=e.matter_id, seq=e.seq, action=e.action, from_stage=e.from_stage, to_stage=e.to_stage,
            actor_id=e.actor_id, actor_role=e.actor_role, at=e.at, data=e.data, prev_hash=bytes(e.prev_hash),
        ):  # fmt: skip
            yield f"matter {e.matter_id}: event {e.seq} was edited"
        prev, expected = bytes(e.hash), e.seq + 1
