"""Erasures noted outside the database, number and moment only, so that a restored backup can forget them again."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings


def note(account_id: int, *, at: datetime) -> None:
    """Append one line to ``settings.ERASURES_LOG``; lines are short enough to be written as a whole."""
    path: Path = settings.ERASURES_LOG
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, f"{at.isoformat()} {account_id}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def noted(path: Path) -> list[tuple[int, datetime]]:
    """Account numbers and moments of a log; ValueError names a line that is none."""
    found = []
    for number, line in enumerate(path.read_text(encoding="ascii").splitlines(), 1):
        at, _, account_id = line.partition(" ")
        try:
            found.append((int(account_id), datetime.fromisoformat(at)))
        except ValueError:
            raise ValueError(f"{path}:{number} is not a line of an erasure log") from None
    return found
