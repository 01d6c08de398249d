"""``linhe solve DESK CASE.json``: replay a desk's engine from a file."""

from __future__ import annotations

import argparse
import json
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from linhe.config import command


class Command(command.Command):
    """Reads a problem, solves it with the desk's engine and prints the result. Needs no database."""

    help = "solve a case of a desk's engine: linhe solve errands case.json"
    needs_database = False

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("desk", help="code of the desk, such as errands")
        parser.add_argument("case", type=Path, help="a JSON file with the problem")

    def perform(self, *, desk: str, case: Path, **options: Any) -> dict[str, Any]:
        engine = _engine(desk)
        try:
            content = json.loads(case.read_text(encoding="utf-8"), object_pairs_hook=_once)
        except OSError as error:
            raise command.Usage(f"cannot read {case}: {error.strerror}") from error
        except (ValueError, RecursionError) as error:  # also a number of more digits than numbers have
            raise command.Usage(f"{case} is not JSON: {error}") from error
        if not isinstance(content, dict):
            raise command.Usage(f"{case} must hold one JSON object")
        try:
            problem = engine.Problem.from_json(content)
        except (ValueError, KeyError, TypeError) as error:
            raise command.Usage(f"{case} is not a case of {desk}: {error}") from error
        result: dict[str, Any] = engine.solve(problem, engine.Params()).to_json()
        return result


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which no name stands twice: the last one would win without a word."""
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"{next(name for name in names if names.count(name) > 1)!r} stands twice")
    return found


def _engine(desk: str) -> ModuleType:
    name = f"linhe.desks.{desk}.engine"
    if not desk.isidentifier() or find_spec(f"linhe.desks.{desk}") is None or find_spec(name) is None:
        raise command.Usage(f"there is no desk {desk!r} with an engine (see linhe desks)")
    return import_module(name)
