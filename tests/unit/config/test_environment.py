"""The environment's readers, and that every setting is documented."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from linhe.config import environment
from linhe.config.environment import BadEnvironment

ROOT = Path(__file__).resolve().parents[3]


def test_every_variable_of_the_settings_is_in_the_example_and_the_other_way_round() -> None:
    settings = (ROOT / "linhe/config/settings.py").read_text(encoding="utf-8")
    read = set(re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', settings))
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^([A-Z_]+)=", example, flags=re.MULTILINE)) == read
    assert len(read) > 15


@pytest.mark.parametrize(
    ("call", "value"),
    [
        (lambda: environment.flag("LINHE_X", default=True), "maybe"),
        (lambda: environment.number("LINHE_X", 1, least=1, most=9), "10"),
        (lambda: environment.number("LINHE_X", 1, least=1, most=9), "one"),
        (lambda: environment.choice("LINHE_X", "a", among=("a", "b")), "c"),
        (lambda: environment.web_address("LINHE_X", "http://a"), "linhe.example.org"),
        (lambda: environment.web_address("LINHE_X", "http://a"), "https://a/path"),
        (lambda: environment.database("LINHE_X"), "mysql://a/b"),
        (lambda: environment.database("LINHE_X"), "postgresql://host-without-name"),
        (lambda: environment.secret("LINHE_X", kept_in=Path("/nowhere")), "short"),
        (lambda: environment.secret("LINHE_X", kept_in=Path("/dev/null/folder")), ""),
    ],
)
def test_wrong_value_stops_with_its_name(call, value, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINHE_X", value)
    with pytest.raises(BadEnvironment, match="LINHE_X"):
        call()


def test_database_address_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p%40ss@one:5432,two:5433/linhe?target_session_attrs=read-write")
    assert environment.database("DATABASE_URL") == {
        "NAME": "linhe",
        "USER": "u",
        "PASSWORD": "p@ss",
        "HOST": "one,two",
        "PORT": "5432,5433",
        "OPTIONS": {"target_session_attrs": "read-write"},
    }


def test_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINHE_X", raising=False)
    first = environment.secret("LINHE_X", kept_in=tmp_path / "secrets")
    assert environment.secret("LINHE_X", kept_in=tmp_path / "secrets") == first
    assert len(first) >= 50
    (kept,) = (tmp_path / "secrets").iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_env_file_gives_way_to_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("# a comment\nLINHE_X='from the file'\nLINHE_Y=file\n", encoding="utf-8")
    monkeypatch.setenv("LINHE_Y", "environment")
    monkeypatch.delenv("LINHE_X", raising=False)
    environment.load_file(tmp_path / ".env")
    assert environment.text("LINHE_X", "") == "from the file"
    assert environment.text("LINHE_Y", "") == "environment"
    monkeypatch.delenv("LINHE_X")


def test_unreadable_env_line_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LINHE_X\n", encoding="utf-8")
    with pytest.raises(BadEnvironment, match="line 1"):
        environment.load_file(tmp_path / ".env")
