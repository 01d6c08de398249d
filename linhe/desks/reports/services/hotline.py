"""What happens to the row of a 12345 order when its matter moves; all of it inside the transaction of ``act()``."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from linhe.core.loop import refusals
from linhe.core.loop.clocks import due
from linhe.core.loop.models import MatterClock
from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Step
from linhe.core.people.encryption import blind_index
from linhe.core.people.models import Organisation
from linhe.core.places.models import Place, ancestors_of
from linhe.desks.reports.models import HotlineOrder
from linhe.desks.reports.queries.hotline import categories
from linhe.desks.reports.schemas import AnswerOrder, ReceiveOrder
from linhe.lib.text import Text

EARLIEST_CALL = timedelta(days=3660)
PROPERTY = "property"


def receive_order(step: Step) -> dict[str, Any]:
    """Keep what the hotline sent. A number that is there already is refused, also when two files bring it at once."""
    data: ReceiveOrder = step.data
    names = {one.code: one.name for one in categories(at=step.at)}
    if data.category not in names:
        raise _invalid("category", "没有这个诉求类别。", "There is no such category.")
    if not step.at - EARLIEST_CALL < data.called_at <= step.at:
        raise _invalid("called_at", "来电时间不能晚于现在。", "The call cannot be later than now.")
    if data.limit_at is not None and not timedelta(0) < data.limit_at - data.called_at < EARLIEST_CALL:
        raise _invalid("limit_at", "办理时限应晚于来电时间。", "The limit must be later than the call.")
    organisation = organisation_at(data.organisation, step.matter.place) if data.organisation else None
    step.matter.organisation = organisation
    name = names[data.category]
    step.matter.title, step.matter.title_en = f"12345：{name.zh}"[:80], f"12345: {name.en}"[:120]
    limit_at = step.due["answer"] = data.limit_at or _general_limit(step)
    order = HotlineOrder(
        matter=step.matter, number=data.number, category=data.category, organisation=organisation, unit=data.unit,
        called_at=data.called_at, received_at=step.at, limit_at=limit_at, content=data.content,
        address=data.address, caller=data.caller, phone=data.phone, phone_index=index_of(data.phone),
        **ancestors_of(step.matter.place),
    )  # fmt: skip
    try:
        with transaction.atomic():
            order.save(force_insert=True)
    except IntegrityError as error:
        raise order_known() from error
    # One number in the event for each figure that counts it, so that the events behind the figure are just those.
    return {"organisation": organisation.code if organisation else ""} | _counted(data.category)


def assign_order(step: Step) -> dict[str, Any]:
    """Another organisation answers, or the community itself."""
    code = step.data.organisation
    organisation = organisation_at(code, step.matter.place) if code else None
    _hand_to(step, organisation)
    return {"organisation": organisation.code if organisation else ""}


def return_order(step: Step) -> dict[str, Any]:
    """The organisation says that it is not in charge: the order goes back to the clerk."""
    gone = step.matter.organisation
    _hand_to(step, None)
    return {"organisation": gone.code if gone else ""}


def answer_order(step: Step) -> dict[str, Any]:
    """Note the answer and whether it came in time: before the limit, and before any earlier round was late."""
    data: AnswerOrder = step.data
    order = order_of(step)
    clock = MatterClock.objects.filter(matter=step.matter, code="answer", stopped_at__isnull=True).first()
    first = order.in_time if order.in_time is not None else True
    in_time = bool(first and clock is not None and clock.late_at is None and step.at <= clock.due_at)
    order.answer, order.answered_at, order.in_time, order.result = data.words, step.at, in_time, data.result
    order.save(update_fields=["answer", "answered_at", "in_time", "result"])
    return _counted(order.category) | ({"in_time": 1} if in_time else {"out_of_time": 1})


def call_back(step: Step) -> dict[str, Any]:
    """What the caller said of the answer."""
    satisfied: bool = step.data.satisfied
    HotlineOrder.objects.filter(pk=step.matter.pk).update(satisfied=satisfied)
    return {"content": 1} if satisfied else {"discontent": 1}


def redo_order(step: Step) -> dict[str, Any]:
    """The answer did not satisfy: it is worked on once more, with a limit of its own, and waits for an answer again.

    One that was late stays late; of one that was in time this is open again.
    """
    limit_at = step.due["answer"] = _general_limit(step)
    order = order_of(step)
    order.limit_at, order.answer, order.answered_at, order.result = limit_at, "", None, ""
    order.in_time = False if order.in_time is False else None
    order.save(update_fields=["limit_at", "answer", "answered_at", "result", "in_time"])
    return {"round": step.matter.version + 1}


def late_order(step: Step) -> dict[str, Any]:
    """The limit has passed without an answer."""
    return _counted(order_of(step).category)


def index_of(phone: str) -> str:
    """The keyed hash by which somebody's own calls are found; numbers are written in many ways, so digits only."""
    digits = re.sub(r"[^0-9]", "", phone)
    return blind_index(digits[-11:]) if digits else ""


def order_known() -> Refused:
    """An order of that number is there already."""
    return Refused("order_known", Text("这个工单编号已经在系统里。", "An order of this number is there already."))


def organisation_at(code: str, place: Place) -> Organisation:
    """An organisation whose territory meets the place."""
    found = Organisation.objects.filter(code=code).select_related("place").first()
    if found is None or not (found.place.contains(place) or place.contains(found.place)):
        raise _invalid("organisation", "这里没有这个单位。", "There is no such organisation here.")
    return found


def order_of(step: Step) -> HotlineOrder:
    """The order of a matter under way."""
    return HotlineOrder.objects.get(pk=step.matter.pk)


def _hand_to(step: Step, organisation: Organisation | None) -> None:
    step.matter.organisation = organisation
    HotlineOrder.objects.filter(pk=step.matter.pk).update(organisation=organisation)


def _counted(category: str) -> dict[str, int]:
    return {"property": 1} if category == PROPERTY else {}


def _general_limit(step: Step) -> datetime:
    """The dated limit, for an order that names none; the list and the export show the same moment as the clock."""
    return due(next(clock for clock in step.kind.clocks if clock.code == "answer"), step.at, step.matter)


def _invalid(field: str, zh: str, en: str) -> Refused:
    return refusals.invalid({field: str(Text(zh, en))})
