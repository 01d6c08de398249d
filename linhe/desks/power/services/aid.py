"""Effects of mutual aid: a truck is asked for, promised, sent, connected, released; never twice at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction

from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.desks.power.models import Outage, Truck, TruckAid
from linhe.lib.text import Text


def ask_aid(step: Step) -> dict[str, Any]:
    """Ask the owner of a truck for it: another company's, that is ready and promised to nobody else."""
    outage = Outage.objects.select_related("matter", "feeder__place").filter(pk=step.data.outage).first()
    if outage is None or outage.matter.place_id != step.matter.place_id or not outage.open:
        raise invalid({"outage": str(Text("这里没有这起在办的故障。", "There is no such open event here."))})
    truck = Truck.objects.select_related("owner").filter(pk=step.data.truck).first()
    if truck is None:
        raise invalid({"truck": str(Text("没有这台发电车。", "There is no such truck."))})
    if truck.owner.place_id == outage.feeder.place.district_id:
        text = Text("这是本单位的车，直接调派即可。", "It is your own truck: order it out.")
        raise Refused("own_truck", text, status=422)
    if not truck.ready:
        text = Text(f"{truck.name}目前不能出动。", f"{truck.name_en} cannot go out now.")
        raise Refused("truck_not_ready", text)
    step.matter.organisation = truck.owner
    step.matter.title = f"{truck.name}支援{outage.feeder.name}"
    step.matter.title_en = f"{truck.name_en} for {outage.feeder.name_en}"
    step.matter.urgent = not outage.drill
    try:
        with transaction.atomic():
            TruckAid.objects.create(matter=step.matter, outage=outage, truck=truck, asked_at=step.at)
    except IntegrityError as error:
        text = Text(
            f"{truck.name}已被请求或正在支援，不能重复使用。", f"{truck.name_en} is asked for or in use already."
        )
        raise Refused("truck_in_use", text) from error
    return {"run": "drill" if outage.drill else "real", "kw": truck.kw}


def accept_aid(step: Step) -> dict[str, Any]:
    """The owner promises it, and says when it will be there."""
    arrives_at = step.at + timedelta(minutes=step.data.minutes)
    _aid(step).update(accepted_at=step.at, arrives_at=arrives_at)
    return {}


def send_aid(step: Step) -> None:
    """It sets off."""
    _aid(step).update(off_at=step.at)


def connect_aid(step: Step) -> dict[str, Any]:
    """It feeds; the event keeps how long that took since it was asked for."""
    _aid(step).update(connected_at=step.at)
    asked_at = TruckAid.objects.values_list("asked_at", flat=True).get(pk=step.matter.pk)
    return {"took_min": round((step.at - asked_at).total_seconds() / 60, 1)}


def release_aid(step: Step) -> None:
    """It is no longer needed; until it is back nobody else may ask for it."""
    _aid(step).update(released_at=step.at)


def end_aid(step: Step) -> None:
    """Back, declined or withdrawn: the truck is free again."""
    _aid(step).update(active=False)


def _aid(step: Step) -> Any:
    return TruckAid.objects.filter(pk=step.matter.pk)
