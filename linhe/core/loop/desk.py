"""The manifest of a desk, and how its rooms are found by name."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from linhe.core.loop.kinds import Kind
from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class MenuItem:
    """An entry of the shell's menus. ``who`` holds roles, or ``resident`` for everyone who is signed in."""

    label: Text
    url: str
    icon: str
    who: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What a desk is, for the shell: its names, kinds and menu. Everything else is found in its rooms."""

    code: str
    name: Text
    summary: Text
    package: str
    kinds: tuple[Kind, ...]
    menu: tuple[MenuItem, ...] = ()
    icon: str = ""

    def room(self, name: str) -> ModuleType | None:
        """The module of that name in the desk's folder (``api``, ``urls``, ``demo``...), None when it has none."""
        path = f"{self.package}.{name}"
        return import_module(path) if find_spec(path) else None
