"""The engine's reasons as sentences that a courier or a community worker understands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from linhe.lib.text import Text
from linhe.lib.units import distance

_NUMBERS = {"people": 0.0, "rank": 0.0, "of": 0.0, "share": 0.0, "errands": 0.0, "late_s": 0.0}
_OFFER = {
    "nearest_route": Text(
        "{of:.0f} 位小哥赶得到，这位第 {rank:.0f} 顺路", "number {rank:.0f} by detour of {of:.0f} couriers in time"
    ),
    "detour_share": Text("占本班绕行额度的 {percent:.0f}%", "takes {percent:.0f}% of the detour allowed in this shift"),
    "only_one": Text("只有这位小哥赶得到", "the only courier who can make it"),
    "nearest": Text("{of:.0f} 位小哥赶得到，这位最顺路", "the closest of {of:.0f} couriers who can be in time"),
    "shared_trip": Text("一趟捎带 {errands:.0f} 件", "{errands:.0f} errands on one trip"),
    "skill": Text("具备所需技能", "has the skill it needs"),
    "urgent": Text("加急", "urgent"),
    "by_person": Text("社区直接派单", "dispatched by the community"),
}
_TO_COURIER = {
    "nearest_route": Text(
        "{of:.0f} 位小哥赶得到，您第 {rank:.0f} 顺路", "you are number {rank:.0f} by detour of {of:.0f} in time"
    ),
    "nearest": Text("{of:.0f} 位小哥赶得到，您最顺路", "you are the closest of {of:.0f} couriers in time"),
    "only_one": Text("只有您赶得到", "only you can make it"),
    "skill": Text("需要您的手艺", "it needs your skill"),
}
_UNSERVED = {
    "window": Text("{people:.0f} 位小哥顺路但赶不上时间", "{people:.0f} couriers near, none in time"),
    "capacity": Text("{people:.0f} 位小哥装不下", "{people:.0f} couriers have no room left"),
    "detour_limit": Text("{people:.0f} 位小哥绕行太远", "too long a detour for {people:.0f} couriers"),
    "extra_limit": Text("{people:.0f} 位小哥本班件数已满", "{people:.0f} couriers have their most errands"),
    "too_costly": Text("绕行过大，暂不派单", "the detour is larger than it is worth"),
    "no_courier_within": Text("附近没有小哥", "no courier near enough"),
    "declined": Text("{people:.0f} 位小哥已谢绝", "{people:.0f} couriers declined"),
    "limits_used_up": Text("{people:.0f} 位小哥额度已用完", "{people:.0f} couriers have used up their limits"),
    "off_duty": Text("{people:.0f} 位小哥已下班", "{people:.0f} couriers are off duty"),
    "own_route_late": Text("{people:.0f} 位小哥自己的单已晚", "{people:.0f} couriers are late with their own route"),
    "none_with_skill": Text("没有小哥具备所需技能", "no courier has the skill"),
    "window_passed": Text("时间已过", "the time has passed"),
    "no_couriers": Text("没有小哥在岗", "no courier is on duty"),
}


_ON_THE_WAY_M = 20
_WORTH_TELLING = 0.01


def offer_reasons(reasons: Iterable[Sequence[Any]], *, to_courier: bool = False) -> list[Text]:
    """Why this person, told to the community or to the courier; unknown codes and trifles are left out."""
    told = [r for r in reasons if r[0] != "detour_share" or r[1].get("share", 0.0) >= _WORTH_TELLING]
    return _sentences(told, _OFFER | _TO_COURIER if to_courier else _OFFER)


def unserved_reasons(reasons: Iterable[Sequence[Any]]) -> list[Text]:
    """Why nobody yet, the closest miss first."""
    return _sentences(reasons, _UNSERVED)


def detour_text(detour_m: float, detour_s: float) -> Text:
    """``绕行 350 米，约 2 分钟``."""
    if detour_m < _ON_THE_WAY_M:
        return Text("就在路上，几乎不绕", "on the way already, hardly any detour")
    minutes, way = max(1, round(detour_s / 60)), distance(detour_m)
    return Text(f"绕行 {way.zh}，约 {minutes} 分钟", f"a detour of {way.en}, about {minutes} min")


def because(detour: Text, reasons: Sequence[Text]) -> Text:
    """Detour and reasons as one sentence: ``绕行 350 米，约 2 分钟；3 位小哥赶得到，这位最顺路。``"""
    told = [detour, *(reason for reason in reasons if reason != _OFFER["urgent"])]  # pages show urgency as a badge
    en = "; ".join(one.en for one in told)
    return Text("；".join(one.zh for one in told) + "。", f"{en[:1].upper()}{en[1:]}.")


def _sentences(reasons: Iterable[Sequence[Any]], known: dict[str, Text]) -> list[Text]:
    told = []
    for code, numbers in reasons:
        sentence = known.get(code)
        if code == "nearest_route" and numbers.get("rank") == 1:
            sentence = known["only_one" if numbers.get("of") == 1 else "nearest"]
        if sentence:
            told.append(sentence.format(**_NUMBERS | {"percent": 100 * numbers.get("share", 0.0)} | numbers))
    return list(dict.fromkeys(told))
