"""Reads of the exchange desk; ``detail`` is what the shell's page of a matter shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.exchange.queries.cases import case_detail


def detail(matter: Matter, *, reader: Account, at: datetime) -> dict[str, Any]:
    """A supervision case shows what it looks into; a listing has a page of its own."""
    return case_detail(matter) if matter.kind == "inspection" else {"matter": matter}
