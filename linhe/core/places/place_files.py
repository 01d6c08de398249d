"""Places as CSV and GeoJSON: parsing with every mistake listed by line, in both languages. No database here.

CSV: UTF-8 (or GB18030, as Chinese Excel saves it) with a header; one place a line. GeoJSON: a FeatureCollection
(RFC 7946) whose features carry the same names as properties; the "line" of a mistake is then the feature's number.
``datum`` says in which datum the row's coordinates are; what comes out of here is WGS-84.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal, NoReturn, get_args
from unicodedata import category

from linhe.core.places.kinds import KIND_LABELS, PARENT_KINDS, code_fits, code_lies_below
from linhe.lib.geography import Datum, Point, convert, looks_swapped
from linhe.lib.text import Text

COLUMNS = ("code", "parent_code", "kind", "name", "name_en", "lng", "lat", "datum", "address")
REQUIRED = ("code", "kind", "name")
LONGEST = {"code": 32, "parent_code": 32, "kind": 12, "name": 80, "name_en": 120, "address": 200}
DATUMS: tuple[Datum, ...] = get_args(Datum)
Format = Literal["csv", "geojson"]


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake at a line (0: the file as a whole) and column of a file."""

    line: int
    column: str
    message: Text


@dataclass(frozen=True, slots=True)
class Row:
    """One place of a file: coordinates in WGS-84, ``datum`` that of the source."""

    line: int
    code: str
    parent_code: str
    kind: str
    name: str
    name_en: str
    address: str
    point: Point | None
    datum: Datum
    boundary: dict[str, Any] | None = None


class Mistake(ValueError):
    """One value of a row is wrong."""

    def __init__(self, column: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.column, self.message = column, Text(zh, en)


def read_rows(content: bytes, *, form: Format, default_datum: Datum) -> tuple[list[Row], list[Problem]]:
    """Parse a file into rows and the mistakes in it; rows with a mistake are left out."""
    rows: list[Row] = []
    problems: list[Problem] = []
    raw_rows = _csv_rows(content) if form == "csv" else _geojson_rows(content)
    try:
        for line, raw in raw_rows:
            try:
                rows.append(_row(line, raw, default_datum))
            except Mistake as mistake:
                problems.append(Problem(line, mistake.column, mistake.message))
    except Mistake as mistake:
        problems.append(Problem(0, mistake.column, mistake.message))
    return rows, problems


def _csv_rows(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        for name in REQUIRED:
            if name not in header:
                raise Mistake(name, f"缺少列 {name}", f"the column {name} is missing")
        for name in header:
            if name not in COLUMNS or header.count(name) > 1:
                raise Mistake(name, f"列“{name}”未知或重复", f"the column {name!r} is unknown or given twice")
        for values in reader:
            if any(value.strip() for value in values):
                padded = values + [""] * (len(header) - len(values))
                extra = {"": "too many"} if len(values) > len(header) else {}
                yield reader.line_num, dict(zip(header, padded, strict=False)) | extra
    except csv.Error as error:
        raise Mistake("", f"第 {reader.line_num} 行不是有效的 CSV", f"line {reader.line_num}: {error}") from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Mistake("", "文件编码既不是 UTF-8 也不是 GB18030", "the file is neither UTF-8 nor GB18030")


def _geojson_rows(content: bytes) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        collection = json.loads(_decoded(content), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Mistake("", "不是有效的 JSON", f"not valid JSON: {error}") from error
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        raise Mistake("", "不是 GeoJSON FeatureCollection", "not a GeoJSON FeatureCollection")
    for number, feature in enumerate(features, 1):
        good = isinstance(feature, dict) and feature.get("type") == "Feature"
        if not good or not isinstance(feature.get("properties"), dict):
            yield number, {"": "no feature"}
            continue
        yield number, feature["properties"] | {"geometry": feature.get("geometry")}


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _row(line: int, raw: dict[str, Any], default_datum: Datum) -> Row:
    if "" in raw:
        raise Mistake("", "这一行（要素）的形状不对", "this line or feature has the wrong shape")
    text = {name: _text(name, raw.get(name)) for name in LONGEST}
    for name in REQUIRED:
        if not text[name]:
            raise Mistake(name, f"{name} 不能为空", f"{name} must not be empty")
    _check_code(text["kind"], text["code"], text["parent_code"])
    datum = _datum(raw.get("datum") or default_datum)
    point, boundary = _geometry(raw, lambda p: convert(p, source=datum, target="WGS-84"))
    return Row(line=line, **text, point=point, datum=_datum(raw.get("source_datum") or datum), boundary=boundary)


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Mistake(name, f"{name} 必须是文字", f"{name} must be text")
    text = value.strip()
    if len(text) > LONGEST[name]:
        raise Mistake(name, f"{name} 超过 {LONGEST[name]} 个字", f"{name} is longer than {LONGEST[name]} characters")
    if any(category(letter) in ("Cc", "Cf", "Cs") for letter in text) or text[:1] in ("=", "+", "-", "@"):
        raise Mistake(
            name, f"{name} 含有控制字符或以公式符号开头", f"{name} holds control characters or begins like a formula"
        )
    return text


def _check_code(kind: str, code: str, parent_code: str) -> None:
    if kind not in KIND_LABELS:
        raise Mistake("kind", f"未知的类型“{kind}”", f"unknown kind {kind!r}; known: {', '.join(KIND_LABELS)}")
    if not code_fits(kind, code):
        raise Mistake("code", f"编码“{code}”不符合{KIND_LABELS[kind].zh}的规则", f"{code!r} does not fit a {kind}")
    if bool(parent_code) != bool(PARENT_KINDS[kind]):
        raise Mistake(
            "parent_code", "只有区县没有上级，其他必须有上级", "a district has no parent, all others need one"
        )
    if parent_code and not code_lies_below(code, parent_code):
        raise Mistake(
            "parent_code", f"编码“{code}”不属于“{parent_code}”", f"{code!r} does not lie below {parent_code!r}"
        )


def _datum(value: Any) -> Datum:
    for known in DATUMS:
        if value == known:
            return known
    raise Mistake("datum", f"未知坐标系“{value}”", f"unknown datum {value!r}; known: {', '.join(DATUMS)}")


def _geometry(raw: dict[str, Any], to_wgs84: Callable[[Point], Point]) -> tuple[Point | None, dict[str, Any] | None]:
    """The place's point and boundary, both in WGS-84."""
    geometry = raw.get("geometry")
    pair = (raw.get("lng"), raw.get("lat"))
    boundary = None
    if geometry is not None:
        kind, positions = (geometry.get("type"), geometry.get("coordinates")) if isinstance(geometry, dict) else ("", 0)
        if kind == "Point" and isinstance(positions, list) and len(positions) >= 2:
            pair = (positions[0], positions[1])
        elif kind == "Polygon":
            boundary = {"type": kind, "coordinates": _polygon(positions, to_wgs84)}
        elif kind == "MultiPolygon" and isinstance(positions, list) and positions:
            boundary = {"type": kind, "coordinates": [_polygon(polygon, to_wgs84) for polygon in positions]}
        else:
            raise Mistake("geometry", "只支持点、面和多面", "must be a Point, Polygon or MultiPolygon")
    empty = [value is None or value == "" for value in pair]
    if all(empty):
        return None, boundary
    if any(empty):
        raise Mistake("lng", "经度和纬度必须同时填写", "longitude and latitude must come together")
    return to_wgs84(_point(*pair)), boundary


def _polygon(rings: Any, to_wgs84: Callable[[Point], Point]) -> list[list[list[float]]]:
    if not isinstance(rings, list) or not rings:
        raise Mistake("geometry", "面没有边界环", "a polygon needs rings")
    converted = []
    for ring in rings:
        if not isinstance(ring, list) or not all(isinstance(p, list) and len(p) >= 2 for p in ring):
            raise Mistake("geometry", "边界环必须由坐标组成", "a ring must be a list of positions")
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise Mistake(
                "geometry", "边界环必须闭合且至少四个点", "a ring must be closed and have four positions or more"
            )
        converted.append([list(to_wgs84(_point(p[0], p[1]))) for p in ring])
    return converted


def _point(lng: Any, lat: Any) -> Point:
    if isinstance(lng, bool) or isinstance(lat, bool):
        raise Mistake("lng", "经纬度必须是数字", "longitude and latitude must be numbers")
    try:
        point = Point(*(float(v.strip() if isinstance(v, str) else v) for v in (lng, lat)))
    except (TypeError, ValueError, OverflowError):
        raise Mistake("lng", "经纬度必须是数字", "longitude and latitude must be numbers") from None
    if looks_swapped(point):
        raise Mistake("lng", "经度和纬度似乎写反了", "longitude and latitude look swapped")
    if not (isfinite(point.lng) and abs(point.lng) <= 180 and isfinite(point.lat) and abs(point.lat) <= 90):
        raise Mistake("lng", "经纬度超出范围", "longitude or latitude is out of range")
    return point
