"""The fields of an application's form: what was typed, what is wrong with it, which rules ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from linhe.desks.exchange.engine import Result
from linhe.desks.exchange.engine.choices import LEVELS
from linhe.desks.exchange.engine.fields import DOCUMENTS, FIELDS
from linhe.desks.exchange.schemas.content import SELLERS
from linhe.desks.exchange.schemas.typed import HOLDER, HOLDER_PARTS, HOLDERS, OTHERS
from linhe.lib.text import Text

UNITS = {"fen": Text("元，可写“1250万”", "yuan; “1250万” is 12.5 million"), "ppm": Text("%", "%")}
ANSWERS = (("yes", Text("是", "yes")), ("no", Text("否", "no")))
LONG = ("scope",)
LONGEST_NAME = 60
HOLDER_NAMES = {
    "name": Text("名称", "name"), "share_ppm": Text("持股比例（%）", "share (%)"),
    "fiscal_line": Text("财政隶属关系", "fiscal line"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Note:
    """What a rule says at a field."""

    tone: str
    text: Text


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
        return self.name.replace(".", "-")


@dataclass(frozen=True, slots=True)
class Section:
    """One document of the form."""

    code: str
    title: Text
    source: str
    source_error: str
    fields: tuple[Typed, ...]


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


def holders(typed: Mapping[str, str], errors: Mapping[str, str]) -> list[list[Typed]]:
    """The rows of the state holders."""

    def one(name: str, part: str) -> Typed:
        return Typed(
            name, HOLDER_NAMES[part], "text", typed.get(name, ""), None, (), "", "", errors.get(name, ""), ()
        )  # fmt: skip

    filled = [int(name.split(".")[1]) + 1 for name in typed if HOLDER.fullmatch(name)]
    return [[one(f"holders.{row}.{part}", part) for part in HOLDER_PARTS] for row in range(max([HOLDERS, *filled]))]


def notes_of(result: Result | None) -> dict[str, list[Note]]:
    """What the rules say at each field: what fails at every field it reads, what is missing where it is missing."""
    notes: dict[str, list[Note]] = {}
    if result is None:
        return notes
    waiting: dict[str, list[Text]] = {}
    for one in result.of("fail", "unknown"):
        title = Text(*one.title)
        if one.status == "fail":
            tone = "over" if one.severity == "note" else "bad"
            paths = [e.path for e in one.evidence if _is_the_sellers(e.path)]
            for place, path in enumerate(paths):
                notes.setdefault(path, []).append(Note(tone, title if place else Text(*one.message)))
        else:
            for path in one.missing:
                waiting.setdefault(path, []).append(title)
    for path, titles in waiting.items():
        more = Text("", "") if len(titles) == 1 else Text(f"等 {len(titles)} 条规则", f" and {len(titles) - 1} more")
        text = Text(f"待补正：{titles[0].zh}{more.zh}需要此项。", f"Needed by: {titles[0].en}{more.en}.")
        notes.setdefault(path, []).append(Note("wait", text))
    return notes


def _is_the_sellers(path: str) -> bool:
    code, _, name = path.partition(".")
    return name in SELLERS.get(code, ())


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


def summary(result: Result) -> list[tuple[str, Text, Text]]:
    """Tone, title and message of what stands in the way of this application, the gravest first."""
    rank = {"refuse": 0, "return": 1, "note": 2}
    found = sorted(result.of("fail", "unknown"), key=lambda f: (f.status != "fail", rank[f.severity]))
    return [
        ("over" if f.severity == "note" else "bad" if f.status == "fail" else "wait", Text(*f.title), Text(*f.message))
        for f in found
    ]
