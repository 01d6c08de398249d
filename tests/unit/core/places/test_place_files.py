"""Parsing of place files: datums, encodings and every mistake by line, in both languages."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linhe.core.places.place_files import Problem, Row, read_rows
from linhe.lib.geography import Datum, Point, distance_m, wgs84_to_bd09, wgs84_to_gcj02

HEADER = "code,parent_code,kind,name,name_en,lng,lat,datum,address"
DISTRICT = "140902000000,,district,示范区,Model District,112.73,38.41,,"


def read(text: str) -> tuple[list[Row], list[Problem]]:
    return read_rows(text.encode(), form="csv", default_datum="WGS-84")


def read_features(*features: Any) -> tuple[list[Row], list[Problem]]:
    content = json.dumps({"type": "FeatureCollection", "features": features}).encode()
    return read_rows(content, form="geojson", default_datum="WGS-84")


def district(geometry: Any = None, **properties: Any) -> dict[str, Any]:
    basic = {"code": "140902000000", "kind": "district", "name": "示范区"}
    return {"type": "Feature", "geometry": geometry, "properties": basic | properties}


def test_a_line_becomes_a_row() -> None:
    rows, problems = read(f"{HEADER}\n{DISTRICT}\n")
    assert problems == []
    assert rows == [
        Row(
            line=2,
            code="140902000000",
            parent_code="",
            kind="district",
            name="示范区",
            name_en="Model District",
            address="",
            point=Point(112.73, 38.41),
            datum="WGS-84",
        )
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_what_excel_saves_is_read(encoding: str) -> None:
    content = f"{HEADER}\r\n{DISTRICT}\r\n\r\n".encode(encoding)
    rows, problems = read_rows(content, form="csv", default_datum="WGS-84")
    assert ([row.name for row in rows], problems) == (["示范区"], [])


def test_columns_may_be_left_out_and_stand_in_any_order() -> None:
    rows, problems = read("name,kind,code\n示范区,district,140902000000")
    assert (rows[0].point, rows[0].name_en, problems) == (None, "", [])


@pytest.mark.parametrize(("datum", "shift"), [("GCJ-02", wgs84_to_gcj02), ("BD-09", wgs84_to_bd09)])
def test_shifted_coordinates_become_wgs84_and_the_datum_is_kept(datum: Any, shift: Any) -> None:
    true = Point(112.73, 38.41)
    there = shift(true)
    line = f"140902000000,,district,示范区,,{there.lng!r},{there.lat!r}"
    cases: list[tuple[str, Datum]] = [(f"{line},{datum},", "WGS-84"), (f"{line},,", datum)]
    for text, default in cases:
        rows, problems = read_rows(f"{HEADER}\n{text}\n".encode(), form="csv", default_datum=default)
        assert problems == []
        assert rows[0].datum == datum
        assert rows[0].point is not None
        assert distance_m(rows[0].point, true) < 0.01


@pytest.mark.parametrize(
    ("line", "column", "zh"),
    [
        (",,district,示范区,,,,,", "code", "不能为空"),
        ("140902000000,,district,,,,,,", "name", "不能为空"),
        ("140902000000,,city,示范区,,,,,", "kind", "未知的类型"),
        ("140902001000,,district,示范区,,,,,", "code", "不符合区县的规则"),
        ("140902000000,140902000000,district,示范区,,,,,", "parent_code", "只有区县没有上级"),
        ("140902001000,,subdistrict,街道,,,,,", "parent_code", "只有区县没有上级"),
        ("140902001000,140903000000,subdistrict,街道,,,,,", "parent_code", "不属于"),
        ("140902000000,,district,示范区,,112.7,,,", "lng", "必须同时填写"),
        ("140902000000,,district,示范区,,x,38.4,,", "lng", "必须是数字"),
        ("140902000000,,district,示范区,,nan,38.4,,", "lng", "超出范围"),
        ("140902000000,,district,示范区,,181,38.4,,", "lng", "超出范围"),
        ("140902000000,,district,示范区,,38.4,112.7,,", "lng", "似乎写反了"),
        ("140902000000,,district,示范区,,112.7,38.4,GCJ02,", "datum", "未知坐标系"),
        ("140902000000,,district,=1+1,,,,,", "name", "公式符号"),
        ("140902000000,,district,示\u202e范区,,,,,", "name", "控制字符"),
        (f"140902000000,,district,{'长' * 81},,,,,", "name", "超过 80 个字"),
        ("140902000000,,district,示范区,,,,,,,", "", "形状不对"),
    ],
)
def test_each_mistake_names_line_and_column(line: str, column: str, zh: str) -> None:
    rows, problems = read(f"{HEADER}\n140903000000,,district,好区,,,,,\n{line}\n")
    assert [row.name for row in rows] == ["好区"]
    assert [(p.line, p.column) for p in problems] == [(3, column)]
    assert zh in problems[0].message.zh
    assert problems[0].message.en


def test_all_mistakes_are_listed_at_once() -> None:
    _, problems = read(f"{HEADER}\n1,,district,a,,,,,\n2,,district,b,,,,,\n{DISTRICT}\n3,,district,c,,,,,\n")
    assert [p.line for p in problems] == [2, 3, 5]


@pytest.mark.parametrize(
    ("content", "zh"),
    [
        (b"", "缺少列 code"),
        (b"code,kind\n", "缺少列 name"),
        (b"code,kind,name,color\n", "未知或重复"),
        (b"code,kind,name,name\n", "未知或重复"),
        (b'code,kind,name\n"1,2,3\n', "不是有效的 CSV"),
        (b"code,kind,name\n\xff\xff\xff", "文件编码"),
    ],
)
def test_a_file_that_is_no_such_csv_is_refused_as_a_whole(content: bytes, zh: str) -> None:
    rows, problems = read_rows(content, form="csv", default_datum="WGS-84")
    assert rows == []
    assert [p.line for p in problems] == [0]
    assert zh in problems[0].message.zh


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"type": "Feature"}', b"[" * 100_000, b'{"features": NaN}'])
def test_a_file_that_is_no_feature_collection_is_refused(content: bytes) -> None:
    rows, problems = read_rows(content, form="geojson", default_datum="WGS-84")
    assert rows == []
    assert [p.line for p in problems] == [0]


def test_points_and_boundaries_are_read() -> None:
    ring = [[112.7, 38.4], [112.8, 38.4], [112.8, 38.5], [112.7, 38.4]]
    rows, problems = read_features(
        district({"type": "Point", "coordinates": [112.73, 38.41]}),
        district({"type": "Polygon", "coordinates": [ring]}, lng=112.75, lat=38.42),
        district({"type": "MultiPolygon", "coordinates": [[ring], [ring]]}),
        district(source_datum="BD-09"),
    )
    assert problems == []
    assert [row.point for row in rows] == [Point(112.73, 38.41), Point(112.75, 38.42), None, None]
    assert rows[1].boundary == {"type": "Polygon", "coordinates": [ring]}
    assert rows[2].boundary == {"type": "MultiPolygon", "coordinates": [[ring], [ring]]}
    assert rows[3].datum == "BD-09"


@pytest.mark.parametrize(
    "feature",
    [
        None,
        {"type": "Feature", "geometry": None, "properties": None},
        district({"type": "LineString", "coordinates": []}),
        district({"type": "Point", "coordinates": [1]}),
        district({"type": "Point", "coordinates": [True, 2]}),
        district({"type": "Point", "coordinates": [[], {}]}),
        district({"type": "Point", "coordinates": [38.4, 112.7]}),
        district({"type": "Polygon", "coordinates": []}),
        district({"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [1, 2]]]}),
        district({"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, 6], [7, 8]]]}),
        district({"type": "Polygon", "coordinates": [[1, 2, 3, 1]]}),
        district({"type": "MultiPolygon", "coordinates": 5}),
        district("POINT(1 2)"),
        district(name=5),
        district(datum=["WGS-84"]),
    ],
)
def test_a_broken_feature_is_a_mistake_at_its_number(feature: Any) -> None:
    rows, problems = read_features(district(), feature)
    assert len(rows) == 1
    assert [p.line for p in problems] == [2]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)


@given(json_values, st.sampled_from(["geometry", "code", "kind", "name", "lng", "datum", "source_datum", "address"]))
def test_any_json_gives_rows_or_mistakes_and_never_a_crash(value: Any, where: str) -> None:
    feature = district(value) if where == "geometry" else district(**{where: value})
    rows, problems = read_features(feature)
    assert len(rows) + len(problems) == 1


@given(st.binary(max_size=200), st.sampled_from(["csv", "geojson"]))
def test_any_bytes_give_rows_or_mistakes_and_never_a_crash(content: bytes, form: Any) -> None:
    rows, problems = read_rows(content, form=form, default_datum="WGS-84")
    assert rows == []
    assert problems
