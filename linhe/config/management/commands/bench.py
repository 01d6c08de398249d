"""``linhe bench NAME``: measure, so that figures can be compared over time."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from rich.console import Console

from linhe.config import command

Bench = Callable[[Mapping[str, Any]], dict[str, Any]]


class Command(command.Command):
    """Runs one bench of the ``bench.py`` of an app: ``BENCHES = {"name": run}``, ``run(options)`` returns figures."""

    help = "run a benchmark, or list them: linhe bench loop"
    needs_migrations = False  # benches that write bring a scratch database

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="name of the bench; none lists them")
        parser.add_argument("--size", type=int, help="how much to do; each bench has its own default")
        parser.add_argument("--seed", type=int, default=1, help="seed of what is random (default 1)")

    def perform(self, *, name: str | None = None, **options: Any) -> dict[str, Any]:
        benches = all_benches()
        if name is None:
            return {"benches": sorted(benches)}
        if name not in benches:
            raise command.Usage(f"there is no bench {name!r}; there are: {', '.join(sorted(benches)) or 'none'}")
        return benches[name]({key: value for key, value in options.items() if value is not None})

    def show(self, result: dict[str, Any], console: Console) -> None:
        for key, value in result.items():
            shown = ", ".join(value) if isinstance(value, list) else value
            console.print(f"{key:20} {shown}", markup=False, highlight=False)


def all_benches() -> dict[str, Bench]:
    """Every bench that an installed app of this project offers."""
    found: dict[str, Bench] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("linhe.") and find_spec(f"{app.name}.bench"):
            found |= import_module(f"{app.name}.bench").BENCHES
    return found
