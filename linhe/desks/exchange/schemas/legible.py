"""Which texts can be kept: what nobody sees, or what turns the words around it, is refused and never taken out."""

from __future__ import annotations

import re
from unicodedata import category

from linhe.lib.text import Text

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
"""Control characters, marks that turn the direction of what follows, and code points that are no characters."""
_HIDDEN_LINE = re.compile(_HIDDEN.pattern.replace("]", "\t\n\r]"))
HIDDEN = Text("含有不能识别的字符。", "It contains characters that cannot be kept.")


def legible(text: str, *, line: bool = False) -> bool:
    """Whether a text can be kept; ``line``: on one line."""
    found = (_HIDDEN_LINE if line else _HIDDEN).search(text)
    return found is None and (not text.strip() or any(_shows(one) for one in text))


def _shows(letter: str) -> bool:
    """Whether a letter leaves a mark of its own; private ones stand for rare characters in names."""
    kind = category(letter)
    return kind == "Co" or kind[0] not in "CZ"
