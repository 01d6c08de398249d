"""Writes of notices: those that no event makes, reading them, and what a person chooses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import invalid
from linhe.core.notices.listening import store
from linhe.core.notices.models import Grant, Notice, Preference
from linhe.core.notices.quiet import not_before
from linhe.core.people.models import Account
from linhe.lib.text import Text


@transaction.atomic
def send_notice(
    *,
    accounts: Iterable[Account],
    code: str,
    at: datetime,
    params: dict[str, Any] | None = None,
    matter: Matter | None = None,
    urgent: bool = False,
) -> list[Notice]:
    """Tell people something that is no event of a matter. ``code`` (``group.name``) names a text of a
    ``texts/notices.toml``; ``params`` fills it and holds no personal text. Outside channels wait for the end of the
    quiet hours, unless it is urgent."""
    waits_until = not_before(at, urgent=urgent, place_code=matter.place.code if matter else None)
    notices = [
        Notice(
            account=account, code=code, matter=matter, params=params or {}, urgent=urgent, created_at=at,
            not_before=waits_until,
        )
        for account in accounts
    ]  # fmt: skip
    store(notices)
    return notices


def mark_read(*, account: Account, at: datetime, ids: Sequence[int] | None = None) -> int:
    """Mark a person's own notices as read, all of them unless some are named. Returns how many were unread."""
    unread = Notice.objects.filter(account=account, read_at__isnull=True)
    return (unread if ids is None else unread.filter(pk__in=ids)).update(read_at=at)


def mark_older_read(before: datetime) -> int:
    """Mark everybody's older notices as read: a demo's people look at their phones, too. Returns how many."""
    return Notice.objects.filter(read_at__isnull=True, created_at__lt=before).update(read_at=F("created_at"))


def choose_channels(*, account: Account, channels: Sequence[str]) -> Preference:
    """Choose the outside channels and the order in which they are tried; none at all is a choice, too."""
    if len(set(channels)) != len(channels) or not set(channels) <= set(settings.NOTICE_CHANNELS):
        raise invalid({"channels": str(Text("请从列表中选择。", "Please choose from the list."))})
    return Preference.objects.update_or_create(account=account, defaults={"channels": list(channels)})[0]


@transaction.atomic
def grant_messages(*, account: Account, channel: str, template: str, address: str, count: int = 1) -> Grant:
    """Note that a person allows ``count`` more messages of a template at an address (a WeChat openid)."""
    Grant.objects.bulk_create(
        [Grant(account=account, channel=channel, template=template, address=address)], ignore_conflicts=True
    )
    grant = Grant.objects.select_for_update().get(account=account, channel=channel, template=template)
    grant.address, grant.left = address, grant.left + count
    grant.save(update_fields=["address", "left"])
    return grant


def use_grant(*, account: Account, channel: str, template: str) -> str | None:
    """Use up one allowed message; returns the address, None when none is left."""
    mine = Grant.objects.filter(account=account, channel=channel, template=template)
    return mine.get().address if mine.filter(left__gt=0).update(left=F("left") - 1) else None


def drop_grant(*, account: Account, channel: str, template: str) -> None:
    """Forget what is left: the person took the permission back over there."""
    Grant.objects.filter(account=account, channel=channel, template=template).update(left=0)
