"""The engine's reasons as sentences that a courier or a community worker understands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from linhe.lib.text import Text
from linhe.lib.units import distance
from linhe.lib.working_calendar import SHANGHAI

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
    "none_with_skill": Text(
        "{people:.0f} 位小哥没有核验过这项技能", "{people:.0f} couriers without the verified skill"
    ),
    "window_passed": Text("时间已过", "the time has passed"),
    "no_couriers": Text("没有小哥在岗", "no courier is on duty"),
}
_PLAIN = {
    "window": Text("赶不上您要的时间；时间放宽一些，更容易有人接", "nobody can make it in time; a later limit helps"),
    "window_passed": Text("您要的时间已经过了", "the time you asked for has passed"),
    "capacity": Text("他们的车都装满了，送完一程就有空位", "their bags are full until they have been round"),
    "detour_limit": Text("他们要绕的路太远了", "it is too far off their way"),
    "too_costly": Text("他们要绕的路太远了", "it is too far off their way"),
    "extra_limit": Text("他们手上的捎带单已经排满", "they have as many errands as they may take"),
    "limits_used_up": Text("今天在岗的小哥已经捎满了", "today's couriers have taken all they may"),
    "no_courier_within": Text("附近现在没有小哥经过", "no courier passes near you just now"),
    "declined": Text("问过的小哥这会儿接不了", "those who were asked cannot come now"),
    "none_with_skill": Text("还没有人做过这项技能核验", "none is verified for this skill"),
    "own_route_late": Text("小哥们自己的单都晚了", "the couriers are late with their own work"),
    "off_duty": Text("小哥们已经下班", "the couriers are off duty"),
    "no_couriers": Text("现在没有小哥在岗", "no courier is on duty"),
}
_OF_THE_NEAR = ("window", "capacity", "detour_limit", "too_costly", "extra_limit", "none_with_skill", "declined")
"""What stands in the way of those who pass near."""

_ON_THE_WAY_M = 20
_WORTH_TELLING = 0.01
_LONG_SLACK_S = 3 * 3600.0
"""More time than this is left to nobody's worry, and not told."""
_OTHERS = (Text("甲", "A"), Text("乙", "B"))
"""The next best are told apart, never named."""


def offer_reasons(reasons: Iterable[Sequence[Any]], *, to_courier: bool = False) -> list[Text]:
    """Why this person, told to the community or to the courier; unknown codes and trifles are left out."""
    rows = list(reasons)
    told = [r for r in rows if r[0] != "detour_share" or r[1].get("share", 0.0) >= _WORTH_TELLING]
    sentences = _sentences(told, _OFFER | _TO_COURIER if to_courier else _OFFER)
    numbers = {code: values for code, values in rows if code != "runner_up"}
    others = sorted((values for code, values in rows if code == "runner_up"), key=lambda values: values["rank"])
    more = (_place(numbers.get("place")), _slack(numbers.get("slack")), _next_best(others))
    return sentences + [text for text in more if text]


def unserved_reasons(reasons: Iterable[Sequence[Any]]) -> list[Text]:
    """Why nobody yet, for the community: who passes near, what stands in the way, when somebody could come."""
    rows = list(reasons)
    numbers = _by_code(rows)
    told = [_passing(numbers.get("passing")), *_sentences(rows, _UNSERVED), _next_window(numbers.get("next_window"))]
    return [text for text in told if text]


def unserved_shortly(reasons: Iterable[Sequence[Any]]) -> Text | None:
    """The same on one line of the board: who passes, the closest miss, when somebody could come."""
    rows = list(reasons)
    numbers = _by_code(rows)
    said = [
        _passing(numbers.get("passing")),
        *_sentences(rows, _UNSERVED)[:1],
        _next_window(numbers.get("next_window")),
    ]
    told = [text for text in said if text]
    return Text("；".join(text.zh for text in told), "; ".join(text.en for text in told)) if told else None


def unserved_plainly(reasons: Iterable[Sequence[Any]]) -> Text | None:
    """The same in a sentence or two for whoever asked: what is missing, and what would help."""
    rows = list(reasons)
    numbers = _by_code(rows)
    binding = next((code for code, _ in rows if code in _PLAIN), None)
    near = _passing(numbers.get("passing")) if binding in _OF_THE_NEAR else None
    said = [near, _PLAIN[binding] if binding else None, _next_window(numbers.get("next_window"))]
    told = [text for text in said if text]
    if not told:
        return None
    en = "; ".join(text.en for text in told)
    return Text("，".join(text.zh for text in told) + "。", f"{en[:1].upper()}{en[1:]}.")


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


def _by_code(rows: Sequence[Sequence[Any]]) -> dict[str, dict[str, float]]:
    return {row[0]: row[1] for row in rows}


def _place(numbers: dict[str, float] | None) -> Text | None:
    """``第 2 站后取件，第 3 站后送到``: where in the route."""
    if not numbers:
        return None
    drop = round(numbers["dropoff_at"])
    if "pickup_at" not in numbers:
        return _after(drop, "上门", "come")
    pick = round(numbers["pickup_at"])
    fetch, bring = _after(pick, "取件", "collect"), _after(drop - 1, "送到", "deliver")
    if drop == pick + 1:
        return Text(f"{fetch.zh}，随即送到", f"{fetch.en} and deliver at once")
    return Text(f"{fetch.zh}，{bring.zh}", f"{fetch.en}, {bring.en}")


def _after(stops: int, zh: str, en: str) -> Text:
    if stops == 0:
        return Text(f"先{zh}", f"{en} first")
    return Text(f"第 {stops} 站后{zh}", f"{en} after stop {stops}")


def _slack(numbers: dict[str, float] | None) -> Text | None:
    if not numbers or numbers["slack_s"] > _LONG_SLACK_S:
        return None
    minutes = int(numbers["slack_s"] // 60)
    return Text(f"时间还有 {minutes} 分钟余量", f"{minutes} min to spare")


def _next_best(others: Sequence[dict[str, float]]) -> Text | None:
    """``其次：小哥甲绕行 1.2 公里、小哥乙绕行 1.5 公里``."""
    if not others:
        return None
    named = [(label, _way(one["detour_m"])) for label, one in zip(_OTHERS, others, strict=False)]
    return Text(
        "其次：" + "、".join(f"小哥{label.zh}{way.zh}" for label, way in named),
        "next best: " + ", ".join(f"courier {label.en} {way.en}" for label, way in named),
    )


def _way(detour_m: float) -> Text:
    way = distance(detour_m)
    return Text(f"绕行 {way.zh}", f"with {way.en}") if detour_m else Text("也几乎不绕", "hardly further")


def _passing(numbers: dict[str, float] | None) -> Text | None:
    """``800 米内有 3 位小哥经过``."""
    if not numbers or not numbers["people"]:
        return None
    count, within = round(numbers["people"]), distance(numbers["within_m"])
    pass_by = "courier passes" if count == 1 else "couriers pass"
    return Text(f"{within.zh}内有 {count} 位小哥经过", f"{count} {pass_by} within {within.en}")


def _next_window(numbers: dict[str, float] | None) -> Text | None:
    if not numbers:
        return None
    when = f"{datetime.fromtimestamp(numbers['at_s'], SHANGHAI):%H:%M}"
    return Text(f"最早 {when} 有人能来", f"somebody could come from {when}")


def _sentences(reasons: Iterable[Sequence[Any]], known: dict[str, Text]) -> list[Text]:
    told = []
    for code, numbers in reasons:
        sentence = known.get(code)
        if code == "nearest_route" and numbers.get("rank") == 1:
            sentence = known["only_one" if numbers.get("of") == 1 else "nearest"]
        if sentence:
            told.append(sentence.format(**_NUMBERS | {"percent": 100 * numbers.get("share", 0.0)} | numbers))
    return list(dict.fromkeys(told))
