"""What each desk adds to the generic tests; a desk that needs nothing has no part here.

A part is ``<desk>.py`` and ``<desk>.toml``. The module may hold

- ``GROUNDS``: kind -> :class:`tests.trust.ground.Ground`, for the tests of every kind;
- ``CANARIES``: personal field -> a text that occurs nowhere else, and ``MAY_READ``: visitor -> canaries they may see;
- ``prepare(day)``: writes what its pages show, and may add visitors to ``day.people``;
- ``arguments(day, path)``: path parameter -> value, for its addresses.

The file holds ``[rules]`` and ``[routes]`` as ``matrix.toml`` does, and ``[visitors]``: for each visitor that the part
adds, the rules of others to which they belong.
"""

from __future__ import annotations

import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from linhe.core.loop import registry

HERE = Path(__file__).parent


def parts() -> dict[str, ModuleType]:
    """The parts by desk, in the order of the desks."""
    names = {desk.code: f"{__name__}.{desk.code}" for desk in registry.desks()}
    return {code: import_module(name) for code, name in names.items() if find_spec(name)}


def merged(name: str) -> dict[str, Any]:
    """A mapping of that name, put together from all parts."""
    found: dict[str, Any] = {}
    for part in parts().values():
        for key, one in getattr(part, name, {}).items():
            found[key] = found[key] | one if key in found else one
    return found


def matrix() -> dict[str, Any]:
    """Rules and routes of the shell and of all parts."""
    whole = tomllib.loads((HERE.parent / "matrix.toml").read_text(encoding="utf-8"))
    files = [tomllib.loads((HERE / f"{code}.toml").read_text(encoding="utf-8")) for code in parts()]
    for file in files:
        for group in ("rules", "routes"):
            assert not whole[group].keys() & file.get(group, {}).keys()
            whole[group] |= file.get(group, {})
    for file in files:
        for visitor, rules in file.get("visitors", {}).items():
            for rule in rules:
                whole["rules"][rule].append(visitor)
    return whole
