"""``linhe restore FOLDER``: bring a backup back into an empty database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from linhe.config import command
from linhe.config.backups import BackupFailed, restore
from linhe.core.loop import verifying


class Command(command.Command):
    """Refuses a database that holds anything, and verifies what it restored."""

    help = "restore a backup into an empty database, then verify it"
    needs_migrations = False

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that linhe backup wrote")

    def perform(self, *, folder: Path, **options: Any) -> dict[str, Any]:
        try:
            result = restore(folder)
        except BackupFailed as error:
            raise command.Usage(str(error)) from error
        problems = [f"{name}: {problem}" for name, check in verifying.checks().items() for problem in check()]
        return {**result, "problems": problems, "exit_code": command.PROBLEMS if problems else command.OK}
