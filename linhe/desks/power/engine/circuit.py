"""A feeder with phases as a circuit of the OpenDSS engine, written from the feeder's data alone under names of our own.

References
----------
R. C. Dugan, T. E. McDermott (2011), doi:10.1109/PES.2011.6039829; P. Meira, DSS-Extensions, https://dss-extensions.org.
"""

from __future__ import annotations

import math
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence

from .network import Capacitor, Feeder, Line, Load, Matrix, Regulator, Source, Switch, Transformer
from .simulator import SPARE, new_engine, refusals

HERTZ = 50.0
"""Impedances are given at the frequency they are used at, so that which one it is does not matter."""

Berth = tuple[str, str]
"""A truck at a site."""

NODE = {"a": "1", "b": "2", "c": "3"}
DSS_MODEL = {"power": 1, "impedance": 2, "current": 5}
SWITCH_OHM = 1e-6
STIFF_OHM = 1e-4
ITERATIONS, CONTROLS, TOLERANCE = 200, 200, 1e-9
ROOT3 = math.sqrt(3.0)


class Circuit:
    """The circuit: all switches closed, regulators at their taps, a truck out of service at every place that may have
    one (``berths``: name -> bus and voltage [pu])."""

    def __init__(self, feeder: Feeder, berths: Mapping[Berth, tuple[str, float]] | None = None) -> None:
        self.feeder = feeder
        self.bus = {one.id: f"b{row}" for row, one in enumerate(feeder.buses)}
        self.kv = {one.id: one.kv for one in feeder.buses}
        self.lines = {one.id: f"Line.l{row}" for row, one in enumerate(feeder.lines)}
        between = [one for one in feeder.switches if one.element is None]
        self.lines |= {one.id: f"Line.k{row}" for row, one in enumerate(between)}
        self.sources = {
            one.id: "Vsource.source" if row == 0 else f"Vsource.s{row}" for row, one in enumerate(feeder.sources)
        }
        self.berths = {name: f"Vsource.g{row}" for row, name in enumerate(berths or {})}
        self._standing = dict(berths or {})
        self.units: dict[str, list[str]] = {}
        self.controls: dict[str, list[str]] = {}
        self.engine = new_engine()
        weakref.finalize(self, SPARE.append, self.engine)
        for text in self._texts(between):
            self.engine.Text.Command(text)
        self._bus_of = {name: bus for bus, name in self.bus.items()}

    def _texts(self, between: Iterable[Switch]) -> Iterator[str]:
        feeder = self.feeder
        yield f"Set DefaultBaseFrequency={HERTZ!r}"
        for source in feeder.sources:
            yield self._source(source)
        for name, (bus, v_pu) in self._standing.items():
            yield (
                f"New {self.berths[name]} bus1={self._at(bus, 'abc')} basekv={self.kv[bus]!r} pu={v_pu!r} phases=3 "
                f"r1=0 x1={STIFF_OHM} r0=0 x0={STIFF_OHM}"
            )
        for line in feeder.lines:
            yield self._line(line)
        for switch in between:
            yield (
                f"New {self.lines[switch.id]} {self._ends(switch.bus, str(switch.to_bus), switch.phases)} "
                f"phases={len(switch.phases)} r1={SWITCH_OHM} x1=0 r0={SWITCH_OHM} x0=0 c1=0 c0=0 length=1 units=none"
            )
        for row, one in enumerate(feeder.transformers):
            yield from self._transformer(row, one)
        yield from (self._load(row, load) for row, load in enumerate(feeder.loads))
        yield from (self._capacitor(row, one) for row, one in enumerate(feeder.capacitors))
        yield "MakeBusList"
        yield from (f"SetkVBase bus={self.bus[one.id]} kvll={one.kv!r}" for one in feeder.buses)
        yield from (f"Edit {source} enabled=no" for source in self.berths.values())
        yield f"Set mode=snapshot controlmode=static maxiterations={ITERATIONS} maxcontroliter={CONTROLS}"
        yield f"Set tolerance={TOLERANCE}"

    def _at(self, bus: str, phases: str) -> str:
        return ".".join((self.bus[bus], *(NODE[one] for one in phases)))

    def _ends(self, one: str, other: str, phases: str) -> str:
        return f"bus1={self._at(one, phases)} bus2={self._at(other, phases)}"

    def _source(self, one: Source) -> str:
        name = self.sources[one.id]
        name = "Circuit.feeder" if name == "Vsource.source" else name
        stiff = one.r_ohm == one.x_ohm == one.r0_ohm == one.x0_ohm == 0
        ohms = (0.0, STIFF_OHM, 0.0, STIFF_OHM) if stiff else (one.r_ohm, one.x_ohm, one.r0_ohm, one.x0_ohm)
        told = " ".join(f"{key}={value!r}" for key, value in zip(("r1", "x1", "r0", "x0"), ohms, strict=True))
        return (
            f"New {name} bus1={self._at(one.bus, 'abc')} basekv={self.kv[one.bus]!r} pu={one.v_pu!r} phases=3 "
            f"angle={one.angle!r} {told}"
        )

    def _line(self, one: Line) -> str:
        size = len(one.phases)
        nano = 1e3 / (2 * math.pi * HERTZ)
        farads = tuple(tuple(value * nano for value in row) for row in one.b_abc) or _same(one.b_us * nano, size)
        return (
            f"New {self.lines[one.id]} {self._ends(one.from_bus, one.to_bus, one.phases)} phases={size} units=none "
            f"length=1 rmatrix={_rows(one.r_abc or _same(one.r_ohm, size))} "
            f"xmatrix={_rows(one.x_abc or _same(one.x_ohm, size))} cmatrix={_rows(farads)}"
        )

    def _transformer(self, row: int, one: Transformer) -> Iterator[str]:
        """One unit with one tap, or one for each phase."""
        each = list(one.phases) if len(one.taps) > 1 or len(one.phases) < 3 else [one.phases]
        kv = one.kv or (self.kv[one.from_bus], self.kv[one.to_bus])
        conn = one.conn or "yy"
        mva = one.rating_mva or 1.0
        percent = 100.0 / (kv[1] ** 2 / mva)
        kva = mva * 1000.0 / (1 if each == [one.phases] and len(one.phases) == 3 else 3)
        by_phase = {control.phase: control for control in one.regulators}
        self.units[one.id], self.controls[one.id] = [], []
        for place, phases in enumerate(each):
            name = f"t{row}u{place}"
            volts = [value / (1.0 if len(phases) == 3 else ROOT3) for value in kv]
            self.units[one.id].append(f"Transformer.{name}")
            no_load, magnetising = one.g_us * 1e-6 * 1e4 / percent, -one.b_us * 1e-6 * 1e4 / percent
            yield (
                f"New Transformer.{name} phases={len(phases)} windings=2 xhl={one.x_ohm * percent!r} "
                f"buses=[{self._at(one.from_bus, phases)} {self._at(one.to_bus, phases)}] "
                f"conns=[{_conn(conn[0] == 'd')} {_conn(conn[1] == 'd')}] kvs=[{volts[0]!r} {volts[1]!r}] "
                f"kvas=[{kva!r} {kva!r}] %rs=[{one.r_ohm * percent / 2!r} {one.r_ohm * percent / 2!r}] "
                f"%noloadloss={no_load!r} %imag={magnetising!r}"
            )
            yield self.taps(one, place)
            control = by_phase.get(phases) if len(phases) == 1 else next(iter(one.regulators), None)
            if control is not None:
                yield f"Edit Transformer.{name} wdg=2 mintap={control.tap_min!r} maxtap={control.tap_max!r} " + (
                    f"numtaps={control.steps}"
                )
                self.controls[one.id].append(f"RegControl.{name}")
                yield self._control(name, control, phases)

    def taps(self, one: Transformer, place: int, *, neutral: bool = False) -> str:
        """The statement that sets the taps of one unit as the feeder has them, or to neutral."""
        tap = 1.0 if neutral or not one.taps else one.taps[place if len(one.taps) > 1 else 0]
        return f"Edit {self.units[one.id][place]} taps=[{one.ratio!r} {tap!r}]"

    def _control(self, name: str, one: Regulator, phases: str) -> str:
        return (
            f"New RegControl.{name} transformer={name} winding=2 vreg={one.volts!r} band={one.band!r} "
            f"ptratio={one.pt!r} ctprim={one.ct!r} r={one.r!r} x={one.x!r} maxtapchange={one.most_steps} "
            f"delay={one.delay!r} ptphase={phases.index(one.phase) + 1}"
        )

    def _rating(self, bus: str, phases: str, delta: bool, kv: float | None) -> tuple[int, float]:
        """Phases as OpenDSS counts them, and the rated voltage. [kV]"""
        across = len(phases) == 3 or (delta and len(phases) == 2)
        base = self.kv[bus] if across else self.kv[bus] / ROOT3
        return (1 if delta and len(phases) == 2 else len(phases)), kv if kv is not None else base

    def _load(self, row: int, one: Load) -> str:
        count, kv = self._rating(one.bus, one.phases, one.delta, one.kv)
        return (
            f"New Load.d{row} bus1={self._at(one.bus, one.phases)} phases={count} conn={_conn(one.delta)} kv={kv!r} "
            f"kw={one.kw!r} kvar={one.kvar!r} model={DSS_MODEL[one.draws]} vminpu={one.v_low!r} vmaxpu={one.v_high!r}"
        )

    def _capacitor(self, row: int, one: Capacitor) -> str:
        count, kv = self._rating(one.bus, one.phases, one.delta, one.kv)
        return (
            f"New Capacitor.c{row} bus1={self._at(one.bus, one.phases)} phases={count} conn={_conn(one.delta)} "
            f"kv={kv!r} kvar={one.kvar!r}"
        )

    def solve(self) -> bool:
        """Solve with controls; whether that came to an end."""
        try:
            self.engine.Solution.Solve()
        except refusals():
            return False
        return bool(self.engine.Solution.Converged()) and bool(self.engine.Solution.ControlActionsDone())

    def volts(self) -> dict[tuple[str, str], complex]:
        """Voltage to earth of each (bus, phase), whose order changes with what is in service. [pu]"""
        flat = self.engine.Circuit.AllBusVolts()
        found = {}
        for name, real, imag in zip(self.engine.Circuit.AllNodeNames(), flat[::2], flat[1::2], strict=True):
            bus, _, node = name.partition(".")
            place = self._bus_of[bus]
            found[place, "abc"[int(node) - 1]] = complex(real, imag) / (self.kv[place] * 1000.0 / ROOT3)
        return found

    def power(self, element: str) -> complex:
        """What a source gives. [MVA]"""
        self.engine.Circuit.SetActiveElement(element)
        flat = self.engine.CktElement.TotalPowers()
        return -complex(flat[0], flat[1]) / 1000.0

    def amperes(self, element: str) -> tuple[float, float]:
        """The largest current of a conductor at each end of an element. [A]"""
        self.engine.Circuit.SetActiveElement(element)
        flat: Sequence[float] = self.engine.CktElement.CurrentsMagAng()[::2]
        half = len(flat) // 2
        return max(flat[:half]), max(flat[half:])


def _conn(delta: bool) -> str:
    return "delta" if delta else "wye"


def _same(value: float, size: int) -> Matrix:
    """A matrix of conductors that do not touch each other."""
    return tuple(tuple(value if row == column else 0.0 for column in range(size)) for row in range(size))


def _rows(matrix: Matrix) -> str:
    return "[" + " | ".join(" ".join(repr(value) for value in row) for row in matrix) + "]"
