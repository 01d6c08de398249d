"""Advances: what a courier paid at the shop, settled between the two with both confirmations."""

from __future__ import annotations

from typing import Any

from linhe.core.dated import value
from linhe.core.loop.models import Event, Evidence
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.desks.errands.models import Advance
from linhe.desks.errands.queries.menu import service_of
from linhe.desks.errands.queries.state import errand_of
from linhe.lib.text import Text
from linhe.lib.units import money


def record_advance(step: Step) -> None:
    """Keep the amount with its receipt; only services that allow it, up to the cap for the whole errand."""
    matter, amount_fen = step.matter, step.data.amount_fen
    service = service_of(errand_of(matter).service, at=matter.created_at, place_code=matter.place.code)
    if service is None or not service.advance:
        raise Refused("no_advance", Text("这项服务不能垫付。", "This service allows no advance."), status=422)
    most = value("errands.advance_most_fen", at=step.at, place_code=matter.place.code)
    before = sum(Advance.objects.filter(matter=matter).values_list("amount_fen", flat=True))
    if before + amount_fen > most:
        cap = money(most)
        raise invalid({"amount_fen": str(Text(f"一单最多垫付 {cap.zh}。", f"At most {cap.en} for one errand."))})

    def keep(event: Event) -> None:
        receipt = Evidence.objects.filter(event=event).order_by("id").first()
        Advance.objects.create(matter=matter, amount_fen=amount_fen, receipt=receipt, at=step.at)

    step.after(keep)


def confirm_paid(step: Step) -> dict[str, Any]:
    """The resident says it was paid back."""
    return _confirm(step, "paid_at")


def confirm_received(step: Step) -> dict[str, Any]:
    """The courier says it was received."""
    return _confirm(step, "received_at")


def _confirm(step: Step, field: str) -> dict[str, Any]:
    waiting = Advance.objects.filter(matter=step.matter, **{f"{field}__isnull": True})
    amount_fen = sum(waiting.values_list("amount_fen", flat=True))
    if not waiting.update(**{field: step.at}):
        raise Refused("nothing_to_settle", Text("没有待结清的垫付款。", "There is no advance to settle."))
    return {"amount_fen": amount_fen}
