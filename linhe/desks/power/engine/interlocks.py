"""A separate guard over any order of switching: plays it step by step and refuses the first unsafe one.

It shares nothing with the planner: plain dictionaries of devices, a walk over what conducts, and the rules. The rules
follow the five preventions (wrong device, disconnector under load, earth on a live part, closing onto an earth, wrong
place) and add: no closing onto the fault, no paralleling of what is not synchronised, no loop, no back-feed, truck
earthed and phase-checked before it feeds, no switching at the pole in lightning, every step in its turn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .network import UNDER_LOAD, Feeder, Switch, Words
from .problem import Problem
from .recent import Recent
from .result import Step

CODES: dict[str, Words] = {
    "right_device": Words("设备名称编号相符", "the right device"),
    "not_under_load": Words("隔离开关、熔断器不得带负荷操作", "no disconnector or fuse under load"),
    "not_tagged": Words("挂有标示牌的开关不得合闸", "a tagged switch is not closed"),
    "no_earth": Words("不得带接地线合闸", "no closing onto an earth"),
    "no_fault": Words("不得向故障段送电", "no closing onto the fault"),
    "no_parallel": Words("不得合环、非同期并列或向电网反送电", "no loop, no unsynchronised paralleling, no back-feed"),
    "dead": Words("该处已停电", "the place is dead"),
    "open": Words("开关已断开", "the switch is open"),
    "tested": Words("已验明无电压", "tested dead"),
    "isolated": Words("各侧均已断开并挂牌", "open and tagged on all sides"),
    "repaired": Words("抢修已完成", "repaired"),
    "earthed": Words("已装设接地线", "earthed"),
    "connected": Words("电缆已接入", "cable connected"),
    "grounded": Words("车体与中性点已接地", "body and neutral earthed"),
    "phase_checked": Words("已核相", "phases checked"),
    "running": Words("机组已启动", "the set is running"),
    "feeding": Words("发电车正在供电", "the truck is feeding"),
    "stopped": Words("机组已停机", "the set has stopped"),
    "no_lightning": Words("雷电天气禁止现场操作", "no switching at the pole in lightning"),
    "in_turn": Words("按顺序执行", "in its turn"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """The first step that must not be done, the rule it breaks and what stands against it."""

    number: int
    code: str
    words: Words


class Guard:
    """The state of every device, and what may be done next."""

    def __init__(
        self,
        problem: Problem,
        *,
        tripped: Iterable[str] = (),
        lightning: bool = False,
        only: Iterable[str] | None = None,
    ) -> None:
        """``only`` names the devices that will be asked about: all other switches stay as they are."""
        self.problem = problem
        self.lightning = lightning
        self.switches = {one.id: one for one in problem.feeder.switches}
        self.closed = {key: problem.present.get(key, one.closed) for key, one in self.switches.items()}
        self.sources = {one.id: one.bus for one in problem.feeder.sources}
        self.alive = set(self.sources)
        for device in tripped:
            if device in self.switches:
                self.closed[device] = False
            self.alive.discard(device)
        self.faults = set(problem.fault.elements if problem.fault else ())
        self.tested: set[str] = set()
        self.earths: set[str] = set()
        self.tags: set[str] = set()
        self.sites = {one.id: one.bus for one in problem.sites}
        self.truck: dict[str, set[str]] = {one.id: set() for one in problem.trucks}
        self.feeding = {key: self.sites[site] for key, site in problem.placed.items()}
        for key in self.feeding:
            self.truck[key] = {"connected", "grounded", "phase_checked", "running"}
        self.at: dict[str, str] = dict(self.feeding)
        self.done: set[int] = set()
        self._known: tuple[tuple[bool, ...], dict[str, str]] = (), {}
        self._contract(set(self.switches if only is None else only))

    def _contract(self, movable: set[str]) -> None:
        """Take places as one that stay joined whatever is moved; what may part or join others is a joint."""
        wires, self.place = _wired(self.problem.feeder)
        root = {place: place for place in self.place.values()}

        def top(place: str) -> str:
            while root[place] != place:
                root[place] = root[root[place]]
                place = root[place]
            return place

        left = []
        stay = {name for name, closed in self.closed.items() if closed and name not in movable}
        for one, other, needs in wires:
            if stay.issuperset(needs):
                root[top(one)] = top(other)
            else:
                left.append((one, other, needs))
        self.joints = [(top(one), top(other), needs) for one, other, needs in left]
        self.watched = sorted({name for _, _, needs in left for name in needs})
        self.top = top

    def parts(self) -> dict[str, str]:
        """The part that each end of a joint belongs to, by one of its places."""
        key = tuple(self.closed[name] for name in self.watched)
        if key != self._known[0]:
            self._known = key, self._walked()
        return self._known[1]

    def _walked(self) -> dict[str, str]:
        joined: dict[str, list[str]] = {}
        for one, other, needs in self.joints:
            joined.setdefault(one, [])
            joined.setdefault(other, [])
            if all(self.closed[name] for name in needs):
                joined[one].append(other)
                joined[other].append(one)
        part: dict[str, str] = {}
        for first in joined:
            todo = [] if first in part else [first]
            while todo:
                place = todo.pop()
                if place not in part:
                    part[place] = first
                    todo += joined[place]
        return part

    def part(self, place: str, parts: dict[str, str] | None = None) -> str:
        """The connected part that a place belongs to; ``parts`` where they are at hand."""
        top = self.top(place)
        return (self.parts() if parts is None else parts).get(top, top)

    def feeds(self) -> dict[str, list[str]]:
        """The sources and trucks that feed each part."""
        found: dict[str, list[str]] = {}
        parts = self.parts()
        for key in sorted(self.alive):
            found.setdefault(self.part(self.sources[key], parts), []).append(key)
        for key, bus in sorted(self.feeding.items()):
            found.setdefault(self.part(bus, parts), []).append(key)
        return found

    def _loops(self) -> int:
        """How many more joints than a forest would have."""
        part = self.parts()
        closed = sum(all(self.closed[name] for name in needs) for _, _, needs in self.joints)
        return closed - (len(part) - len(set(part.values())))

    def _unsafe(self) -> tuple[str, Words] | None:
        """What is wrong with the present state as a whole."""
        feeds = self.feeds()
        for by in feeds.values():
            if len(by) > 1:
                return "no_parallel", Words(f"{'、'.join(by)} 将并列", f"{', '.join(by)} would be in parallel")
        for place in self.earths:
            if self.part(self.place[place]) in feeds:
                return "no_earth", Words(f"{place} 仍有接地线", f"{place} is still earthed")
        for place in self.faults:
            if place in self.place and self.part(self.place[place]) in feeds:
                return "no_fault", Words(f"{place} 故障未排除", f"{place} has not been repaired")
        return None

    def refuse(self, step: Step) -> Refusal | None:
        """Why a step must not be done now; otherwise it is done."""
        wrong = self._in_turn(step) or self._lightning(step) or getattr(self, f"_{step.action}")(step.device)
        if wrong:
            return Refusal(number=step.number, code=wrong[0], words=wrong[1])
        self.done.add(step.number)
        return None

    def _in_turn(self, step: Step) -> tuple[str, Words] | None:
        missing = [number for number in step.after if number not in self.done]
        if step.number in self.done or missing:
            which = "、".join(map(str, missing)) or str(step.number)
            return "in_turn", Words(f"第 {which} 步的顺序不对", f"step {which} is out of turn")
        return None

    def _lightning(self, step: Step) -> tuple[str, Words] | None:
        if self.lightning and step.role != "dispatcher":
            return "no_lightning", CODES["no_lightning"]
        return None

    def _live(self, place: str) -> bool:
        return self.part(self.place[place]) in self.feeds()

    def _moves(self, device: str, closed: bool) -> tuple[str, Words] | None:
        """Move a switch, unless that is unsafe."""
        if device in self.sources and closed and device not in self.alive:
            self.alive.add(device)
            wrong = self._unsafe()
            if wrong:
                self.alive.discard(device)
            return wrong
        if device not in self.switches or self.closed[device] == closed:
            return "right_device", Words(f"{device} 不存在或已在该位置", f"{device} is not there or already so")
        if device in self.problem.unavailable:
            return "right_device", Words(f"{device} 不可操作", f"{device} cannot be operated")
        if closed and device in self.tags:
            return "not_tagged", Words(f"{device} 挂有标示牌", f"{device} is tagged")
        one = self.switches[device]
        if one.kind not in UNDER_LOAD and (self._carries(one) if not closed else self._would_carry(one)):
            return "not_under_load", Words(f"{device} 带负荷", f"{device} is under load")
        loops = self._loops()
        self.closed[device] = closed
        wrong = self._unsafe()
        if closed and not wrong and self._loops() > loops and self._live_end(one):
            wrong = "no_parallel", Words(f"合上 {device} 将形成合环", f"closing {device} would make a loop")
        if wrong:
            self.closed[device] = not closed
            return wrong
        self.tested.clear()
        return None

    def _live_end(self, one: Switch) -> bool:
        return self._live(one.bus)

    def _carries(self, one: Switch) -> bool:
        return self._live(one.bus)

    def _would_carry(self, one: Switch) -> bool:
        other = one.element or str(one.to_bus)
        return self._live(one.bus) or self._live(other)

    def _open(self, device: str) -> tuple[str, Words] | None:
        return self._moves(device, False)

    def _close(self, device: str) -> tuple[str, Words] | None:
        return self._moves(device, True)

    def _test(self, device: str) -> tuple[str, Words] | None:
        if device not in self.place:
            return "right_device", Words(f"没有 {device}", f"there is no {device}")
        if self._live(device):
            return "dead", Words(f"{device} 带电", f"{device} is live")
        self.tested.add(device)
        return None

    def _tag(self, device: str) -> tuple[str, Words] | None:
        if device not in self.switches:
            return "right_device", Words(f"没有 {device}", f"there is no {device}")
        if self.closed[device]:
            return "open", Words(f"{device} 尚未断开", f"{device} is not open yet")
        self.tags.add(device)
        return None

    def _untag(self, device: str) -> tuple[str, Words] | None:
        if device not in self.tags:
            return "right_device", Words(f"{device} 没有标示牌", f"{device} has no tag")
        if self.faults:
            return "repaired", Words("故障尚未排除", "the fault has not been repaired")
        if self.earths:
            return "no_earth", Words("接地线尚未拆除", "an earth is still on")
        self.tags.discard(device)
        return None

    def _earth(self, device: str) -> tuple[str, Words] | None:
        if device not in self.tested:
            return "tested", Words(f"{device} 未验电", f"{device} has not been tested")
        if self._live(device):
            return "dead", Words(f"{device} 带电", f"{device} is live")
        round_it = self._borders(device)
        open_ones = [name for name in round_it if self.closed[name] or name not in self.tags]
        if open_ones:
            return "isolated", Words(f"{open_ones[0]} 未断开或未挂牌", f"{open_ones[0]} is not open and tagged")
        self.earths.add(device)
        return None

    def _borders(self, device: str) -> list[str]:
        """The open switches round the part that a place belongs to."""
        parts = self.parts()
        here = self.part(self.place[device], parts)
        return [
            name
            for one, other, needs in self.joints
            if (parts[one] == here) != (parts[other] == here)
            for name in needs
            if not self.closed[name]
        ]

    def _unearth(self, device: str) -> tuple[str, Words] | None:
        if device not in self.earths:
            return "right_device", Words(f"{device} 没有接地线", f"{device} is not earthed")
        if self.faults:
            return "repaired", Words("故障尚未排除", "the fault has not been repaired")
        self.earths.discard(device)
        return None

    def _repair(self, device: str) -> tuple[str, Words] | None:
        if device not in self.faults:
            return "right_device", Words(f"{device} 没有故障", f"{device} has not failed")
        if device in self.place and device not in self.earths:
            return "earthed", Words(f"{device} 未接地", f"{device} is not earthed")
        self.faults.discard(device)
        return None

    def _connect(self, device: str) -> tuple[str, Words] | None:
        site = next((bus for bus in self.sites.values() if bus in self.tested and bus not in self.at.values()), None)
        if device not in self.truck or device in self.at:
            return "right_device", Words(f"{device} 不可用或已接入", f"{device} is not to be had or already connected")
        if site is None:
            return "tested", Words("接入点未验电", "the connection point has not been tested")
        if self._live(site):
            return "dead", Words(f"{site} 带电", f"{site} is live")
        self.at[device] = site
        self.truck[device] = {"connected"}
        return None

    def _next(self, device: str, needed: str, reached: str) -> tuple[str, Words] | None:
        if device not in self.truck:
            return "right_device", Words(f"没有 {device}", f"there is no {device}")
        if needed not in self.truck[device]:
            return needed, Words(f"{device}：{CODES[needed].zh}未完成", f"{device}: not yet {CODES[needed].en}")
        self.truck[device].add(reached)
        return None

    def _ground(self, device: str) -> tuple[str, Words] | None:
        return self._next(device, "connected", "grounded")

    def _phase_check(self, device: str) -> tuple[str, Words] | None:
        return self._next(device, "grounded", "phase_checked")

    def _start(self, device: str) -> tuple[str, Words] | None:
        return self._next(device, "phase_checked", "running")

    def _close_truck(self, device: str) -> tuple[str, Words] | None:
        wrong = self._next(device, "running", "running")
        if wrong:
            return wrong
        self.feeding[device] = self.at[device]
        wrong = self._unsafe()
        if wrong:
            del self.feeding[device]
        return wrong

    def _stop_truck(self, device: str) -> tuple[str, Words] | None:
        if device not in self.feeding:
            return "feeding", Words(f"{device} 没有供电", f"{device} is not feeding")
        del self.feeding[device]
        self.truck[device] = {"connected"}
        return None

    def _disconnect(self, device: str) -> tuple[str, Words] | None:
        if device in self.feeding or device not in self.at:
            return "stopped", Words(f"{device} 未停机或未接入", f"{device} has not stopped or is not connected")
        del self.at[device]
        self.truck[device] = set()
        return None


Wire = tuple[str, str, tuple[str, ...]]
"""Two places that are joined while all named switches are closed."""


@Recent
def _wired(feeder: Feeder) -> tuple[list[Wire], dict[str, str]]:
    """All wires of a network, and the place of each line, transformer and bus."""
    wires: list[Wire] = []
    by_end: dict[tuple[str, str], list[str]] = {}
    for one in feeder.switches:
        if one.element is None:
            wires.append((one.bus, str(one.to_bus), (one.id,)))
        else:
            by_end.setdefault((one.element, one.bus), []).append(one.id)
    for wire in feeder.wires:
        ends = (wire.from_bus, wire.to_bus)
        wires += [(bus, f"~{wire.id}", tuple(by_end.get((wire.id, bus), ()))) for bus in ends]
    place = {wire.id: f"~{wire.id}" for wire in feeder.wires} | {one.id: one.id for one in feeder.buses}
    return wires, place


def verify(
    problem: Problem, steps: Iterable[Step], *, tripped: Iterable[str] = (), lightning: bool = False
) -> Refusal | None:
    """Play a whole order; the first refusal, or None."""
    steps = tuple(steps)
    guard = Guard(problem, tripped=tripped, lightning=lightning, only=[one.device for one in steps])
    for expected, step in enumerate(steps, 1):
        if step.number != expected:
            return Refusal(number=step.number, code="in_turn", words=CODES["in_turn"])
        refusal = guard.refuse(step)
        if refusal:
            return refusal
    return None
