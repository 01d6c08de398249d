"""The chain of earlier listings of a lot, the state holders, and the facts that follow from them."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar, cast

from linhe.desks.exchange.engine import choices
from linhe.desks.exchange.engine.facts import EARLIEST, LATEST, MISSING, PPM, Fact, InvalidFact, normal
from linhe.desks.exchange.engine.fields import MOST

Key = TypeVar("Key", bound=Hashable)


class BrokenChain(InvalidFact):
    """Earlier listings that cannot all have happened: a circle, a number twice, one not before the present."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__("earlier", zh, en)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """One earlier listing of the same lot; what nobody knows stays missing.

    ``result`` and ``review`` take the codes of ``choices.RESULTS`` and ``choices.REVIEWS``.
    """

    number: Fact
    reserve_fen: Fact = MISSING
    starts_on: Fact = MISSING
    ends_on: Fact = MISSING
    result: Fact = MISSING
    review: Fact = MISSING

    def __post_init__(self) -> None:
        where = f"earlier[{self.number.value}]"
        number = self.number.value
        if type(number) is not int or number < 1:
            raise BrokenChain("挂牌次序须为正整数", f"listing number {number!r} is not a positive whole number")
        _limit(f"{where}.reserve_fen", self.reserve_fen, MOST)
        _choice(f"{where}.result", self.result, choices.RESULTS)
        _choice(f"{where}.review", self.review, choices.REVIEWS)
        start, end = self.starts_on.value, self.ends_on.value
        for name, day in (("starts_on", start), ("ends_on", end)):
            if day is not None and type(day) is not date:
                raise InvalidFact(f"{where}.{name}", "须为日期", f"{day!r} is not a date")
            if isinstance(day, date) and not EARLIEST <= day <= LATEST:
                raise InvalidFact(
                    f"{where}.{name}", f"须在 {EARLIEST} 至 {LATEST} 之间", f"{day} lies outside {EARLIEST} to {LATEST}"
                )
        if isinstance(start, date) and isinstance(end, date) and end < start:
            raise InvalidFact(f"{where}.ends_on", "公告截止日早于起始日", "the notice ends before it starts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One state holder of the object, with its share [ppm] and the fiscal line it belongs to."""

    name: Fact
    share_ppm: Fact = MISSING
    fiscal_line: Fact = MISSING

    def __post_init__(self) -> None:
        _limit("holders.share_ppm", self.share_ppm, PPM)
        for part in ("name", "fiscal_line"):
            value = getattr(self, part).value
            if value is not None and not isinstance(value, str):
                raise InvalidFact(f"holders.{part}", "须为文字", f"{value!r} is not a text")


def _number(one: Earlier) -> int:
    return cast(int, one.number.value)  # checked when it was made


def ordered(earlier: Sequence[Earlier], current: int | None) -> tuple[Earlier, ...]:
    """Earlier listings by number.

    Raises
    ------
    BrokenChain : a number occurs twice, or is not before the present listing's.
    """
    found = sorted(earlier, key=_number)
    numbers = [_number(one) for one in found]
    if twice := {number for number in numbers if numbers.count(number) > 1}:
        shown = min(twice)
        raise BrokenChain(f"第 {shown} 次挂牌出现两次", f"listing {shown} is there twice")
    if current is not None and numbers and numbers[-1] >= current:
        raise BrokenChain(
            f"第 {numbers[-1]} 次挂牌不早于本次（第 {current} 次）",
            f"listing {numbers[-1]} is not before the present one ({current})",
        )
    return tuple(found)


def walk(start: Key, previous: Mapping[Key, Key | None]) -> list[Key]:
    """The listings before ``start``, the latest first, by the link of each to the one before it.

    Raises
    ------
    BrokenChain : the links run in a circle, or lead to a listing that is not there.
    """
    if start not in previous:
        raise BrokenChain("找不到本次挂牌", "the present listing is not there")
    found: list[Key] = []
    seen, here = {start}, previous[start]
    while here is not None:
        if here in seen:
            raise BrokenChain("历次挂牌首尾相接，成环", "the earlier listings run in a circle")
        if here not in previous:
            raise BrokenChain("历次挂牌缺少其中一次", "an earlier listing that is referred to is not there")
        seen.add(here)
        found.append(here)
        here = previous[here]
    return found


def derived(earlier: tuple[Earlier, ...] | None, holders: tuple[Holder, ...] | None, listing: Fact) -> dict[str, Fact]:
    """The facts that follow: columns of the chain, whether it is complete, the largest holder's fiscal line."""
    return {**_of_chain(earlier, listing), **_of_holders(holders)}


def _of_chain(earlier: tuple[Earlier, ...] | None, listing: Fact) -> dict[str, Fact]:
    names = ("count", "complete", "conforming", "sold", "unsold", "reserve_fen", "starts_on", "ends_on")
    if earlier is None:
        return dict.fromkeys([f"earlier.{name}" for name in names], MISSING)
    numbers = [one.number.value for one in earlier]
    complete = None
    if isinstance(listing.value, int):
        complete = len(numbers) == listing.value - 1 and all(n == place for place, n in enumerate(numbers, 1))
    columns = {
        "conforming": [None if one.review.value is None else one.review.value == "conforming" for one in earlier],
        **{
            result: [None if one.result.value is None else one.result.value == result for one in earlier]
            for result in ("sold", "unsold")
        },
        **{name: [getattr(one, name).value for one in earlier] for name in ("reserve_fen", "starts_on", "ends_on")},
    }
    source = "历次挂牌记录"
    return {
        "earlier.count": Fact(len(earlier), source),
        "earlier.complete": Fact(complete, source),
        **{f"earlier.{name}": Fact(tuple(column), source) for name, column in columns.items()},
    }


def _of_holders(holders: tuple[Holder, ...] | None) -> dict[str, Fact]:
    """Equal largest holders agree on one line, so each of theirs will do; an unknown share leaves it open."""
    if not holders:
        return dict.fromkeys(("holders.count", "holders.largest_lines"), MISSING)
    count = Fact(len(holders), holders[0].name.document, holders[0].name.page)
    shares = [one.share_ppm.value for one in holders if isinstance(one.share_ppm.value, int)]
    if len(shares) < len(holders):
        return {"holders.count": count, "holders.largest_lines": MISSING}
    most = max(shares)
    largest = [one for one in holders if one.share_ppm.value == most]
    lines = tuple(None if (line := one.fiscal_line.value) is None else normal(str(line)) for one in largest)
    source = largest[0].share_ppm
    return {"holders.count": count, "holders.largest_lines": Fact(lines, source.document, source.page)}


def parts(one: Earlier | Holder) -> dict[str, Fact]:
    """The known facts of an earlier listing or a holder, by name."""
    found = {part.name: getattr(one, part.name) for part in fields(one)}
    return {name: fact for name, fact in found.items() if fact.value is not None}


def _limit(path: str, fact: Fact, most: int) -> None:
    if fact.value is not None and (type(fact.value) is not int or not 0 <= fact.value <= most):
        raise InvalidFact(path, f"须为 0 至 {most} 的整数", f"{fact.value!r} is not a whole number from 0 to {most}")


def _choice(path: str, fact: Fact, known: choices.Choices) -> None:
    codes = [code for code, _, _ in known]
    if fact.value is not None and fact.value not in codes:
        shown = ", ".join(codes)
        raise InvalidFact(path, f"须为下列之一：{shown}", f"{fact.value!r} is none of {shown}")
