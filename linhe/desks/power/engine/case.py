"""A problem as a readable JSON case, and results as plain JSON (the format is described in CASE.md)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from importlib import import_module
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from . import network
from .network import Words

if TYPE_CHECKING:
    from .problem import Problem

FORMAT = "linhe-power-1"
PARTS = ("feeder", "fault", "signals", "trucks", "sites", "limits", "unavailable", "present", "placed")
ASIDE = ("format", "title", "origin")
FOREIGN = ("opendss", "matpower", "pandapower", "simbench")
"""Programs whose files are read: each has a module among the importers."""

MOST = 200_000


def parts_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of ``Problem``; ValueError names the place in the case."""
    if unknown := sorted(set(data) - {*PARTS, *ASIDE}):
        raise ValueError(f"case.{unknown[0]}: is not a known name")
    if data.get("format", FORMAT) != FORMAT:
        raise ValueError(f"format: {data['format']!r} is not {FORMAT!r}")
    if "feeder" not in data:
        raise ValueError("feeder: is missing")
    found: dict[str, Any] = {"feeder": _feeder(data["feeder"])}
    for name, kind in (("fault", network.Fault), ("signals", network.Signals), ("limits", network.Limits)):
        if data.get(name) is not None:
            found[name] = _one(name, data[name], kind)
    found["trucks"] = _value("trucks", data.get("trucks", []), tuple[network.Truck, ...])
    found["sites"] = _value("sites", data.get("sites", []), tuple[network.Site, ...])
    found["unavailable"] = _value("unavailable", data.get("unavailable", []), tuple[str, ...])
    found["present"] = _mapping("present", data.get("present", {}), bool)
    found["placed"] = _mapping("placed", data.get("placed", {}), str)
    return found


def _feeder(data: Any) -> network.Feeder:
    """A feeder as CASE.md describes it, or as another program wrote it (``from``, ``text``, ``files``)."""
    if not isinstance(data, Mapping) or "from" not in data:
        feeder: network.Feeder = _one("feeder", data, network.Feeder)
        return feeder
    if unknown := sorted(set(map(str, data)) - {"from", "text", "files"}):
        raise ValueError(f"feeder.{unknown[0]}: is not a known name")
    name, text, files = data["from"], data.get("text", ""), _mapping("feeder.files", data.get("files", {}), str)
    if name not in FOREIGN or not isinstance(text, str):
        raise ValueError(f"feeder.from: {name!r} is none of {', '.join(FOREIGN)}, with a text")
    reader: Any = import_module(f"{__package__}.importers.{name}")
    given = {"opendss": (text, files), "simbench": (files,)}.get(name, (text,))
    read: network.Feeder = reader.read(*given)
    return read


def feeder_case(data: Any) -> dict[str, Any]:
    """A feeder as another program wrote it in the words of CASE.md."""
    found: dict[str, Any] = _short(_feeder(data))
    return found


def case_of(problem: Problem) -> dict[str, Any]:
    """The case that ``parts_of`` reads back."""
    return {"format": FORMAT} | {name: _short(getattr(problem, name)) for name in PARTS}


def plain(value: Any) -> Any:
    """Any value of a result as plain JSON; numbers that are not finite become null."""
    if isinstance(value, Words):
        return {"zh": value.zh, "en": value.en}
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    return value


def _short(value: Any) -> Any:
    """A part of a case without what is at its default."""
    if isinstance(value, Words):
        return {"zh": value.zh, "en": value.en}
    if is_dataclass(value):
        found = {one.name: (getattr(value, one.name), one.default) for one in fields(value)}
        return {name: _short(one) for name, (one, default) in found.items() if one != default}
    if isinstance(value, Mapping):
        return dict(value)
    return [_short(one) for one in value] if isinstance(value, tuple) else value


@cache
def _hints(name: str) -> dict[str, Any]:
    return get_type_hints(getattr(network, name))


def _one(where: str, data: Any, kind: type[Any]) -> Any:
    """One dataclass of ``network`` from an object."""
    if not isinstance(data, Mapping):
        raise ValueError(f"{where}: must be an object")
    known = {one.name: one for one in fields(kind)}
    if unknown := sorted(set(map(str, data)) - set(known)):
        raise ValueError(f"{where}.{unknown[0]}: is not a known name")
    for name, one in known.items():
        if one.default is MISSING and name not in data:
            raise ValueError(f"{where}.{name}: is missing")
    hints = _hints(kind.__name__)
    return kind(**{name: _value(f"{where}.{name}", found, hints[name]) for name, found in data.items()})


def _value(where: str, data: Any, kind: Any) -> Any:
    if kind is Words:
        return _words(where, data)
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        inner = next(one for one in get_args(kind) if one is not NoneType)
        return None if data is None else _value(where, data, inner)
    if origin is Literal:
        if data not in get_args(kind):
            raise ValueError(f"{where}: {data!r} is none of {', '.join(get_args(kind))}")
        return data
    if origin is tuple:
        if not isinstance(data, list) or len(data) > MOST:
            raise ValueError(f"{where}: must be a list of at most {MOST}")
        inner = get_args(kind)[0]
        return tuple(_value(_place(where, place, one), one, inner) for place, one in enumerate(data))
    if is_dataclass(kind) and isinstance(kind, type):
        return _one(where, data, kind)
    return _plain(where, data, kind)


def _place(where: str, place: int, one: Any) -> str:
    named = one.get("id") if isinstance(one, Mapping) else None
    return f"{where}[{named or place}]"


def _plain(where: str, data: Any, kind: Any) -> Any:
    if kind is float:
        if type(data) not in (int, float):
            raise ValueError(f"{where}: {data!r} is not a number")
        return float(data)
    if type(data) is not kind:
        wanted = {bool: "true or false", int: "a whole number", str: "a text"}[kind]
        raise ValueError(f"{where}: {data!r} is not {wanted}")
    return data


def _words(where: str, data: Any) -> Words:
    if isinstance(data, str):
        return Words(data, data)
    if (
        not isinstance(data, Mapping)
        or set(data) != {"zh", "en"}
        or not all(isinstance(one, str) for one in data.values())
    ):
        raise ValueError(f'{where}: must be a text or {{"zh": ..., "en": ...}}')
    return Words(data["zh"], data["en"])


def _mapping(where: str, data: Any, kind: type) -> dict[str, Any]:
    if not isinstance(data, Mapping):
        raise ValueError(f"{where}: must be an object")
    return {str(key): _plain(f"{where}.{key}", one, kind) for key, one in data.items()}
