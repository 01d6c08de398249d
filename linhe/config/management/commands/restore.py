"""``linhe restore FOLDER``: bring a backup back into an empty database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from linhe.config import command
from linhe.config.backups import BackupFailed, read_erasures, restore
from linhe.core.loop import verifying
from linhe.core.people.services import erase_again


class Command(command.Command):
    """Refuses a database that holds anything, erases again who was erased since, and verifies what it restored."""

    help = "restore a backup into an empty database, then verify it"
    needs_migrations = False

    def options(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="a folder that linhe backup wrote")
        parser.add_argument(
            "--erasures", type=Path, metavar="FILE",
            help="erasures.log of the data folder that was lost; otherwise that of this one, if there is any",
        )  # fmt: skip

    def perform(self, *, folder: Path, erasures: Path | None, **options: Any) -> dict[str, Any]:
        try:
            gone = read_erasures(erasures)
            result = restore(folder)
        except BackupFailed as error:
            raise command.Usage(str(error)) from error
        erased = sum(erase_again(account_id=account_id, at=at) for account_id, at in gone)
        problems = [f"{name}: {problem}" for name, check in verifying.checks().items() for problem in check()]
        return {
            **result,
            "erased_again": erased,
            "problems": problems,
            "exit_code": command.PROBLEMS if problems else command.OK,
        }
