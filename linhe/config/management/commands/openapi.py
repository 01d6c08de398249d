"""``linhe openapi``: write the API's description, or check that the written one is up to date."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from linhe.config import command


class Command(command.Command):
    """The committed description is compared by ``make check``, so that no endpoint changes unseen."""

    help = "write the OpenAPI description to a file, or compare it with --check"
    needs_database = False

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file, such as docs/openapi.json")
        parser.add_argument("--check", action="store_true", help="do not write; exit code 1 when the file differs")

    def perform(self, *, file: Path, check: bool = False, **options: Any) -> dict[str, Any]:
        from linhe.config.api import api  # noqa: PLC0415 - collects the routers, needed only here

        text = json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        if check:
            same = file.is_file() and file.read_text(encoding="utf-8") == text
            return {"file": file, "up_to_date": same, "exit_code": command.OK if same else command.PROBLEMS}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return {"file": file, "up_to_date": True}
