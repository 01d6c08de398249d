"""``linhe run``: everything on one machine."""

from __future__ import annotations

import argparse
import socket
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command

from linhe.config import command
from linhe.config.supervising import Child, Supervisor


class Command(command.Command):
    """Database, migrations, pages, live updates and jobs, supervised; prints the one address to open."""

    help = "run everything on this machine and print the address to open"
    json_output = False
    needs_migrations = False

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default=settings.BIND, help=f"address to listen on (default {settings.BIND})")
        parser.add_argument("--port", type=int, default=settings.WEB_PORT, help="port of the pages")
        parser.add_argument("--live-port", type=int, default=settings.LIVE_PORT, help="port of the live updates")

    def perform(self, *, host: str, port: int, live_port: int, **options: Any) -> dict[str, Any]:
        prepare()
        supervise(host=host, port=port, live_port=live_port)
        return {}


def prepare() -> None:
    """Bring the tables and the static files up to date."""
    command.migrate()
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0, clear=False)


def supervise(*, host: str, port: int, live_port: int, beside: tuple[Child, ...] = ()) -> None:
    """Run the servers, and what else is given, until SIGTERM or SIGINT."""
    for needed in (port, live_port):
        _must_be_free(host, needed)
    children = [
        Child("web", ("--host", host, "--port", str(port), "--live-port", str(live_port))),
        Child("live", ("--host", host, "--port", str(live_port))),
        Child("work"),
        *beside,
    ]
    address = settings.PUBLIC_URL
    if not settings.HTTPS:
        shown = urlsplit(address).hostname if host in {"0.0.0.0", "::", "127.0.0.1"} else host
        address = f"http://{shown}:{port}"
    greeting = f"\n  邻和 linhe: open {address}/   (Ctrl-C stops it)\n"
    Supervisor(children, settings.EMBEDDED, lambda: _answers(host, port), greeting).run()


def _answers(host: str, port: int) -> bool:
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    with socket.socket(_family(reached)) as probe:
        probe.settimeout(1)
        return probe.connect_ex((reached, port)) == 0


def _must_be_free(host: str, port: int) -> None:
    with socket.socket(_family(host)) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise command.Unavailable(
                f"cannot listen on {host}:{port}: {error} (choose another with --port)"
            ) from error


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
