"""From records of service to figures, points and a grade, subject by subject.

Method: figures are sums of the amounts of a subject's records; a figure is worth ``points`` for each whole ``each``,
at most ``most``; the grade is the highest whose ``least`` the points reach. Everything is counted in integers, so that
the same records in any order give the same result, down to the hash of what it was computed from. Nobody is ranked:
the rows come in the order of the subjects.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Record:
    """One entry of the log that counts for a subject.

    Attributes
    ----------
    subject : who it counts for.
    figure : to which figure it adds.
    amount : how much, at least 0 [unit of the figure].
    event : number of the event in the log.
    seal : the event's hash in hexadecimal digits.
    """

    subject: str
    figure: str
    amount: int
    event: int
    seal: str


@dataclass(frozen=True, slots=True)
class Weight:
    """What a figure is worth: ``points`` for each whole ``each``, ``most`` points altogether."""

    figure: str
    each: int
    points: int
    most: int


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade and the least points it takes."""

    code: str
    least: int


@dataclass(frozen=True, slots=True)
class Params:
    """The rules in force: weights by figure, grades in any order, one of them with ``least`` 0."""

    weights: tuple[Weight, ...]
    grades: tuple[Grade, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Whom to evaluate, and all records; records of others are left aside."""

    subjects: tuple[str, ...]
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """The result of one subject; ``seal`` is the SHA-256 over its records."""

    subject: str
    figures: Mapping[str, int]
    score: int
    grade: str
    seal: str


@dataclass(frozen=True, slots=True)
class Result:
    """The rows in the order of their subjects, and the SHA-256 over all of it with the rules."""

    rows: tuple[Row, ...]
    seal: str


def solve(problem: Problem, params: Params) -> Result:
    """Evaluate every subject.

    Raises
    ------
    ValueError
        When an amount is negative, a weight counts by less than one, or no grade begins at 0.

    Notes
    -----
    O(n log n) in the number of records.
    """
    _check(problem, params)
    mine: dict[str, list[Record]] = defaultdict(list)
    for record in problem.records:
        mine[record.subject].append(record)
    rows = tuple(_row(subject, sorted(mine[subject]), params) for subject in sorted(set(problem.subjects)))
    return Result(rows, _seal([*(row.seal for row in rows), repr(params)]))


def _row(subject: str, records: list[Record], params: Params) -> Row:
    figures = {weight.figure: 0 for weight in params.weights}
    for record in records:
        if record.figure in figures:
            figures[record.figure] += record.amount
    score = sum(min(w.most, figures[w.figure] // w.each * w.points) for w in params.weights)
    grade = max((g for g in params.grades if g.least <= score), key=lambda g: g.least)
    lines = [f"{r.figure} {r.amount} {r.event} {r.seal}" for r in records if r.figure in figures]
    return Row(subject, figures, score, grade.code, _seal([subject, *lines]))


def _seal(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _check(problem: Problem, params: Params) -> None:
    if any(record.amount < 0 for record in problem.records):
        raise ValueError("records: an amount is negative")
    if any(weight.each < 1 for weight in params.weights):
        raise ValueError("weights: a figure counts by less than one")
    if not any(grade.least == 0 for grade in params.grades):
        raise ValueError("grades: none begins at 0")
