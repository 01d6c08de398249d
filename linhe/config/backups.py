"""Copies of the database and the uploaded files, and the way back."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import shutil
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from linhe.config.postgres import Embedded
from linhe.core.people.erasures import noted

DUMP, FILES, ABOUT = "database.dump", "files.tar.gz", "backup.json"


class BackupFailed(RuntimeError):
    """A backup could not be written or brought back; nothing half-done is left behind."""


def back_up(folder: Path) -> dict[str, Any]:
    """Write a new folder with the database (pg_dump's custom format), the files and a description with checksums.

    Files are packed after the dump: files are never changed once stored, so every file that the dump knows is there.
    The two keys are not copied: keep ``LINHE_FIELD_KEY`` elsewhere, or encrypted columns cannot be read again.
    """
    if folder.exists():
        raise BackupFailed(f"{folder} exists already; a backup is written to a new folder")
    draft = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        draft.mkdir(mode=0o700, parents=True)
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={draft / DUMP}", _dsn())
        with tarfile.open(draft / FILES, "w:gz") as archive:
            if settings.MEDIA_ROOT.is_dir():
                archive.add(settings.MEDIA_ROOT, arcname=".")
        about = {
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "key_check": _key_check(),
            "sha256": {name: _sha256(draft / name) for name in (DUMP, FILES)},
        }
        (draft / ABOUT).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
        draft.rename(folder)
    except OSError as error:
        raise BackupFailed(f"cannot write {folder}: {error.strerror or error}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return {
        "folder": str(folder),
        "bytes": sum(path.stat().st_size for path in folder.iterdir()),
        "note": "The keys are not in the backup. Keep LINHE_FIELD_KEY (or var/secrets) in another safe place.",
    }


def restore(folder: Path) -> dict[str, Any]:
    """Bring a backup back into an empty database and an empty media folder; checksums and key are checked first."""
    about = _read_about(folder)
    for name, expected in about["sha256"].items():
        if not (folder / name).is_file() or _sha256(folder / name) != expected:
            raise BackupFailed(f"{folder / name} is missing or damaged")
    if not hmac.compare_digest(about["key_check"], _key_check()):
        raise BackupFailed("LINHE_FIELD_KEY is not the key of this backup: names and phones could not be read")
    if connection.introspection.table_names():
        raise BackupFailed("The database is not empty. Restore into a new data folder or a new database")
    if settings.MEDIA_ROOT.is_dir() and any(settings.MEDIA_ROOT.iterdir()):
        raise BackupFailed(f"{settings.MEDIA_ROOT} is not empty")
    connection.close()
    _run(
        "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", f"--dbname={_dsn()}", str(folder / DUMP)
    )
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / FILES) as archive:
        archive.extractall(settings.MEDIA_ROOT, filter="data")
    return {"folder": str(folder), "made_at": about["made_at"]}


def read_erasures(given: Path | None) -> list[tuple[int, datetime]]:
    """Who was erased since, by the log that was given or lies in this data folder; read before anything is restored."""
    path: Path = given or settings.ERASURES_LOG
    if given is None and not path.is_file():
        return []
    try:
        return noted(path)
    except (OSError, ValueError) as error:
        raise BackupFailed(f"the erasures cannot be read: {error}") from error


def _read_about(folder: Path) -> dict[str, Any]:
    try:
        about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupFailed(f"{folder} is not a backup: it has no readable {ABOUT}") from error
    if not isinstance(about, dict) or not {"made_at", "key_check", "sha256"} <= about.keys():
        raise BackupFailed(f"{folder / ABOUT} is not complete")
    return about


def _dsn() -> str:
    parameters = {key: connection.settings_dict[key.upper()] for key in ("host", "port", "user")}
    return psycopg.conninfo.make_conninfo(
        dbname=connection.settings_dict["NAME"], **{key: value for key, value in parameters.items() if value}
    )


def _run(program: str, *arguments: str) -> None:
    """Run one of the wheel's programs; the password goes by the environment, not by the process list."""
    binary = Embedded(settings.DATA_FOLDER / "postgres").binary(program)
    password = connection.settings_dict["PASSWORD"]
    environment = {**os.environ, "PGPASSWORD": password} if password else None
    done = subprocess.run([binary, *arguments], capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise BackupFailed(f"{program} failed: {(done.stderr.strip().splitlines() or ['no message'])[0]}")


def _key_check() -> str:
    """Tells one field key from another without giving it away."""
    return hmac.new(settings.FIELD_KEY.encode(), b"linhe backup", hashlib.sha256).hexdigest()[:16]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
