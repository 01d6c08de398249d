"""The common ground of linhe's commands: a database that runs, one object on stdout, one line for a mistake."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from typing import Any, NoReturn, cast

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser, SystemCheckError
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.utils import OperationalError, ProgrammingError
from procrastinate.contrib.django.utils import connector_params
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from linhe.config.postgres import DatabaseDidNotStart, DatabaseDidNotStop, NotDurable, assert_durable

OK, PROBLEMS, USAGE, UNAVAILABLE = 0, 1, 2, 3


class Usage(CommandError):
    """The command was called wrongly: an unknown option, a missing file, a bad value."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=USAGE)


class Unavailable(CommandError):
    """Something that the command needs does not run."""

    def __init__(self, message: str) -> None:
        super().__init__(message, returncode=UNAVAILABLE)


@contextmanager
def database_ready(*, migrated: bool = True) -> Iterator[None]:
    """The configured database, started when it is the embedded one, durable, and (unless told otherwise) migrated."""
    with ExitStack() as stack:
        try:
            if settings.EMBEDDED is not None:
                stack.enter_context(settings.EMBEDDED.in_use())
                settings.EMBEDDED.ensure_database(settings.EMBEDDED_DATABASE)
            # A connection of its own: Django's pool would try for ten seconds and fork badly.
            with psycopg.connect(**connector_params()) as direct:
                assert_durable(direct)
                empty = direct.execute("SELECT to_regclass('loop_event')").fetchone() == (None,)
            if migrated and empty:
                _make_tables()
            yield
        except (DatabaseDidNotStart, DatabaseDidNotStop, NotDurable) as error:
            raise Unavailable(str(error)) from error
        except (OperationalError, psycopg.OperationalError) as error:
            raise Unavailable(f"The database does not answer: {_first_line(error)}") from error
        except ProgrammingError as error:
            raise Unavailable(
                f"The database does not fit this version. Run: linhe migrate ({_first_line(error)})"
            ) from error
        finally:
            close_connections()


def _make_tables() -> None:
    """Make the tables of a new embedded database; somebody else's database is not touched without being asked."""
    if settings.EMBEDDED is None:
        raise Unavailable("The database is empty. Run: linhe migrate")
    migrate()


def migrate() -> None:
    """Bring the tables up to date, the cache's included."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    close_connections()


def close_connections() -> None:
    """Give every connection back, so that a server process can be forked or the database stopped."""
    connection.close()
    postgresql = cast(DatabaseWrapper, connection)
    if postgresql.pool:
        postgresql.close_pool()


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or ["no message"])[0]


class _Parser(CommandParser):
    """Says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        raise Usage(f"{message} (see {self.prog} --help)")


class Command(BaseCommand):
    """A command of linhe. Subclasses write ``options()`` and ``perform()``; ``show()`` makes it readable."""

    needs_database = True
    needs_migrations = True
    json_output = True
    stealth_options = ("json",)

    def options(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options of this command."""

    perform: Callable[..., dict[str, Any]]
    """Does the work; the result is what ``--json`` prints. ``exit_code`` in it becomes the exit code."""

    def show(self, result: dict[str, Any], console: Console) -> None:
        """Print the result for a person."""
        for name, value in result.items():
            console.print(f"{name}: {value}", highlight=False)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """A parser that knows this command's own options only."""
        parser = _Parser(prog=f"linhe {subcommand}", description=self.help or None, **kwargs)
        if self.json_output:
            parser.add_argument("--json", action="store_true", help="print one JSON object on stdout, nothing else")
        self.options(parser)
        parser.set_defaults(
            verbosity=1, settings=None, pythonpath=None, traceback=False, no_color=False, force_color=False,
            skip_checks=False,
        )  # fmt: skip
        return parser

    def run_from_argv(self, argv: list[str]) -> None:
        """Run from the command line: mistakes become one line on stderr and an exit code."""
        try:
            options = vars(self.create_parser(argv[0], argv[1]).parse_args(argv[2:]))
            options["skip_checks"] = options.get("supervised", False)  # the supervisor has run them
            code = self.execute(**options)
        except SystemCheckError as error:
            print(error, file=sys.stderr)
            sys.exit(PROBLEMS)
        except CommandError as error:
            print(f"linhe {argv[1]}: {' '.join(str(error).split())}", file=sys.stderr)
            sys.exit(error.returncode)
        except KeyboardInterrupt:
            sys.exit(130)
        sys.exit(int(code or OK))

    def handle(self, **options: Any) -> str | None:
        """Run ``perform`` with a database under it and print its result once."""
        as_json = options.pop("json", False)
        stdout = sys.stdout
        with ExitStack() as stack:
            if as_json:
                stack.enter_context(redirect_stdout(sys.stderr))
            if self.needs_database:
                stack.enter_context(database_ready(migrated=self.needs_migrations))
            result = self.perform(**options)
        self.exit_code = int(result.pop("exit_code", OK))
        if as_json:
            print(json.dumps(result, ensure_ascii=False, default=str), file=stdout, flush=True)
        else:
            self.show(result, Console(file=stdout, soft_wrap=True))
        return None

    def execute(self, *args: Any, **options: Any) -> Any:
        """Run, and return the exit code rather than text."""
        self.exit_code = OK
        super().execute(*args, **options)
        return self.exit_code


@contextmanager
def progress() -> Iterator[Progress]:
    """A progress bar on stderr, shown only where a person looks."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        yield bar
