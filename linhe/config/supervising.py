"""Runs linhe's processes: starts them, starts them again when they die, stops them together."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from linhe.config.postgres import DatabaseDidNotStart, Embedded

STOP_S = 15.0
LOOK_S = 0.2
SHORTEST_WAIT_S, LONGEST_WAIT_S = 0.2, 5.0
STABLE_S = 10.0


@dataclass(slots=True)
class Child:
    """One supervised process: ``linhe <name> --supervised``."""

    name: str
    arguments: tuple[str, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    wait_s: float = SHORTEST_WAIT_S
    restarts: int = 0

    def start(self) -> None:
        """Start the process. It ends by itself when our end of its stdin closes, even if we are killed."""
        command = [sys.executable, "-m", "linhe.config.cli", self.name, *self.arguments, "--supervised"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE)
        self.started_at = time.monotonic()

    def look(self) -> str | None:
        """Start the process again when it has died and its waiting time is over; what happened, for the log."""
        if self.process is None or self.process.poll() is None:
            return None
        lived_s = time.monotonic() - self.started_at
        if lived_s > STABLE_S:
            self.wait_s = SHORTEST_WAIT_S
        if lived_s < self.wait_s:
            return None
        code = self.process.returncode
        self.wait_s = min(self.wait_s * 2, LONGEST_WAIT_S)
        self.restarts += 1
        self.start()
        return f"{self.name} ended with {code} and was started again"


@dataclass(slots=True)
class Supervisor:
    """Keeps the children, and the embedded database when there is one, running until told to stop.

    ``greeting`` is printed as soon as ``answers`` says that the pages can be opened.
    """

    children: list[Child]
    database: Embedded | None
    answers: Callable[[], bool]
    greeting: str
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Start everything and return when SIGTERM or SIGINT has stopped it."""
        before = {s: signal.signal(s, lambda *_: self.stopping.set()) for s in (signal.SIGTERM, signal.SIGINT)}
        try:
            for child in self.children:
                child.start()
            greeted = False
            while not self.stopping.wait(LOOK_S):
                if not greeted and self.answers():
                    greeted = True
                    print(self.greeting, flush=True)
                self._look_after_database()
                for child in self.children:
                    if happened := child.look():
                        _say(happened)
        finally:
            self._stop()
            for number, handler in before.items():
                signal.signal(number, handler)

    def _look_after_database(self) -> None:
        if self.database is None or self.database.is_running():
            return
        _say("the database ended and is started again")
        try:
            self.database.start()
        except DatabaseDidNotStart as error:
            _say(str(error))

    def _stop(self) -> None:
        """Ask every child to stop, then insist."""
        running = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_S
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _say(sentence: str) -> None:
    print(f"linhe run: {sentence}", file=sys.stderr, flush=True)
