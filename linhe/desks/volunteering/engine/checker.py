"""Checks a ranking pair by pair from the definition; shares no code with the solver."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from .problem import Entry, Params, Problem
from .result import Result


def faults(problem: Problem, params: Params, result: Result) -> Iterator[str]:
    """One sentence for each line that is not as the definition wants it."""
    entries = {entry.id: entry for entry in problem.entries}
    if sorted(line.id for line in result.lines) != sorted(entries):
        yield "not every entry has exactly one line"
        return
    for line in result.lines:
        entry = entries[line.id]
        better = [other for other in problem.entries if _beats(problem, other, entry)]
        equal = [
            other for other in problem.entries
            if other.id != entry.id and not _beats(problem, entry, other) and other not in better
        ]  # fmt: skip
        if line.total != _total(problem, entry):
            yield f"entry {entry.id}: another total"
        if line.rank != len(better) + 1:
            yield f"entry {entry.id}: another rank"
        if line.tied != bool(equal):
            yield f"entry {entry.id}: tied or not"
        within = len(better) + len(equal) + 1 <= problem.quota
        shared = params.edge == "share" and len(better) < problem.quota
        if line.chosen != (within or shared):
            yield f"entry {entry.id}: chosen or not"
    ranks = [line.rank for line in result.lines]
    if ranks != sorted(ranks):
        yield "the lines are not in their order"


def _total(problem: Problem, entry: Entry) -> Fraction:
    total = Fraction(0)
    for number, measure in enumerate(problem.measures):
        all_figures = [one.figures[number] for one in problem.entries]
        whole = {"sum": sum(all_figures), "max": max(all_figures), "full": measure.full}[measure.scale]
        if whole > 0:
            total += Fraction(entry.figures[number]) / whole * measure.weight
    return total


def _beats(problem: Problem, one: Entry, other: Entry) -> bool:
    for criterion in problem.criteria:
        a, b = (_figure(problem, entry, criterion.name) for entry in (one, other))
        if a != b:
            return a > b if criterion.better == "most" else a < b
    return False


def _figure(problem: Problem, entry: Entry, name: str) -> Fraction:
    if name == "total":
        return _total(problem, entry)
    return entry.figures[[measure.name for measure in problem.measures].index(name)]
