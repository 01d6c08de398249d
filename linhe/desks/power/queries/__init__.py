"""Reads of the power desk; ``detail`` is what the shell's page of a matter shows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.power.models import FeederChange, RunFinding, TruckAid


def detail(matter: Matter, *, reader: Account, at: datetime) -> dict[str, Any]:
    """Which truck for which line, which run and step a finding is of, which feeder. A failed line has its own."""
    if matter.kind == "truck_aid":
        return {"aid": TruckAid.objects.select_related("truck__owner", "outage__feeder").get(pk=matter.pk)}
    if matter.kind == "power_finding":
        return {"finding": RunFinding.objects.select_related("outage__feeder").get(pk=matter.pk)}
    if matter.kind == "power_feeder":
        return {"change": FeederChange.objects.select_related("feeder").defer("case", "feeder__case").get(pk=matter.pk)}
    return {"matter": matter}
