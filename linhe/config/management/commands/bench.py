"""``linhe bench NAME``: measure, so that figures can be compared over time."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from rich.console import Console
from rich.table import Table

from linhe.config import command
from linhe.lib.benches import Bench, Option

Run = Callable[[Mapping[str, Any]], dict[str, Any]]


class Command(command.Command):
    """Runs one bench of the ``bench.py`` of an app.

    ``BENCHES = {"name": run}``, where ``run(options)`` returns figures; ``Bench(run, options)`` when it understands
    more than size and seed.
    """

    help = "run a benchmark, or list them: linhe bench loop"
    needs_migrations = False  # benches that write bring a scratch database

    def options(self, parser: argparse.ArgumentParser) -> None:
        named = parser.add_subparsers(dest="name", metavar="name", help="name of the bench; none lists them")
        for name, bench in sorted(all_benches().items()):
            one = named.add_parser(name, description=(_function(bench).__doc__ or name).partition("\n")[0])
            one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print one JSON object")
            one.add_argument("--size", type=int, help="how much to do; each bench has its own default")
            one.add_argument("--seed", type=int, default=1, help="seed of what is random (default 1)")
            for option in bench.options if isinstance(bench, Bench) else ():
                _add(one, option)

    def perform(self, *, name: str | None = None, **options: Any) -> dict[str, Any]:
        benches = all_benches()
        if name is None:
            return {"benches": sorted(benches)}
        if name not in benches:
            raise command.Usage(f"there is no bench {name!r}; there are: {', '.join(sorted(benches)) or 'none'}")
        return benches[name]({key: value for key, value in options.items() if value is not None})

    def show(self, result: dict[str, Any], console: Console) -> None:
        for key, value in result.items():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                _show_rows(key, value, console)
                continue
            shown = ", ".join(map(str, value)) if isinstance(value, list) else value
            console.print(f"{key:20} {shown}", markup=False, highlight=False)


def all_benches() -> dict[str, Run]:
    """Every bench that an installed app of this project offers."""
    found: dict[str, Run] = {}
    for app in apps.get_app_configs():
        if app.name.startswith("linhe.") and find_spec(f"{app.name}.bench"):
            found |= getattr(import_module(f"{app.name}.bench"), "BENCHES", {})
    return found


def _function(bench: Run) -> Run:
    return bench.run if isinstance(bench, Bench) else bench


def _add(parser: argparse.ArgumentParser, option: Option) -> None:
    if option.type is bool:
        parser.add_argument(option.flag, action="store_true", help=option.help)
    elif option.many:
        parser.add_argument(option.flag, type=option.type, nargs="+", help=option.help)
    else:
        parser.add_argument(option.flag, type=option.type, help=option.help)


def _show_rows(key: str, rows: list[dict[str, Any]], console: Console) -> None:
    """Rows of figures as a table, a column a key."""
    table = Table(*rows[0], title=key, box=None, title_justify="left")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    console.print(table, markup=False, highlight=False)
