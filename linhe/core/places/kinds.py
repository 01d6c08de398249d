"""Kinds of place, their level in the tree and the shape of their codes.

Codes down to the community are the official 12-digit statistical codes (6 district + 3 subdistrict + 3 community);
below that they are extended by suffixes: ``-001`` compound, ``-012`` building, ``-01`` unit; a grid is ``-g01``.

A province is a root of its own beside the districts, for offices that work for all of it: districts do not hang below
it, and its level is that of the root, so that one province's matters are another's as little as one district's are.
"""

import re

from linhe.lib.text import Text

LEVELS = ("district", "subdistrict", "community", "grid", "compound", "building")
"""Levels whose ancestor id is stored with every located row; a unit is found by the row's own place. The first is the
root's, district or province."""

ROOTS = ("district", "province")
"""Kinds without anything above them."""

KIND_LABELS = {
    "district": Text("区县", "district"),
    "province": Text("省", "province"),
    "subdistrict": Text("街道", "subdistrict"),
    "town": Text("乡镇", "town"),
    "community": Text("社区", "community"),
    "village": Text("村", "village"),
    "grid": Text("网格", "grid"),
    "compound": Text("小区", "compound"),
    "building": Text("楼栋", "building"),
    "unit": Text("单元", "unit"),
}

LEVEL_OF = {kind: kind for kind in KIND_LABELS} | {
    "province": "district",
    "town": "subdistrict",
    "village": "community",
}

PARENT_KINDS = {
    "district": (),
    "province": (),
    "subdistrict": ("district",),
    "town": ("district",),
    "community": ("subdistrict", "town"),
    "village": ("subdistrict", "town"),
    "grid": ("community", "village"),
    "compound": ("community", "village", "grid"),
    "building": ("compound", "grid", "community", "village"),
    "unit": ("building",),
}

_COMMUNITY = r"\d{9}(?!000)\d{3}"
_CODES = {
    "district": r"\d{6}000000",
    "province": r"\d{2}0000000000",
    "subdistrict": r"\d{6}(?!000)\d{3}000",
    "town": r"\d{6}(?!000)\d{3}000",
    "community": _COMMUNITY,
    "village": _COMMUNITY,
    "grid": _COMMUNITY + r"-g\d{2}",
    "compound": _COMMUNITY + r"-\d{3}",
    "building": _COMMUNITY + r"-\d{3}-\d{3}",
    "unit": _COMMUNITY + r"-\d{3}-\d{3}-\d{2}",
}
CODE_PATTERNS = {kind: re.compile(pattern, re.ASCII) for kind, pattern in _CODES.items()}


def code_fits(kind: str, code: str) -> bool:
    """Whether ``code`` has the shape that ``kind`` asks for."""
    return bool(CODE_PATTERNS[kind].fullmatch(code))


def code_lies_below(code: str, parent_code: str) -> bool:
    """Whether ``code`` repeats the digits of ``parent_code``; a grid does not show in the codes below it."""
    official, _, suffix = parent_code.partition("-")
    if suffix.startswith("g"):
        suffix = ""
    levels = official.removesuffix("000").removesuffix("000")
    return code != parent_code and code.startswith(f"{official}-{suffix}-" if suffix else levels)
