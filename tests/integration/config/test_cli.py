"""The command line as people and programs call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from linhe.config.cli import main
from linhe.config.command import Usage
from linhe.config.management.commands.bench import Command

ROOT = Path(__file__).resolve().parents[3]


def linhe(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, on the test's database."""
    ours = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}  # of the journeys
    return subprocess.run(
        [sys.executable, "-m", "linhe.config.cli", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        env={**ours, "DJANGO_SETTINGS_MODULE": "linhe.config.settings", **environment},
        check=False,
    )


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """The address of the test's own database."""
    database = settings.DATABASES["default"]
    return f"postgresql://postgres@/{database['NAME']}?host={database['HOST']}"


def here(*arguments: str) -> int:
    """Run the command line in this process; its exit code."""
    with pytest.raises(SystemExit) as stop:
        main(["linhe", *arguments])
    return int(stop.value.code or 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["verfy"],
        ["desks", "--nonsense"],
        ["solve"],
        ["solve", "nonsense", "case.json"],
        ["solve", "../errands", "case.json"],
        ["solve", "errands", "missing.json"],
        ["solve", "errands", "README.md"],
        ["web", "--port", "eighty"],
        ["backup"],
    ],
)
def test_mistake_is_one_line_and_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert here(*arguments) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 1
    assert printed.err.startswith("linhe")


def test_wrong_setting_is_one_line() -> None:
    done = linhe("desks", LINHE_WEB_THREADS="many")
    assert done.returncode == 2
    assert done.stderr == "linhe: LINHE_WEB_THREADS must be a whole number from 1 to 256, not 'many'\n"


def test_database_that_does_not_answer_is_one_line() -> None:
    done = linhe("verify", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1


def test_desks_prints_one_object(database_url: str) -> None:
    done = linhe("desks", "--json", DATABASE_URL=database_url)
    assert done.returncode == 0
    desks = json.loads(done.stdout)["desks"]
    assert {"code", "name", "kinds", "routes"} <= desks[0].keys()
    assert done.stdout.count("\n") == 1


HEAVY = ("numba", "ortools", "pandas", "scipy")
LATER = "opendssdirect"
"""Comes with the first feeder whose phases differ."""


def test_a_command_starts_without_what_only_the_engines_need() -> None:
    script = f"""
import sys
from linhe.config.cli import main
try:
    main(["linhe", "desks"])
finally:
    print([name for name in {(*HEAVY, LATER)!r} if name in sys.modules], file=sys.stderr)
    from linhe.config.engines import load_engines
    load_engines()
    print([name for name in {(*HEAVY, LATER)!r} if name in sys.modules], file=sys.stderr)
    from linhe.desks.errands.engine.search import search
    print(len(search.signatures), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    before, after, compiled = done.stderr.splitlines()[-3:]
    assert before == "[]"
    assert after == str(list(HEAVY))
    assert int(compiled) > 0, "the first plan of a worker waits for no compiled code"


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["linhe", "--version"])
    assert (stopped.value.code, capsys.readouterr().out.split()[0]) == (0, "linhe")


def test_verify_prints_problems_and_nothing_else(database_url: str) -> None:
    done = linhe("verify", "--json", DATABASE_URL=database_url)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["problems"] == []


def test_unknown_bench_is_told_what_there_is() -> None:
    with pytest.raises(Usage, match=r"there is no bench 'nonsense'; there are: .*loop"):
        Command().perform(name="nonsense")


def test_help_lists_every_command_of_linhe(capsys: pytest.CaptureFixture[str]) -> None:
    assert here("--help") == 0
    printed = capsys.readouterr().out
    for name, app in get_commands().items():
        if app == "linhe.config":
            assert f"  {name} " in printed


def test_checks_for_deployment_find_nothing() -> None:
    done = linhe("check", "--deploy", "--fail-level", "WARNING", LINHE_PUBLIC_URL="https://linhe.example.org")
    assert done.returncode == 0, done.stderr
