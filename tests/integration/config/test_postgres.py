"""The embedded PostgreSQL: durable, shared, restartable."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from linhe.config.postgres import Embedded, NotDurable, assert_durable


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    """A server in a folder whose path is far too long for a socket."""
    folder = tmp_path_factory.mktemp("data") / ("a-very-long-name-" * 6) / "postgres"
    embedded = Embedded(folder)
    embedded.start()
    yield embedded
    embedded.stop()


def test_long_path_works_and_its_socket_is_closed_to_others(server: Embedded) -> None:
    assert server.socket_folder != server.folder
    assert server.socket_folder.stat().st_mode & 0o077 == 0
    with psycopg.connect(server.dsn()) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_default_settings_are_durable(server: Embedded) -> None:
    with psycopg.connect(server.dsn()) as connection:
        assert_durable(connection)
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)


def test_weaker_commit_is_refused(server: Embedded) -> None:
    with psycopg.connect(server.dsn()) as connection:
        connection.execute("SET synchronous_commit TO off")
        with pytest.raises(NotDurable, match="synchronous_commit = off"):
            assert_durable(connection)


@pytest.mark.parametrize("name", ["fsync", "full_page_writes"])
def test_weaker_server_is_refused(server: Embedded, name: str) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute(f"ALTER SYSTEM SET {name} TO off")
        connection.execute("SELECT pg_reload_conf()")
    try:
        _wait_for(lambda: _setting(server, name) == "off")
        with psycopg.connect(server.dsn()) as connection, pytest.raises(NotDurable, match=f"{name} = off"):
            assert_durable(connection)
    finally:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM RESET {name}")
            connection.execute("SELECT pg_reload_conf()")
    _wait_for(lambda: _setting(server, name) == "on")


def test_killed_server_starts_again_with_what_it_acknowledged(server: Embedded) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
    os.kill(int((server.folder / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
    _wait_for(lambda: not server.is_running())
    assert server.start()
    with psycopg.connect(server.dsn()) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (1,)


def test_stale_number_of_another_program_does_not_block_the_start(server: Embedded) -> None:
    lock = server.folder / "postmaster.pid"
    content = lock.read_text()
    server.stop()
    lock.write_text("\n".join([str(os.getpid()), *content.splitlines()[1:]]) + "\n")
    assert not server.is_running()
    assert server.start()


def _use(folder: Path, gate: multiprocessing.synchronize.Barrier) -> None:
    embedded = Embedded(folder)
    gate.wait()
    with embedded.in_use():
        embedded.ensure_database("shared")
        psycopg.connect(embedded.dsn("shared")).close()
        gate.wait()
        time.sleep(0.2)


def test_several_processes_share_one_server_and_the_last_one_stops_it(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    gate = spawn.Barrier(4)
    processes = [spawn.Process(target=_use, args=(tmp_path / "postgres", gate)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    assert not Embedded(tmp_path / "postgres").is_running()


def _setting(server: Embedded, name: str) -> str:
    with psycopg.connect(server.dsn()) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""


def _wait_for(condition, seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)
