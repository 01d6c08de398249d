"""What an expression means, once: the tree that closures, polars expressions and the comparison are all made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from linhe.desks.exchange.engine.fields import Kind, Value

Comparison = Literal["==", "!=", "<", "<=", ">", ">="]
Arithmetic = Literal["+", "-", "*"]


@dataclass(frozen=True, slots=True)
class Const:
    """A constant, or a parameter (``name``) with its value in force."""

    value: Value
    kind: Kind
    name: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """A fact; unknown when it is missing."""

    path: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Not:
    """Unknown stays unknown."""

    item: Node
    kind: Kind = "bool"


@dataclass(frozen=True, slots=True)
class And:
    """False if any item is false, else unknown if any is unknown, else true."""

    items: tuple[Node, ...]
    kind: Kind = "bool"


@dataclass(frozen=True, slots=True)
class Or:
    """True if any item is true, else unknown if any is unknown, else false."""

    items: tuple[Node, ...]
    kind: Kind = "bool"


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values of one kind; unknown if either is."""

    op: Comparison
    left: Node
    right: Node
    kind: Kind = "bool"


@dataclass(frozen=True, slots=True)
class In:
    """Whether a value is among others; a list with unknown items that does not hold it leaves it unknown."""

    item: Node
    options: Const | Read
    kind: Kind = "bool"


@dataclass(frozen=True, slots=True)
class Arith:
    """Whole numbers, exact; unknown if either is."""

    op: Arithmetic
    left: Node
    right: Node
    kind: Kind = "int"


@dataclass(frozen=True, slots=True)
class Call:
    """A named function of the table in ``functions``."""

    name: str
    args: tuple[Node, ...]
    kind: Kind


Node = Const | Read | Not | And | Or | Compare | In | Arith | Call


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node."""
    match node:
        case Not(item):
            return (item,)
        case And(items) | Or(items):
            return items
        case Compare(_, left, right) | Arith(_, left, right):
            return (left, right)
        case In(item, options):
            return (item, options)
        case Call(_, args):
            return args
        case _:
            return ()


def nodes(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    yield node
    for child in children(node):
        yield from nodes(child)


def reads(node: Node) -> tuple[str, ...]:
    """The facts that a tree reads, each once, in order of appearance."""
    return tuple(dict.fromkeys(one.path for one in nodes(node) if isinstance(one, Read)))


def parameters(node: Node) -> tuple[str, ...]:
    """The parameters that a tree rests on."""
    return tuple(dict.fromkeys(one.name for one in nodes(node) if isinstance(one, Const) and one.name))


def bound(node: Node, most: Mapping[str, int]) -> int:
    """A limit on the absolute value of a whole number, when ``most`` limits those of the facts."""
    match node:
        case Const(value) if type(value) is int:
            return abs(value)
        case Read(path):
            return most[path]
        case Arith("*", left, right):
            return bound(left, most) * bound(right, most)
        case Arith(_, left, right):
            return bound(left, most) + bound(right, most)
        case Call("count_of"):
            return DAYS
        case Call(_, args) if args and args[0].kind == "ints":
            return bound(args[0], most)
        case _:
            return DAYS


def reach(node: Node) -> int:
    """By how many days at most an expression leads beyond the dates that it reads."""
    match node:
        case Call(name, (first, Const(int(steps)))):
            return reach(first) + steps * STEP_DAYS.get(name, 0)
        case _:
            return max((reach(one) for one in children(node)), default=0)


STEP_DAYS = {"add_days": 1, "add_months": 31, "add_years": 366, "end_of_years": 366}
"""Longest step of the functions that lead on; working days end with their calendar."""
MOST_REACH = 100_000
DAYS = 200_000
"""More days than lie between any two dates of a case, each moved by ``MOST_REACH``; more than a list has items."""
