"""Delivers notices by outside channels: claimed for a while, sent without holding a transaction, tried again, handed
to the person's next channel when one cannot. A worker that dies after sending may send once more, never never."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from linhe.core.dated import value
from linhe.core.notices.channels import CannotDeliver, Message, TryLater, channel
from linhe.core.notices.listening import channel_orders
from linhe.core.notices.models import Delivery
from linhe.core.notices.quiet import not_before
from linhe.core.notices.texts import text_of

_LEASE = timedelta(minutes=5)
_FIRST_PAUSE = timedelta(minutes=1)
_BATCH = 50


def deliver_due(*, at: datetime, most: int = 500) -> int:
    """Deliver what is due, nothing in quiet hours unless urgent. Returns how many were sent."""
    sent = done = 0
    while done < most and (batch := _claim(at)):
        done += len(batch)
        sent += sum(_deliver(one, at) for one in batch)
    return sent


@transaction.atomic
def _claim(at: datetime) -> list[Delivery]:
    """Take some due deliveries for the length of the lease; other workers skip them."""
    due = Delivery.objects.filter(state=Delivery.State.WAITING, next_at__lte=at)
    ids = list(due.select_for_update(skip_locked=True).order_by("next_at").values_list("pk", flat=True)[:_BATCH])
    Delivery.objects.filter(pk__in=ids).update(next_at=at + _LEASE, tries=F("tries") + 1)
    rows = Delivery.objects.filter(pk__in=ids).select_related("notice__account", "notice__matter__place")
    return list(rows.order_by("pk"))


def _deliver(one: Delivery, at: datetime) -> bool:
    notice = one.notice
    place_code = notice.matter.place.code if notice.matter else None
    if notice.read_at is not None:
        return _close(one, Delivery.State.READ_BEFORE)
    if (wake := not_before(at, urgent=notice.urgent, place_code=place_code)) > at:
        Delivery.objects.filter(pk=one.pk).update(next_at=wake, tries=F("tries") - 1)
        return False
    words = text_of(notice)
    try:
        channel(one.channel).send(
            Message(
                notice_id=notice.pk, account=notice.account, matter_id=notice.matter_id, at=at,
                text=words.en if notice.account.language == "en" else words.zh,
            )
        )  # fmt: skip
    except TryLater as problem:
        if one.tries < value("notices.most_tries", at=at, place_code=place_code):
            pause = _FIRST_PAUSE * 2 ** (one.tries - 1)
            Delivery.objects.filter(pk=one.pk).update(next_at=at + pause, last_error=str(problem)[:200])
            return False
        return _fall_back(one, at, str(problem))
    except CannotDeliver as problem:
        return _fall_back(one, at, str(problem))
    Delivery.objects.filter(pk=one.pk).update(state=Delivery.State.SENT, sent_at=at, last_error="")
    return True


@transaction.atomic
def _fall_back(one: Delivery, at: datetime, problem: str) -> bool:
    """Give this channel up and try the next one of the person's order that this notice has not tried yet."""
    _close(one, Delivery.State.FAILED, problem)
    tried = set(Delivery.objects.filter(notice=one.notice).values_list("channel", flat=True))
    account_id = one.notice.account_id
    following = next((c for c in channel_orders([account_id])[account_id] if c not in tried), None)
    if following:
        Delivery.objects.create(notice=one.notice, channel=following, next_at=at)
    return False


def _close(one: Delivery, state: Delivery.State, problem: str = "") -> bool:
    Delivery.objects.filter(pk=one.pk).update(state=state, last_error=problem[:200])
    return False
