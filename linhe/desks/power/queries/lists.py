"""Lists of failed lines, newest first, for whoever may read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from linhe.core.loop.access import visible_to
from linhe.core.loop.models import Matter
from linhe.core.loop.queries import Page, page_of
from linhe.core.people.models import Account
from linhe.core.runsheets.models import NONE, OPEN, REPLACED, RunItem
from linhe.desks.power.loop import POWER_EVENT
from linhe.desks.power.models import Outage


@dataclass(frozen=True, slots=True)
class Row:
    """A failed line with how far its sheet is."""

    matter: Matter
    outage: Outage
    done: int
    total: int


def open_events(account: Account, *, at: datetime) -> list[Row]:
    """What is under way."""
    rows = visible_to(account, at=at).filter(kind=POWER_EVENT.code, closed_at__isnull=True)
    return _rows(rows.select_related("place").order_by("-pk")[:50])


def past_page(account: Account, *, at: datetime, before: int | None) -> tuple[list[Row], Page[Matter]]:
    """What is over, a page at a time."""
    rows = visible_to(account, at=at).filter(kind=POWER_EVENT.code, closed_at__isnull=False).select_related("place")
    page = page_of(rows, before=before)
    return _rows(page.rows), page


def _rows(matters: Iterable[Matter]) -> list[Row]:
    found = list(matters)
    outages = Outage.objects.select_related("feeder").in_bulk([one.pk for one in found])
    counted: dict[int, list[int]] = {one.pk: [0, 0] for one in found}
    items = RunItem.objects.filter(sheet__in=counted).exclude(state__in=(NONE, REPLACED))
    for sheet_id, state in items.values_list("sheet_id", "state"):
        counted[sheet_id][0] += state != OPEN
        counted[sheet_id][1] += 1
    return [Row(one, outages[one.pk], *counted[one.pk]) for one in found if one.pk in outages]
