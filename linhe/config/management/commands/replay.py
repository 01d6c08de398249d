"""``linhe replay DIR``: play a courier company's day through the errands desk."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils import timezone
from rich.console import Console

from linhe.config import command
from linhe.desks.errands.demo.replay import replay


class Command(command.Command):
    """Parcels are the couriers' own routes, timed orders arrive as errands; every step goes through the loop."""

    help = "play a courier company's day: linhe replay DIR (format: linhe/desks/errands/sample/FORMAT.md)"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="folder with the six files")
        parser.add_argument("--couriers", type=int, default=None, metavar="N", help="only the first N couriers")
        parser.add_argument(
            "--speed", type=float, default=0.0, metavar="N", help="simulated seconds a second (as fast as it goes)"
        )

    def perform(self, *, folder: Path, couriers: int | None, speed: float, **options: Any) -> dict[str, Any]:
        with command.progress() as bar:
            task = bar.add_task("playing the day", total=None)
            try:
                result = replay(
                    folder, now=timezone.now(), couriers=couriers, speed=speed,
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )  # fmt: skip
            except ValueError as error:
                raise command.Usage(str(error)) from error
        wrong = result["violations"] or result["verify_problems"]
        return result | {"exit_code": command.PROBLEMS if wrong else command.OK}

    def show(self, result: dict[str, Any], console: Console) -> None:
        width = max(len(name) for name in result)
        for name, value in result.items():
            console.print(f"{name:<{width}}  {value}", highlight=False)
