"""Reads pandapower's JSON by white-listed tables and columns: no class named in the file is ever made.

Transformers that run in parallel become one, as the feeder has to be radial; busbars of the grid above that closed
switches couple become one bus. Generation is left out, since it trips with the fault.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from linhe.desks.power.engine.importers.building import Draft, beside, parallel
from linhe.desks.power.engine.network import Bus, Feeder, Line, Load, Source, Switch, SwitchKind, Transformer, Words

TABLES: dict[str, tuple[str, ...]] = {
    "bus": ("name", "vn_kv", "in_service"),
    "line": (
        "name", "from_bus", "to_bus", "length_km", "r_ohm_per_km", "x_ohm_per_km", "c_nf_per_km", "max_i_ka", "df",
        "parallel", "in_service",
    ),
    "trafo": (
        "name", "hv_bus", "lv_bus", "sn_mva", "vn_hv_kv", "vn_lv_kv", "vk_percent", "vkr_percent", "pfe_kw",
        "i0_percent", "tap_side", "tap_pos", "tap_neutral", "tap_step_percent", "parallel", "in_service",
    ),
    "switch": ("bus", "element", "et", "type", "closed", "name"),
    "load": ("name", "bus", "p_mw", "q_mvar", "scaling", "in_service"),
    "ext_grid": ("bus", "vm_pu", "in_service"),
}  # fmt: skip
KINDS: dict[str, SwitchKind] = {"CB": "breaker", "LBS": "load_break", "LS": "load_break", "DS": "disconnector"}
MOST_BYTES = 100_000_000
MOST_ROWS = 200_000
Row = dict[str, Any]


def read(text: str, *, frequency_hz: float = 50.0, charging: bool = True) -> Feeder:
    """A feeder from the text of a pandapower file; ValueError names what does not fit."""
    if len(text) > MOST_BYTES:
        raise ValueError("pandapower: the file is too large")
    try:
        whole = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"pandapower: not JSON: {error}") from None
    holder = whole.get("_object") if isinstance(whole, dict) else None
    if not isinstance(holder, dict):
        raise ValueError("pandapower: the file holds no network")
    tables = {name: _table(holder.get(name), name, columns) for name, columns in TABLES.items()}
    name = holder.get("name")
    return draft_of(tables, frequency_hz, charging).feeder(name if isinstance(name, str) else "", "pandapower")


def _table(stored: Any, name: str, columns: tuple[str, ...]) -> dict[int, Row]:
    """The white-listed columns of one stored table by row index."""
    if stored is None:
        return {}
    content = stored.get("_object") if isinstance(stored, dict) else None
    if isinstance(content, str):
        content = json.loads(content)
    if not isinstance(content, dict) or not {"columns", "index", "data"} <= set(content):
        raise ValueError(f"pandapower.{name}: is not a table of columns, index and data")
    if len(content["data"]) > MOST_ROWS:
        raise ValueError(f"pandapower.{name}: too many rows")
    places = {one: content["columns"].index(one) for one in columns if one in content["columns"]}
    rows = zip(content["index"], content["data"], strict=True)
    return {int(index): {one: row[place] for one, place in places.items()} for index, row in rows}


def draft_of(tables: Mapping[str, Mapping[int, Row]], frequency_hz: float, charging: bool) -> Draft:
    """Rows of buses, lines, switches, loads and sources from the tables."""
    draft = Draft()
    one_of = coupled(tables)
    kv = {index: float(row["vn_kv"]) for index, row in tables["bus"].items()}
    for index, row in tables["bus"].items():
        if one_of[index] == index and row.get("in_service", True):
            draft.buses.append(Bus(id=f"{index}", kv=kv[index], name=_named(row)))
    here = {one.id for one in draft.buses}
    for index, row in tables["line"].items():
        if row.get("in_service", True) and {str(row["from_bus"]), str(row["to_bus"])} <= here:
            draft.lines.append(_line(index, row, kv[int(row["from_bus"])], frequency_hz, charging))
    wires = {one.id for one in draft.lines}
    for index, row in tables["switch"].items():
        switch = _switch(index, row, wires, here)
        if switch is not None:
            draft.switches.append(switch)
    for index, row in tables["load"].items():
        scale = 1000.0 * _number(row, "scaling", 1.0)
        if row.get("in_service", True) and str(row["bus"]) in here:
            kw, kvar = float(row["p_mw"]) * scale, float(row["q_mvar"]) * scale
            draft.loads.append(Load(id=f"D{index}", bus=str(row["bus"]), kw=kw, kvar=kvar, name=_named(row)))
    draft.transformers += _transformers(tables, one_of, kv, draft.switches)
    for index, row in tables["ext_grid"].items():
        bus = one_of[int(row["bus"])]
        if row.get("in_service", True) and str(bus) not in {one.bus for one in draft.sources}:
            draft.sources.append(Source(id=f"S{index}", bus=str(bus), v_pu=float(row["vm_pu"]), name=_named(row)))
    if not draft.sources:
        raise ValueError("pandapower.ext_grid: there is none")
    return draft


def coupled(tables: Mapping[str, Mapping[int, Row]]) -> dict[int, int]:
    """Bus -> the bus that stands for it: busbars of the grid above that closed switches couple are one."""
    high = {int(row["hv_bus"]) for row in tables["trafo"].values()}
    one_of = {index: index for index in tables["bus"]}
    for row in tables["switch"].values():
        ends = int(row["bus"]), int(row["element"])
        if row["et"] == "b" and row["closed"] and set(ends) <= high:
            first, second = (one_of[end] for end in ends)
            one_of = {index: first if stands == second else stands for index, stands in one_of.items()}
    return one_of


def _transformers(
    tables: Mapping[str, Mapping[int, Row]], one_of: Mapping[int, int], kv: Mapping[int, float], switches: list[Switch]
) -> list[Transformer]:
    """Two-winding transformers; those between the same busbars as one."""
    joined = beside(switches)
    groups: dict[tuple[int, str], list[Transformer]] = {}
    for index, row in tables["trafo"].items():
        if row.get("in_service", True):
            one = _transformer(index, row, one_of, kv)
            groups.setdefault((one_of[int(row["hv_bus"])], joined.get(one.to_bus, one.to_bus)), []).append(one)
    return [parallel(group) for group in groups.values()]


def _transformer(index: int, row: Row, one_of: Mapping[int, int], kv: Mapping[int, float]) -> Transformer:
    high, low = int(row["hv_bus"]), int(row["lv_bus"])
    count, rated, low_kv = _number(row, "parallel", 1.0), float(row["sn_mva"]), float(row["vn_lv_kv"])
    base = low_kv**2 / rated
    z, r = float(row["vk_percent"]) / 100 * base, float(row["vkr_percent"]) / 100 * base
    steps = _number(row, "tap_pos", 0.0) - _number(row, "tap_neutral", 0.0)
    tap = 1 + steps * _number(row, "tap_step_percent", 0.0) / 100
    turns = float(row["vn_hv_kv"]) / low_kv * (1 / tap if row.get("tap_side") == "lv" else tap)
    iron, no_load = _number(row, "pfe_kw", 0.0) / 1000, _number(row, "i0_percent", 0.0) / 100 * rated
    return Transformer(
        id=f"T{index}",
        from_bus=str(one_of[high]),
        to_bus=str(low),
        r_ohm=r / count,
        x_ohm=math.sqrt(max(z * z - r * r, 0.0)) / count,
        ratio=turns / (kv[high] / kv[low]),
        g_us=iron / low_kv**2 * 1e6 * count,
        b_us=-math.sqrt(max(no_load**2 - iron**2, 0.0)) / low_kv**2 * 1e6 * count,
        rating_mva=rated * count,
        name=_named(row),
    )


def _line(index: int, row: Row, kv: float, frequency_hz: float, charging: bool) -> Line:
    length, beside = float(row["length_km"]), _number(row, "parallel", 1.0)
    farad = float(row["c_nf_per_km"]) * 1e-9 * length * beside if charging else 0.0
    rated = _number(row, "max_i_ka", math.nan) * _number(row, "df", 1.0) * beside
    return Line(
        id=f"L{index}",
        from_bus=str(row["from_bus"]),
        to_bus=str(row["to_bus"]),
        r_ohm=float(row["r_ohm_per_km"]) * length / beside,
        x_ohm=float(row["x_ohm_per_km"]) * length / beside,
        b_us=2 * math.pi * frequency_hz * farad * 1e6,
        rating_mva=None if math.isnan(rated) else math.sqrt(3) * kv * rated,
        name=_named(row),
    )


def _switch(index: int, row: Row, wires: set[str], here: set[str]) -> Switch | None:
    """A switch between buses or at a line; those at transformers belong to the grid above."""
    kind = KINDS.get(str(row.get("type")), "load_break")
    closed, bus = bool(row["closed"]), str(row["bus"])
    if row["et"] == "b" and {bus, str(row["element"])} <= here:
        return Switch(
            id=f"K{index}", kind=kind, bus=bus, to_bus=str(row["element"]), closed=closed, remote=kind == "breaker"
        )
    if row["et"] == "l" and f"L{row['element']}" in wires and bus in here:
        return Switch(
            id=f"K{index}", kind=kind if closed else "tie", bus=bus, element=f"L{row['element']}", closed=closed,
            remote=kind == "breaker",
        )  # fmt: skip
    return None


def _named(row: Row) -> Words:
    name = row.get("name")
    return Words(name, name) if isinstance(name, str) else Words("", "")


def _number(row: Row, name: str, default: float) -> float:
    value = row.get(name)
    return default if value is None or (isinstance(value, float) and math.isnan(value)) else float(value)
