"""Answers of GeoReport v2: one tree of plain data, wrapped in named elements as XML and unwrapped as JSON."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

XML, JSON = "xml", "json"
CONTENT_TYPES = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}
ITEM_OF = {
    "services": "service", "service_requests": "request", "attributes": "attribute", "values": "value",
    "endpoints": "endpoint", "formats": "format", "errors": "error", "service_request_updates": "request_update",
    "comments": "comment",
}  # fmt: skip
"""List -> the element that wraps each of its items in XML; JSON has a plain array instead."""
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rendered(root: str, data: Any, fmt: str) -> bytes:
    """An answer's bytes. ``root`` is the name of the outermost XML element; JSON has no such name."""
    if fmt == JSON:
        return json.dumps(data, ensure_ascii=False, allow_nan=False).encode()
    body = ElementTree.tostring(_element(root, data), encoding="unicode", short_empty_elements=True)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{body}'.encode()


def w3(moment: datetime | None) -> str | None:
    """A moment as W3C date and time in UTC, to the second: ``2026-01-05T02:03:04Z``."""
    return None if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _element(name: str, data: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(data, dict):
        element.extend(_element(key, inner) for key, inner in data.items())
    elif isinstance(data, list):
        element.extend(_element(ITEM_OF[name], inner) for inner in data)
    elif data is not None and data != "":
        element.text = _text(data)
    return element


def _text(data: Any) -> str:
    """Booleans in small letters; what XML cannot hold is left out."""
    return str(data).lower() if isinstance(data, bool) else _NOT_XML.sub("", str(data))
