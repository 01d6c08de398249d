"""Effects of a failed line: the alarm and its sheet, signals, the fault, the weather, the end and its figures."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from linhe.core.dated import value
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Step
from linhe.core.runsheets.filling import begin_sheet
from linhe.core.runsheets.models import DONE, RunItem, RunSheet
from linhe.core.runsheets.queries import elapsed_s
from linhe.core.runsheets.running import block, end_sheet
from linhe.core.runsheets.template import template_at
from linhe.desks.power.models import Outage, Signal
from linhe.desks.power.queries.outages import feeder_at, ids_for, outage_of
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

TEMPLATE = "power.drill"
FIELD_SWITCHING = "field_switching"
LIGHTNING = Text("雷电天气，停止户外操作", "Lightning, no switching in the field")


def raise_alarm(step: Step) -> dict[str, Any]:
    """A feeder has failed: its sheet begins with the time of the alarm. A feeder has one open event at a time."""
    feeder = feeder_at(step.data.feeder, local_date(step.at))
    if feeder is None or not feeder.place.contains(step.matter.place):
        raise invalid({"feeder": str(Text("这里没有这条线路。", "There is no such feeder here."))})
    alarmed_at = _alarmed_at(step)
    drill, scene = step.data.drill, step.data.scene
    step.matter.title = f"{feeder.name}{'抢修演练' if drill else '故障抢修'}"
    step.matter.title_en = f"{feeder.name_en}: {'drill' if drill else 'failed'}"
    step.matter.urgent = not drill
    lightning = scene == "lightning"
    try:
        with transaction.atomic():
            Outage.objects.create(
                matter=step.matter, feeder=feeder, drill=drill, scene=scene, lightning=lightning, alarmed_at=alarmed_at
            )
    except IntegrityError as error:
        text = Text("这条线路已有一起在办的故障。", "This feeder has an open event already.")
        raise Refused("outage_open", text, details={"feeder": str(text)}) from error
    load_kw = round(sum(row["kw"] for row in feeder.case["feeder"]["loads"]))
    words = {"feeder": Text(feeder.name, feeder.name_en), "lost": Text(f"{load_kw:,}", f"{load_kw:,}")}
    template = template_at(TEMPLATE, at=step.at, place_code=step.matter.place.code)
    sheet = begin_sheet(step.matter, template, at=step.at, began_at=alarmed_at, drill=drill, values=words)
    if lightning:
        block(sheet, FIELD_SWITCHING, LIGHTNING)
    return {"version": feeder.version, "run": "drill" if drill else "real"}


def add_signal(step: Step) -> None:
    """A signal names something that is on the feeder; each is kept once."""
    outage = outage_of(step.matter)
    if step.data.element not in ids_for(outage.feeder, step.data.what):
        raise invalid({"element": str(Text("线路上没有这个设备。", "The feeder has no such device."))})
    try:
        with transaction.atomic():
            Signal.objects.create(outage=outage, what=step.data.what, element=step.data.element, at=step.at)
    except IntegrityError as error:
        raise Refused("signal_known", Text("这条线索已经登记。", "This signal is there already.")) from error


def locate(step: Step) -> None:
    """The fault is confirmed; plans that were made before count no longer."""
    outage = outage_of(step.matter)
    elements = [one.strip() for one in step.data.elements.replace("，", ",").split(",") if one.strip()]
    unknown = sorted(set(elements) - ids_for(outage.feeder, "fault"))
    if unknown or not elements:
        named = "、".join(unknown)
        text = Text(f"线路上没有这个设备：{named}", f"The feeder has no such element: {', '.join(unknown)}")
        raise invalid({"elements": str(text)})
    outage.fault = list(dict.fromkeys(elements))
    outage.save(update_fields=["fault"])


def set_weather(step: Step) -> None:
    """Lightning forbids switching in the field; what is operated from the dispatch room goes on."""
    outage, sheet = outage_of(step.matter), RunSheet.objects.get(pk=step.matter.pk)
    outage.lightning = step.data.lightning
    outage.save(update_fields=["lightning"])
    block(sheet, FIELD_SWITCHING, LIGHTNING if step.data.lightning else None)


def finish(step: Step) -> dict[str, Any]:
    """Every item is behind: the sheet closes, and the event keeps the figures that indicators are made of."""
    outage, sheet = outage_of(step.matter), RunSheet.objects.get(pk=step.matter.pk)
    if outage.plan is None:
        raise Refused("no_plan", Text("还没有下达方案。", "No plan has been issued."))
    end_sheet(sheet, at=step.at)
    _release(outage)
    return _figures(outage, sheet, step.at)


def cancel(step: Step) -> None:
    """Called off: the sheet closes as it is."""
    end_sheet(RunSheet.objects.get(pk=step.matter.pk), at=step.at, whole=False)
    _release(outage_of(step.matter))


def _release(outage: Outage) -> None:
    outage.open = False
    outage.save(update_fields=["open"])


def _alarmed_at(step: Step) -> datetime:
    alarmed_at: datetime = step.data.alarmed_at or step.at
    oldest = timedelta(minutes=value("power.alarm_back_minutes", at=step.at, place_code=step.matter.place.code))
    if not step.at - oldest <= alarmed_at <= step.at:
        minutes = round(oldest.total_seconds() / 60)
        text = Text(f"告警时间应在最近 {minutes} 分钟内。", f"The alarm lies within the last {minutes} minutes.")
        raise invalid({"alarmed_at": str(text)})
    return alarmed_at


def _figures(outage: Outage, sheet: RunSheet, at: datetime) -> dict[str, Any]:
    """Minutes of the two clocks, load lost and fed again by the first plan [kW], items late. Numbers only."""
    first = outage.plans.filter(issued_at__isnull=False).order_by("number").first()
    assert first is not None
    told: dict[str, Any] = {
        "run": "drill" if sheet.drill else "real",
        "lost_kw": round((first.total_w - first.before_w) / 1000),
        "restored_kw": round((outage.plan.served_w if outage.plan else 0) / 1000 - first.before_w / 1000),
        "items": sheet.items.filter(state=DONE).count(),
        "late_items": sum(1 for item in sheet.items.filter(state=DONE) if _took_s(item) > item.target_s),
    }
    for clock in sheet.clocks.filter(stopped_at__isnull=False):
        seconds = elapsed_s(clock, at=at) or 0
        told[f"{clock.code}_min"] = round(seconds / 60, 1)
        told[f"{clock.code}_in_time"] = seconds <= clock.limit_s
    return told


def _took_s(item: RunItem) -> float:
    if item.done_at is None or item.opened_at is None:
        return 0
    return (item.done_at - item.opened_at).total_seconds() - item.paused_s
