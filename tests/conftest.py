"""What all tests share: the embedded PostgreSQL and a Chromium for the journeys."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from psycopg import sql
from pytest_django import DjangoDbBlocker

from linhe.core.loop import announcing

CHROMIUM = os.environ.get("LINHE_CHROMIUM", "/usr/bin/chromium")
ROOT = Path(__file__).resolve().parents[1]
SCREENSHOTS = ROOT / ("docs/screenshots" if os.environ.get("KEEP_SCREENSHOTS") else "var/test/screenshots")

# Examples may take as long as they need: a busy machine is no defect. They are the same ones in every run, so that a
# change is judged by what it changed; LINHE_EXPLORE=1 looks where nobody has looked.
hypothesis.settings.register_profile("linhe", deadline=None, derandomize=not os.environ.get("LINHE_EXPLORE"))
hypothesis.settings.load_profile("linhe")


LONGEST = (
    "browser/test_demo.py",  # needs no database of the tests, so one worker makes that while the other begins here
    "trust/test_t5_legal_moves.py",
    "trust/test_t6_matrix.py",
    "trust/test_t7_bad_input.py",
    "trust/test_t6_actions.py",
    "integration/config/test_running.py",
    "integration/config/test_bench_pages.py",
    "integration/desks/errands/test_replay.py",
)
"""Files that take more than half a minute."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: no worker shall end alone with one of them."""
    rank = {ROOT / "tests" / name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path, len(rank)))


@pytest.fixture(scope="session")
def _server() -> Iterator[None]:
    """The tests' own PostgreSQL, kept running until the last test run that uses it has ended."""
    with settings.EMBEDDED.in_use() if settings.EMBEDDED else nullcontext():
        yield


@pytest.fixture(scope="session")
def django_db_modify_db_settings(_server: None) -> None:
    """Drop what killed test runs left on the server, and begin with the tables of an earlier run when there are some.

    Django migrates what it finds there: a migration that is not yet applied is applied.
    """
    if settings.EMBEDDED is None:
        return
    tables = _tables()
    with psycopg.connect(settings.EMBEDDED.dsn(), autocommit=True) as connection:
        for name in _databases(connection, "test_linhe_%"):
            if not Path(f"/proc/{name.rpartition('_')[2]}").exists():
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        if tables in _databases(connection, "tables_%"):
            settings.DATABASES["default"]["TEST"]["TEMPLATE"] = tables


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep the tables for others, and end what still speaks to the tests' database when all is over: a thread of a test
    that passed may close late."""
    if settings.EMBEDDED is not None and settings.DATABASES["default"]["TEST"]["TEMPLATE"] != _tables():
        with django_db_blocker.unblock():
            connection.close()
        _keep_tables(settings.EMBEDDED.dsn())
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _keep_tables(dsn: str) -> None:
    """Copy the migrated, still empty database to where other workers and later runs look; older ones are dropped."""
    with psycopg.connect(dsn, autocommit=True) as server:
        kept = _databases(server, "tables_%")
        with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):  # another worker was faster
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(_tables()), sql.Identifier(settings.DATABASES["default"]["NAME"])
                )
            )
        for name in set(kept) - {_tables()}:
            with suppress(psycopg.errors.ObjectInUse):  # a run of another version is copying it
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _databases(server: psycopg.Connection, like: str) -> list[str]:
    rows = server.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [like.replace("_", "\\_")])
    return [name for (name,) in rows]


@cache
def _tables() -> str:
    """The name of the database that all migrations, as they read now, lead to; with one changed it is another."""
    digest = hashlib.sha256()
    for app in apps.get_app_configs():
        for file in sorted((Path(app.path) / "migrations").glob("*.py")):
            digest.update(f"{app.label} {file.name}\n".encode() + file.read_bytes())
    return f"tables_{digest.hexdigest()[:16]}"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    """Debian's Chromium, quiet: it must not look for hosts outside."""
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
        ],
    }


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, object]:
    """A phone that reads Chinese."""
    return {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "viewport": {"width": 390, "height": 844}}


@pytest.fixture
def screenshots() -> Path:
    """Where the journeys put their pictures."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS


@pytest.fixture(scope="session", autouse=True)
def _flush_between_transactional_tests() -> Iterator[None]:
    """Let the tests' own clean-up empty the append-only tables, which nothing else may; and only what holds rows, since
    cutting hundreds of empty tables takes a second."""

    def sql_flush(self: DatabaseOperations, _style: object, tables: list[str], **_: object) -> list[str]:
        filled = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(table), sql.Identifier(table))
            for table in tables
        )
        with self.connection.cursor() as cursor:
            cursor.execute(filled)
            emptied = [f"DELETE FROM {self.quote_name(table)}" for (table,) in cursor.fetchall()]
        return ["SET LOCAL session_replication_role = replica", *emptied]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", sql_flush)
        yield


@pytest.fixture(scope="session", autouse=True)
def _announcements_may_outlive_their_test() -> Iterator[None]:
    """The announcing thread comes after the commit, when the test that committed may be over and its database shut."""
    send = announcing._send

    def sent_if_possible(channels: list[str]) -> None:
        with suppress(RuntimeError):
            send(channels)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(announcing, "_send", sent_if_possible)
        yield


@pytest.fixture(autouse=True)
def _force_login_stands_for_both_factors(monkeypatch: pytest.MonkeyPatch) -> None:
    """``client.force_login(someone)`` opens a session as a complete sign-in would, for staff too."""
    force_login = Client.force_login

    def signed_in(self: Client, user: Any, backend: str | None = None) -> None:
        force_login(self, user, backend)
        session = self.session
        session["signed_in_by"] = "totp"
        session.save()

    monkeypatch.setattr(Client, "force_login", signed_in)
