"""Transformers and the controls of regulators out of OpenDSS; single-phase units side by side become one bank."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from linhe.desks.power.engine.importers.dss_script import Script
from linhe.desks.power.engine.network import Connection, Regulator, Transformer

ROOT3 = math.sqrt(3.0)


class Reader(Protocol):
    """What reads a built circuit."""

    engine: Any
    script: Script
    id: Any

    def ends(self, element: str, *, neutral: bool = True) -> list[tuple[str, str]]:
        """(bus, phases) at each terminal."""


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A transformer as it stands in the script, and its name there."""

    name: str
    bank: str
    made: Transformer


def transformer_of(reader: Reader, name: str) -> Unit:
    """A two-winding transformer of one or three phases."""
    engine, element = reader.engine, f"Transformer.{name}"
    ends = reader.ends(element)
    engine.Transformers.Name(name)
    if engine.Transformers.NumWindings() != 2:
        raise ValueError(f"opendss: {element}: only transformers of two windings are read")
    count = int(engine.Properties.Value("phases"))
    sides: list[tuple[float, float, float, bool, float]] = []
    for winding in (1, 2):
        engine.Transformers.Wdg(winding)
        read = engine.Transformers
        sides.append((read.kV(), read.kVA(), read.Tap(), bool(read.IsDelta()), read.R()))
    (from_bus, phases), (to_bus, others) = ends
    if count not in (1, 3) or len(phases) != count or sorted(phases) != sorted(others) or sides[0][1] != sides[1][1]:
        raise ValueError(f"opendss: {element}: windings {phases} and {others} of {count} phases are not read")
    if count == 3 and (phases != "abc" or others != "abc"):
        raise ValueError(f"opendss: {element}: phases {phases} to {others}: only abc to abc is read")
    mva = sides[0][1] / 1000.0 * 3 / count
    kv = [side[0] * (1.0 if count == 3 else ROOT3) for side in sides]
    z_base = kv[1] ** 2 / mva
    conn: Connection = ("yy", "yd", "dy", "dd")[2 * sides[0][3] + sides[1][3]]
    read = engine.Transformers
    no_load, magnetising = (float(engine.Properties.Value(one)) / 100 for one in ("%noloadloss", "%imag"))
    bank = engine.Properties.Value("bank")
    return Unit(
        name=name.casefold(),
        bank=reader.script.spelled.get(f"bank.{bank.casefold()}", bank),
        made=Transformer(
            id=reader.id("transformer", name), from_bus=from_bus, to_bus=to_bus, phases=phases, conn=conn,
            r_ohm=(sides[0][4] + sides[1][4]) / 100 * z_base, x_ohm=read.Xhl() / 100 * z_base, ratio=sides[0][2],
            g_us=no_load / z_base * 1e6, b_us=-magnetising / z_base * 1e6, rating_mva=mva, kv=(kv[0], kv[1]),
            taps=(sides[1][2],),
        ),
    )  # fmt: skip


def regulators_of(engine: Any) -> dict[str, Regulator]:
    """The control of each transformer that has one, by the transformer's name."""
    found: dict[str, Regulator] = {}
    for name in engine.RegControls.AllNames():
        read = engine.RegControls
        read.Name(name)
        where, unit = f"RegControl.{name}", read.Transformer().casefold()
        if read.Winding() != 2 or unit in found:
            raise ValueError(f"opendss: {where}: only one control a transformer, at winding 2, is read")
        engine.Circuit.SetActiveElement(f"RegControl.{name}")
        phase = engine.Properties.Value("PTphase")
        control = Regulator(
            phase=phase, volts=read.ForwardVreg(), band=read.ForwardBand(), pt=read.PTRatio(), ct=read.CTPrimary(),
            r=read.ForwardR(), x=read.ForwardX(), most_steps=read.MaxTapChange(), delay=read.Delay(),
        )  # fmt: skip
        engine.Transformers.Name(unit)
        engine.Transformers.Wdg(2)
        found[unit] = replace(
            control, tap_min=engine.Transformers.MinTap(), tap_max=engine.Transformers.MaxTap(),
            steps=engine.Transformers.NumTaps(),
        )  # fmt: skip
    return found


def banked(units: list[Unit], controls: Mapping[str, Regulator]) -> list[Transformer]:
    """Single-phase units between the same buses as one transformer with a tap for each phase."""
    groups: dict[tuple[str, str], list[Unit]] = {}
    for one in units:
        groups.setdefault((one.made.from_bus, one.made.to_bus), []).append(one)
    found = []
    for group in groups.values():
        ordered = sorted(group, key=lambda one: one.made.phases)
        made = [_controlled(one, controls.get(one.name)) for one in ordered]
        if len(made) == 1:
            found.append(made[0])
            continue
        phases = "".join(one.phases for one in made)
        alike = {replace(one, id="", phases="", taps=(), regulators=()) for one in made}
        if len(set(phases)) != len(phases) or len(alike) > 1 or any(one.conn != "yy" for one in made):
            names = ", ".join(one.name for one in ordered)
            raise ValueError(
                f"opendss: Transformer.{names}: side by side, but not alike in star on phases of their own"
            )
        if any(one.regulators for one in made) and not all(one.regulators for one in made):
            raise ValueError(f"opendss: Transformer.{ordered[0].name}: a bank where not all units are controlled")
        found.append(
            replace(
                made[0],
                id=ordered[0].bank or made[0].id,
                phases=phases,
                taps=tuple(one.taps[0] for one in made),
                regulators=tuple(one.regulators[0] for one in made if one.regulators),
            )
        )
    return found


def _controlled(unit: Unit, control: Regulator | None) -> Transformer:
    """The unit with its control, which measures one of its phases."""
    if control is None:
        return unit.made
    phases = unit.made.phases
    at = control.phase if control.phase.isdigit() else "1"
    if int(at) > len(phases):
        raise ValueError(f"opendss: Transformer.{unit.name}: its control measures phase {at}, which it does not have")
    return replace(unit.made, regulators=(replace(control, phase=phases[int(at) - 1]),))
