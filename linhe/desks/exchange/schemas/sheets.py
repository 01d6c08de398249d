"""An application as an Excel form: written out, filled in elsewhere, and read back into what the pages' form sends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from linhe.desks.exchange.engine.choices import LEVELS
from linhe.desks.exchange.engine.fields import DOCUMENTS, FIELDS, Field
from linhe.desks.exchange.schemas.content import SELLERS, Content
from linhe.desks.exchange.schemas.documents import NotADocument
from linhe.desks.exchange.schemas.typed import as_typed, read_form
from linhe.lib.refusals import Refused
from linhe.lib.tables import read_table, write_xlsx
from linhe.lib.text import Text

TITLE = "转让申请表"
CODE, DOCUMENT, NAME, VALUE, PAGE, HINT = HEADER = ("代码", "材料", "项目", "填写", "页码", "怎么填")
MOST_SAID, LONGEST_CODE = 5, 40
ANSWERS = {"yes": "是", "no": "否"}
HINTS = {"fen": "元，可写“1250万”", "ppm": "百分比，如 12.5"}
MAGIC = b"PK\x03\x04"
_DAY = re.compile(r"(\d{4})[年/.-](\d{1,2})[月/.-](\d{1,2})日?(?: 00:00:00)?", re.ASCII)
NO_ROWS = Text("表里没有可用的行，请用本页下载的申请表填写。", "No row can be used: fill in the form from this page.")


def is_sheet(head: bytes) -> bool:
    """Whether a file begins like an Excel file."""
    return head.startswith(MAGIC)


def blank_sheet(content: Content) -> bytes:
    """The form with what is filled in already: a row a field, by the document that states it."""
    typed = as_typed(content)
    rows: list[list[Any]] = [list(HEADER)]
    for path, field in _fields():
        value = typed.get(path, "")
        named = dict(_choices(field)).get(value, value)
        hint = " / ".join(name for _, name in _choices(field)) or (
            "日期，如 2026-03-02" if field.kind == "date" else ""
        )
        page = typed.get(f"{path}.page", "")
        rows.append([path, DOCUMENTS[field.document].zh, field.name.zh, named, page, hint or HINTS.get(field.unit, "")])
    return write_xlsx({TITLE: rows})


def read_sheet(content: bytes, *, name: str = "") -> Content:
    """What a filled form says; empty rows say nothing.

    Raises
    ------
    Refused : it is no such form, or some cells cannot be kept; names the first of them. Nothing counts then.
    """
    rows = read_table(content, name=name)
    fields = dict(_fields())
    typed: dict[str, str] = {}
    wrong: list[Text] = []
    for row in rows:
        if not (text := row.get(VALUE, "").strip()):
            continue
        code = row.get(CODE, "").strip()[:LONGEST_CODE]
        field = fields.get(code)
        if field is None:
            wrong.append(Text(f"“{code or text[:LONGEST_CODE]}”不是申请表里的项目", f"{code!r} is no row of the form"))
            continue
        if field.path in typed:
            wrong.append(Text(f"“{field.name.zh}”填了两行", f"{field.name.en} has two rows"))
        typed[field.path] = _plain(field, text)
        if page := row.get(PAGE, "").strip():
            typed[f"{field.path}.page"] = page
    if wrong:
        raise _refused(wrong)
    if not typed:
        raise Refused("bad_document", NO_ROWS, status=422, details={"file": str(NO_ROWS)})
    try:
        return read_form(typed)
    except NotADocument as unread:
        raise _refused([_said(path, message) for path, message in unread.errors.items()]) from None


def _fields() -> Iterator[tuple[str, Field]]:
    for code, names in SELLERS.items():
        for name in names:
            path = f"{code}.{name}"
            yield path, FIELDS[path]


def _choices(field: Field) -> list[tuple[str, str]]:
    """What the form sends, with its Chinese name."""
    if field.kind == "bool":
        return list(ANSWERS.items())
    if field.unit == "level":
        return [(str(level), zh) for level, zh, _ in LEVELS]
    return [(code, zh) for code, zh, _ in field.choices]


def _plain(field: Field, text: str) -> str:
    """A cell as the pages' form would send it: codes for names, days as ``2026-03-02``."""
    for code, name in _choices(field):
        if text in (code, name):
            return code
    if field.kind == "date" and (day := _DAY.fullmatch(text)):
        year, month, number = day.groups()
        return f"{year}-{month:0>2}-{number:0>2}"
    return text


def _said(path: str, message: Text) -> Text:
    field = FIELDS.get(path.removesuffix(".page"))
    return message if field is None else Text(f"{field.name.zh}：{message.zh}", f"{field.name.en}: {message.en}")


def _refused(wrong: list[Text]) -> Refused:
    more = len(wrong) - MOST_SAID
    zh = "；".join(one.zh.rstrip("。") for one in wrong[:MOST_SAID]) + (f"；还有 {more} 处" if more > 0 else "")
    en = "; ".join(one.en.rstrip(".") for one in wrong[:MOST_SAID]) + (f"; and {more} more" if more > 0 else "")
    message = Text(f"申请表没有接收，请改好再传：{zh}。", f"The form was not taken. Put right: {en}.")
    return Refused("bad_document", message, status=422, details={"file": str(message)})
