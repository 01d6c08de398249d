"""What people type, as content: yuan or 万元 for fen, percent for shares, yes or no; and back again for the form.

Names of the form: ``certificate.share_ppm`` the value, ``certificate.share_ppm.page`` its page and
``certificate.share_ppm.source`` the file it was read from, ``certificate.source`` the document's name,
``holders.0.name`` and so on. What cannot be read is named, and nothing typed is lost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from linhe.desks.exchange.engine.fields import FIELDS, Field
from linhe.desks.exchange.schemas.content import SELLERS, Content, checked
from linhe.desks.exchange.schemas.documents import NotADocument
from linhe.lib.text import Text
from linhe.lib.units import fen, yuan

OTHERS = (
    "csrfmiddlewaretoken",
    "key",
    "version",
    "draft",
    "do",
    "contact",
    "contact_phone",
    "previous",
    "file",
    "document",
    "suggestion",
)
"""Names that belong to the page, not to the application."""
HOLDERS = 4
HOLDER_PARTS = ("name", "share_ppm", "fiscal_line")
PPM_A_PERCENT = 10_000
WAN = 10_000
MOST_DIGITS = 30
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(?![\d,])")
"""Commas part thousands; a single one before cents would be read as a hundred times as much."""
HOLDER = re.compile(r"holders\.(\d)\.(name|share_ppm|fiscal_line)", re.ASCII)


def read_form(sent: Mapping[str, str]) -> Content:
    """The content that was typed.

    Raises
    ------
    NotADocument : every field that cannot be read or kept, by the name it has in the form.
    """
    content: Content = {}
    errors: dict[str, Text] = {}
    holders: dict[int, dict[str, Any]] = {}
    for name, text in sent.items():
        if name in OTHERS or not text.strip():
            continue
        try:
            _take(name, text.strip(), content, holders)
        except ValueError as wrong:
            errors[name] = wrong.args[0]
    if holders:
        _part(content, "application")["values"]["holders"] = [holders[n] for n in sorted(holders)]
    try:
        content = checked(content)
    except NotADocument as wrong:
        errors = {_form_name(name, holders): message for name, message in wrong.errors.items()} | errors
    if errors:
        raise NotADocument(errors)
    return content


def as_typed(content: Content) -> dict[str, str]:
    """What the form shows for a content: the inverse of :func:`read_form`."""
    found: dict[str, str] = {}
    for code, part in content.items():
        found[f"{code}.source"] = part["source"]
        for name, value in part["values"].items():
            if name == "holders":
                for number, holder in enumerate(value):
                    for one, held in holder.items():
                        found[f"holders.{number}.{one}"] = percent(held) if one == "share_ppm" else str(held)
            else:
                found[f"{code}.{name}"] = _shown(FIELDS[f"{code}.{name}"], value)
        found |= {f"{code}.{name}.page": str(page) for name, page in part["pages"].items()}
        found |= {f"{code}.{name}.source": one for name, one in part.get("sources", {}).items()}
    return found


def percent(ppm: int) -> str:
    """``125000`` -> ``12.5``: a share in percent, exact."""
    whole, rest = divmod(ppm, PPM_A_PERCENT)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".")


def money(text: str) -> int:
    """What a person types (``12,345.6``, ``1250万``, ``1250 万元``, ``3亿``) in fen.

    Raises
    ------
    ValueError : it is no such amount; the message is for people.
    """
    plain = re.sub(r"\s|元$", "", text.strip().removeprefix("¥").removeprefix("￥")).replace("，", ",")
    if len(plain) > MOST_DIGITS or ("," in plain and not _GROUPED.match(plain)):
        raise _not_money()
    plain = plain.replace(",", "")
    for unit, times in (("亿", WAN * WAN), ("万", WAN)):
        if plain.endswith(unit):
            whole, _, rest = plain.removesuffix(unit).partition(".")
            most = len(str(times)) + 1
            if _digits(whole) and (not rest or _digits(rest)) and len(rest) <= most:
                return int(whole + rest.ljust(most, "0"))
            raise _not_money()
    try:
        return fen(plain)
    except ValueError:
        raise _not_money() from None


def share(text: str) -> int:
    """``12.5`` or ``12.5%`` in parts per million."""
    whole, _, rest = text.strip().removesuffix("%").removesuffix("％").strip().partition(".")
    if not _digits(whole) or (rest and not _digits(rest)) or len(rest) > 4 or len(whole) > 4:
        message = Text("请填百分比，最多四位小数，如 12.5。", "Give a percentage such as 12.5, four decimals at most.")
        raise ValueError(message)
    return int(whole) * PPM_A_PERCENT + int(rest.ljust(4, "0"))


def _take(name: str, text: str, content: Content, holders: dict[int, dict[str, Any]]) -> None:
    if found := HOLDER.fullmatch(name):
        number, part = int(found.group(1)), found.group(2)
        holders.setdefault(number, {})[part] = share(text) if part == "share_ppm" else text
        return
    code, _, rest = name.partition(".")
    field, _, more = rest.partition(".")
    if code not in SELLERS or more not in ("", "page", "source") or (field not in SELLERS[code] and rest != "source"):
        raise ValueError(Text("不是已知字段。", "This is not a known field."))
    if rest == "source":
        _part(content, code)["source"] = text
    elif more == "source":
        _part(content, code)["sources"][field] = text
    elif more:
        if not _digits(text) or len(text) > 4:
            raise ValueError(Text("页码应为正整数。", "The page is a number."))
        _part(content, code)["pages"][field] = int(text)
    else:
        _part(content, code)["values"][field] = _value(FIELDS[f"{code}.{field}"], text)


def _value(field: Field, text: str) -> Any:
    match field.kind, field.unit:
        case "int", "fen":
            return money(text)
        case "int", "ppm":
            return share(text)
        case "int", _:
            if not _digits(text) or len(text) > 9:
                raise ValueError(Text("须为整数。", "It must be a whole number."))
            return int(text)
        case "bool", _:
            if text not in ("yes", "no"):
                raise ValueError(Text("须为是或否。", "It must be yes or no."))
            return text == "yes"
    return text


def _shown(field: Field, value: Any) -> str:
    if field.kind == "bool":
        return "yes" if value else "no"
    if field.unit == "fen":
        return yuan(value)
    return percent(value) if field.unit == "ppm" else str(value)


def _part(content: Content, code: str) -> dict[str, Any]:
    return content.setdefault(code, {"source": "", "values": {}, "pages": {}, "sources": {}})


def _form_name(name: str, holders: Mapping[int, Any]) -> str:
    """``application.holders.0.name`` counts the rows that were filled; the form's rows may have gaps."""
    head, _, rest = name.partition(".holders.")
    if not rest:
        return name
    number, _, part = rest.partition(".")
    rows = sorted(holders)
    return f"holders.{rows[int(number)]}.{part}" if number.isdigit() and int(number) < len(rows) else head


def _digits(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _not_money() -> ValueError:
    return ValueError(
        Text("请填金额（元），最多两位小数；也可写“1250万”。", "Give an amount in yuan, or such as “1250万”.")
    )
