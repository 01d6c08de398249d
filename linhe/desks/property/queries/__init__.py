"""Reads of the property desk; ``detail`` is what the shell's page of a matter shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account


def detail(matter: Matter, *, reader: Account, at: datetime) -> dict[str, Any]:
    """The desk has a page of its own for each of its matters; the generic one leads there."""
    return {"matter": matter}
