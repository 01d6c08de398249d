"""The dated lists of the desk: categories with their pictures, and who is in charge of which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linhe.core.dated import value
from linhe.lib.text import Text

COMMUNITY, DEPARTMENT, PROPERTY = "community", "department", "property"


@dataclass(frozen=True, slots=True)
class Category:
    """One tile: what it is called, how near a duplicate lies, whether the result needs a photo."""

    code: str
    name: Text
    icon: str
    radius_m: int
    result_photo: bool
    keywords: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """Who owns a category, and how fast they must be (working minutes)."""

    category: str
    owner: str
    organisation: str
    accept_minutes: int
    solve_minutes: int


def categories(*, at: datetime, place_code: str = "") -> list[Category]:
    """All categories in force, in the order of the table."""
    return [
        Category(
            row["code"], Text(row["zh"], row["en"]), row["icon"], row["radius_m"], row["result_photo"],
            tuple(f"{row['words_zh']} {row['words_en']}".split()),
        )
        for row in value("reports.categories", at=at, place_code=place_code)
    ]  # fmt: skip


def category_of(code: str, *, at: datetime, place_code: str = "") -> Category | None:
    """The category of that code, None when there is none in force."""
    return next((c for c in categories(at=at, place_code=place_code) if c.code == code), None)


def duty_of(category: str, *, at: datetime, place_code: str = "") -> Duty:
    """The line of the duty list; a category that it does not name is the community's, with the general limits."""
    for row in value("reports.duties", at=at, place_code=place_code):
        if row["category"] == category:
            return Duty(category, row["owner"], row["organisation"], row["accept_minutes"], row["solve_minutes"])
    accept = value("reports.accept_minutes", at=at, place_code=place_code)
    return Duty(category, COMMUNITY, "", accept, value("reports.solve_minutes", at=at, place_code=place_code))


def suggested(words: str, *, at: datetime, place_code: str = "") -> Category | None:
    """The category whose keywords a text names most often, the first of the table among equals; None without any."""
    text = words.lower()
    found = [(sum(text.count(k) for k in c.keywords), c) for c in categories(at=at, place_code=place_code)]
    most = max((count for count, _ in found), default=0)
    return next((c for count, c in found if count == most), None) if most else None
