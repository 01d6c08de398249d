"""The menu of services in force on a day at a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linhe.core.dated import value
from linhe.lib.text import Text

SKILL_NAMES = ("fix",)
"""Names of the skill bits that services may ask for, lowest bit first."""


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the menu. ``desk`` says who handles it; only those of this desk become errands."""

    code: str
    name: Text
    hint: Text
    icon: str
    desk: str
    skill: str
    service_s: int
    advance: bool
    pickup: bool
    load: int

    @property
    def here(self) -> bool:
        """Whether this desk handles it."""
        return self.desk == "errands"


def menu(*, at: datetime, place_code: str = "") -> list[Service]:
    """All services, in the order of the table."""
    return [
        Service(
            row["code"], Text(row["zh"], row["en"]), Text(row["hint_zh"], row["hint_en"]), row["icon"], row["desk"],
            row["skill"], row["service_s"], row["advance"], row["pickup"], row["load"],
        )
        for row in value("errands.services", at=at, place_code=place_code)
    ]  # fmt: skip


def service_of(code: str, *, at: datetime, place_code: str = "") -> Service | None:
    """The service of that code, None when the menu has none."""
    return next((s for s in menu(at=at, place_code=place_code) if s.code == code), None)
