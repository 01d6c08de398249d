"""Why this step comes now, in plain sentences: for those who watch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from linhe.core.runsheets.models import RunItem
from linhe.core.runsheets.queries import ToldSheet
from linhe.desks.power.engine.interlocks import CODES
from linhe.desks.power.models import Outage
from linhe.lib.text import Text

PURPOSE = {
    "judge": Text(
        "先弄清停了多大范围、哪些用户最要紧，再派人，避免白跑。",
        "First find out how much is out and whom it hurts most, then send people: no way is made in vain.",
    ),
    "isolate": Text(
        "把故障点两侧断开并接地，健康线路才能安全送电，抢修人员才能安全作业。",
        "Open both sides of the fault and earth it: only then may healthy parts be fed and people work safely.",
    ),
    "truck": Text(
        "没有联络电源的用户由发电车供电。先验电、接地、核相，再合闸，防止倒送电。",
        "Whom no tie reaches is fed by a truck. Test, earth and check phases first, so that nothing is fed back.",
    ),
    "transfer": Text(
        "合上联络开关，由相邻线路转供。先核对负荷和电压，防止把好线路也拖垮。",
        "Ties let the next line feed. Load and voltage are checked first, so that the good line does not fail too.",
    ),
    "restore": Text(
        "故障已消除，按相反顺序拆除接地、退出发电车，恢复正常方式。",
        "The fault is repaired: earths and trucks are taken away in reverse order, and the line runs as usual again.",
    ),
}
SCENE = {
    "mountain": Text(
        "山区：手机信号弱、路远弯急，指令用对讲机复诵，车辆先核对限宽限重。",
        "Mountains: weak signal and narrow roads. Orders go by radio, trucks check width and weight first.",
    ),
    "town": Text(
        "城镇：人车多，先设围栏和警示，再停车接电缆。",
        "Town: people and traffic. Fence and signs come first, then the truck and its cable.",
    ),
    "night": Text(
        "夜间：先架照明，看清双重名称再操作。",
        "Night: lights come first; nobody operates what cannot be read.",
    ),
    "lightning": Text(
        "雷雨：户外开关操作已闭锁，只做遥控操作和准备工作。",
        "Thunderstorm: switching in the field is blocked; remote switching and preparation go on.",
    ),
}
"""What each scene asks for besides; a plain one asks for nothing."""
PLAIN = frozenset(("in_turn", "right_device"))
"""Interlocks that every item has."""


@dataclass(frozen=True, slots=True)
class Why:
    """What the panel says of the current item."""

    purpose: Text
    scene: Text | None
    reason: Text | None
    before: list[str]
    locks: list[Text]
    after_kw: int | None
    after_v_min: str
    checked: bool


def why_now(told: ToldSheet, outage: Outage) -> Why | None:
    """The reasons for the current item; None when nothing is left to do."""
    if told.current is None:
        return None
    item = told.current.item
    state = _state_after(outage, item)
    return Why(
        purpose=PURPOSE.get(item.phase, Text("", "")),
        scene=SCENE["lightning"] if outage.lightning else SCENE.get(outage.scene),
        reason=_reason(item),
        before=_before(told, item),
        locks=_locks(item),
        after_kw=round(state["served_kw"]) if state else None,
        after_v_min=f"{state['v_min']:.3f}" if state and state.get("v_min") else "",
        checked=bool(state and state.get("ok")),
    )


def _reason(item: RunItem) -> Text | None:
    told = (item.operation or {}).get("why") or []
    return Text(*told) if len(told) == len(("zh", "en")) and told[0] else None


def _before(told: ToldSheet, item: RunItem) -> list[str]:
    """The steps that had to be done before."""
    done = {one.item.code: one.item for phase in told.phases for one in phase.items}
    return [f"{done[code].step} {done[code].text}" for code in item.needs if code in done]


def _state_after(outage: Outage, item: RunItem) -> dict[str, Any] | None:
    """The independent check of the state that this operation leads to."""
    operation = item.operation or {}
    number = operation.get("step")
    if outage.plan is None or number is None or operation.get("plan") != outage.plan.number:
        return None
    row = next((one for one in outage.plan.result["steps"] if one["number"] == number), None)
    state: dict[str, Any] | None = row.get("state") if row else None
    return state


def _locks(item: RunItem) -> list[Text]:
    """The interlocks that hold for this operation, in words."""
    needs = (item.operation or {}).get("needs", ())
    return [Text(*CODES[code]) for code in needs if code in CODES and code not in PLAIN]
