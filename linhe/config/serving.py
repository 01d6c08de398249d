"""The servers: pages by WSGI threads, live updates by one asynchronous process."""

from __future__ import annotations

import os
import signal
import sys
import threading

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def serve_pages(*, host: str, port: int) -> None:
    """Serve pages and the API until told to stop; a worker that dies is replaced."""
    Granian(
        "linhe.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.WEB_WORKERS,
        blocking_threads=settings.WEB_THREADS,
        backlog=1024,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def serve_live(*, host: str, port: int) -> None:
    """Serve live updates until told to stop."""
    Granian(
        "linhe.config.live:application",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=5,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def while_parent_lives() -> None:
    """End this process when the supervisor is gone, however it went: its end of stdin closes."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
