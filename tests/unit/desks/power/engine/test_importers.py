"""Feeders from other programs' files: conversions after the tables, tables by white-listed names."""

from __future__ import annotations

import json

import pytest

from linhe.desks.power.engine import Problem
from linhe.desks.power.engine.importers import matpower, pandapower, simbench
from linhe.desks.power.engine.network import Limits

CASE = """function mpc = tiny
mpc.baseMVA = 10;
mpc.bus = [ %% in kW
 1 3 0 0 0 0 1 1 0 10 1 1 1;
 2 1 100 60 0 0 1 1 0 10 1 1.1 0.9;
 3 1 200 80 0 0 1 1 0 10 1 1.1 0.9;
];
mpc.gen = [
 1 0 0 10 -10 1.02 100 1 10 0;
];
mpc.branch = [ %% in ohms
 1 2 0.5 0.4 0 3 4 0 0 0 1 -360 360;
 2 3 0.6 0.3 0 3 4 0 0 0 1 -360 360;
 1 3 1.0 1.0 0 3 4 0 0 0 0 -360 360;
];
Vbase = mpc.bus(1, BASE_KV) * 1e3;
Sbase = mpc.baseMVA * 1e6;
"""
CONVERTED = """mpc.branch(:, [BR_R BR_X]) = mpc.branch(:, [BR_R BR_X]) / (Vbase^2 / Sbase);
mpc.bus(:, [PD, QD]) = mpc.bus(:, [PD, QD]) / 1e3;
"""


def test_conversions_after_the_tables_are_followed() -> None:
    feeder = matpower.read(CASE + CONVERTED)
    assert [one.kw for one in feeder.loads] == [100, 200]
    assert [one.r_ohm for one in feeder.lines] == [0.5, 0.6, 1.0]
    assert [one.closed for one in feeder.switches] == [True, True, True, True, False, True]
    assert feeder.sources[0].v_pu == 1.02
    assert Problem(feeder=feeder, limits=Limits()).feeder.lines[0].rating_mva == 3


def test_without_them_the_tables_stand_in_megawatts_and_per_unit() -> None:
    feeder = matpower.read(CASE)
    assert [one.kw for one in feeder.loads] == [100_000, 200_000]
    assert feeder.lines[0].r_ohm == pytest.approx(0.5 * 10**2 / 10)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CASE + "mpc.branch(:, BR_R) = mpc.branch(:, BR_R) * 2;\n", "not known"),
        (CASE.replace("mpc.baseMVA = 10;", ""), "baseMVA"),
        (CASE.replace("0.5 0.4", "0.5 x"), "mpc.branch"),
        (CASE.replace("mpc.gen = [", "mpc.other = ["), "mpc.gen is missing"),
    ],
)
def test_what_is_not_understood_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        matpower.read(text)


def table(columns: list[str], *rows: list[object]) -> dict[str, object]:
    content = {"columns": columns, "index": list(range(len(rows))), "data": rows}
    return {"_module": "os", "_class": "system", "_object": json.dumps(content)}


def network(**changes: dict[str, object]) -> str:
    tables = {
        "bus": table(["vn_kv", "name", "in_service"], [110, "HV", True], [20, "A", True], [20, "B", True],
                     [20, "C", True]),
        "trafo": table(
            ["hv_bus", "lv_bus", "sn_mva", "vn_hv_kv", "vn_lv_kv", "vk_percent", "vkr_percent", "in_service"],
            [0, 1, 25, 110, 20, 10, 0.5, True], [0, 1, 25, 110, 20, 10, 0.5, True],
        ),
        "line": table(
            ["from_bus", "to_bus", "length_km", "r_ohm_per_km", "x_ohm_per_km", "c_nf_per_km", "max_i_ka"],
            [1, 2, 2, 0.3, 0.3, 10, 0.3], [2, 3, 1, 0.3, 0.3, 10, 0.3], [1, 3, 1, 0.3, 0.3, 10, 0.3],
        ),
        "switch": table(["bus", "element", "et", "type", "closed"], [1, 0, "l", "CB", True], [3, 2, "l", "LBS", False]),
        "load": table(["bus", "p_mw", "q_mvar", "scaling"], [2, 1.0, 0.2, 0.5], [3, 2.0, 0.4, None]),
        "ext_grid": table(["bus", "vm_pu"], [0, 1.02]),
    } | changes  # fmt: skip
    return json.dumps({"_module": "subprocess", "_class": "Popen", "_object": tables})


def test_a_pandapower_file_is_read_by_its_tables_and_no_class_of_it_is_made() -> None:
    feeder = pandapower.read(network())
    assert [one.kw for one in feeder.loads] == [500, 2000]
    assert len(feeder.transformers) == 1, "two in parallel are one"
    assert feeder.transformers[0].rating_mva == 50
    assert feeder.lines[0].b_us == pytest.approx(2 * 3.14159265 * 50 * 20e-9 * 1e6)
    assert [one.kind for one in feeder.switches] == ["breaker", "tie"]
    assert Problem(feeder=feeder).feeder.sources[0].v_pu == 1.02


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[]", "no network"),
        ("{", "not JSON"),
        (network(bus={"_object": "[1]"}), "is not a table"),
        (network(ext_grid=table(["bus", "vm_pu"])), "ext_grid"),
    ],
)
def test_other_files_are_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        pandapower.read(text)


TABLES = {
    "Node": "id;vmSetp;vmR\nHV;1.025;110\nHVb;NULL;110\nA0;NULL;20\nA;NULL;20\nB;NULL;20\nC;NULL;20\nC1;NULL;20\n",
    "Line": "id;nodeA;nodeB;type;length\nl1;A;B;cable;2\nl2;B;C;cable;1\nl3;A;C1;cable;1\n",
    "LineType": "id;r;x;b;iMax\ncable;0.3;0.2;80;270\n",
    "Switch": "id;nodeA;nodeB;type;cond\nh;HV;HVb;CB;1\ns0;A0;A;CB;1\ns1;C1;C;LBS;0\n",
    "Load": "id;node;pLoad;qLoad\nd1;B;0.5;0.1\nd2;C;0.4;0.1\n",
    "ExternalNet": "id;node\nx;HV\n",
    "Transformer": "id;nodeHV;nodeLV;type;tappos\nt1;HV;A0;big;-1\nt2;HVb;A0;big;-1\n",
    "TransformerType": "id;sR;vmHV;vmLV;vmImp;pCu;pFe;iNoLoad;tapside;dVm;tapNeutr\n"
    "big;25;110;20;12;102;14;0.07;HV;1.5;0\n",
}


def test_simbench_tables_are_read_with_their_switches_between_nodes() -> None:
    problem = Problem(feeder=simbench.read(TABLES))
    assert [one.kw for one in problem.feeder.loads] == [500, 400]
    assert problem.feeder.sources[0].v_pu == 1.025
    (transformer,) = problem.feeder.transformers
    assert transformer.rating_mva == 50
    assert transformer.ratio == pytest.approx(0.985)
    assert problem.feeder.lines[0].b_us == pytest.approx(160)
    assert [(one.kind, one.closed) for one in problem.feeder.switches] == [("breaker", True), ("load_break", False)]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("Line", "id;nodeA\n", "no column"),
        ("Line", "id;nodeA;nodeB;type;length\nl1;A;Z;cable;2\n", "no 'Z'"),
        ("Load", "id;node;pLoad;qLoad\nd1;B;many;0\n", "not a number"),
    ],
)
def test_simbench_tables_that_do_not_fit_are_refused(name: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        simbench.read(TABLES | {name: text})
