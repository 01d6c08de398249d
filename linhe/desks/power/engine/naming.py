"""Dual names of devices, and the words of steps."""

from __future__ import annotations

from .network import Bus, Feeder, Line, Site, Source, SwitchKind, Transformer, Truck, Words
from .problem import Problem
from .recent import Recent

Named = Bus | Line | Transformer | Source | Truck | Site

KINDS: dict[SwitchKind, Words] = {
    "breaker": Words("断路器", "breaker"),
    "sectionaliser": Words("分段开关", "sectionaliser"),
    "tie": Words("联络开关", "tie switch"),
    "boundary": Words("分界开关", "boundary switch"),
    "load_break": Words("负荷开关", "load-break switch"),
    "disconnector": Words("隔离开关", "disconnector"),
    "fuse": Words("跌落式熔断器", "drop-out fuse"),
}


class Names:
    """Names of everything in a problem, by id."""

    def __init__(self, problem: Problem) -> None:
        self._names = _named(problem.feeder, problem.trucks, problem.sites)

    def __getitem__(self, name: str) -> Words:
        return self._names.get(name, Words(name, name))

    def joined(self, names: tuple[str, ...]) -> Words:
        """Several names in a row."""
        found = [self[one] for one in names]
        return Words("、".join(one.zh for one in found), ", ".join(one.en for one in found))


@Recent
def _named(feeder: Feeder, trucks: tuple[Truck, ...], sites: tuple[Site, ...]) -> dict[str, Words]:
    named: list[Named] = [*feeder.buses, *feeder.wires, *feeder.sources, *trucks, *sites]
    names = {one.id: Words(one.name.zh or one.id, one.name.en or one.id) for one in named}
    for switch in feeder.switches:
        kind = KINDS[switch.kind]
        zh = switch.name.zh or f"{switch.element or switch.bus} {kind.zh}"
        en = switch.name.en or f"{switch.element or switch.bus} {kind.en}"
        number = switch.number or switch.id
        names[switch.id] = Words(f"{zh} {number}", f"{en} {number}")
    return names


def say(zh: str, en: str, **names: Words) -> Words:
    """Fill ``{name}`` places in both languages."""
    return Words(
        zh.format(**{key: one.zh for key, one in names.items()}),
        en.format(**{key: one.en for key, one in names.items()}),
    )


ACTS: dict[str, Words] = {
    "open": Words("断开{device}", "Open {device}"),
    "close": Words("合上{device}", "Close {device}"),
    "test": Words("在{device}验明确无电压", "Test that {device} is dead"),
    "tag": Words("在{device}悬挂“禁止合闸”标示牌", "Tag {device}: do not close"),
    "untag": Words("取下{device}的标示牌", "Take the tag off {device}"),
    "earth": Words("在{device}装设接地线", "Earth {device}"),
    "unearth": Words("拆除{device}的接地线", "Remove the earth from {device}"),
    "repair": Words("{device}抢修完毕并验收", "{device} is repaired and inspected"),
    "connect": Words("{device}电缆接入接入点", "Connect the cable of {device}"),
    "ground": Words("{device}车体与中性点接地并核对", "Earth body and neutral of {device} and check"),
    "phase_check": Words("{device}核相", "Check the phases of {device}"),
    "start": Words("启动{device}", "Start {device}"),
    "close_truck": Words("合上{device}车载断路器", "Close the breaker of {device}"),
    "stop_truck": Words("断开{device}车载断路器并停机", "Open the breaker of {device} and stop it"),
    "disconnect": Words("{device}拆除电缆并撤离", "Disconnect {device} and withdraw"),
}
