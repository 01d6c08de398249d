"""``linhe run`` for real: it starts everything, brings back what dies, streams news, stops cleanly, restores."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
import pytest
from django.core import signing

from linhe.config.postgres import Embedded
from linhe.core.loop.live import live_token

ROOT = Path(__file__).resolve().parents[3]
KEY = "a key of the tests, long enough to be taken for a secret key of linhe"
pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]


@dataclass
class Running:
    """A running linhe and how to reach it."""

    process: subprocess.Popen[bytes]
    folder: Path
    environment: dict[str, str]
    port: int
    live_port: int
    log: Path

    def children(self, name: str) -> list[psutil.Process]:
        """The supervised processes of that name."""
        return [child for child in psutil.Process(self.process.pid).children() if name in _command_line(child)]

    def is_ready(self) -> bool:
        """Whether pages and live updates answer."""
        return self.status("/api/openapi.json") == 200 and self.status("/live", port=self.live_port) == 403

    def status(self, path: str, headers: dict[str, str] | None = None, port: int | None = None) -> int:
        """The HTTP status of a page, 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=20)
        try:
            connection.request("GET", path, headers=headers or {})
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("linhe")
    port, live_port = _free_port(), _free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("LINHE_", "DATABASE_"))},
        "DJANGO_SETTINGS_MODULE": "linhe.config.settings",
        "LINHE_DATA_FOLDER": str(folder / "data"),
        "LINHE_SECRET_KEY": KEY,
        "LINHE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "LINHE_LIVE_PORT": str(live_port),
    }
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "linhe.config.cli", "run"], cwd=ROOT, env=environment, stdout=file, stderr=file
        )
    one = Running(process, folder, environment, port, live_port, log)
    try:
        _wait_for(lambda: process.poll() is not None or one.is_ready(), 120, log)
        assert process.poll() is None, log.read_text(encoding="utf-8")[-3000:]
        yield one
    finally:
        process.kill()
        process.wait()


def test_prints_the_one_address(running: Running) -> None:
    address = f"http://127.0.0.1:{running.port}/"
    _wait_for(lambda: address in running.log.read_text(encoding="utf-8"), 20, running.log)


def test_anonymous_call_gets_the_one_error_shape_and_a_strict_policy(running: Running) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    connection.request("GET", "/api/matters", headers={"Accept-Language": "en"})
    response = connection.getresponse()
    body = json.loads(response.read())
    connection.close()
    assert response.status == 401
    assert body == {"code": "sign_in", "message": "Sign in first.", "details": {}}
    policy = response.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert f"connect-src 'self' http://127.0.0.1:{running.live_port}" in policy


def test_ticket_holder_hears_news_of_its_channels_only(running: Running) -> None:
    with _listening(running, _ticket(["m:1", "a:2"])) as stream:
        _notify(running, ["m:3", "m:1"])
        assert stream.next_news() == "m:1"
        _notify(running, ["a:2"])
        assert stream.next_news() == "a:2"


@pytest.mark.parametrize(
    "ticket",
    ["", "nonsense", signing.dumps(["m:1"], key="another key" * 9, salt="linhe.live")],
    ids=["none", "nonsense", "of another key"],
)
def test_bad_ticket_is_refused(running: Running, ticket: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", running.live_port, timeout=20)
    connection.request("GET", f"/live?token={quote(ticket)}")
    assert connection.getresponse().status == 403
    connection.close()


def test_only_pages_of_this_host_may_read_the_stream(running: Running) -> None:
    with _listening(running, _ticket(["m:1"]), origin=f"http://127.0.0.1:{running.port}") as own:
        assert own.response.headers["access-control-allow-origin"] == f"http://127.0.0.1:{running.port}"
    with _listening(running, _ticket(["m:1"]), origin="http://elsewhere.example") as other:
        assert other.response.headers["access-control-allow-origin"] is None


def test_killed_database_comes_back_and_news_go_on(running: Running) -> None:
    embedded = Embedded(running.folder / "data" / "postgres")
    with _listening(running, _ticket(["m:7"])) as stream:
        os.kill(int((embedded.folder / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)
        # having lost its connection, the server tells everybody to look again
        assert stream.next_news() == "m:7"
        _wait_for(lambda: running.status("/api/matters", {"Cookie": "sessionid=" + "a" * 32}) == 401, 30, running.log)
        _notify(running, ["m:7"])
        assert stream.next_news() == "m:7"


@pytest.mark.parametrize("name", ["web", "live", "work"])
def test_killed_process_is_started_again(running: Running, name: str) -> None:
    _wait_for(lambda: bool(running.children(name)), 30, running.log)
    (before,) = running.children(name)
    before.kill()
    _wait_for(lambda: any(c.pid != before.pid for c in running.children(name)), 30, running.log)
    _wait_for(running.is_ready, 30, running.log)


def test_backup_restores_elsewhere_and_only_into_an_empty_database(running: Running) -> None:
    def linhe(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
        environment = {**running.environment, "LINHE_DATA_FOLDER": str(folder)}
        command = [sys.executable, "-m", "linhe.config.cli", *arguments]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    data, elsewhere, copy = running.folder / "data", running.folder / "elsewhere", running.folder / "copy"
    (data / "media").mkdir(exist_ok=True)
    (data / "media" / "photo.webp").write_bytes(b"a photo")
    made = linhe("backup", str(copy), "--json", folder=data)
    assert made.returncode == 0, made.stderr
    assert not any(KEY.encode() in path.read_bytes() for path in copy.iterdir())
    wrong_key = linhe("restore", str(copy), "--json", folder=elsewhere)
    assert wrong_key.returncode == 2
    assert "LINHE_FIELD_KEY" in wrong_key.stderr
    (elsewhere / "secrets" / "linhe_field_key").write_bytes((data / "secrets" / "linhe_field_key").read_bytes())
    since = running.folder / "erasures.log"
    since.write_text("2999-03-04T01:00:00+00:00 987654321\n")
    restored = linhe("restore", str(copy), "--erasures", str(since), "--json", folder=elsewhere)
    assert restored.returncode == 0, restored.stderr
    assert json.loads(restored.stdout)["erased_again"] == 0
    assert json.loads(restored.stdout)["problems"] == []
    assert (elsewhere / "media" / "photo.webp").read_bytes() == b"a photo"
    again = linhe("restore", str(copy), folder=elsewhere)
    assert again.returncode == 2
    assert "not empty" in again.stderr
    (copy / "database.dump").write_bytes(b"damaged")
    damaged = linhe("restore", str(copy), folder=elsewhere)
    assert damaged.returncode == 2
    assert "damaged" in damaged.stderr


def test_stops_everything_on_sigterm(running: Running) -> None:
    """Last in this file: afterwards nothing of it runs."""
    family = psutil.Process(running.process.pid).children(recursive=True)
    running.process.terminate()
    assert running.process.wait(40) == 0
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    assert not Embedded(running.folder / "data" / "postgres").is_running()


@dataclass
class _Stream:
    response: http.client.HTTPResponse
    connection: http.client.HTTPConnection

    def next_news(self) -> str:
        """The channel of the next event."""
        while True:
            line = self.response.readline().decode()
            assert line, "the stream ended"
            if line.startswith("data: "):
                return line.removeprefix("data: ").strip()

    def __enter__(self) -> _Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def _listening(running: Running, ticket: str, origin: str = "") -> _Stream:
    connection = http.client.HTTPConnection("127.0.0.1", running.live_port, timeout=30)
    connection.request("GET", f"/live?token={quote(ticket)}", headers={"Origin": origin} if origin else {})
    response = connection.getresponse()
    assert response.status == 200
    assert response.readline() == b"retry: 2000\n"
    return _Stream(response, connection)


def _ticket(channels: list[str]) -> str:
    from django.test import override_settings

    with override_settings(SECRET_KEY=KEY):
        return live_token(channels)


def _notify(running: Running, channels: list[str]) -> None:
    dsn = Embedded(running.folder / "data" / "postgres").dsn("linhe")
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("SELECT pg_notify('linhe_live', %s)", [json.dumps(channels)])


def _command_line(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return []  # it ended while we looked


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(condition: Callable[[], bool], seconds: float, log: Path) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, log.read_text(encoding="utf-8")[-3000:]
        time.sleep(0.1)
