"""``linhe backup FOLDER``: one consistent copy of everything that cannot be made again."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from linhe.config import command
from linhe.config.backups import BackupFailed, back_up


class Command(command.Command):
    """Writes the database and the uploaded files into a new folder. Secrets are not copied; the result says so."""

    help = "copy the database and the uploaded files into a new folder"

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that does not exist yet")

    def perform(self, *, folder: Path, **options: Any) -> dict[str, Any]:
        try:
            return back_up(folder)
        except BackupFailed as error:
            raise command.Usage(str(error)) from error
