"""What the generic page of a matter shows of an errand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from linhe.core.loop.access import can
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.errands.loop import ERRAND, OPEN
from linhe.desks.errands.queries.cards import detail_for
from linhe.desks.errands.queries.reasons import because
from linhe.desks.errands.queries.telling import told_to_asker, told_to_courier, trail
from linhe.desks.errands.queries.way import best_three
from linhe.desks.errands.queries.why import offer_why


def detail(matter: Matter, *, reader: Account, at: datetime) -> dict[str, Any]:
    """For the people of the errand the sentence and the way to its page; for the community also the best three."""
    view = detail_for(reader, matter, at=at)
    handles = matter.handler_id == reader.pk
    dispatches = matter.stage == OPEN and can(reader, ERRAND.action("offer"), matter, at=at)
    return {
        "view": view,
        "offer_why": None if view.mine else offer_why([matter.pk]).get(matter.pk),
        "told": told_to_asker(view, at=at) if view.mine else told_to_courier(view, at=at),
        "trail": trail(view),
        "handles": handles,
        "dispatches": dispatches,
        "best": [(one, because(one.detour, one.reasons)) for one in (best_three(matter, at=at) if dispatches else [])],
        "key": f"panel-{matter.version}",
    }
