"""What the desk holds of those who called the hotline, and how it is shown to them and forgotten."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from linhe.core.loop.models import Matter
from linhe.core.people.holdings import Holding
from linhe.core.people.models import Account
from linhe.core.people.services import reveal_phone
from linhe.desks.reports.models import HotlineOrder
from linhe.desks.reports.queries.hotline import knows_callers
from linhe.desks.reports.queries.views import person_to_call
from linhe.desks.reports.services.hotline import index_of

EMPTY = {
    "content": "", "address": "", "caller": "", "phone": "", "phone_index": "", "answer": "",
}  # fmt: skip


def forget_callers(matters: QuerySet[Matter]) -> int:
    """Empty what tells who called and what was said; number, category, times and result stay for the figures."""
    return HotlineOrder.objects.filter(matter__in=matters).exclude(**EMPTY).update(**EMPTY)


def phone_shown(matter: Matter, *, reader: Account, at: datetime) -> str:
    """The caller's number for someone who may know it, empty otherwise. When it is the number of an account, that
    person can see who looked."""
    order = HotlineOrder.objects.filter(matter=matter).first()
    if order is None or not order.phone or not knows_callers(reader, matter, at=at):
        return ""
    subject = Account.objects.filter(phone_index=order.phone_index).first()
    return reveal_phone(
        number=str(order.phone), reader=reader, subject=subject, reason="answer", about=_about(matter), at=at
    )  # fmt: skip


def phone_to_call(matter: Matter, *, reader: Account, reason: str, at: datetime) -> str:
    """The number of whoever raised a report, for the community that deals with it; empty for everybody else, and
    always when it was raised without a name."""
    person = person_to_call(matter, reader, at=at)
    if person is None:
        return ""
    return reveal_phone(
        number=person.phone, reader=reader, subject=person, reason=reason, about=_about(matter), at=at
    )  # fmt: skip


def _about(matter: Matter) -> str:
    return f"{matter.kind} {matter.pk}"


def export(account: Account) -> list[dict[str, Any]]:
    """The calls from one's own verified number."""
    return [
        {
            "number": order.number, "called_at": order.called_at.isoformat(), "i_said": order.content,
            "address": order.address, "answer": order.answer,
        }
        for order in _calls_of(account).order_by("pk")
    ]  # fmt: skip


def erase(account: Account, at: datetime) -> None:
    """The calls go on, without anybody."""
    _calls_of(account).update(**EMPTY)


def _calls_of(account: Account) -> QuerySet[HotlineOrder]:
    index = index_of(account.phone) if account.phone and account.phone_verified_at else ""
    return HotlineOrder.objects.filter(phone_index=index) if index else HotlineOrder.objects.none()


HOTLINE_HOLDING = Holding("hotline", export, erase)
