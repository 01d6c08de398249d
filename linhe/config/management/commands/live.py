"""``linhe live``: stream live updates to open pages."""

from __future__ import annotations

import argparse
from typing import Any

from django.conf import settings

from linhe.config import command
from linhe.config.serving import serve_live, while_parent_lives


class Command(command.Command):
    """One asynchronous process with one LISTEN connection for all open pages."""

    help = "stream live updates to open pages (one of the processes of linhe run)"
    json_output = False

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.BIND)
        parser.add_argument("--port", type=int, default=settings.LIVE_PORT)
        parser.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)

    def perform(self, *, host: str, port: int, supervised: bool = False, **options: Any) -> dict[str, Any]:
        if supervised:
            while_parent_lives()
        serve_live(host=host, port=port)
        return {}
