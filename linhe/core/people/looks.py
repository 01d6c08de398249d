"""What of a person is read and what for, in the words in which the person sees it. Desks add their own when they start.

A look with a reason is kept as ``reason · kind number``: a reason belongs to a matter.
"""

from __future__ import annotations

from collections.abc import Mapping

from linhe.lib.text import Text

_WHAT: dict[str, Text] = {
    "matter": Text("办理情况", "how it goes"),
    "address": Text("门牌和联系方式", "address and contact"),
    "phone": Text("电话号码", "phone number"),
    "family call": Text("家人代办核实电话", "phone, to confirm a family request"),
}
CALLING: Mapping[str, Text] = {
    "ask": Text("核实情况", "to ask what happened"),
    "answer": Text("答复、回访", "to answer or call back"),
    "meet": Text("约时间上门", "to arrange a visit"),
}
"""Why somebody may need to call the person a matter is about."""
_REASONS: dict[str, Text] = dict(CALLING)


def register(*, what: Mapping[str, Text], reasons: Mapping[str, Text]) -> None:
    """Name what a desk lets be read, and for which reasons; another meaning of a code that is known is an error."""
    for known, added in ((_WHAT, what), (_REASONS, reasons)):
        for code, name in added.items():
            if known.setdefault(code, name) != name:
                raise ValueError(f"{code} means something else already")


def purpose_text(reason: str, about: str) -> str:
    """A reason and the matter it belongs to, as the log keeps them."""
    return f"{reason} · {about}"


def what_name(code: str) -> Text:
    """The name of what was read; other texts as they are."""
    return _WHAT.get(code, Text(code, code))


def told_apart(purpose: str) -> tuple[Text | None, str]:
    """The reason of a look, None without a known one, and the matter it belongs to (``kind number``)."""
    reason, _, about = purpose.partition(" · ")
    return (_REASONS[reason], about) if about and reason in _REASONS else (None, purpose)
