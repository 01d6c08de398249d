"""What a bench is: a function that measures, and the options that only it understands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Option:
    """An option of one bench. One of type ``bool`` is a switch; ``many`` takes several values."""

    flag: str
    help: str
    type: type[int] | type[float] | type[str] | type[bool] | type[Path] = int
    many: bool = False


@dataclass(frozen=True, slots=True)
class Bench:
    """A bench with options of its own. One that needs none may be the plain function."""

    run: Callable[[Mapping[str, Any]], dict[str, Any]]
    options: tuple[Option, ...] = ()

    def __call__(self, options: Mapping[str, Any]) -> dict[str, Any]:
        return self.run(options)
