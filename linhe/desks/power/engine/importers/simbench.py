"""Reads the tables of one simbench network (semicolon-separated), by white-listed columns.

Switches stand between nodes there, so they become switches between two buses. Busbars of the grid above that closed
switches couple count as one, transformers side by side too; generation is left out, since it trips with the fault.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from io import StringIO
from typing import Any

from linhe.desks.power.engine.importers import pandapower
from linhe.desks.power.engine.network import Feeder

TABLES: dict[str, tuple[str, ...]] = {
    "Node": ("id", "vmSetp", "vmR"),
    "Line": ("id", "nodeA", "nodeB", "type", "length"),
    "LineType": ("id", "r", "x", "b", "iMax"),
    "Switch": ("id", "nodeA", "nodeB", "type", "cond"),
    "Load": ("id", "node", "pLoad", "qLoad"),
    "ExternalNet": ("id", "node"),
    "Transformer": ("id", "nodeHV", "nodeLV", "type", "tappos"),
    "TransformerType": ("id", "sR", "vmHV", "vmLV", "vmImp", "pCu", "pFe", "iNoLoad", "tapside", "dVm", "tapNeutr"),
}
MOST_BYTES, FREQUENCY_HZ = 50_000_000, 50.0
Table = dict[str, dict[str, str]]


def read(files: Mapping[str, str], *, charging: bool = True) -> Feeder:
    """A feeder from the texts of ``Node.csv``, ``Line.csv`` and so on, by table; ValueError names what does not fit."""
    tables = {name: _table(name, files.get(name), columns) for name, columns in TABLES.items()}
    number = {name: place for place, name in enumerate(tables["Node"])}
    try:
        rows = _rows(tables, number)
    except KeyError as error:
        raise ValueError(f"simbench: there is no {error.args[0]!r}") from None
    return pandapower.draft_of(rows, FREQUENCY_HZ, charging).feeder("", "simbench")


def _table(name: str, text: str | None, columns: tuple[str, ...]) -> Table:
    if text is None:
        raise ValueError(f"simbench: {name}.csv is missing")
    if len(text) > MOST_BYTES:
        raise ValueError(f"simbench: {name}.csv is too large")
    reader = csv.DictReader(StringIO(text), delimiter=";")
    missing = set(columns) - set(reader.fieldnames or ())
    if missing:
        raise ValueError(f"simbench: {name}.csv has no column {min(missing)}")
    return {row["id"]: {column: row[column] for column in columns} for row in reader}


def _number(value: str, default: float = math.nan) -> float:
    try:
        return default if value in ("", "NULL") else float(value)
    except ValueError:
        raise ValueError(f"simbench: {value!r} is not a number") from None


def _rows(tables: Mapping[str, Table], number: Mapping[str, int]) -> dict[str, dict[int, dict[str, Any]]]:
    """The tables as those of pandapower, whose conversions are the same."""
    wound = [
        _transformer(one, tables["TransformerType"][one["type"]], number) for one in tables["Transformer"].values()
    ]
    found: dict[str, list[dict[str, Any]]] = {
        "bus": [{"name": name, "vn_kv": _number(one["vmR"])} for name, one in tables["Node"].items()],
        "line": [_line(one, tables["LineType"][one["type"]], number) for one in tables["Line"].values()],
        "trafo": wound,
        "switch": [
            {"bus": number[one["nodeA"]], "element": number[one["nodeB"]], "et": "b", "type": one["type"],
             "closed": _number(one["cond"]) > 0}
            for one in tables["Switch"].values()
        ],
        "load": [
            {"name": one["id"], "bus": number[one["node"]], "p_mw": _number(one["pLoad"]),
             "q_mvar": _number(one["qLoad"])}
            for one in tables["Load"].values()
        ],
        "ext_grid": [
            {"name": one["id"], "bus": number[one["node"]],
             "vm_pu": _number(tables["Node"][one["node"]]["vmSetp"], 1.0)}
            for one in tables["ExternalNet"].values()
        ],
    }  # fmt: skip
    return {name: dict(enumerate(rows)) for name, rows in found.items()}


def _line(one: Mapping[str, str], kind: Mapping[str, str], number: Mapping[str, int]) -> dict[str, Any]:
    nano = _number(kind["b"]) * 1e-6 / (2 * math.pi * FREQUENCY_HZ) * 1e9
    return {
        "name": one["id"], "from_bus": number[one["nodeA"]], "to_bus": number[one["nodeB"]],
        "length_km": _number(one["length"]), "r_ohm_per_km": _number(kind["r"]), "x_ohm_per_km": _number(kind["x"]),
        "c_nf_per_km": nano, "max_i_ka": _number(kind["iMax"]) / 1000.0,
    }  # fmt: skip


def _transformer(one: Mapping[str, str], kind: Mapping[str, str], number: Mapping[str, int]) -> dict[str, Any]:
    rated = _number(kind["sR"])
    return {
        "name": one["id"], "hv_bus": number[one["nodeHV"]], "lv_bus": number[one["nodeLV"]], "sn_mva": rated,
        "vn_hv_kv": _number(kind["vmHV"]), "vn_lv_kv": _number(kind["vmLV"]), "vk_percent": _number(kind["vmImp"]),
        "vkr_percent": _number(kind["pCu"]) / (rated * 1000.0) * 100.0, "pfe_kw": _number(kind["pFe"]),
        "i0_percent": _number(kind["iNoLoad"]), "tap_side": kind["tapside"].lower(),
        "tap_pos": _number(one["tappos"], 0.0), "tap_neutral": _number(kind["tapNeutr"], 0.0),
        "tap_step_percent": _number(kind["dVm"], 0.0),
    }  # fmt: skip
