"""Reads MATPOWER case files, minding statements after the tables that turn kW into MW and ohms into per unit.

Only assignments of the known tables are read and only the known kinds of conversion are followed; any other statement
that touches the bus or branch table is refused rather than passed over.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from linhe.desks.power.engine.importers.building import Draft
from linhe.desks.power.engine.network import Bus, Feeder, Line, Load, Source, Switch, SwitchKind, Words

BUS_I, BUS_TYPE, PD, QD, BASE_KV = 0, 1, 2, 3, 9
F_BUS, T_BUS, BR_R, BR_X, BR_B, RATE_A, RATE_B, TAP, BR_STATUS = 0, 1, 2, 3, 4, 5, 6, 8, 10
GEN_BUS, GEN_VG = 0, 5
REFERENCE = 3
MOST_BYTES = 20_000_000

OHMS = re.compile(
    r"mpc\.branch\(:,\s*\[BR_R,?\s*BR_X\]\)\s*=\s*mpc\.branch\(:,\s*\[BR_R,?\s*BR_X\]\)\s*/\s*\(Vbase\^2\s*/\s*Sbase\)"
)
KILOS = re.compile(r"mpc\.bus\(:,\s*\[PD,?\s*QD\]\)\s*=\s*mpc\.bus\(:,\s*\[PD,?\s*QD\]\)\s*/\s*1e3")
FACTOR = re.compile(r"mpc\.bus\(:,\s*QD\)\s*=\s*mpc\.bus\(:,\s*PD\)\s*\*\s*sin\(acos\(pf\)\)")
FACTOR_P = re.compile(r"mpc\.bus\(:,\s*PD\)\s*=\s*mpc\.bus\(:,\s*PD\)\s*\*\s*pf")
PF = re.compile(r"^\s*pf\s*=\s*([\d.]+)\s*;", re.MULTILINE)
TOUCHES = re.compile(r"mpc\.(?:bus|branch)\s*\([^=\n]*=[^=][^\n]*")


def read(text: str) -> Feeder:
    """A feeder from the text of a case file; every branch gets a switch at each end; ValueError says what is wrong."""
    if len(text) > MOST_BYTES:
        raise ValueError("matpower: the file is too large")
    code = re.sub(r"%[^\n]*", "", text)
    base = re.search(r"mpc\.baseMVA\s*=\s*([\d.eE+-]+)", code)
    if base is None:
        raise ValueError("matpower: mpc.baseMVA is missing")
    bus, branch, gen = (_table(code, name) for name in ("bus", "branch", "gen"))
    ohms = _converted(code, bus)
    volts = {int(row[GEN_BUS]): row[GEN_VG] for row in gen}
    kv = {int(row[BUS_I]): row[BASE_KV] for row in bus}
    draft = Draft()
    for row in bus:
        name = f"{int(row[BUS_I])}"
        draft.buses.append(Bus(id=name, kv=row[BASE_KV]))
        if row[PD] or row[QD]:
            draft.loads.append(Load(id=f"D{name}", bus=name, kw=row[PD] * 1000, kvar=row[QD] * 1000))
        if row[BUS_TYPE] == REFERENCE:
            draft.sources.append(Source(id=f"S{name}", bus=name, v_pu=volts.get(int(name), 1.0)))
    for number, row in enumerate(branch, 1):
        if row[TAP] not in (0.0, 1.0):
            raise ValueError(f"matpower: branch {number} is a transformer with a tap, which is not read")
        z_base = 1.0 if ohms else kv[int(row[F_BUS])] ** 2 / float(base.group(1))
        _branch(draft, number, row, z_base, kv[int(row[F_BUS])] ** 2 / float(base.group(1)))
    title = re.search(r"function\s+mpc\s*=\s*(\w+)", text)
    return draft.feeder(title.group(1) if title else "", "MATPOWER case file")


def _branch(draft: Draft, number: int, row: list[float], z_base: float, charging_base: float) -> None:
    ends = f"{int(row[F_BUS])}", f"{int(row[T_BUS])}"
    closed = row[BR_STATUS] == 1
    draft.lines.append(
        Line(
            id=f"L{number}",
            from_bus=ends[0],
            to_bus=ends[1],
            r_ohm=row[BR_R] * z_base,
            x_ohm=row[BR_X] * z_base,
            b_us=row[BR_B] / charging_base * 1e6,
            rating_mva=row[RATE_A] or None,
            emergency_mva=row[RATE_B] or None,
            name=Words(f"{ends[0]}-{ends[1]}", f"{ends[0]}-{ends[1]}"),
        )
    )
    for side, bus in enumerate(ends):
        kind: SwitchKind = (
            "breaker" if number == 1 and side == 0 else "tie" if not closed and side == 0 else "sectionaliser"
        )
        switch = Switch(
            id=f"K{number}{'ab'[side]}", kind=kind, bus=bus, element=f"L{number}", closed=closed or side == 1
        )
        draft.switches.append(replace(switch, remote=kind != "sectionaliser"))


def _table(code: str, name: str) -> list[list[float]]:
    found = re.search(rf"mpc\.{name}\s*=\s*\[(.*?)\]", code, re.DOTALL)
    if found is None:
        raise ValueError(f"matpower: mpc.{name} is missing")
    try:
        return [[float(one) for one in line.split()] for line in re.split(r"[;\n]", found.group(1)) if line.strip()]
    except ValueError as error:
        raise ValueError(f"matpower: mpc.{name}: {error}") from None


def _converted(code: str, bus: list[list[float]]) -> bool:
    """Follow the statements after the tables; whether branch impedances stand in ohms."""
    ohms = False
    for statement in TOUCHES.findall(re.sub(r"mpc\.\w+\s*=\s*\[.*?\]", "", code, flags=re.DOTALL)):
        factor = PF.search(code)
        if OHMS.search(statement):
            ohms = True
        elif KILOS.search(statement):
            for row in bus:
                row[PD], row[QD] = row[PD] / 1000, row[QD] / 1000
        elif FACTOR.search(statement) and factor:
            for row in bus:
                row[QD] = row[PD] * math.sin(math.acos(float(factor.group(1))))
        elif FACTOR_P.search(statement) and factor:
            for row in bus:
                row[PD] *= float(factor.group(1))
        elif not re.match(r"mpc\.bus\(1,", statement):
            raise ValueError(f"matpower: {statement.strip()!r} is a conversion that is not known")
    return ohms
