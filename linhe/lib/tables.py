"""Tables that people bring and take away: Excel, CSV (UTF-8 or GB18030) and JSON, as rows of text by column name."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from linhe.lib.refusals import Refused
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED_BYTES = 200 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
LONGEST_CELL = 32_000
_NOT_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold, besides control characters."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_table(content: bytes, *, name: str = "") -> list[dict[str, str]]:
    """The rows of a table by its header, every cell as trimmed text; the format is known by the content.

    Raises :class:`Refused` when it is no such table, too large, has no header or a column twice. ``name`` is only for
    the message.
    """
    if len(content) > MOST_BYTES:
        raise _refuse(f"文件超过 {MOST_BYTES >> 20} MB。", f"The file is larger than {MOST_BYTES >> 20} MB.", name)
    if content[:4] == b"PK\x03\x04":
        rows = _excel(content, name)
    elif content.lstrip()[:1] in (b"[", b"{"):
        return _json(content, name)
    else:
        rows = _csv(content, name)
    if not rows:
        raise _refuse("文件是空的。", "The file is empty.", name)
    header = [cell.strip().removeprefix("\ufeff") for cell in rows[0]]
    while header and not header[-1]:
        header.pop()
    if not header or not all(header) or len(set(header)) != len(header):
        raise _refuse("表头缺列名或有重复。", "The header lacks a name or has one twice.", name)
    if len(rows) - 1 > MOST_ROWS or len(header) > MOST_COLUMNS:
        raise _too_many(name)
    return [
        dict(zip(header, [*row, *[""] * len(header)], strict=False)) for row in rows[1:] if any(cell for cell in row)
    ]


def write_xlsx(sheets: Mapping[str, Iterable[Sequence[Any]]]) -> bytes:
    """An Excel file: each sheet's first row is its header. Texts stay texts, so that no cell becomes a formula."""
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title[:31])
        sheet.freeze_panes = "A2"
        listed = [list(row) for row in rows]
        for number, _ in enumerate(listed[0] if listed else (), 1):
            widest = max(_width(row[number - 1]) for row in listed[:200] if len(row) >= number)
            sheet.column_dimensions[get_column_letter(number)].width = min(60, widest + 2)
        for line, row in enumerate(listed):
            sheet.append([_cell(sheet, one, bold=line == 0) for one in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def write_csv(rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV file in UTF-8 with the mark by which Excel knows it; what would start a formula is quoted."""
    out = io.StringIO()
    csv.writer(out).writerows([_harmless(_plain(one)) for one in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _excel(content: bytes, name: str) -> list[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED_BYTES:
                raise _too_many(name)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = []
        for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
            rows.append([_text(cell) for cell in row])
            if len(rows) > MOST_ROWS + 1:
                raise _too_many(name)
        book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError, EOFError) as error:
        raise _refuse("这不是能读的 Excel 文件。", "This is no Excel file that can be read.", name) from error
    return rows


def _csv(content: bytes, name: str) -> list[list[str]]:
    text = None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None or "\0" in text:
        raise _refuse(
            "文件读不出来，请存成 Excel 或 CSV 再传。", "The file cannot be read. Save it as Excel or CSV.", name
        )
    try:
        dialect = csv.Sniffer().sniff(text[:4096], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel  # one column only
    try:
        return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), dialect)]
    except csv.Error as error:
        raise _refuse("这不是能读的 CSV 文件。", "This is no CSV file that can be read.", name) from error


def _json(content: bytes, name: str) -> list[dict[str, str]]:
    try:
        rows = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _refuse("JSON 格式有误。", "This is not valid JSON.", name) from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise _refuse("JSON 应是一组对象。", "The JSON must be a list of objects.", name)
    if len(rows) > MOST_ROWS:
        raise _too_many(name)
    if any(isinstance(cell, dict | list) for row in rows for cell in row.values()):
        raise _refuse("JSON 的值应是文字或数字。", "The values must be texts or numbers.", name)
    return [{str(key).strip(): _text(cell) for key, cell in row.items()} for row in rows]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S" if cell.time() != time() else "%Y-%m-%d")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip()[:LONGEST_CELL]


def _plain(cell: Any) -> Any:
    if isinstance(cell, Text):
        return str(cell)
    if isinstance(cell, datetime) and cell.tzinfo is not None:
        return cell.astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    return cell


def _cell(sheet: Any, value: Any, *, bold: bool) -> WriteOnlyCell:
    plain = _plain(value)
    if isinstance(plain, str):
        plain = _NOT_XML.sub("", ILLEGAL_CHARACTERS_RE.sub("", plain))
    cell = WriteOnlyCell(sheet, value=plain)
    if isinstance(plain, str):
        cell.data_type = "s"  # also where it begins like a formula
    if bold:
        cell.font = Font(bold=True)
    return cell


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _width(value: Any) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in str(_plain(value) if value is not None else ""))


def _too_many(name: str) -> Refused:
    return _refuse(
        f"一次最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列，请分几次导入。",
        f"At most {MOST_ROWS} rows and {MOST_COLUMNS} columns at a time. Split the file.",
        name,
    )


def _refuse(zh: str, en: str, name: str) -> Refused:
    shown = f"{name[:60]}：" if name else ""
    message = Text(f"{shown}{zh}", f"{name[:60]}: {en}" if name else en)
    return Refused("bad_table", message, status=422, details={"file": str(message)})
