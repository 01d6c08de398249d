"""The servers: pages by WSGI threads, live updates by one asynchronous process."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from importlib import import_module
from typing import Any

from django.conf import settings
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

GRACE_S = 5.0


def serve_pages(*, host: str, port: int) -> None:
    """Serve pages and the API until told to stop; a worker that dies is replaced."""
    Granian(
        "linhe.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=settings.WEB_WORKERS,
        blocking_threads=settings.WEB_THREADS,
        respawn_failed_workers=True,
        respawn_interval=0.5,
        workers_kill_timeout=10,
        websockets=False,
        log_level=LogLevels.error,
    ).serve(target_loader=_load_in_worker)


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
        workers_kill_timeout=2,
        websockets=False,
        log_level=LogLevels.error,
    ).serve(target_loader=_load_in_worker)


def while_parent_lives() -> None:
    """End this process when the supervisor is gone, however it went: its end of stdin closes."""

    def watch() -> None:
        while os.read(sys.stdin.fileno(), 1024):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def _load_in_worker(target: str) -> Any:
    """Load the application in a worker, which must not outlive its server: it would keep the port."""
    server = os.getppid()

    def watch() -> None:
        while os.getppid() == server:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE_S)
        os._exit(1)

    threading.Thread(target=watch, name="server-watch", daemon=True).start()
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)
