"""Plans: solved outside of any transaction, stored with their proof, issued through the loop, replaced when need be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from time import perf_counter
from typing import Any

from django.db import transaction
from django.db.models import Max

from linhe.core.loop.access import can
from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter, Remembered
from linhe.core.loop.refusals import Refused, invalid, not_allowed, wrong_stage
from linhe.core.loop.step import Outcome, Step
from linhe.core.people.models import Account
from linhe.core.runsheets import running
from linhe.core.runsheets.filling import Operation, fill_in
from linhe.core.runsheets.models import RunSheet
from linhe.core.runsheets.template import template_at
from linhe.desks.power.engine import Problem, Result, solve
from linhe.desks.power.models import Outage, Plan
from linhe.desks.power.queries.outages import (
    Present,
    names_of,
    outage_of,
    params_at,
    present_of,
    problem_of,
    text_of,
)
from linhe.desks.power.services.events import FIELD_SWITCHING, TEMPLATE
from linhe.lib.text import Text

ACTS = {
    "open": Text("拉开", "open"),
    "close": Text("合上", "close"),
    "test": Text("验电", "test for voltage"),
    "earth": Text("装设接地线", "earth"),
    "ground": Text("接地", "ground"),
    "unearth": Text("拆除接地线", "remove the earth"),
    "tag": Text("挂标示牌", "tag"),
    "untag": Text("取标示牌", "take the tag off"),
    "connect": Text("接入", "connect"),
    "phase_check": Text("核相", "phase check"),
    "start": Text("起动", "start"),
    "close_truck": Text("合上", "close"),
    "stop_truck": Text("断开并停机", "stop"),
    "disconnect": Text("拆除电缆并撤离", "disconnect"),
    "repair": Text("消除故障", "repair"),
}
ONCE = frozenset(("test", "earth", "tag", "repair", "unearth", "untag", "connect", "ground", "phase_check", "start"))
"""Work that stays done: a new plan does not ask for it again at the same device and site."""
ELECTRICAL = frozenset(("open", "close", "close_truck", "stop_truck"))
"""What changes which parts are alive: checked in the engine's order, so kept in it."""
_ARRIVAL = ("order", "route", "arrive")
"""What a truck needs before its first operation: its slots in the template, in order."""


def make_plan(matter: Matter, *, at: datetime) -> Plan:
    """Solve the event as it stands and store the answer; nothing is issued, and no transaction is held meanwhile."""
    outage = outage_of(matter)
    version = Matter.objects.values_list("version", flat=True).get(pk=matter.pk)
    try:
        problem = problem_of(outage, at=at)
    except ValueError as error:
        text = Text(f"现有数据求不出方案：{error}", f"No plan can be made of these data: {error}")
        raise Refused("unsound", text, status=422) from error
    began = perf_counter()
    result = solve(problem, params_at(outage, at=at))
    took_ms = round(1000 * (perf_counter() - began))
    return _store(outage, version, problem, result, took_ms=took_ms, at=at)


def use_plan(step: Step) -> dict[str, Any]:
    """Issue a plan: the sheet is filled in with its operations. Only the latest one, made from the present state."""
    outage = outage_of(step.matter)
    plan = outage.plans.filter(number=step.data.number).first()
    if plan is None:
        raise invalid({"number": str(Text("没有这个方案。", "There is no such plan."))})
    if plan.version != step.matter.version:
        text = Text(
            "求解之后情况有变，请重新求解。", "Something has changed since this plan was made. Make another one."
        )
        raise Refused("plan_outdated", text)
    if not plan.result["steps"]:
        raise Refused("nothing_to_do", text_of(plan.result["reason"], "no steps"), status=422)
    template = template_at(TEMPLATE, at=step.matter.created_at, place_code=step.matter.place.code)
    sheet, present = RunSheet.objects.get(pk=step.matter.pk), present_of(outage)
    operations = list(operations_of(plan, outage, present))
    words = {"feeder": Text(outage.feeder.name, outage.feeder.name_en)}
    fill_in(sheet, template, operations, at=max(step.at, sheet.last_at), values=words)
    outage.plan, plan.issued_at = plan, step.at
    outage.save(update_fields=["plan"])
    plan.save(update_fields=["issued_at"])
    return {
        "proof": plan.proof, "status": plan.status, "revision": sheet.revision,
        "served_kw": round(plan.served_w / 1000), "total_kw": round(plan.total_w / 1000),
    }  # fmt: skip


def fail_item(step: Step) -> dict[str, Any]:
    """What was to be operated does not move. Once the fault is repaired there is nothing to plan round: it is mended on
    the spot and the item carried out."""
    if any(action == "repair" for action, _, _ in present_of(outage_of(step.matter)).done):
        text = Text(
            "故障已消除，不再调整方案。请暂停流程，现场处理好设备后再操作这一项。",
            "The fault is repaired, there is nothing to plan round. Pause the run, mend the device, then carry on.",
        )
        raise Refused("repaired", text)
    return running.fail_item(step)


def plan_anew(matter: Matter, *, by: Account, at: datetime, key: str) -> Outcome:
    """One tap: solve from the present state and issue the answer at once. Nothing is solved for who may not."""
    action = matter.declared.action("replan")
    if not can(by, action, matter, at=at):
        raise not_allowed()
    if matter.stage not in action.frm:
        raise wrong_stage(matter.stage_declared.name)
    key = f"{key}-plan"
    done = Remembered.objects.filter(account_id=by.pk, route=f"act:{matter.pk}:replan", key=key).first()
    if done is not None and done.event is not None:
        return Outcome(matter, done.event, repeated=True)
    plan = make_plan(matter, at=at)
    return act(matter, "replan", by=by, data={"number": plan.number}, version=plan.version, at=at, key=key)


def operations_of(plan: Plan, outage: Outage, present: Present) -> Iterator[Operation]:
    """What the sheet makes items of: what each truck needs to get ready, and the engine's order of switching."""
    names = names_of(outage.feeder)
    names |= {row["id"]: text_of(row.get("name"), row["id"]) for row in plan.problem.get("trucks", ())}
    sites = present.placed | {row["truck"]: row["site"] for row in plan.result["islands"]}
    for island in sorted(plan.result["islands"], key=lambda row: row["ready_min"]):
        truck, site = island["truck"], island["site"]
        for slot in _ARRIVAL:
            if truck not in present.placed and (slot, truck, site) not in present.done:
                keep = {"action": slot, "device": truck, "truck": truck, "site": site, "plan": plan.number}
                yield Operation(f"truck.{slot}", {"device": names[truck], "site": names[site]}, keep)
    for row in plan.result["steps"]:
        action, device = row["action"], row["device"]
        site = sites.get(device, "")
        if action in ONCE and (action, device, site) in present.done:
            continue
        keep = {
            "action": action, "device": device, "plan": plan.number, "step": row["number"], "needs": row["needs"],
            "why": [row["why"]["zh"], row["why"]["en"]],
        }  # fmt: skip
        words = {"act": ACTS[action], "device": text_of(row["name"], device)}
        if site:
            keep |= {"truck": device, "site": site}
            words |= {"site": names[site]}
        yield Operation(
            row["code"], words, keep, number=row["number"], after=tuple(row["after"]), ordered=action in ELECTRICAL,
            role=_ROLES.get(row["role"], ""), tags=(FIELD_SWITCHING,) if "no_lightning" in row["needs"] else (),
        )  # fmt: skip


_ROLES = {"dispatcher": "power_dispatcher", "operator": "power_operator", "truck_crew": "truck_crew"}


def _store(
    outage: Outage, version: int, problem: Problem, result: Result, *, took_ms: int, at: datetime
) -> Plan:  # fmt: skip
    served, proof = result.served, result.proof
    with transaction.atomic():
        Outage.objects.select_for_update().get(pk=outage.pk)
        last = outage.plans.aggregate(last=Max("number"))["last"] or 0
        return Plan.objects.create(
            outage=outage, number=last + 1, version=version, problem=problem.to_json(), result=result.to_json(),
            status=result.status, proof=proof.status if proof else "none",
            gap_milli=round(1000 * proof.gap_pct) if proof else 0, served_w=round(1000 * served.kw) if served else 0,
            before_w=round(1000 * served.before_kw) if served else 0,
            total_w=round(1000 * served.total_kw) if served else 0, took_ms=took_ms, made_at=at,
        )  # fmt: skip
