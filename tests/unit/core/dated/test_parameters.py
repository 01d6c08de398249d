"""Dated parameters: what holds on which day where, and every mistake a file can have."""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.core.dated.parameters import NotInForce, Parameter, UnknownParameter
from linhe.core.dated.reading import Problem, read_files

LIMIT = """
[errands.accept_minutes]
zh = "接单时限"
en = "time to accept"
type = "int"
unit = "min"
[[errands.accept_minutes.series]]
from = 2025-07-01
value = 8
source = "local rule"
[[errands.accept_minutes.series]]
from = 2024-01-01
value = 10
source = "local rule"
verified = 2025-11-01
[[errands.accept_minutes.series]]
from = 2025-01-01
until = 2026-01-01
value = 15
source = "district notice"
place = "140902"
[[errands.accept_minutes.series]]
from = 2025-03-01
value = 20
source = "subdistrict notice"
place = "140902001000"
"""

PLACE = "140902001003-001-012-01"


def read(tmp_path: Path, *texts: str) -> tuple[dict[str, Parameter], list[Problem]]:
    files = []
    for number, text in enumerate(texts):
        path = tmp_path / f"{number}.toml"
        path.write_text(text, encoding="utf-8")
        files.append((f"app/params/{number}.toml", path))
    return read_files(files)


@pytest.fixture
def limit(tmp_path: Path) -> Parameter:
    found, problems = read(tmp_path, LIMIT)
    assert problems == []
    return found["errands.accept_minutes"]


@pytest.mark.parametrize(
    ("day", "place", "expected"),
    [
        (date(2024, 1, 1), None, 10),
        (date(2025, 6, 30), None, 10),
        (date(2025, 7, 1), None, 8),
        (date(2024, 12, 31), "140902002001", 10),
        (date(2025, 1, 1), "140902002001", 15),
        (date(2025, 12, 31), "140902002001", 15),
        (date(2026, 1, 1), "140902002001", 8),
        (date(2025, 2, 28), PLACE, 15),
        (date(2025, 3, 1), PLACE, 20),
        (date(2026, 1, 1), PLACE, 20),
        (date(2025, 3, 1), "140903001001", 10),
    ],
)
def test_the_entry_of_the_day_and_the_most_specific_place_holds(
    limit: Parameter, day: date, place: str | None, expected: int
) -> None:
    assert limit.value(at=day, place_code=place) == expected


def test_a_moment_counts_by_its_date_in_shanghai(limit: Parameter) -> None:
    assert limit.value(at=datetime(2025, 6, 30, 15, 59, 59, tzinfo=UTC)) == 10
    assert limit.value(at=datetime(2025, 6, 30, 16, tzinfo=UTC)) == 8
    with pytest.raises(ValueError, match="time zone"):
        limit.value(at=datetime(2025, 7, 1, tzinfo=UTC).replace(tzinfo=None))


def test_a_day_before_the_first_entry_has_no_value(limit: Parameter) -> None:
    with pytest.raises(NotInForce, match=r"errands\.accept_minutes has no value on 2023-12-31"):
        limit.value(at=date(2023, 12, 31))


def test_label_unit_source_and_verification_are_kept(limit: Parameter) -> None:
    assert (limit.name.zh, limit.name.en, limit.unit) == ("接单时限", "time to accept", "min")
    first = limit.entry(at=date(2024, 5, 1))
    assert (first.source, first.verified_date) == ("local rule", date(2025, 11, 1))
    assert (first.from_date, first.until_date) == (date(2024, 1, 1), date(2025, 7, 1))
    assert limit.entry(at=date(2025, 7, 1)).verified_date is None


@given(st.dates(date(2024, 1, 1), date(2027, 12, 31)), st.sampled_from([None, "140902", PLACE, "110101"]))
def test_lookup_equals_a_search_through_all_entries(day: date, place: str | None) -> None:
    rows = [
        ("", date(2024, 1, 1), date(2025, 7, 1), 10),
        ("", date(2025, 7, 1), date.max, 8),
        ("140902", date(2025, 1, 1), date(2026, 1, 1), 15),
        ("140902001", date(2025, 3, 1), date.max, 20),
    ]
    expected = [v for prefix, start, end, v in rows if start <= day < end and (place or "").startswith(prefix)][-1]
    assert _limit_once().value(at=day, place_code=place) == expected


@cache
def _limit_once() -> Parameter:
    with TemporaryDirectory() as folder:
        return read(Path(folder), LIMIT)[0]["errands.accept_minutes"]


def test_a_table_is_a_fresh_list_of_rows(tmp_path: Path) -> None:
    found, problems = read(
        tmp_path,
        """
[errands.services]
zh = "服务菜单"
en = "service menu"
type = "table"
[[errands.services.series]]
from = 2024-01-01
source = "newspaper page"
value = [{code = "medicine", zh = "代取药品", en = "medicine"}, {code = "water", zh = "送水", en = "water"}]
""",
    )
    assert problems == []
    rows = found["errands.services"].value(at=date(2024, 1, 1))
    assert [row["code"] for row in rows] == ["medicine", "water"]
    rows.clear()
    assert len(found["errands.services"].value(at=date(2024, 1, 1))) == 2


def test_a_whole_number_serves_as_float(tmp_path: Path) -> None:
    text = LIMIT.replace('type = "int"', 'type = "float"')
    value = read(tmp_path, text)[0]["errands.accept_minutes"].value(at=date(2024, 1, 1))
    assert value == 10.0
    assert isinstance(value, float)


SOUND = """
[a.b]
zh = "甲"
en = "A"
type = "int"
unit = "d"
[[a.b.series]]
from = 2024-01-01
value = 1
source = "local rule"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "d"', "", "a.b.unit: a unit is missing"),
        ('unit = "d"', 'unit = " "', "a.b.unit: a unit is missing"),
        ('zh = "甲"', "", "a.b.zh: a label is missing"),
        ('en = "A"', "", "a.b.en: a label is missing"),
        ('type = "int"', 'type = "money"', "a.b.type: must be one of int, float, str, bool, date, table"),
        ('unit = "d"', 'unit = "d"\nsorce = "x"', "a.b.sorce: is not a known key"),
        ('source = "local rule"', "", "a.b.series[0].source: a source is missing"),
        ("value = 1", "", "a.b.series[0].value: is missing"),
        ("value = 1", "value = true", "a.b.series[0].value: True is not of type int"),
        ("value = 1", "value = 1.5", "a.b.series[0].value: 1.5 is not of type int"),
        ("value = 1", 'value = "1"', "a.b.series[0].value: '1' is not of type int"),
        ("from = 2024-01-01", 'from = "2024-01-01"', "a.b.series[0].from: must be a date"),
        ("from = 2024-01-01", "from = 2024-01-01T08:00:00", "a.b.series[0].from: must be a date"),
        ("from = 2024-01-01", "", "a.b.series[0].from: must be a date"),
        ("value = 1", "value = 1\nverified = true", "a.b.series[0].verified: must be a date"),
        ("value = 1", "value = 1\nuntil = 2024-01-01", "a.b.series[0].until: must be later than from"),
        ("value = 1", 'value = 1\nplace = ""', "a.b.series[0].place: must be a prefix"),
        ("value = 1", "value = 1\nplace = 140902", "a.b.series[0].place: must be a prefix"),
        ("value = 1", "value = 1\nvaild = 2", "a.b.series[0].vaild: is not a known key"),
        ("zh =", "zh", "file: is not valid TOML"),
    ],
)
def test_each_mistake_names_the_file_and_the_key(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in SOUND
    found, problems = read(tmp_path, SOUND.replace(old, new))
    assert len(problems) == 1
    assert str(problems[0]).startswith(f"app/params/0.toml: {message}")
    assert found == {}


def test_a_sound_file_has_no_problem(tmp_path: Path) -> None:
    assert read(tmp_path, SOUND)[1] == []


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ("", "from = 2024-01-01", "overlaps another entry from 2024-01-01"),
        ("until = 2025-01-01", "from = 2024-12-31", "overlaps the entry that holds until 2025-01-01"),
        ("until = 2025-01-01", "from = 2025-01-01", None),
        ("", 'from = 2024-01-01\nplace = "14"', None),
    ],
)
def test_entries_of_one_place_may_touch_but_not_overlap(
    tmp_path: Path, first: str, second: str, message: str | None
) -> None:
    text = f'{SOUND}{first}\n[[a.b.series]]\n{second}\nvalue = 2\nsource = "local rule"\n'
    _, problems = read(tmp_path, text)
    assert [p.message for p in problems] == ([message] if message else [])


@pytest.mark.parametrize(
    "text",
    [
        "a = 1",
        '[a.b]\nzh = "甲"\nen = "A"\ntype = "str"',
        '[a.b]\nzh = "甲"\nen = "A"\ntype = "str"\nseries = []',
        "[a.b]",
    ],
)
def test_a_parameter_without_entries_is_a_mistake(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text)[1]


def test_two_files_may_not_declare_the_same_code(tmp_path: Path) -> None:
    _, problems = read(tmp_path, SOUND, SOUND)
    assert [str(p) for p in problems] == ["app/params/1.toml: a.b: is already declared in app/params/0.toml"]


def test_an_unknown_code_says_so() -> None:
    assert str(UnknownParameter("errands.nothing")) == "no dated parameter 'errands.nothing' in any params/*.toml"
