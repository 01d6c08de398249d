"""CONTRIBUTING.md says how to add a desk; this follows it to the letter in a copy of the project."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^`(?P<path>[\w/.]+)`\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's files, without what is built or ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(copy: Path, *command: str) -> str:
    env = os.environ | {"LINHE_TEST_FOLDER": str(settings.DATA_FOLDER), "LINHE_DATA_FOLDER": str(settings.DATA_FOLDER)}
    env["PYTHONPATH"] = str(copy)
    done = subprocess.run(
        [sys.executable, *command], cwd=copy, env=env, capture_output=True, text=True, check=False, timeout=110
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.django_db
def test_a_desk_is_added_by_following_the_page(copy: Path) -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    blocks = {m["path"]: m["text"] for m in BLOCK.finditer(page)}
    assert len(blocks) >= 9
    for path, text in blocks.items():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_text(text, encoding="utf-8")
    line = re.search(r"Add the line\*\* `(.+?)` below `(.+?)`", page)
    assert line is not None
    wanted, after = line.groups()
    file = copy / "linhe/config/settings.py"
    known = file.read_text(encoding="utf-8")
    assert known.count(f"    {after}\n") == 1
    file.write_text(known.replace(f"    {after}\n", f"    {after}\n    {wanted}\n"), encoding="utf-8")

    desks = json.loads(run(copy, "-m", "linhe", "desks", "--json"))["desks"]
    assert {"lamps"} <= {desk["code"] for desk in desks}
    run(copy, "-m", "linhe", "makemigrations", "lamps", "--check", "--dry-run")
    run(copy, "-m", "ruff", "check", "linhe/desks/lamps")
    run(copy, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()")
    assert "1 passed" in run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/integration/desks/lamps")
