"""``linhe web``: serve pages and the API."""

from __future__ import annotations

import argparse
import os
from typing import Any

from django.conf import settings

from linhe.config import command
from linhe.config.serving import serve_pages, while_parent_lives


class Command(command.Command):
    """Threads that speak WSGI; live updates have a process of their own (``linhe live``)."""

    help = "serve the pages and the API (one of the processes of linhe run)"
    json_output = False

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.BIND)
        parser.add_argument("--port", type=int, default=settings.WEB_PORT)
        parser.add_argument("--live-port", type=int, default=settings.LIVE_PORT, help="where pages find live updates")
        parser.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)

    def perform(
        self, *, host: str, port: int, live_port: int, supervised: bool = False, **options: Any
    ) -> dict[str, Any]:
        if supervised:
            while_parent_lives()
        # The server's workers read the settings afresh when they are spawned rather than forked.
        os.environ["LINHE_LIVE_PORT"] = str(live_port)
        settings.LIVE_PORT = live_port
        serve_pages(host=host, port=port)
        return {}
