"""The fields of an application's form: what was typed, what is wrong with it, what the rules say there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from linhe.desks.exchange.engine.choices import LEVELS
from linhe.desks.exchange.engine.fields import DOCUMENTS, FIELDS
from linhe.desks.exchange.schemas.content import SELLERS
from linhe.desks.exchange.schemas.typed import HOLDER, HOLDER_PARTS, HOLDERS, OTHERS
from linhe.desks.exchange.views.verdicts import Note, html_id
from linhe.lib.text import Text

UNITS = {"fen": Text("元，可写“1250万”", "yuan; “1250万” is 12.5 million"), "ppm": Text("%", "%")}
ANSWERS = (("yes", Text("是", "yes")), ("no", Text("否", "no")))
LONG = ("scope",)
LONGEST_NAME = 60
HOLDER_NAMES = {
    "name": Text("名称", "name"), "share_ppm": Text("持股比例（%）", "share (%)"),
    "fiscal_line": Text("财务隶属关系", "fiscal line"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """One field of the form."""

    name: str
    label: Text
    widget: str
    value: str
    hint: Text | None
    choices: tuple[tuple[str, Text], ...]
    page: str
    source: str
    error: str
    notes: tuple[Note, ...]

    @property
    def html_id(self) -> str:
        """An id that a selector can name."""
        return html_id(self.name)


@dataclass(frozen=True, slots=True)
class Section:
    """One document of the form."""

    code: str
    title: Text
    source: str
    source_error: str
    fields: tuple[Typed, ...]

    @property
    def tone(self) -> str:
        """The gravest that stands at one of its fields; ``good`` when nothing does."""
        tones = {n.tone for f in self.fields for n in f.notes} | {"bad" for f in self.fields if f.error}
        return next((tone for tone in ("bad", "wait", "over") if tone in tones), "good")

    @property
    def open(self) -> int:
        """At how many of its fields something stands."""
        return sum(1 for f in self.fields if f.error or f.notes)


def sections(typed: Mapping[str, str], errors: Mapping[str, str], notes: Mapping[str, list[Note]]) -> list[Section]:
    """The documents with their fields in order."""
    found = []
    for code, names in SELLERS.items():
        fields = tuple(_field(f"{code}.{name}", typed, errors, notes) for name in names)
        source = f"{code}.source"
        found.append(
            Section(
                code, Text(*DOCUMENTS[code]), typed.get(source, ""), errors.get(source, errors.get(code, "")), fields
            )
        )
    return found


Rows = list[tuple[int, list[Typed]]]


def holders(typed: Mapping[str, str], errors: Mapping[str, str]) -> tuple[Rows, Rows]:
    """The numbered rows of the state holders: those in use with an empty one below, and the empty ones left."""

    def one(name: str, part: str) -> Typed:
        return Typed(
            name, HOLDER_NAMES[part], "text", typed.get(name, ""), None, (), "", "", errors.get(name, ""), ()
        )  # fmt: skip

    sent = [int(name.split(".")[1]) + 1 for name in typed if HOLDER.fullmatch(name)]
    numbers = range(1, max([HOLDERS, *sent]) + 1)
    rows = [(n, [one(f"holders.{n - 1}.{part}", part) for part in HOLDER_PARTS]) for n in numbers]
    used = max((number for number, row in rows if any(f.value or f.error for f in row)), default=0)
    return rows[: used + 1], rows[used + 1 :]


def _field(path: str, typed: Mapping[str, str], errors: Mapping[str, str], notes: Mapping[str, list[Note]]) -> Typed:
    field = FIELDS[path]
    widget, choices = "text", tuple((code, Text(zh, en)) for code, zh, en in field.choices)
    if field.unit == "level":
        choices = tuple((str(level), Text(zh, en)) for level, zh, en in LEVELS)
    if field.kind == "bool":
        choices = ANSWERS
    if choices:
        widget = "select"
    elif field.kind == "date":
        widget = "date"
    elif path.partition(".")[2] in LONG:
        widget = "textarea"
    return Typed(
        path, Text(*field.name), widget, typed.get(path, ""), UNITS.get(field.unit), choices,
        typed.get(f"{path}.page", ""), typed.get(f"{path}.source", ""),
        errors.get(path, "") or errors.get(f"{path}.page", ""), tuple(notes.get(path, ())),
    )  # fmt: skip


def elsewhere(errors: Mapping[str, str]) -> list[str]:
    """What is wrong with something that no field of the form shows, by its name where people do not know it."""
    shown = set(SELLERS) | {f"{code}.source" for code in SELLERS} | {"file"}
    for code, names in SELLERS.items():
        shown |= {f"{code}.{name}{part}" for name in names for part in ("", ".page")}
    left = {name: text for name, text in errors.items() if name not in shown and not HOLDER.fullmatch(name)}
    return [text if name in OTHERS else f"{name[:LONGEST_NAME]}：{text}" for name, text in left.items()]
