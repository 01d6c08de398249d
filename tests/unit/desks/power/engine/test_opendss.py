"""OpenDSS scripts: read as they mean it, and nothing but a description of a network is let through."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from linhe.desks.power.engine import Problem, solve
from linhe.desks.power.engine.check import Position
from linhe.desks.power.engine.check_phases import PhaseChecker
from linhe.desks.power.engine.importers import dss_script, opendss
from linhe.desks.power.engine.network import Feeder, Limits
from linhe.desks.power.engine.simulator import borrowed_engine, simulated

SAMPLE = Path(opendss.__file__).parents[2] / "sample"
TWO = (SAMPLE / "two-feeders.dss").read_text(encoding="utf-8")
IEEE = {one.name: one.read_text(encoding="utf-8") for one in (SAMPLE / "ieee123").iterdir()}
MASTER = "IEEE123Switches.dss"
HEAD = "New Circuit.c basekv=10 bus1=s\n"
LINE = "New Line.l1 bus1=s bus2=b r1=0.3 x1=0.4 r0=0.9 x0=1.2 c1=0 c0=0 length=2 units=km normamps=300\n"


@simulated
def own_solution(text: str, files: Mapping[str, str], folder: Path) -> dict[str, float]:
    """Volts of each node as OpenDSS itself solves the script, unread and unchanged."""
    for name, one in {**files, "main.dss": text}.items():
        (folder / name).write_text(one, encoding="utf-8")
    with borrowed_engine() as engine:
        engine.Text.Command(f'Redirect "{folder}/main.dss"')
        engine.Text.Command("Set tolerance=1e-9 maxiterations=200 maxcontroliter=200")
        engine.Solution.Solve()
        return dict(zip(engine.Circuit.AllNodeNames(), engine.Circuit.AllBusVMag(), strict=True))


@simulated
def imported_solution(feeder: Feeder) -> dict[str, float]:
    """Volts of each node as our circuit of the imported feeder solves it in the normal state."""
    checker = PhaseChecker(Problem(feeder=feeder, limits=Limits(v_min=0.9, v_max=1.1, thermal=False)))
    closed = {one.id: one.closed for one in feeder.switches}
    state = checker.states([Position(closed=closed, sources=frozenset(one.id for one in feeder.sources))])[0]
    assert state.ok, state.broken
    kv = {one.id: one.kv * 1000 / math.sqrt(3) for one in feeder.buses}
    return {
        f"{bus.casefold()}.{'abc'.index(phase) + 1}": abs(value) * kv[bus]
        for (bus, phase), value in checker.circuit.volts().items()
    }


@pytest.mark.parametrize(("text", "files"), [(TWO, {}), (IEEE[MASTER], IEEE)], ids=["two-feeders", "ieee123"])
def test_the_imported_feeder_solves_as_the_script_does(text: str, files: Mapping[str, str], tmp_path: Path) -> None:
    wanted = own_solution(text, files, tmp_path)
    found = imported_solution(opendss.read(text, files))
    assert set(found) == set(wanted)
    assert max(abs(found[node] - volts) / volts for node, volts in wanted.items()) < 1e-6


def test_a_feeder_comes_back_from_its_case() -> None:
    problem = Problem(feeder=opendss.read(IEEE[MASTER], IEEE), limits=Limits(thermal=False))
    assert Problem.from_json(json.loads(json.dumps(problem.to_json()))) == problem


def test_units_phases_and_ratings() -> None:
    feeder = opendss.read(TWO)
    lines = {one.id: one for one in feeder.lines}
    assert lines["LA1"].r_abc[0] == pytest.approx((0.405, 0.09, 0.09))
    assert lines["LA3"].r_abc[0][0] == pytest.approx(0.27 * 4000 * 0.0003048)
    assert lines["LA5"].r_abc == ((pytest.approx(1.33 * 0.8),),)
    assert lines["LA6"].r_abc[0][1] == pytest.approx(0.05 * 600 / 304.8)
    assert lines["LA6"].phases == "bc"
    assert lines["LA1"].rating_mva == pytest.approx(math.sqrt(3) * 10 * 0.32)
    assert lines["LA1"].emergency_mva == pytest.approx(math.sqrt(3) * 10 * 0.38)
    assert lines["LA6"].emergency_mva is None
    assert {one.id: one.phases for one in feeder.buses if one.phases != "abc"} == {
        "A5": "a", "A6": "a", "A7": "bc", "B5": "a",
    }  # fmt: skip
    assert [(one.id, one.kind, one.closed) for one in feeder.switches if one.kind != "sectionaliser"] == [
        ("KLA0", "breaker", True), ("KLB0", "breaker", True), ("KT1", "tie", False), ("KT2", "tie", False),
    ]  # fmt: skip
    loads = {one.id: one for one in feeder.loads}
    assert (loads["D5"].phases, loads["D5"].delta, loads["D5"].draws) == ("bc", True, "current")
    assert loads["D2"].kvar == pytest.approx(600 * math.tan(math.acos(0.95)))
    regulator = feeder.transformers[0]
    assert (regulator.id, regulator.phases, len(regulator.regulators)) == ("Reg", "abc", 3)


def test_a_rating_that_the_script_does_not_tell_is_missing() -> None:
    text = HEAD + LINE.replace("normamps=300", "")
    assert opendss.read(text).lines[0].rating_mva is None
    with pytest.raises(ValueError, match="rating_mva: is missing"):
        Problem(feeder=opendss.read(text))


def test_comments_continuations_arithmetic_and_short_forms() -> None:
    text = (
        HEAD + "/* Redirect a.dss\n Show voltages */\n" + LINE + "New Load.d bus1=b ! Export voltages\n"
        "~ phases=3 kv=10 // more\nMore kw=(100 2 *) kvar=50\nLoad.d.kw=300\nLine.l1.length=3 units=km\n"
    )
    feeder = opendss.read(text)
    assert feeder.loads[0].kw == 300
    assert feeder.lines[0].r_ohm == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Redirect /etc/passwd\n", "line 3: redirect passwd: this file was not handed in"),
        ("Compile (C:\\secret\\a.dss)\n", "line 3: compile a.dss: this file was not handed in"),
        ("Export voltages\n", "line 3: 'Export' is not a command"),
        ("Show powers kva elements\n", "line 3: 'Show'"),
        ("Set datapath=/tmp\n", "line 3: set datapath"),
        ("Set editor=/bin/sh\n", "line 3: set editor"),
        ("Set mode=yearly\n", "line 3: set mode"),
        ("Solve mode=daily\n", "line 3: 'Solve'"),
        ("DOScmd touch /tmp/x\n", "line 3: 'DOScmd'"),
        ("~ like=l1\nPlot circuit\n", "line 4: 'Plot'"),
        ("var @x=1\n", "line 3: 'var'"),
        ("FileEdit a.txt\n", "line 3: 'FileEdit'"),
        ("New PVSystem.p bus1=b\n", "line 3: elements of class 'pvsystem'"),
        ("New Generator.g bus1=b usermodel=evil.dll\n", "line 3: elements of class 'generator'"),
        ("New LoadShape.s npts=2 csvfile=a.csv\n", "line 3: elements of class 'loadshape'"),
        ("New Line.l2 bus1=b bus2=c geometry=g\n", "line 3: the property 'geometry' of a line"),
        ("New Line.l2 bus1=b bus2=c rmatrix=(file=/etc/passwd)\n", "line 3: rmatrix='file=/etc/passwd' has"),
        ("New Load.d bus1=@x kw=1\n", "line 3: bus1='@x' has characters"),
        ("New Load.d b 3 10\n", "line 3: 'b' without the name of a property"),
        ("New Load.d bus1=b kv=10 kw=5 model=8 zipv=[1 0 0 1 0 0 0.8]\n", "line 3: the property 'zipv'"),
        ("New Load.d bus1=b kv=10 kw=5 model=3\n", "model 3 is not read"),
        ("New Load.d bus1=b.1.4 phases=1 kv=5.8 kw=5\n", "only phases 1, 2, 3 and earth"),
        ("New Line.l2 bus1=b.1.2 bus2=c.2.3 phases=2 r1=1 x1=1\n", "joins phases ab with bc"),
        ("New Transformer.t windings=3 buses=[b c d]\n", "only transformers of two windings"),
        (
            "New Transformer.t buses=[b c] kvs=[10 0.4]\nNew RegControl.r transformer=t winding=1 vreg=120\n",
            "winding 2",
        ),
        ("New RegControl.r transformer=nobody winding=2 vreg=120\n", "line 3"),
        ("New Circuit.two basekv=1\n", "line 3: a second circuit"),
        ("Open Transformer.t 1\n", "line 3: open Transformer.t: only a line"),
        ("Open Line.l1 3\n", "line 3: open Line.l1: only a line"),
        ("Line.l1.switch=yes geometry=g\n", "line 3: the property 'geometry'"),
        ("New Line.l2 bus1=b bus2=c phases=90000\n", "line 3: phases='90000': only 1, 2 and 3"),
        ("New Load.a;b bus1=b kw=1\n", "is not a name"),
    ],
    ids=lambda value: value.strip()[:24] if isinstance(value, str) and value.endswith("\n") else "",
)
def test_what_is_more_than_a_network_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(ValueError, match="opendss") as told:
        opendss.read(HEAD + LINE + text)
    assert words in str(told.value)


def test_files_that_name_each_other_come_to_an_end() -> None:
    with pytest.raises(ValueError, match=r"a\.dss line 1: redirect a\.dss: files name each other too deep"):
        opendss.read(HEAD + "Redirect a.dss\n", {"a.dss": "Redirect a.dss\n"})


def test_nothing_is_written_and_the_folder_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    feeder = opendss.read(TWO)
    solve(Problem(feeder=feeder))
    assert list(tmp_path.iterdir()) == []
    assert Path.cwd() == tmp_path


def test_values_cannot_break_out_of_their_statement() -> None:
    script = dss_script.parse(HEAD + LINE + "New Load.d bus1=b kw='1) Redirect x (' kv=10\n")
    assert script.made[-1].text == "New load.d bus1=b kw=[1) Redirect x (] kv=10"


def test_a_case_may_hold_the_script_as_it_is() -> None:
    case = {
        "feeder": {"from": "opendss", "text": IEEE[MASTER], "files": IEEE}, "fault": {"elements": ["L52"]},
        "limits": {"thermal": False},
    }  # fmt: skip
    problem = Problem.from_json(case)
    assert problem.feeder == replace(opendss.read(IEEE[MASTER], IEEE))
    with pytest.raises(ValueError, match=r"feeder\.from: 'visio' is none of opendss"):
        Problem.from_json({"feeder": {"from": "visio", "text": ""}})
    with pytest.raises(ValueError, match=r"feeder\.lines: is not a known name"):
        Problem.from_json({"feeder": {"from": "opendss", "text": TWO, "lines": []}})
