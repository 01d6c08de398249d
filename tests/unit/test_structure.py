"""The house keeps its own rules: every desk of one shape, files that can be read, pages that say what is there."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands

from linhe.core.loop import registry
from linhe.core.loop.desk import Desk

ROOT = Path(__file__).resolve().parents[2]
LONGEST_LINES = 400
DESKS = [one for one in registry.desks() if one.package.startswith("linhe.desks.")]
COMMANDS = sorted(name for name, app in get_commands().items() if app == "linhe.config")
PARTS_OF_RUN = {"live", "web", "work", "tell"}  # started by others, described together
READMES = ("README.md", "README.zh.md")


def _listed() -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


LISTED = _listed()
PYTHON = [path for path in LISTED if path.suffix == ".py"]
PAGES = [path for path in LISTED if path.suffix == ".md" and "static" not in path.parts]


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("desk", DESKS, ids=lambda desk: desk.code)
def test_every_desk_has_its_page_manifest_story_journey_and_pictures(desk: Desk) -> None:
    folder = ROOT / desk.package.replace(".", "/")
    assert (folder / "README.md").is_file()
    assert (folder / "desk.py").is_file()
    assert desk.room("demo"), "a desk tells its part of the demo day"
    assert list((ROOT / "tests/browser").glob(f"test_{desk.code}*.py")), "a desk has a journey in Chromium"
    assert list((ROOT / "docs/screenshots").glob(f"{desk.code}*.png")), "a desk is shown in docs/screenshots"


def test_every_folder_of_desks_is_a_registered_desk() -> None:
    folders = {path.parent.name for path in (ROOT / "linhe/desks").glob("*/__init__.py")}
    assert folders == {desk.code for desk in DESKS} != set()


def test_no_file_is_longer_than_a_reader_likes() -> None:
    """A longer one says why, in a comment above its first import. Migrations are written by Django."""
    long = [
        _name(path)
        for path in PYTHON
        if path.is_relative_to(ROOT / "linhe") or path.is_relative_to(ROOT / "tests")
        if "migrations" not in path.parts
        and len(lines := path.read_text(encoding="utf-8").splitlines()) > LONGEST_LINES
        and not any(line.startswith("# ") for line in lines[: _first_import(lines)])
    ]
    assert long == []


def _first_import(lines: list[str]) -> int:
    return next(number for number, line in enumerate(lines) if line.startswith(("import ", "from ")))


def test_whatever_a_checker_shall_pass_over_says_why() -> None:
    """``type: ignore`` and ``noqa`` name their rule and give a reason, those of this file's own patterns aside."""
    silent = re.compile(r"#\s*type:\s*ignore(?!\[[a-z, -]+\]\s+#\s\S)|#\s*noqa(?!: [A-Z0-9, ]+\s+(?:- )?[a-z])")
    lines = [
        (_name(path), number)
        for path in PYTHON
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if silent.search(line)
    ]
    assert lines == []


def test_nothing_is_put_off_in_a_comment() -> None:
    word = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    kinds = {".py", ".md", ".toml", ".html", ".css", ".js", ".sh", ""}
    texts = [path for path in LISTED if path.suffix in kinds and "vendor" not in path.parts]
    assert [_name(path) for path in texts if word.search(path.read_text(encoding="utf-8"))] == []


def test_pages_name_no_folder_of_one_machine() -> None:
    folder = re.compile(r"(?<![\w.])/(?:home|root|work|Users|tmp)/\w|\.\./shared")
    assert [_name(path) for path in PAGES if folder.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_and_pictures_of_a_page_exist(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|(?:src|href)=\"([^\"#]+)\"", page.read_text(encoding="utf-8"))
    files = [one or other for one, other in targets if not re.match(r"[a-z]+:", one or other)]
    assert [name for name in files if not (page.parent / name).exists()] == []


@pytest.mark.parametrize("page", READMES)
@pytest.mark.parametrize("command", sorted(set(COMMANDS) - PARTS_OF_RUN))
def test_every_command_is_in_the_readme(page: str, command: str) -> None:
    assert re.search(rf"`linhe {command}\b", (ROOT / page).read_text(encoding="utf-8"))


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - PARTS_OF_RUN))
def test_every_command_is_in_the_changelog(command: str) -> None:
    assert re.search(rf"`{command}`|`linhe {command}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", READMES)
def test_readme_names_no_command_that_is_not_there(page: str) -> None:
    named = set(re.findall(r"`linhe ([a-z]+)", (ROOT / page).read_text(encoding="utf-8")))
    assert named - set(get_commands()) == set()


@pytest.mark.parametrize("target", ["setup", "demo", "run", "test", "check", "bench", "format", "openapi"])
def test_the_makefile_explains_its_targets(target: str) -> None:
    assert re.search(rf"^{target}:.*## \w", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("file", [p for p in LISTED if p.parent.name == "params" and p.suffix == ".toml"], ids=_name)
def test_every_dated_value_has_a_source_and_both_names(file: Path) -> None:
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    parameters = [(f"{group}.{name}", one) for group, found in content.items() for name, one in found.items()]
    assert parameters
    for code, one in parameters:
        assert one["zh"], code
        assert one["en"], code
        for entry in one["series"]:
            assert entry["source"].strip(), code


def test_decisions_are_numbered_once_and_without_gaps() -> None:
    names = sorted(path.name for path in (ROOT / "docs/adr").glob("*.md"))
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)]
    for name in names:
        title = (ROOT / "docs/adr" / name).read_text(encoding="utf-8").splitlines()[0]
        assert title.startswith(f"# {int(name[:4])}. "), name


def test_every_dependency_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lines = re.findall(r'^  "([a-z][a-z0-9-]+)(?:\[|[<>=]).*$', text, flags=re.MULTILINE)
    reasons = re.findall(r'^  "([a-z][a-z0-9-]+)(?:\[|[<>=]).*",\s+# \w.+$', text, flags=re.MULTILINE)
    assert len(lines) > 20
    assert lines == reasons
