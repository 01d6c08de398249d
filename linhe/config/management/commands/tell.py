"""``linhe tell``: the demo day goes on."""

from __future__ import annotations

import argparse
import signal
import threading
from typing import Any

from django.db import connection

from linhe.config import command
from linhe.config.serving import while_parent_lives
from linhe.config.stories import stories


class Command(command.Command):
    """Runs ``demo.tell(stopping)`` of every desk that has one until stopped; ``stopping`` is a ``threading.Event``."""

    help = "let the demo day go on (one of the processes of linhe demo)"
    json_output = False

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)

    def perform(self, *, supervised: bool = False, **options: Any) -> dict[str, Any]:
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        if supervised:
            while_parent_lives()
        tellers = [threading.Thread(target=_tell, args=(tell, stopping), name=c) for c, tell in stories("tell").items()]
        for teller in tellers:
            teller.start()
        # A teller that fails ends the process, so that the supervisor starts the story again.
        while not stopping.wait(0.5):
            if not all(teller.is_alive() for teller in tellers):
                stopping.set()
        for teller in tellers:
            teller.join(10)
        return {}


def _tell(tell: Any, stopping: threading.Event) -> None:
    try:
        tell(stopping)
    finally:
        connection.close()
