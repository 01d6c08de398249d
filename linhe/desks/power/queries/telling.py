"""A plan in words: how sure it is, what it opens and closes, whom trucks feed, where the fault may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linhe.desks.power.models import Outage, Plan
from linhe.desks.power.queries.outages import names_of, text_of
from linhe.lib.text import Text

STATUS = {
    "restored": Text("非故障区全部复电", "all healthy load is fed"),
    "partial": Text("部分复电", "part of the load is fed"),
    "none": Text("无法转供", "nothing can be fed"),
    "located": Text("已排出可能区段", "located as far as known"),
    "infeasible": Text("没有安全方案", "no safe plan"),
}
TONES = {"restored": "good", "partial": "wait", "none": "bad", "located": "move", "infeasible": "bad"}


@dataclass(frozen=True, slots=True)
class Doing:
    """An operation with its dual name and reason."""

    act: Text
    name: Text
    why: Text


@dataclass(frozen=True, slots=True)
class Fed:
    """A truck and what it feeds."""

    truck: Text
    site: Text
    kw: int
    ready_min: int
    v_min: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A stretch where the fault may be."""

    elements: str
    names: list[Text]
    percent: int
    why: list[Text]


@dataclass(frozen=True, slots=True)
class ToldPlan:
    """A stored plan as pages show it."""

    plan: Plan
    status: Text
    tone: str
    reason: Text
    proof: Text
    isolate: list[Text]
    operations: list[Doing]
    fed: list[Fed]
    suspects: list[Suspect]
    looks: list[tuple[Text, int, Text]]
    steps: int
    lowest: str
    loading: str

    @property
    def percent(self) -> float:
        """Share of all load that is fed."""
        return round(self.plan.served_w / self.plan.total_w * 100, 1) if self.plan.total_w else 0.0


def told_plan(plan: Plan, outage: Outage) -> ToldPlan:
    """Put a stored result into words."""
    result: Mapping[str, Any] = plan.result
    names = names_of(outage.feeder)
    names |= {row["id"]: text_of(row.get("name"), row["id"]) for row in plan.problem.get("trucks", ())}
    final, located = result.get("final") or {}, result.get("located") or {}
    return ToldPlan(
        plan=plan,
        status=STATUS[plan.status],
        tone=TONES[plan.status],
        reason=text_of(result.get("reason"), ""),
        proof=proof_of(plan),
        isolate=[_named(names, one) for one in result["isolate"]],
        operations=[
            Doing(_ACTS[row["action"]], _named(names, row["switch"]), text_of(row["why"], ""))
            for row in result["restore"]
        ],
        fed=[
            Fed(_named(names, row["truck"]), _named(names, row["site"]), round(row["served_kw"]),
                round(row["ready_min"]), f"{row['v_min']:.3f}")
            for row in result["islands"]
        ],
        suspects=[
            Suspect(",".join(row["elements"]), [_named(names, one) for one in row["elements"][:4]],
                    round(100 * row["probability"]), [text_of(one, "") for one in row["why"]])
            for row in located.get("hypotheses", ())
        ],
        looks=[
            (_named(names, row["element"]), round(row["saves_min"]), text_of(row["why"], ""))
            for row in located.get("looks", ())
        ],
        steps=len(result["steps"]),
        lowest=f"{final['v_min']:.3f}" if final.get("v_min") else "",
        loading=f"{final['max_loading_pct']:.0f}" if final.get("max_loading_pct") else "",
    )  # fmt: skip


def proof_of(plan: Plan) -> Text:
    """How good the plan is known to be."""
    if plan.proof == "optimal":
        return Text("已证明最优", "proven best")
    if plan.proof == "gap":
        return Text(
            f"与最优相差不超过 {plan.gap_milli / 1000:g}%", f"at most {plan.gap_milli / 1000:g} % below the best"
        )
    return Text("未求证", "not proven")


_ACTS = {"open": Text("拉开", "open"), "close": Text("合上", "close")}


def _named(names: Mapping[str, Text], device: str) -> Text:
    return names.get(device, Text(device, device))
