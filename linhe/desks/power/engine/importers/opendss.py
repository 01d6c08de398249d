"""Reads OpenDSS scripts, with their phases: what passed the lists of ``dss_script`` is built and then read element by
element, so that units, line codes, ``like`` and defaults mean what they mean there.

References
----------
R. C. Dugan, T. E. McDermott (2011), An open source platform for collaborating on smart grid research,
doi:10.1109/PES.2011.6039829.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from linhe.desks.power.engine.importers.building import Draft
from linhe.desks.power.engine.importers.dss_script import AMPERES, Made, Script, parse
from linhe.desks.power.engine.importers.dss_units import banked, regulators_of, transformer_of
from linhe.desks.power.engine.network import (
    Bus,
    Capacitor,
    Draws,
    Feeder,
    Line,
    Load,
    Matrix,
    Source,
    Switch,
    SwitchKind,
    Transformer,
)
from linhe.desks.power.engine.simulator import borrowed_engine, refusals, simulated

DRAWS: dict[int, Draws] = {1: "power", 2: "impedance", 5: "current"}
LEAST_US = 1e-3
"""The simulator puts 0.042 µS at every node, so that none floats."""

MICRO = 1e6
MOST_OHM = 1e6


@simulated
def read(text: str, beside: Mapping[str, str] | None = None) -> Feeder:
    """A feeder from the text of a script; ``beside`` holds the files that it names. ValueError tells what and where."""
    script = parse(text, beside)
    with borrowed_engine() as engine:
        engine.Text.Command(f"Set DefaultBaseFrequency={script.frequency!r}")
        for one in script.made:
            if one.kind != "regcontrol" or script.controls:
                _make(engine, one)
        try:
            return _Reader(engine, script).feeder()
        except refusals() as error:
            raise ValueError(f"opendss: {_plain(error)}") from None


def _make(engine: Any, one: Made) -> None:
    made = one.text
    if one.kind == "vsource" and one.name == "source" and one.new:
        made = made.replace("New vsource.source", "New Circuit.imported", 1)
    try:
        engine.Text.Command(made)
    except refusals() as error:
        raise ValueError(f"opendss: {one.where}: {_plain(error)}") from None


def _plain(error: Exception) -> str:
    return str(error.args[-1]).splitlines()[0][:200] if error.args else "is not read"


@dataclass(kw_only=True)
class _Ids:
    """Names as the script spells them; buses, lines, transformers and switches share one set."""

    spelled: Mapping[str, str]
    taken: dict[str, str] = field(default_factory=dict)

    def __call__(self, kind: str, name: str) -> str:
        found = self.spelled.get(f"{kind}.{name.casefold()}", name)
        if self.taken.setdefault(found, kind) != kind:
            found = f"{kind}-{found}"
            self.taken[found] = kind
        return found


class _Reader:
    """One built circuit, element by element."""

    def __init__(self, engine: Any, script: Script) -> None:
        self.engine, self.script = engine, script
        self.id = _Ids(spelled=script.spelled)
        self.draft = Draft()
        self.phases: dict[str, set[str]] = {}
        self.kv: dict[str, float] = {}

    def feeder(self) -> Feeder:
        engine, draft = self.engine, self.draft
        off = {name.casefold() for name in engine.Lines.AllNames() if not self._enabled(f"Line.{name}")}
        engine.Text.Command("BatchEdit Line..* enabled=yes")
        engine.YMatrix.BuildYMatrixD(0, 0)
        draft.sources += [self._source(name) for name in engine.Vsources.AllNames()]
        units = [transformer_of(self, name) for name in engine.Transformers.AllNames() if self._on("Transformer", name)]
        controls = regulators_of(engine)
        wound = banked(units, controls)
        for name in engine.Lines.AllNames():
            self._line(name, name.casefold() in off)
        self._bases(wound)
        draft.transformers += [one for one in wound if {one.from_bus, one.to_bus} <= set(self.kv)]
        draft.lines = [self._rated(one) for one in draft.lines if {one.from_bus, one.to_bus} <= set(self.kv)]
        draft.loads += [self._load(name) for name in engine.Loads.AllNames() if self._on("Load", name)]
        draft.capacitors += [
            self._capacitor(name) for name in engine.Capacitors.AllNames() if self._on("Capacitor", name)
        ]
        draft.buses += [
            Bus(id=name, kv=self.kv[name], phases="".join(sorted(have))) for name, have in self.phases.items()
            if name in self.kv
        ]  # fmt: skip
        draft.switches = _kinds(draft)
        return draft.feeder(self.script.circuit, "OpenDSS")

    def _enabled(self, element: str) -> bool:
        self.engine.Circuit.SetActiveElement(element)
        return bool(self.engine.CktElement.Enabled())

    def _on(self, kind: str, name: str) -> bool:
        return self._enabled(f"{kind}.{name}")

    def ends(self, element: str, *, neutral: bool = True) -> list[tuple[str, str]]:
        """(bus, phases in the order of the conductors) at each terminal of an element, which becomes the active one."""
        self.engine.Circuit.SetActiveElement(element)
        named = [one.partition(".")[0] for one in self.engine.CktElement.BusNames()]
        nodes = np.array(self.engine.CktElement.NodeOrder()).reshape(len(named), -1)
        found = []
        for bus, at in zip(named, nodes, strict=True):
            if max(at) > 3 or (0 in at and not neutral):
                raise ValueError(
                    f"opendss: {element}: node {max(at)} of bus {bus}: only phases 1, 2, 3 and earth are read"
                )
            phases = "".join("abc"[node - 1] for node in at if node)
            if len(set(phases)) != len(phases):
                raise ValueError(f"opendss: {element}: one phase twice at bus {bus}")
            place = self.id("bus", bus)
            self.phases.setdefault(place, set()).update(phases)
            found.append((place, phases))
        return found

    def _primitive(self) -> np.ndarray[Any, Any]:
        """The admittances of the active element. [S]"""
        flat = np.array(self.engine.CktElement.YPrim()).view(np.complex128)
        size = math.isqrt(len(flat))
        return flat.reshape(size, size)

    def _source(self, name: str) -> Source:
        bus, phases = self.ends(f"Vsource.{name}")[0]
        if sorted(phases) != ["a", "b", "c"]:
            raise ValueError(f"opendss: Vsource.{name}: only sources of three phases are read")
        z = _inverse(self._primitive()[:3, :3], f"Vsource.{name}")
        own, mutual = np.trace(z) / 3, (z.sum() - np.trace(z)) / 6
        self.engine.Vsources.Name(name)
        kv = self.engine.Vsources.BasekV()
        if self.kv.setdefault(bus, kv) != kv:
            raise ValueError(f"opendss: Vsource.{name}: a second base voltage at bus {bus}")
        one, zero = complex(own - mutual), complex(own + 2 * mutual)
        return Source(
            id=f"S{name}", bus=bus, v_pu=self.engine.Vsources.PU(), r_ohm=one.real, x_ohm=one.imag, r0_ohm=zero.real,
            x0_ohm=zero.imag, angle=self.engine.Vsources.AngleDeg(),
        )  # fmt: skip

    def _line(self, name: str, off: bool) -> None:
        (from_bus, phases), (to_bus, others) = self.ends(f"Line.{name}", neutral=False)
        if phases != others:
            raise ValueError(f"opendss: Line.{name}: joins phases {phases} with {others}")
        n = len(phases)
        y = self._primitive()
        z, shunt = _inverse(-y[:n, n:], f"Line.{name}"), 2 * (y[:n, :n] + y[:n, n:]).imag * MICRO
        order = np.argsort(list(phases))
        z, shunt = z[np.ix_(order, order)], shunt[np.ix_(order, order)]
        shunt[np.abs(shunt) < LEAST_US] = 0.0
        self.engine.Lines.Name(name)
        is_switch, opened = self.engine.Lines.IsSwitch(), self.script.opened.get(name.casefold(), set())
        if off and not is_switch:
            return
        line = self.id("line", name)
        known = [(f"line.{name.casefold()}", one) in self.script.rated for one in AMPERES]
        amperes = [
            value if told else None
            for told, value in zip(known, (self.engine.Lines.NormAmps(), self.engine.Lines.EmergAmps()), strict=True)
        ]
        mean, mutual = np.trace(z) / n, (z.sum() - np.trace(z)) / max(n * (n - 1), 1)
        self.draft.lines.append(
            Line(
                id=line, from_bus=from_bus, to_bus=to_bus, phases="".join(sorted(phases)),
                r_ohm=_figure((mean - mutual).real), x_ohm=_figure((mean - mutual).imag),
                b_us=_figure(_sequence(shunt)), r_abc=_matrix(z.real), x_abc=_matrix(z.imag), b_abc=_matrix(shunt),
                rating_mva=amperes[0], emergency_mva=amperes[1] if known[0] else None,
            )
        )  # fmt: skip
        if is_switch or opened:
            for end in sorted(opened or {1}):
                self.draft.switches.append(
                    Switch(
                        id=self.id("switch", f"K{line}" if end == 1 else f"K{line}-2"), kind="sectionaliser",
                        bus=(from_bus, to_bus)[end - 1], element=line, closed=not (off or opened),
                        phases="".join(sorted(phases)), number=line,
                    )
                )  # fmt: skip

    def _bases(self, wound: Iterable[Transformer]) -> None:
        """Base voltages, from the sources along lines and over transformers."""
        joined: dict[str, list[tuple[str, float]]] = {}
        for one in self.draft.lines:
            joined.setdefault(one.from_bus, []).append((one.to_bus, 1.0))
            joined.setdefault(one.to_bus, []).append((one.from_bus, 1.0))
        for unit in wound:
            ratio = unit.kv[1] / unit.kv[0]
            joined.setdefault(unit.from_bus, []).append((unit.to_bus, ratio))
            joined.setdefault(unit.to_bus, []).append((unit.from_bus, 1 / ratio))
        todo = list(self.kv)
        while todo:
            at = todo.pop()
            for other, ratio in joined.get(at, ()):
                if other not in self.kv:
                    self.kv[other] = self._base(self.kv[at], self.kv[at] * ratio)
                    todo.append(other)

    def _base(self, here: float, exact: float) -> float:
        """The base voltage that a computed one stands for: the neighbour's, or one that the script lists."""
        near = [one for one in (here, *self.script.bases) if abs(one - exact) < 0.05 * exact]
        return min(near, key=lambda one: abs(one - exact)) if near else exact

    def _rated(self, one: Line) -> Line:
        """Amperes as MVA at the line's base voltage."""
        factor = math.sqrt(3) * self.kv[one.from_bus] / 1000.0
        normal, emergency = (None if one is None else one * factor for one in (one.rating_mva, one.emergency_mva))
        return replace(one, rating_mva=normal, emergency_mva=emergency)

    def _load(self, name: str) -> Load:
        bus, phases = self.ends(f"Load.{name}")[0]
        engine = self.engine
        engine.Loads.Name(name)
        model, delta = engine.Loads.Model(), engine.Loads.IsDelta()
        if model not in DRAWS:
            raise ValueError(f"opendss: Load.{name}: model {model} is not read (1, 2 and 5 are)")
        own = engine.Loads.Phases()
        if (own, delta, len(phases)) not in ((1, False, 1), (1, True, 2), (3, False, 3), (3, True, 3), (1, False, 2)):
            raise ValueError(f"opendss: Load.{name}: {own} phases between nodes {phases} are not read")
        return Load(
            id=self.script.spelled.get(f"load.{name.casefold()}", name), bus=bus, kw=engine.Loads.kW(),
            kvar=engine.Loads.kvar(), phases="".join(sorted(phases)), delta=delta or (own == 1 and len(phases) == 2),
            draws=DRAWS[model], kv=engine.Loads.kV(), v_low=engine.Loads.Vminpu(), v_high=engine.Loads.Vmaxpu(),
        )  # fmt: skip

    def _capacitor(self, name: str) -> Capacitor:
        ends = self.ends(f"Capacitor.{name}")
        engine = self.engine
        engine.Capacitors.Name(name)
        if any(phases for _, phases in ends[1:]) or engine.Capacitors.NumSteps() != 1:
            raise ValueError(f"opendss: Capacitor.{name}: only fixed ones from a bus to earth are read")
        bus, phases = ends[0]
        return Capacitor(
            id=self.script.spelled.get(f"capacitor.{name.casefold()}", name), bus=bus, kvar=engine.Capacitors.kvar(),
            kv=engine.Capacitors.kV(), phases="".join(sorted(phases)), delta=engine.Capacitors.IsDelta(),
        )  # fmt: skip


def _inverse(matrix: np.ndarray[Any, Any], element: str) -> np.ndarray[Any, Any]:
    """Impedances out of admittances."""
    try:
        z: np.ndarray[Any, Any] = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        z = np.full_like(matrix, np.nan)
    if not np.isfinite(z).all() or not np.abs(z).max() < MOST_OHM:
        raise ValueError(f"opendss: {element}: its impedance is not plausible")
    return z


def _figure(value: float) -> float:
    """Without the last digits, which are noise of inverting, and not below zero."""
    return max(0.0, round(float(value), 12))


def _sequence(matrix: np.ndarray[Any, Any]) -> float:
    """The positive sequence of a matrix that is taken as symmetrical."""
    n = len(matrix)
    own = float(np.trace(matrix)) / n
    return own - (float(matrix.sum()) - own * n) / max(n * (n - 1), 1)


def _matrix(values: np.ndarray[Any, Any]) -> Matrix:
    even = np.round((values + values.T) / 2, 12) + 0.0
    return tuple(tuple(map(float, row)) for row in even)


def _kinds(draft: Draft) -> list[Switch]:
    """Switches by what they are for: open ones are ties, the first on the way from a source is its breaker."""
    wires: list[Line | Transformer] = [*draft.lines, *draft.transformers]
    ends = {one.id: (one.from_bus, one.to_bus) for one in wires}
    guarded = {str(one.element) for one in draft.switches}
    first: set[str] = set()
    seen, todo = set(), [one.bus for one in draft.sources]
    while todo:
        at = todo.pop()
        if at in seen:
            continue
        seen.add(at)
        for name, pair in ends.items():
            if at in pair and name in guarded:
                first.add(name)
            elif at in pair:
                todo += pair
    found = []
    for one in draft.switches:
        kind: SwitchKind = "tie" if not one.closed else "breaker" if one.element in first else "sectionaliser"
        found.append(replace(one, kind=kind, remote=kind != "sectionaliser"))
    return found
