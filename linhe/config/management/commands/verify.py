"""``linhe verify``: recount everything that can be recounted."""

from __future__ import annotations

import argparse
from typing import Any

from rich.console import Console

from linhe.config import command
from linhe.core.indicators import rolling
from linhe.core.loop import verifying


class Command(command.Command):
    """Runs the checks that the apps registered; exit code 1 when one of them found something."""

    help = "check the event chains, the ledger, the indicators; exit code 1 when something is wrong"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--recount",
            action="store_true",
            help="first count all figures anew (a desk declared a new measure)",
        )

    def perform(self, *, recount: bool = False, **options: Any) -> dict[str, Any]:
        if recount:
            rolling.recount()
        problems: list[str] = []
        checks = verifying.checks()
        with command.progress() as bar:
            for name, check in bar.track(list(checks.items()), description="verifying"):
                problems.extend(f"{name}: {problem}" for problem in check())
        return {
            "problems": problems,
            "checks": list(checks),
            "exit_code": command.PROBLEMS if problems else command.OK,
        }

    def show(self, result: dict[str, Any], console: Console) -> None:
        for problem in result["problems"]:
            console.print(problem, markup=False, highlight=False)
        console.print(f"{len(result['problems'])} problems in {len(result['checks'])} checks", highlight=False)
