"""An application's content: what its documents say, as a draft keeps it and a filing freezes it.

``{"certificate": {"source": "…", "values": {"share_ppm": 125000}, "pages": {"share_ppm": 2}, "sources": {}}, …}``:
plain data, every value valid by its own, every field optional. ``sources`` names another source than the document's
own, such as an uploaded file, for single fields. What the exchange knows by itself (numbers, the day of lodging, what
its reviewers confirm, what became of the notice) is not the seller's to fill in.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from linhe.desks.exchange.engine.chain import Holder
from linhe.desks.exchange.engine.facts import Fact
from linhe.desks.exchange.schemas.documents import MODELS, Application, Document, NotADocument
from linhe.desks.exchange.schemas.legible import legible
from linhe.lib.text import Text

Content = dict[str, dict[str, Any]]
PARTS = ("source", "values", "pages", "sources")
LONGEST_SOURCE, MOST_PAGES = 120, 9999

NOT_THE_SELLERS: dict[str, tuple[str, ...]] = {
    "application": ("step", "lot", "seller", "listing_number", "applied_on"),
    "certificate": ("genuine", "complete"),
    "disclosure": (
        "extensions", "extension_days", "extension_announced", "suspended", "suspended_on", "resumed_on", "changed",
        "change_agreed", "restarted_on", "buyer_terms_changed", "buyer_terms_refiled",
    ),
}  # fmt: skip

SELLERS: dict[str, tuple[str, ...]] = {
    code: tuple(n for n in model.model_fields if n not in (*NOT_THE_SELLERS.get(code, ()), "holders"))
    for code, model in MODELS.items()
    if code != "deal"
}
"""The fields that a seller fills in, by document."""


def checked(content: Mapping[str, Any]) -> Content:
    """The content in its stored form.

    Raises
    ------
    NotADocument : every field that is wrong, as ``certificate.share_ppm``; nothing is left out in silence.
    """
    errors: dict[str, Text] = {}
    found: Content = {}
    for code, part in content.items():
        if code not in SELLERS or not isinstance(part, Mapping) or set(part) - set(PARTS):
            errors[str(code)[:40]] = Text("不是已知材料。", "is not a known document.")
            continue
        try:
            found[code] = _part(code, part)
        except NotADocument as wrong:
            errors |= {f"{code}.{name}": message for name, message in wrong.errors.items()}
    if errors:
        raise NotADocument(errors)
    return {code: found[code] for code in SELLERS if code in found}


def _part(code: str, part: Mapping[str, Any]) -> dict[str, Any]:
    values, pages, sources = part.get("values", {}), part.get("pages", {}), part.get("sources", {})
    source = str(part.get("source", "")).strip()
    own = (*SELLERS[code], "holders") if code == "application" else SELLERS[code]
    errors = {str(name)[:40]: Text("不是已知字段。", "is not a known field.") for name in values if name not in own}
    beside = [*pages, *sources]
    errors |= {str(n)[:40]: Text("不是已知字段。", "is not a known field.") for n in beside if n not in SELLERS[code]}
    for name, one in (("source", source), *((f"{name}.source", one) for name, one in sources.items())):
        if not isinstance(one, str) or len(one) > LONGEST_SOURCE or not legible(one, line=True):
            errors[name] = Text("材料名称过长或含有不能识别的字符。", "The document's name cannot be kept.")
    for name, page in pages.items():
        if type(page) is not int or not 1 <= page <= MOST_PAGES:
            errors[f"{name}.page"] = Text(f"页码应为 1–{MOST_PAGES}。", f"The page is a number from 1 to {MOST_PAGES}.")
    try:
        document = MODELS[code].read({name: v for name, v in values.items() if name in own})
    except NotADocument as wrong:
        errors = errors | wrong.errors
    if errors:
        raise NotADocument(errors)
    kept = document.model_dump(mode="json", exclude_none=True)
    return {
        "source": source, "values": kept,
        "pages": {name: page for name, page in sorted(pages.items()) if name in kept},
        "sources": {name: one for name, one in sorted(sources.items()) if name in kept and one},
    }  # fmt: skip


def documents_of(content: Content) -> dict[str, Document]:
    """The documents by code, read again."""
    return {code: MODELS[code].read(part["values"]) for code, part in content.items()}


def facts_of(content: Content) -> dict[str, Fact]:
    """Every known field as a fact, with the document and page that it stands in."""
    found: dict[str, Fact] = {}
    for code, document in documents_of(content).items():
        part = content[code]
        told = document.facts(part["source"] or document.title().zh, part["pages"])
        own = part.get("sources", {})
        found |= {p: f._replace(document=own.get(p.partition(".")[2], f.document)) for p, f in told.items()}
    return found


def holders_of(content: Content) -> tuple[Holder, ...] | None:
    """The state holders; None while nobody has named them."""
    if "application" not in content:
        return None
    document = Application.read(content["application"]["values"])
    return document.holder_facts(content["application"]["source"] or document.title().zh)


def value_in(content: Content, path: str) -> Any:
    """One value of the content, None when it is missing."""
    code, _, name = path.partition(".")
    return content.get(code, {}).get("values", {}).get(name)
