"""Reads of a person's notices."""

from __future__ import annotations

from linhe.core.loop.queries import PAGE_SIZE, Page, page_of
from linhe.core.notices.models import Notice
from linhe.core.people.models import Account


def unread_count(account: Account) -> int:
    """How many notices a person has not read."""
    return Notice.objects.filter(account=account, read_at__isnull=True).count()


def notices_page(
    account: Account, *, unread_only: bool = False, before: int | None = None, size: int = PAGE_SIZE
) -> Page[Notice]:  # fmt: skip
    """A page of a person's notices, newest first. The words are ``texts.text_of(notice)``."""
    rows = Notice.objects.filter(account=account).select_related("matter")
    return page_of(rows.filter(read_at__isnull=True) if unread_only else rows, before=before, size=size)
