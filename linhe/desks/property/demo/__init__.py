"""The desk's part of the demo: twenty companies, two years of assessments, one putting right, three that leave."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.demo import lay_town, told_fast
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.models import Matter
from linhe.desks.property.demo.ground import lay_ground
from linhe.desks.property.demo.leaving import tell_exits
from linhe.desks.property.demo.rounds import tell_rounds
from linhe.desks.property.models import Contract


def seed(*, at: datetime) -> dict[str, Any]:
    """Sign the contracts, tell the rounds and the exits. Done once; the figures come from the events."""
    town = lay_town(at=at)
    told = Matter.objects.filter(kind="assessment", at_district=town.district.pk)
    if not told.exists():
        with told_fast():
            ground = lay_ground(town, at=at)
            tell_exits(ground, tell_rounds(ground, at=at), at=at)
        while roll_up():
            continue
    left = Matter.objects.filter(kind="exit", at_district=town.district.pk)
    return {
        "contracts": Contract.objects.filter(compound__district=town.district).count(), "assessments": told.count(),
        "exits": left.count(),
    }  # fmt: skip
