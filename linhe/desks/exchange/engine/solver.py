"""Reviews one application: runs the compiled rules of a day over its facts and keeps what each of them read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from linhe.desks.exchange.engine import ir
from linhe.desks.exchange.engine.closures import Compiler, Run
from linhe.desks.exchange.engine.facts import Fact
from linhe.desks.exchange.engine.params import Params
from linhe.desks.exchange.engine.problem import Problem
from linhe.desks.exchange.engine.result import Finding, Outcome, Result
from linhe.desks.exchange.engine.rulebook import Resolved, RuleSet, Severity

GUARDS = ("application.line", "application.step")
"""Facts that most rules ask for first: rules are sorted out by them once, not with every application."""

Pick = Callable[[Sequence[Fact]], tuple[Fact, ...]]
Step = tuple[int, Resolved, Run | None, Run, Pick, int]
"""One rule: its place in the findings, what is left of its condition, its test, its evidence, the rank of a failure."""

RANKS: tuple[Outcome, ...] = ("passed", "to_complete", "returned", "refused")
RANK: dict[Severity, int] = {"note": 0, "return": 2, "refuse": 3}
OPEN = 1

_finding: Callable[[tuple[Any, ...]], Finding] = partial(tuple.__new__, Finding)
"""Makes a finding without the checks of its constructor, which would take a third of the time of a review."""


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
    return _program(params.rule_set(problem.as_of)).run(problem)


class _Program:
    """The closures of one rule set."""

    def __init__(self, rule_set: RuleSet) -> None:
        self._rule_set = rule_set
        read = {path for one in rule_set.rules for path in (*one.reads, *one.rule.evidence)}
        paths = [*GUARDS, *sorted(read - set(GUARDS))]
        self._pick = itemgetter(*paths)
        self._slots = {path: place for place, path in enumerate(paths)}
        self._compiler = Compiler(self._slots, rule_set.calendar)
        self._idle = [_finding((one, "not_applicable", ())) for one in rule_set.rules]
        self._steps: dict[tuple[Any, Any], list[Step]] = {}

    def run(self, problem: Problem) -> Result:
        """Every finding. A rule that the line and step rule out costs nothing."""
        facts = self._pick(problem.known)
        row = [fact[0] for fact in facts]
        steps = self._steps.get((row[0], row[1]))
        if steps is None:
            steps = self._steps[row[0], row[1]] = list(self._sorted_out(row))
        findings = self._idle.copy()
        worst = 0
        for place, resolved, applies, fails, evidence, rank in steps:
            held = True if applies is None else applies(row)
            if held is False:
                continue
            failed = None if held is None else fails(row)
            if failed is False:
                findings[place] = _finding((resolved, "pass", evidence(facts)))
                continue
            if failed is None:
                status, rank = "unknown", rank and OPEN
            else:
                status = "fail"
            findings[place] = _finding((resolved, status, evidence(facts)))
            if rank > worst:
                worst = rank
        return Result(problem.as_of, self._rule_set.hash, RANKS[worst], tuple(findings))

    def _sorted_out(self, row: list[Any]) -> Iterator[Step]:
        """The rules that may apply to applications with the guards of this row, without what the guards decide."""
        for place, resolved in enumerate(self._rule_set.rules):
            left = []
            for part in _conjuncts(resolved.applies):
                held = self._compiler.compile(part)(row) if set(ir.reads(part)) <= set(GUARDS) else None
                if held is False:
                    break
                if held is None:
                    left.append(part)
            else:
                applies = self._compiler.compile(ir.And(tuple(left)) if len(left) > 1 else left[0]) if left else None
                fails = self._compiler.compile(resolved.fails)
                evidence = _picker([self._slots[path] for path in resolved.rule.evidence])
                yield place, resolved, applies, fails, evidence, RANK[resolved.rule.severity]


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
        return lambda facts: (facts[place],)
    return itemgetter(*places)


@lru_cache(maxsize=64)
def _program(rule_set: RuleSet) -> _Program:
    return _Program(rule_set)
