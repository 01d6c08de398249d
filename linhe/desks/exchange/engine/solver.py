"""Reviews one application: runs the compiled rules of a day over its facts and keeps what each of them read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

from linhe.desks.exchange.engine import ir
from linhe.desks.exchange.engine.closures import Compiler
from linhe.desks.exchange.engine.params import Params
from linhe.desks.exchange.engine.problem import Problem
from linhe.desks.exchange.engine.result import Finding, Layout, Outcome, Result
from linhe.desks.exchange.engine.rulebook import RuleSet, Severity, Status
from linhe.desks.exchange.engine.shapes import Row, Run

GUARDS = ("application.line", "application.step", "application.kind", "application.listing_number")
"""Facts of few values that most rules ask for first: rules are sorted out by them once, not with every application."""

LINE, STEP, KIND, NUMBER = GUARDS
MOST_GROUPS = 256
Pick = Callable[[Any], tuple[Any, ...]]
IDLE = "not_applicable"
WORDS: dict[Any, Status] = {False: "pass", True: "fail", None: "unknown", IDLE: "not_applicable"}
RANKS: tuple[Outcome, ...] = ("passed", "to_complete", "returned", "refused")
RANK: dict[Severity, int] = {"note": 0, "return": 2, "refuse": 3}
OPEN = 1


def solve(problem: Problem, params: Params) -> Result:
    """Review one application under the rules in force.

    Parameters
    ----------
    problem : the application, with its documents' facts and the earlier listings of the lot.
    params : the rule book; see :class:`Params` for the day that decides.

    Returns
    -------
    Result : a finding for every rule in force. Pure: no clock is read; the rule book is data.

    Notes
    -----
    Three-valued logic after Kleene: what cannot be decided without a missing fact is unknown, never a pass. A rule
    whose ``applies_when`` is unknown is unknown; one that does not apply shows no evidence.

    References
    ----------
    S. C. Kleene, Introduction to Metamathematics (1952), section 64. Each rule cites the norm that it rests on.
    """
    known = problem.known
    groups = _groups(params.rule_set(problem.as_of))
    return groups[known[LINE][0], known[STEP][0], known[KIND][0], known[NUMBER][0]].review(problem)


class _Groups(dict[tuple[Any, ...], "_Group"]):
    """The compiled rules of one rule set by the values of the guards, made when first met."""

    def __init__(self, rule_set: RuleSet) -> None:
        super().__init__()
        self._rule_set = rule_set

    def __missing__(self, guards: tuple[Any, ...]) -> _Group:
        if len(self) >= MOST_GROUPS:
            self.clear()
        self[guards] = group = _Group(self._rule_set, guards)
        return group


class _Group:
    """The rules that may apply to applications with these values of the guards, compiled."""

    def __init__(self, rule_set: RuleSet, guards: tuple[Any, ...]) -> None:
        self._hash = rule_set.hash
        sorted_out = [(one, _left(one.applies, guards, rule_set)) for one in rule_set.rules]
        active = [one for one, left in sorted_out if left is not None]
        idle = [one for one, left in sorted_out if left is None]
        read = {path for one in active for path in (*one.reads, *one.rule.evidence)}
        paths = [*GUARDS, *sorted(read - set(GUARDS))]
        slots = {path: place for place, path in enumerate(paths)}
        compiler = Compiler(slots, rule_set.calendar)
        self._pick: Pick = itemgetter(*paths)
        self._runs = [_run(compiler, left, one.fails) for one, left in sorted_out if left is not None]
        self._evidence = [_picker([slots[path] for path in one.rule.evidence]) for one in active]
        self._ranks = [RANK[one.rule.severity] for one in active]
        self._least = 0 if rule_set.rules else OPEN  # where no rule is in force, nothing is known
        order = {one.rule.id: place for place, one in enumerate([*active, *idle])}
        self._layout = Layout(
            tuple(active),
            tuple(Finding(one, "not_applicable", ()) for one in idle),
            _picker([order[one.rule.id] for one in rule_set.rules]),
        )

    def review(self, problem: Problem) -> Result:
        """Every rule's status with the facts that it read."""
        facts = self._pick(problem.known)
        row = [fact[0] for fact in facts]
        found = [run(row) for run in self._runs]
        worst = self._worst(found) if True in found or None in found else self._least
        return Result(
            problem.as_of,
            self._hash,
            RANKS[worst],
            self._layout,
            (*[WORDS[one] for one in found],),
            (*[pick(facts) for pick in self._evidence],),
        )

    def _worst(self, found: list[Any]) -> int:
        return max(
            rank if one else rank and OPEN
            for one, rank in zip(found, self._ranks, strict=True)
            if one is True or one is None
        )


def _left(applies: ir.Node, guards: tuple[Any, ...], rule_set: RuleSet) -> tuple[ir.Node, ...] | None:
    """What of a condition the guards leave open; None when they rule it out."""
    compiler = Compiler({path: place for place, path in enumerate(GUARDS)}, rule_set.calendar)
    left = []
    for part in _conjuncts(applies):
        held = compiler.compile(part)(guards) if set(ir.reads(part)) <= set(GUARDS) else None
        if held is False:
            return None
        if held is None:
            left.append(part)
    return tuple(left)


def _run(compiler: Compiler, left: tuple[ir.Node, ...], fails: ir.Node) -> Run:
    """One rule: whether it fails, None where that is unknown, ``IDLE`` where it does not apply."""
    test = compiler.compile(fails)
    if not left:
        return test
    condition = compiler.compile(left[0] if len(left) == 1 else ir.And(left))

    def run(row: Row) -> Any:
        held = condition(row)
        if held is True:
            return test(row)
        return IDLE if held is False else None

    return run


def _conjuncts(node: ir.Node) -> Iterator[ir.Node]:
    """What must all hold."""
    if isinstance(node, ir.And):
        for item in node.items:
            yield from _conjuncts(item)
    else:
        yield node


def _picker(places: list[int]) -> Pick:
    if len(places) == 1:
        place = places[0]
        return lambda items: (items[place],)
    return itemgetter(*places) if places else lambda items: ()


@lru_cache(maxsize=64)
def _groups(rule_set: RuleSet) -> _Groups:
    return _Groups(rule_set)
