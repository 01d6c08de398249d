"""Reads and writes the JSON case; what is wrong is named with its place."""

from __future__ import annotations

from datetime import date
from typing import Any

from linhe.desks.exchange.engine.chain import Earlier, Holder, parts
from linhe.desks.exchange.engine.facts import Fact
from linhe.desks.exchange.engine.fields import DOCUMENTS, FIELDS

KNOWN = ("title", "as_of", "facts", "earlier", "holders")
PARTS = ("value", "document", "page")
LISTED = {
    "number": "int",
    "reserve_fen": "int",
    "starts_on": "date",
    "ends_on": "date",
    "result": "text",
    "review": "text",
}
HOLDER = {"name": "text", "share_ppm": "int", "fiscal_line": "text"}


def read(data: Any) -> dict[str, Any]:
    """The arguments of a problem."""
    _names(data, "case", KNOWN)
    if "as_of" not in data:
        raise ValueError("as_of: the day of the review is missing")
    return {
        "as_of": _date(data["as_of"], "as_of"),
        "facts": dict(_facts(data.get("facts", {}))),
        "earlier": _rows(data.get("earlier"), "earlier", Earlier, LISTED, "number"),
        "holders": _rows(data.get("holders"), "holders", Holder, HOLDER, "name"),
    }


def written(problem: Any) -> dict[str, Any]:
    """A problem as plain objects, lists, texts and numbers."""
    facts: dict[str, dict[str, Any]] = {}
    for path, fact in problem.facts.items():
        document, _, name = path.partition(".")
        facts.setdefault(document, {})[name] = shown(fact)
    found: dict[str, Any] = {"as_of": problem.as_of.isoformat(), "facts": facts}
    for name in ("earlier", "holders"):
        rows = getattr(problem, name)
        if rows is not None:
            found[name] = [{part: shown(fact) for part, fact in parts(one).items()} for one in rows]
    return found


def shown(fact: Fact) -> dict[str, Any]:
    """A fact as plain JSON."""
    return {"value": plain(fact.value), "document": fact.document, "page": fact.page}


def plain(value: Any) -> Any:
    """A value as plain JSON."""
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _facts(data: Any) -> Any:
    if not isinstance(data, dict):
        raise ValueError("facts: must be an object of documents")
    for document, found in data.items():
        if document not in DOCUMENTS:
            raise ValueError(f"facts.{document}: is not a known document")
        if not isinstance(found, dict):
            raise ValueError(f"facts.{document}: must be an object")
        for name, one in found.items():
            path = f"{document}.{name}"
            if path not in FIELDS or FIELDS[path].derived:
                raise ValueError(f"facts.{path}: is not a known field")
            yield path, _fact(one, f"facts.{path}", FIELDS[path].kind)


def _rows(data: Any, where: str, kind: Any, names: dict[str, str], needed: str) -> Any:
    if data is None:
        return None
    if not isinstance(data, list) or len(data) > 1000:
        raise ValueError(f"{where}: must be a list of at most 1000")
    rows = []
    for place, one in enumerate(data):
        _names(one, f"{where}[{place}]", tuple(names))
        if needed not in one:
            raise ValueError(f"{where}[{place}].{needed}: is missing")
        rows.append(kind(**{name: _fact(one[name], f"{where}[{place}].{name}", names[name]) for name in one}))
    return tuple(rows)


def _fact(data: Any, where: str, kind: str) -> Fact:
    """A bare value, or an object with the document and page it was read from."""
    if not isinstance(data, dict):
        return Fact(_value(data, where, kind))
    _names(data, where, PARTS)
    document, page = data.get("document", ""), data.get("page")
    if not isinstance(document, str):
        raise ValueError(f"{where}.document: must be a text")
    if page is not None and (type(page) is not int or page < 1):
        raise ValueError(f"{where}.page: must be a page number from 1")
    return Fact(_value(data.get("value"), where, kind), document, page)


def _value(data: Any, where: str, kind: str) -> Any:
    return _date(data, where) if kind == "date" and data is not None else data


def _date(data: Any, where: str) -> date:
    try:
        return date.fromisoformat(data)
    except (TypeError, ValueError):
        raise ValueError(f"{where}: {data!r} is not a date such as 2026-03-02") from None


def _names(data: Any, where: str, known: tuple[str, ...]) -> None:
    if not isinstance(data, dict):
        raise ValueError(f"{where}: must be an object")
    if unknown := sorted(set(data) - set(known)):
        raise ValueError(f"{where}.{unknown[0]}: is not a known name")
