"""The parameters of all installed apps, read once when the application starts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps

from linhe.core.dated.parameters import Entry, Parameter, UnknownParameter
from linhe.core.dated.reading import Problem, read_files


class InvalidParameters(RuntimeError):
    """A parameter file has mistakes; nothing is computed from any of them until they are mended."""


def value(code: str, *, at: date | datetime, place_code: str | None = None) -> Any:
    """The value of a parameter in force at ``at`` (a moment counts by its date in Shanghai) and at a place.

    Raises
    ------
    UnknownParameter : no app declares ``code``.
    NotInForce : it has no value on that day at that place.
    """
    return parameter(code).value(at=at, place_code=place_code)


def parameter(code: str) -> Parameter:
    """The parameter itself, with label, unit and all its entries."""
    try:
        return _loaded()[code]
    except KeyError:
        raise UnknownParameter(code) from None


def series(code: str) -> tuple[Entry, ...]:
    """All entries of a parameter, by place and date."""
    return parameter(code).series


def all_parameters() -> list[Parameter]:
    """Every parameter of every installed app, by code."""
    return [_loaded()[code] for code in sorted(_loaded())]


def problems() -> list[Problem]:
    """The mistakes found in parameter files."""
    return _read()[1]


def _loaded() -> dict[str, Parameter]:
    found, mistakes = _read()
    if mistakes:
        raise InvalidParameters("; ".join(str(mistake) for mistake in mistakes))
    return found


@cache
def _read() -> tuple[dict[str, Parameter], list[Problem]]:
    return read_files(_files())


def _files() -> Iterator[tuple[str, Path]]:
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path, "params").glob("*.toml")):
            yield f"{app.name.replace('.', '/')}/params/{path.name}", path
