"""Reads rows of 12345 orders from a file or the API: columns by their names, each fault with its line and column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pydantic import ValidationError

from linhe.core.loop.messages import plain_errors
from linhe.core.places.models import Place
from linhe.desks.reports.schemas import ReceiveOrder
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI, add_working_days


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the documented set; the first name is the one that exports and templates use."""

    code: str
    names: tuple[str, ...]
    about: Text
    required: bool = False


_NOT_FOR_UNITS = Text("加密保存，不给被诉单位看", "encrypted, never shown to the unit")
COLUMNS = (
    Column("number", ("工单编号", "工单号", "编号"), Text("同一编号只算一件", "one number is one matter"), True),
    Column("called_at", ("来电时间", "受理时间", "诉求时间"), Text("如 2026-03-02 09:30", "as shown"), True),
    Column("category", ("诉求类别", "诉求分类", "问题分类"), Text("见下方类别", "see the categories below"), True),
    Column("content", ("诉求内容", "工单内容", "问题描述"), Text("至少两个字", "two characters or more"), True),
    Column("compound", ("小区", "所属小区"), Text("小区、社区、街道至少填一项", "or community, or subdistrict")),
    Column("community", ("社区", "所属社区"), Text("小区重名时用来区分", "tells compounds of one name apart")),
    Column("subdistrict", ("街道", "所属街道"), Text("没有小区和社区时用", "when neither of them is known")),
    Column("place_code", ("地点编码",), Text("代替上面三项", "instead of the three above")),
    Column("address", ("诉求地址", "事发地址", "地址"), Text("只给社区和专员看", "for the community and clerks")),
    Column("unit", ("涉及单位", "承办单位", "被诉单位"), Text("单位全称或编码", "full name or code")),
    Column("limit", ("办理时限", "截止时间", "办结时限"), Text("时间，或“5个工作日”", "a time, or working days")),
    Column("caller", ("来电人", "姓名"), _NOT_FOR_UNITS),
    Column("phone", ("联系电话", "来电号码", "电话"), _NOT_FOR_UNITS),
)
_BY_NAME = {name: column.code for column in COLUMNS for name in (*column.names, column.code)}
_LABEL = {column.code: column.names[0] for column in COLUMNS}
_COLUMN_OF = {"organisation": "unit", "limit_at": "limit"}
_LIMIT = re.compile(r"([0-9]{1,3})\s*(?:个)?\s*(?:工作日|工作天|天|日|working days?)?")
_MOMENT = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:[T\s]+([0-9]{1,2})[:时]([0-9]{2})(?:[:分]([0-9]{2})秒?)?(?:\.0+)?)?"
)


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one cell."""

    line: int
    column: str
    message: str


@dataclass(frozen=True, slots=True)
class Directory:
    """What a clerk's territory holds: places by name, organisations and categories by every name they go by."""

    places: Mapping[str, Place] = field(default_factory=dict)
    compounds: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    communities: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    subdistricts: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    organisations: Mapping[str, str] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class OrderRow:
    """A row that was read: ready to be received at its place, or with its faults."""

    line: int
    raw: Mapping[str, str]
    number: str = ""
    data: dict[str, object] = field(default_factory=dict)
    place: Place | None = None
    faults: list[RowFault] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether it can be received."""
        return not self.faults

    def fault(self, column: str, zh: str, en: str) -> None:
        """Note what is wrong in a column."""
        self.faults.append(RowFault(self.line, _LABEL.get(column, column), str(Text(zh, en))))


def missing_columns(head: Sequence[str]) -> list[str]:
    """The required columns that a file has under none of their names."""
    known = {_BY_NAME.get(name.strip()) for name in head}
    return [column.names[0] for column in COLUMNS if column.required and column.code not in known]


def read_rows(
    rows: Sequence[Mapping[str, str]], directory: Directory, *, at: datetime, first_line: int = 2
) -> list[OrderRow]:
    """Read all rows. A number that came earlier in the same file is a fault of the later line."""
    read, seen = [], dict[str, int]()
    for line, raw in enumerate(rows, first_line):
        row = read_row(line, raw, directory, at=at)
        if row.number and row.number in seen:
            row.fault(
                "number", f"与第 {seen[row.number]} 行编号相同。", f"The same number is in line {seen[row.number]}."
            )
        seen.setdefault(row.number, line)
        read.append(row)
    return read


def read_row(line: int, raw: Mapping[str, str], directory: Directory, *, at: datetime) -> OrderRow:
    """Read one row; unknown columns are left alone."""
    cells = {_BY_NAME[name.strip()]: text.strip() for name, text in raw.items() if name.strip() in _BY_NAME}
    row = OrderRow(line, raw, number=cells.get("number", ""))
    for column in COLUMNS:
        if column.required and not cells.get(column.code):
            row.fault(column.code, "没有填写。", "It is empty.")
    row.place = _place(row, cells, directory)
    called_at = _moment(row, "called_at", cells.get("called_at", ""))
    if called_at and called_at > at:
        row.fault("called_at", "晚于现在。", "It is later than now.")
    category = directory.categories.get(cells.get("category", "").lower(), "")
    if cells.get("category") and not category:
        row.fault(
            "category", f"没有“{cells['category'][:20]}”这个类别。", f"There is no category “{cells['category'][:20]}”."
        )
    limit_at = _limit(row, cells.get("limit", ""), called_at)
    unit = cells.get("unit", "")
    row.data = {
        "number": row.number, "called_at": called_at, "category": category, "content": cells.get("content", ""),
        "address": cells.get("address", ""), "organisation": directory.organisations.get(unit.lower(), ""),
        "unit": unit, "limit_at": limit_at, "caller": cells.get("caller", ""), "phone": cells.get("phone", ""),
    }  # fmt: skip
    if row.good:
        _validate(row)
    return row


def _validate(row: OrderRow) -> None:
    """What the loop's own declaration asks of a row."""
    try:
        ReceiveOrder.model_validate(row.data)
    except ValidationError as error:
        for name, message in plain_errors(error).items():
            row.faults.append(RowFault(row.line, _LABEL[_COLUMN_OF.get(name, name)], message))


def _place(row: OrderRow, cells: Mapping[str, str], directory: Directory) -> Place | None:
    """The smallest place that the row names; what it names besides must lie around it."""
    if code := cells.get("place_code"):
        if code not in directory.places:
            row.fault("place_code", "您的辖区里没有这个编码。", "There is no such code in your territory.")
        return directory.places.get(code)
    for column, known in (
        ("compound", directory.compounds), ("community", directory.communities),
        ("subdistrict", directory.subdistricts),
    ):  # fmt: skip
        if name := cells.get(column):
            return _one(row, column, name, known, cells)
    row.fault("compound", "小区、社区、街道至少填一项。", "Give the compound, the community or the subdistrict.")
    return None


def _one(
    row: OrderRow, column: str, name: str, known: Mapping[str, Sequence[Place]], cells: Mapping[str, str]
) -> Place | None:
    found = list(known.get(name, ()))
    if len(found) > 1 and cells.get("community"):
        found = [p for p in found if p.community and p.community.name == cells["community"]]
    if len(found) > 1 and cells.get("subdistrict"):
        found = [p for p in found if p.subdistrict and p.subdistrict.name == cells["subdistrict"]]
    if len(found) == 1:
        return found[0]
    if found:
        row.fault(column, f"有 {len(found)} 个“{name[:20]}”，请填写所属社区。",
                  f"There are {len(found)} called “{name[:20]}”; name the community.")  # fmt: skip
    else:
        row.fault(column, f"您的辖区里没有“{name[:20]}”。", f"There is no “{name[:20]}” in your territory.")
    return None


def _moment(row: OrderRow, column: str, text: str) -> datetime | None:
    if not text:
        return None
    try:
        return moment_of(text)[0]
    except ValueError:
        row.fault(column, "时间写法不对，如 2026-03-02 09:30。", "This is no time such as 2026-03-02 09:30.")
        return None


def moment_of(text: str) -> tuple[datetime, bool]:
    """A moment as files write it, in Shanghai unless it says its zone, and whether it names a time of day.

    Raises ValueError when it is none.
    """
    if re.fullmatch(r".+T.+(Z|[+-][0-9]{2}:?[0-9]{2})", text):
        moment = datetime.fromisoformat(text)
        if not 2000 <= moment.year < 2100:
            raise ValueError(text)
        return moment, True
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = found.groups()
    if not 2000 <= int(year) < 2100:
        raise ValueError(text)
    moment = datetime(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=SHANGHAI
    )
    return moment, hour is not None


def _limit(row: OrderRow, text: str, called_at: datetime | None) -> datetime | None:
    """The order's own limit: a moment, a day (until its end), or a number of working days after the call."""
    if not text or called_at is None:
        return None
    if days := _LIMIT.fullmatch(text):
        if not 1 <= int(days[1]) <= 120:
            row.fault("limit", "应为 1–120 个工作日。", "It must be 1 to 120 working days.")
            return None
        return add_working_days(called_at, int(days[1]), unpublished="weekends")
    try:
        limit_at, has_time = moment_of(text)
    except ValueError:
        row.fault("limit", "应为时间或“5个工作日”。", "It must be a time or a number of working days.")
        return None
    limit_at += timedelta(0) if has_time else timedelta(days=1)
    if limit_at <= called_at:
        row.fault("limit", "早于来电时间。", "It is before the call.")
    return limit_at
