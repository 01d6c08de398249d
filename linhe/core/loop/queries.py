"""Reads of matters: keyset pages, timelines, one matter. Everything starts at ``visible_to``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from django.db.models import F, Model, Q, QuerySet

from linhe.core.loop import refusals
from linhe.core.loop.access import own_to, visible_to
from linhe.core.loop.models import Event, Matter, MatterClock
from linhe.core.people.models import Account, ReadLog
from linhe.core.places.models import Place

M = TypeVar("M", bound=Model)
PAGE_SIZE = 20
READ_AGAIN = timedelta(minutes=30)
"""Looks at the same matter within this time count as one."""


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """One page of a list, newest first; ``next_before`` is the key of the following page, None at the end."""

    rows: Sequence[M]
    next_before: int | None


def newest_first(rows: QuerySet[M], *, few: bool = False) -> QuerySet[M]:
    """Rows in the order of their keys. ``few`` tells that the conditions leave thousands at most: they are looked up
    and sorted. Otherwise the database may hope to meet some soon, and walk the whole table down when it does not."""
    return rows.order_by((F("pk") + 0).desc() if few else "-pk")


def page_of(
    rows: QuerySet[M], *, before: int | None = None, size: int = PAGE_SIZE, few: bool = False
) -> Page[M]:  # fmt: skip
    """Page by key: rows with an id below ``before``, newest first."""
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(newest_first(rows, few=few)[: size + 1])
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)


def page_by_limit(
    rows: QuerySet[Matter], *, after: str = "", size: int = PAGE_SIZE
) -> tuple[list[Matter], str]:  # fmt: skip
    """Page by limit: the nearest first, those without one last, from behind the row that ``after`` names.

    Returns the rows and the ``after`` of the following page, empty at the end. The name holds limit and id, so that a
    row which has gone meanwhile does not lose the place.
    """
    if found := _AFTER.fullmatch(after):
        limit, last = found[1], int(found[2])
        if limit:
            due_at = _EPOCH + timedelta(microseconds=int(limit))
            later = Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=last) | Q(due_at__isnull=True)
            rows = rows.filter(later)
        else:
            rows = rows.filter(due_at__isnull=True, pk__gt=last)
    # The keys first: what a page shows beside a matter is joined to its rows only, not to all that are sorted.
    keys = list(rows.order_by("due_at", "pk").values_list("pk", "due_at")[: size + 1])
    page = list(rows.filter(pk__in=[pk for pk, _ in keys[:size]]).order_by("due_at", "pk"))
    if len(keys) <= size:
        return page, ""
    end, limit_at = keys[size - 1]
    return page, f"{(limit_at - _EPOCH) // timedelta(microseconds=1) if limit_at else ''}_{end}"


_AFTER = re.compile(r"([0-9]{0,16})_([0-9]{1,17})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def matters_page(
    account: Account,
    *,
    at: datetime,
    place: Place | None = None,
    kind: str | None = None,
    stage: str | None = None,
    open_only: bool = False,
    before: int | None = None,
    size: int = PAGE_SIZE,
) -> Page[Matter]:
    """A page of the matters that someone may read, narrowed by place, kind and stage."""
    rows = visible_to(account, at=at, place=place).select_related("place")
    if kind:
        rows = rows.filter(kind=kind)
    if stage:
        rows = rows.filter(stage=stage)
    if open_only:
        rows = rows.filter(closed_at__isnull=True)
    return page_of(rows, before=before, size=size, few=open_only)


def own_page(
    account: Account, *, at: datetime, is_open: bool | None = None, before: int | None = None, size: int = PAGE_SIZE
) -> Page[Matter]:
    """A page of someone's own matters, newest first: the open ones, the closed ones, or both (None)."""
    narrowed = Q() if is_open is None else Q(closed_at__isnull=is_open)
    return merged_page([rows.filter(narrowed) for rows in own_to(account, at=at)], before=before, size=size)


def merged_page(
    sets: Sequence[QuerySet[Matter]],
    *,
    before: int | None = None,
    size: int = PAGE_SIZE,
    related: Sequence[str] = ("place",),
) -> Page[Matter]:
    """A page of what is in any of these sets, newest first, with what is ``related``.

    The newest of each are merged, so that a page costs the same however many there are.
    """
    if not sets:
        return Page([], None)
    if before is not None:
        sets = [rows.filter(pk__lt=before) for rows in sets]
    newest = [rows.order_by("-pk").values("pk")[: size + 1] for rows in sets]
    found = [row["pk"] for row in newest[0].union(*newest[1:]).order_by("-pk")[: size + 1]]
    rows = Matter.objects.filter(pk__in=found[:size]).select_related(*related).order_by("-pk")
    return Page(list(rows), found[size - 1] if len(found) > size else None)


def matter_for(account: Account, matter_id: int, *, at: datetime) -> Matter:
    """One matter if it may be read, otherwise the same ``not_found`` whether it exists or not.

    Whose matter it is can see who looked: a read by anybody else is noted, once in ``READ_AGAIN`` however often an
    open page fetches itself again.
    """
    found = visible_to(account, at=at).filter(pk=matter_id).select_related("place").first()
    if found is None:
        raise refusals.not_found()
    subject_id = found.beneficiary_id or found.requester_id
    if subject_id not in (None, account.pk) and account.pk != found.requester_id:
        purpose = f"{found.kind} {found.pk}"
        look = ReadLog.objects.filter(reader=account, subject_id=subject_id, purpose=purpose, at__gt=at - READ_AGAIN)
        if not look.exists():
            ReadLog.objects.create(reader=account, subject_id=subject_id, what="matter", purpose=purpose, at=at)
    return found


def timeline(matter: Matter) -> list[Event]:
    """All events of a matter in order, with the texts and photos that came with them."""
    return list(Event.objects.filter(matter=matter).order_by("seq").prefetch_related("particulars", "evidence"))


def running_clocks(matter: Matter) -> list[MatterClock]:
    """The clocks that still run or pause, nearest limit first."""
    return list(MatterClock.objects.filter(matter=matter, stopped_at__isnull=True).order_by("due_at"))
