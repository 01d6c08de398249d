"""A feeder out of OpenDSS, with laterals of one and two phases, from its script to the end of the run."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from linhe.core.loop.refusals import Refused
from linhe.desks.power import services
from linhe.desks.power.engine import Problem
from linhe.desks.power.models import Feeder, Plan
from linhe.desks.power.services.feeders import read_apart
from linhe.lib.text import Text
from tests.integration.desks.power.world import County

SCRIPT = (Path(services.__file__).parents[1] / "sample" / "two-feeders.dss").read_text(encoding="utf-8")
SITES = [{"id": "P1", "bus": "A4"}]


def stored(county: County, text: str = SCRIPT) -> Feeder:
    return services.store_feeder(
        code="two-feeders", name=Text("两条出线", "two feeders"), place=county.places.district,
        from_date=date(2025, 1, 1), source="made up",
        case={"feeder": {"from": "opendss", "text": text}, "sites": SITES},
    )  # fmt: skip


def test_a_script_is_stored_as_a_feeder_of_the_desk(county: County) -> None:
    case = stored(county).case
    assert "from" not in case["feeder"]
    assert {one["id"]: one.get("phases") for one in case["feeder"]["buses"]}["A7"] == "bc"
    assert Problem.from_json(case).feeder.phased


def test_what_a_script_must_not_hold_comes_back_with_its_line(county: County) -> None:
    with pytest.raises(Refused, match="invalid") as told:
        stored(county, SCRIPT + "Export voltages\n")
    assert "第 53 行：'Export' 不是能读的命令" in told.value.details["case"]
    assert not Feeder.objects.filter(code="two-feeders").exists()


def test_a_file_that_brings_its_reader_down_takes_nothing_along() -> None:
    with pytest.raises(ValueError, match="brought its reader down"):
        read_apart({}, (sys.executable, "-c", "import os; os.abort()"))


def test_a_failed_line_goes_round_by_phase(county: County, client: Client) -> None:
    stored(county)
    matter = county.planned(county.alarm(feeder="two-feeders"), "LA3")
    plan = Plan.objects.get(outage=matter.pk)
    assert (plan.status, plan.proof) == ("restored", "optimal")
    assert [row["switch"] for row in plan.result["restore"]] == ["KT2"]
    client.force_login(county.dispatcher)
    assert client.get(f"/power/{matter.pk}/wall/").status_code == 200
    assert county.go_on(matter, lambda item: False) is None


def test_a_truck_takes_what_the_ties_cannot(county: County) -> None:
    feeder = stored(county)
    feeder.case["unavailable"] = ["KT1", "KT2"]
    feeder.save(update_fields=["case"])
    matter = county.planned(county.alarm(feeder="two-feeders"), "LA1")
    plan = Plan.objects.get(outage=matter.pk)
    assert len(plan.result["islands"]) == 1
    assert all(row["state"]["ok"] for row in plan.result["steps"] if row["state"])
