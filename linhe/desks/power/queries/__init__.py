"""Reads of the power desk; ``detail`` is what the shell's page of a matter shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.power.models import RunFinding, TruckAid


def detail(matter: Matter, *, reader: Account, at: datetime) -> dict[str, Any]:
    """Which truck for which line, or which run and step a finding comes from; a failed line has pages of its own."""
    if matter.kind == "truck_aid":
        return {"aid": TruckAid.objects.select_related("truck__owner", "outage__feeder").get(pk=matter.pk)}
    if matter.kind == "power_finding":
        return {"finding": RunFinding.objects.select_related("outage__feeder").get(pk=matter.pk)}
    return {"matter": matter}
