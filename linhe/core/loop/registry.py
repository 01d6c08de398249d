"""Which desks and kinds exist. Desks register themselves when the application starts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from pydantic import BaseModel

from linhe.core.loop.desk import Desk
from linhe.core.loop.kinds import Action, Kind

_DESKS: dict[str, Desk] = {}
_KINDS: dict[tuple[str, int], Kind] = {}


class UnknownKind(LookupError):
    """No desk declares a kind of that code and version."""


def register_desk(desk: Desk) -> None:
    """Make a desk and its kinds known; called by the desk's AppConfig."""
    if desk.code in _DESKS:
        raise ValueError(f"desk {desk.code} is registered twice")
    for one in desk.kinds:
        if one.desk != desk.code or (one.code, one.version) in _KINDS:
            raise ValueError(f"kind {one.code} v{one.version} belongs to {one.desk} or is registered twice")
        _KINDS[one.code, one.version] = one
    _DESKS[desk.code] = desk


def desks() -> list[Desk]:
    """All desks, in the order of ``INSTALLED_APPS``."""
    return list(_DESKS.values())


def desk(code: str) -> Desk:
    """The desk of that code; KeyError when there is none."""
    return _DESKS[code]


def kinds() -> list[Kind]:
    """The newest version of every kind."""
    newest: dict[str, Kind] = {}
    for (code, version), one in _KINDS.items():
        if code not in newest or newest[code].version < version:
            newest[code] = one
    return list(newest.values())


def kind(code: str, version: int | None = None) -> Kind:
    """A kind by code, the newest version unless one is named."""
    found = _KINDS.get((code, version)) if version else next((k for k in kinds() if k.code == code), None)
    if found is None:
        raise UnknownKind(f"no kind {code!r}" + (f" version {version}" if version else ""))
    return found


def schema_of(one: Kind, action: Action) -> type[BaseModel] | None:
    """The pydantic model that an action's data must satisfy."""
    return None if action.data is None else _named(one.desk, "schemas", action.data)


def effect_of(one: Kind, action: Action) -> Callable[..., Any] | None:
    """The function of the desk's ``services`` that an action runs inside its transaction."""
    return None if action.effect is None else _named(one.desk, "services", action.effect)


@cache
def _named(desk_code: str, room: str, name: str) -> Any:
    return getattr(import_module(f"{_DESKS[desk_code].package}.{room}"), name)
