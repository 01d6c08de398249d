"""The vendored front-end files are exactly the declared ones."""

import shutil
from pathlib import Path

import pytest

from linhe.web import vendor


def test_every_vendored_file_has_its_declared_checksum() -> None:
    assert vendor.declared()
    assert vendor.wrong_files() == []


def test_a_changed_or_undeclared_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "vendor"
    shutil.copytree(vendor.VENDOR, copy)
    monkeypatch.setattr(vendor, "VENDOR", copy)
    (copy / "htmx.min.js").write_text("changed")
    (copy / "stray.js").write_text("stray")
    assert vendor.wrong_files() == ["htmx.min.js", "stray.js"]


def test_static_files_hold_no_inline_style_or_script_that_the_policy_would_refuse() -> None:
    templates = Path(vendor.__file__).parent / "templates"
    for path in templates.rglob("*.html"):
        text = path.read_text("utf-8")
        assert " style=" not in text, path
        assert "<style" not in text, path
        assert " onclick=" not in text, path
        assert " onsubmit=" not in text, path
        assert all('src="' in part.split(">")[0] for part in text.split("<script")[1:]), path
