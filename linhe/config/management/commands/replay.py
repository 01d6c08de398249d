"""``linhe replay DIR``: play a courier company's day through the errands desk."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone
from rich.console import Console

from linhe.config import command
from linhe.desks.errands.demo.counting import Played, compared
from linhe.desks.errands.demo.replay import BATCH_S, ENGINES, WHOLE_DAY, play


class Command(command.Command):
    """Parcels are the couriers' own routes, timed orders arrive as errands; every step goes through the loop."""

    help = "play a courier company's day: linhe replay DIR (format: linhe/desks/errands/sample/FORMAT.md)"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="folder with the six files")
        parser.add_argument("--couriers", type=int, default=None, metavar="N", help="only the first N couriers")
        parser.add_argument(
            "--speed", type=float, default=0.0, metavar="N", help="simulated seconds a second (as fast as it goes)"
        )

        parser.add_argument(
            "--batch", type=float, default=BATCH_S, metavar="S", help=f"simulated seconds between plans ({BATCH_S:g})"
        )
        parser.add_argument(
            "--hours", type=float, nargs=2, default=WHOLE_DAY, metavar=("FROM", "TO"), help="only the orders of these"
        )
        parser.add_argument("--engine", choices=sorted(ENGINES), default="linhe", help="which version plans (linhe)")
        parser.add_argument(
            "--compare", action="store_true", help="play the day twice, with the first version of the engine too"
        )

    def perform(self, *, folder: Path, engine: str, compare: bool, **options: Any) -> dict[str, Any]:
        names = ["first", "linhe"] if compare else [engine]
        played = {name: self._played(folder, name, **options) for name in names}
        results = {name: one.figures for name, one in played.items()}
        wrong = any(one["violations"] or one["verify_problems"] for one in results.values())
        told: dict[str, Any] = {"engines": results, "both": compared(played)} if compare else results[engine]
        return told | {"exit_code": command.PROBLEMS if wrong else command.OK}

    def _played(
        self,
        folder: Path,
        engine: str,
        *,
        couriers: int | None,
        speed: float,
        batch: float,
        hours: Sequence[float],
        **options: Any,
    ) -> Played:
        with command.progress() as bar:
            task = bar.add_task(f"playing the day ({engine})", total=None)
            try:
                return play(
                    folder, now=timezone.now(), couriers=couriers, speed=speed, engine=engine, batch_s=batch,
                    hours=(hours[0], hours[1]),
                    progress=lambda done, total: bar.update(task, completed=done, total=total),
                )  # fmt: skip
            except ValueError as error:
                raise command.Usage(str(error)) from error

    def show(self, result: dict[str, Any], console: Console) -> None:
        columns = list(result["engines"].values()) if "engines" in result else [result]
        width = max(len(name) for name in columns[0])
        for name in columns[0]:
            values = "".join(f"  {one[name]!s:<24}" for one in columns)
            console.print(f"{name:<{width}}{values}".rstrip(), highlight=False)
        if "both" in result:
            console.print("\nof the errands that both served:")
            for name, figure in result["both"].items():
                console.print(f"{name:<{width}}  {figure}", highlight=False)
