"""Keys and numbers in addresses: what is no such number counts as not given."""

from __future__ import annotations

from django.http import HttpRequest

MOST = 2**63 - 1


def key_in(request: HttpRequest, name: str) -> int | None:
    """A positive id from the query, None when it is missing or none."""
    sent = request.GET.get(name, "")
    return int(sent) if sent.isascii() and sent.isdecimal() and 0 < int(sent[:19]) <= MOST and len(sent) < 20 else None
