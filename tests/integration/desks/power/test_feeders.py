"""Feeders are handed in on a page, shown as they were understood, and taken over by another person."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from linhe.core.loop.models import Event, Matter
from linhe.core.people.models import Account
from linhe.desks.power import services
from linhe.desks.power.models import Feeder, FeederChange, Outage
from linhe.desks.power.queries.feeders import differences
from linhe.desks.power.services import feeder_files
from linhe.desks.power.services.feeder_faults import in_both
from linhe.lib.uploads import MOST_BYTES
from tests.factories import make_district, make_post
from tests.integration.desks.power.world import AT, CASE, County
from tests.unit.desks.power.engine.test_importers import CASE as MATPOWER
from tests.unit.desks.power.engine.test_importers import CONVERTED, TABLES, network

SAMPLE = Path(services.__file__).parents[1] / "sample"
SCRIPT = (SAMPLE / "two-feeders.dss").read_text(encoding="utf-8")
OWN = {part: CASE[part] for part in ("feeder", "sites", "limits") if part in CASE}
Answer = Callable[..., Any]


def signed_in(account: Account) -> Client:
    client = Client()
    client.force_login(account)
    return client


def packed(files: Mapping[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def bomb() -> bytes:
    """A few kilobytes that unpack to more than there is room for, with a size in the directory that tells nothing."""
    content = bytearray(packed({"Node.csv": "x" * (feeder_files.MOST_UNPACKED + 10)}))
    at = content.rindex(b"PK\x01\x02") + 24
    content[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(content)


def ieee123() -> bytes:
    return packed({f"ieee123/{one.name}": one.read_text(encoding="utf-8") for one in SAMPLE.glob("ieee123/*.[dD]*")})


def hand_in(county: County, content: bytes | str, *, filename: str = "feeder.json", **fields: str) -> Any:
    raw = content.encode() if isinstance(content, str) else content
    sent = {
        "key": str(uuid4()), "code": "xi-1", "name": "城西一线", "from_date": "2026-03-01", "source": "GIS 2026-02",
        "file": SimpleUploadedFile(filename, raw),
    } | fields  # fmt: skip
    return signed_in(county.dispatcher).post("/power/feeders/new/", sent)


def do(county: County, by: Account, action: str, **fields: str) -> Any:
    matter = Matter.objects.filter(kind="power_feeder").latest("pk")
    sent = {"key": str(uuid4()), "version": str(matter.version)} | fields
    return signed_in(by).post(f"/power/feeders/{matter.pk}/do/{action}/", sent)


FILES: dict[str, tuple[str, bytes | str, dict[str, str], int]] = {
    "linhe": ("a.json", json.dumps(OWN), {}, len(OWN["feeder"]["buses"])),
    "linhe, the feeder alone": ("a.json", json.dumps(CASE["feeder"]), {"unrated": "on"}, len(OWN["feeder"]["buses"])),
    "pandapower": ("net.json", network(), {}, 4),
    "matpower": ("case3.m", MATPOWER + CONVERTED, {}, 3),
    "simbench": ("net.zip", packed({f"net/{name}.csv": text for name, text in TABLES.items()}), {}, 6),
    "opendss": ("two.dss", SCRIPT, {}, 13),
    "opendss, packed": ("ieee123.zip", ieee123(), {"unrated": "on"}, 130),
}


@pytest.mark.parametrize("what", FILES)
def test_a_file_of_each_sort_is_read_shown_and_taken_over(county: County, what: str) -> None:
    name, content, fields, buses = FILES[what]
    answer = hand_in(county, content, filename=name, **fields)
    assert answer.status_code == 302, answer.context["details"]
    change = FeederChange.objects.get()
    assert change.form == what.partition(",")[0]
    assert change.file == name
    page = signed_in(county.supervisor).get(answer["Location"])
    told = page.context["told"]
    assert len(change.case["feeder"]["buses"]) == buses
    assert {str(name): value for name, value in told["figures"]}["母线"] == buses
    assert '<svg class="ol"' in page.content.decode()
    assert not Feeder.objects.filter(code="xi-1").exists()
    assert do(county, county.supervisor, "adopt").status_code == 302
    stored = Feeder.objects.get(code="xi-1")
    assert (stored.version, stored.case, stored.change) == (1, change.case, change)
    assert signed_in(county.observer).get(f"/power/feeders/versions/{stored.pk}/").status_code == 200
    event = Event.objects.get(matter__kind="power_feeder", action="adopt")
    assert event.data == {"version": 1, "digest": change.digest}


FEWER = TABLES | {"Load": "id;node\n"}
BAD: dict[str, tuple[bytes | str, str]] = {
    "empty": (b"", "为空|空的"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(40), "不是文本文件"),
    "another table": ("a;b;c\n1;2;3\n", "认不出"),
    "broken JSON": ('{"feeder": {\n "buses": [}', "第 2 行第 12 列"),
    "deep JSON": ('{"a":' + "[" * 200_000, "嵌套过深|第 1 行"),
    "no feeder": ("{}", "没有 feeder"),
    "a loop": (json.dumps(OWN | {"feeder": OWN["feeder"] | {"switches": []}}), "正常方式下成环"),
    "an unknown name": (json.dumps({"feeder": {**OWN["feeder"], "linse": []}}), "线路.linse：没有这个字段"),
    "a NaN": (json.dumps(OWN).replace('"kv": 12.66', '"kv": NaN', 1), "不是有限的数"),
    "what jsonb cannot hold": (json.dumps({"feeder": OWN["feeder"] | {"name": "a\0"}}), "不能保存的字符"),
    "a comma in an id": (json.dumps(OWN).replace('"id": "D2"', '"id": "D,2"'), "不含逗号"),
    "a command": (SCRIPT + "Export voltages\n", "第 53 行：'Export' 不是能读的命令"),
    "a file that is not there": (SCRIPT + "Redirect /etc/passwd\n", "没有一并上传 passwd"),
    "a short row": (MATPOWER.replace(" 2 1 100 60 0 0 1 1 0 10 1 1.1 0.9;", " 2 1;"), "IndexError"),
    "no base": (MATPOWER.replace("mpc.baseMVA = 10;", ""), "缺少 mpc.baseMVA"),
    "a table of something else": (network(bus={"_object": "[1]"}), "pandapower.bus：不是 columns"),
    "a column too few": (packed({f"{name}.csv": text for name, text in FEWER.items()}), "缺列"),
    "an archive of nothing": (packed({"readme.md": "x"}), "既没有 simbench"),
    "two circuits": (packed({"a.dss": SCRIPT, "b.dss": SCRIPT}), "只留一个"),
    "the same name twice": (packed({"a/Node.csv": "x", "b/Node.csv": "x"}), "两个 Node.csv"),
    "a bomb": (packed({"Node.csv": "x" * (feeder_files.MOST_UNPACKED + 10)}), "太多或太大"),
    "a bomb that lies": (bomb(), "太多或太大|打不开"),
    "too many": (packed({f"{n}.csv": "" for n in range(feeder_files.MOST_MEMBERS + 1)}), "太多或太大"),
    "cut off": (ieee123()[:-200], "打不开"),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_what_cannot_be_right_comes_back_with_its_place_and_all_that_was_typed(county: County, what: str) -> None:
    content, words = BAD[what]
    answer = hand_in(county, content, source="GIS <2>", sites="P1, 2, 校门")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert any(one in answer.context["details"]["file"] for one in words.split("|")), answer.context["details"]
    assert 'value="xi-1"' in page
    assert 'value="GIS &lt;2&gt;"' in page
    assert "P1, 2, 校门" in page
    assert not Matter.objects.filter(kind="power_feeder").exists()


def test_a_file_over_the_cap_and_fields_that_are_wrong_are_told(county: County) -> None:
    assert "20 MB" in hand_in(county, b" " * (MOST_BYTES + 1)).context["details"]["file"]
    wrong = hand_in(county, json.dumps(OWN), code="Ö", name="", source="", from_date="2026-13-01")
    assert set(wrong.context["details"]) >= {"code", "name", "source", "from_date"}
    for sites, words in (("P1, 2, 门口\nP2", "第 2 行"), ("P1, 9", "没有母线 9")):
        assert words in hand_in(county, MATPOWER + CONVERTED, sites=sites).context["details"]["sites"]


def test_english_readers_get_the_sentence_in_english() -> None:
    line = "lines[L2]: r_ohm -1, x_ohm 2: zero or negative impedance"
    assert in_both(line).zh == "线段[L2]：阻抗为零或为负（r -1，x 2）。"
    assert in_both(line).en == "Lines[L2]: r_ohm -1, x_ohm 2: zero or negative impedance"
    assert in_both("something new").zh == "something new"


def test_every_sentence_of_the_engine_about_data_is_there_in_chinese() -> None:
    told = [
        "feeder.lines[L1].r_ohm: 'x' is not a number", "buses[1].kv: 0 is not a voltage in kV",
        "switches[K]: L9 does not end at bus 4", "lines: half of them have less than 1e-09 ohm: ohms or per unit?",
        "L7: parallel to L3 between buses 2 and 4", "L35: closes a loop in the normal state, at bus 8",
        "K1: closes in parallel with S1 in the normal state, at bus 8", "loads[D]: not fed in the normal state (bus 5)",
        "KT.phases: a tie of phases a would leave others dead", "sites[P1]: off the network, there is no bus 99",
        "lines[L2].rating_mva: is missing, but thermal limits are asked for",
        "opendss: a.dss line 4: elements of class 'fuse' are not read", "simbench: there is no 'Z'",
        "matpower: mpc.branch: could not convert string to float: 'x'", "feeder: reading the file took more than 60 s",
        "loads[D1]: 5e+06 kW, 3 kvar is implausible: kW or W?", "opendss: line 3: phases='9': only 1, 2 and 3 are read",
    ]  # fmt: skip
    for line in told:
        assert in_both(line).zh != line, line
    assert in_both(told[10]).zh == "线段[L2].rating_mva：缺额定值，而要校核载流。"
    assert in_both(told[11]).zh == "opendss：a.dss 第 4 行：不读 'fuse' 类元件。"


def test_one_person_alone_puts_nothing_in_force(county: County) -> None:
    hand_in(county, json.dumps(OWN))
    assert do(county, county.dispatcher, "adopt").status_code == 403
    assert do(county, county.operator, "adopt").status_code in (403, 404)
    assert do(county, county.supervisor, "send_back", words="少了 3 号联络").status_code == 302
    assert Matter.objects.get(kind="power_feeder").stage == "sent_back"
    assert not Feeder.objects.filter(code="xi-1").exists()
    hand_in(county, json.dumps(OWN))
    assert do(county, county.dispatcher, "take_back").status_code == 302
    assert signed_in(county.supervisor).post("/power/feeders/new/", {}).status_code == 404


def test_the_same_tap_twice_hands_in_once(county: County) -> None:
    first = hand_in(county, json.dumps(OWN), key="tap-1")
    assert hand_in(county, json.dumps(OWN), key="tap-1")["Location"] == first["Location"]
    assert hand_in(county, json.dumps(OWN), key="tap-1", source="another").context["refused"].code == "key_reused"
    again = hand_in(county, json.dumps(OWN))
    assert (again.status_code, "待核对" in again.context["details"]["code"]) == (409, True)
    assert FeederChange.objects.count() == 1


def test_what_is_under_way_keeps_the_feeder_with_which_it_began(county: County) -> None:
    matter = county.planned(county.alarm())
    began = Outage.objects.get(pk=matter.pk).feeder
    fewer = json.loads(json.dumps(OWN))
    fewer["feeder"]["loads"] = fewer["feeder"]["loads"][:-1]
    hand_in(county, json.dumps(fewer), code="test-33", name="", from_date=f"{AT:%Y-%m-%d}")
    page = signed_in(county.supervisor).get("/power/feeders/").content.decode()
    assert "待核对" in page
    assert do(county, county.supervisor, "adopt").status_code == 302
    stored = Feeder.objects.get(code="test-33", version=2)
    assert stored.name == "城东一线"
    assert Outage.objects.get(pk=matter.pk).feeder == began
    assert county.go_on(matter, lambda item: False) is None
    county.act(matter, "finish", county.dispatcher)
    assert Outage.objects.get(pk=county.alarm().pk).feeder == stored
    assert [str(one.name) for one in differences(stored.case, began.case)] == ["负荷"]


def test_a_mistake_is_put_right_on_the_same_day(county: County) -> None:
    for _ in range(2):
        hand_in(county, json.dumps(OWN))
        assert do(county, county.supervisor, "adopt").status_code == 302
    assert Feeder.objects.filter(code="xi-1").count() == 2
    county.minutes = 60
    matter = county.alarm(feeder="xi-1")
    assert Outage.objects.get(pk=matter.pk).feeder.version == 2


def test_connection_points_stay_where_their_buses_do(county: County) -> None:
    sites = "P2, 2, 校门口\nP3, 3"
    hand_in(county, MATPOWER + CONVERTED, sites=sites)
    do(county, county.supervisor, "adopt")
    smaller = (
        (MATPOWER + CONVERTED).replace("2 3 0.6", "2 4 0.6").replace("1 3 1.0", "1 4 1.0").replace("3 1 200", "4 1 200")
    )
    answer = signed_in(county.dispatcher).get(hand_in(county, smaller)["Location"])
    assert [one["id"] for one in FeederChange.objects.latest("pk").case["sites"]] == ["P2"]
    assert "P3" in answer.content.decode()


def test_another_company_neither_sees_nor_replaces_it(county: County) -> None:
    hand_in(county, json.dumps(OWN))
    do(county, county.supervisor, "adopt")
    stored = Feeder.objects.get(code="xi-1")
    elsewhere = make_post("power_dispatcher", make_district("990302").district)
    client = signed_in(elsewhere)
    assert client.get(f"/power/feeders/versions/{stored.pk}/").status_code == 404
    assert client.get(f"/power/feeders/{stored.change.pk}/").status_code == 404
    assert "城西一线" not in client.get("/power/feeders/").content.decode()
    other = County(**{**county.__dict__, "dispatcher": elsewhere})
    answer = hand_in(other, json.dumps(OWN))
    assert (answer.status_code, "已用了这个编号" in answer.context["details"]["code"]) == (422, True)


def test_the_database_keeps_what_no_change_may_be(county: County) -> None:
    hand_in(county, json.dumps(OWN))
    change = FeederChange.objects.get()
    rows = FeederChange.objects.filter(pk=change.pk)
    wrong: dict[str, Callable[[], Any]] = {
        "feeder_change_is_named": lambda: rows.update(source=""),
        "feeder_change_ends_with_its_version": lambda: rows.update(feeder=county.feeder),
        "feeder_change_one_open_a_code": lambda: _again(change, county),
    }
    for name, write in wrong.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            write()


def _again(change: FeederChange, county: County) -> None:
    matter = county.alarm()
    change.matter = matter
    change.pk = matter.pk
    change.save(force_insert=True)


def test_the_list_takes_a_steady_number_of_queries(county: County, django_assert_max_num_queries: Any) -> None:
    for number in range(3):
        hand_in(county, json.dumps(OWN), code=f"xi-{number}", from_date=f"{AT + timedelta(days=number):%Y-%m-%d}")
        do(county, county.supervisor, "adopt")
    client = signed_in(county.dispatcher)
    with django_assert_max_num_queries(24):
        assert "xi-2" in client.get("/power/feeders/").content.decode()
