"""The colours are readable (WCAG AA) in both themes, and the two ways into the dark theme agree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from linhe.web import vendor

CSS = (Path(vendor.__file__).parent / "static/web/css/tokens.css").read_text("utf-8")
PAIRS = [
    ("ink", "paper"), ("ink", "surface"), ("ink-2", "paper"), ("ink-2", "surface"), ("ink-2", "paper-2"),
    ("ink-3", "paper"), ("ink-3", "surface"), ("ink-3", "paper-2"), ("teal", "paper"), ("teal", "surface"),
    ("teal", "teal-soft"),
    ("on-teal", "teal"), ("on-vermilion", "vermilion"), ("on-side", "side"), ("on-side-2", "side"),
    ("on-side", "side-2"), ("wait", "wait-soft"), ("move", "move-soft"), ("good", "good-soft"), ("bad", "bad-soft"),
    ("over", "over-soft"), ("bad", "surface"), ("bad", "paper"), ("wait", "surface"), ("ink-2", "sky"),
]  # fmt: skip


def block(selector: str) -> dict[str, str]:
    """The variables that a selector's first block sets."""
    body = re.search(rf"(?m)^ *{re.escape(selector)} \{{(.*?)\n *\}}", CSS, re.S)
    assert body, selector
    return dict(re.findall(r"--([\w-]+): ([^;]+);", body[1]))


LIGHT = block(":root")
DARK = LIGHT | block(':root[data-theme="dark"]')


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_has_contrast_of_4_5(theme: dict[str, str], text: str, ground: str) -> None:
    assert contrast(theme[text], theme[ground]) >= 4.5


def test_contrast_itself_is_right() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_dark_by_choice_is_dark_by_device() -> None:
    assert block(':root[data-theme="dark"]') == block(':root[data-theme="auto"]')


def test_elder_mode_starts_at_18_px_and_targets_at_60_px() -> None:
    elder = block(":root[data-elder]")
    assert all(float(size.removesuffix("rem")) * 16 >= 18 for name, size in elder.items() if name.startswith("text"))
    assert float(elder["target"].removesuffix("rem")) * 16 >= 60
    assert float(LIGHT["target"].removesuffix("rem")) * 16 >= 44
