"""``linhe desks``: which desks there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from rich.console import Console
from rich.table import Table

from linhe.config import command
from linhe.core.loop import registry


class Command(command.Command):
    """Lists desks with their kinds and routes, from the registry and the URL resolver."""

    help = "list the desks with their kinds and routes"
    needs_database = False

    def perform(self, **options: Any) -> dict[str, Any]:
        routes = list(all_routes(get_resolver().url_patterns))
        return {
            "desks": [
                {
                    "code": desk.code,
                    "name": {"zh": desk.name.zh, "en": desk.name.en},
                    "kinds": list(dict.fromkeys(kind.code for kind in desk.kinds)),
                    "routes": [r for r in routes if r.startswith((f"/{desk.code}/", f"/api/{desk.code}/"))],
                }
                for desk in registry.desks()
            ]
        }

    def show(self, result: dict[str, Any], console: Console) -> None:
        table = Table("code", "name", "kinds", "routes")
        for desk in result["desks"]:
            name = f"{desk['name']['zh']} {desk['name']['en']}"
            table.add_row(desk["code"], name, "\n".join(desk["kinds"]), "\n".join(desk["routes"]))
        console.print(table)


def all_routes(patterns: Iterable[URLPattern | URLResolver], prefix: str = "/") -> Iterator[str]:
    """Every route of the resolver, such as ``/errands/<int:pk>/``."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from all_routes(pattern.url_patterns, route)
        else:
            yield route
