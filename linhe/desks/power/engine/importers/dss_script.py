"""Reads the text of an OpenDSS script as statements that only describe a network; everything else is refused.

A script can write files, start programs and load libraries. So the text never reaches the simulator as it is: commands,
classes, properties and the characters of values stand on lists here, and what passed is written anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PureWindowsPath

MOST_BYTES, MOST_STATEMENTS, DEEPEST = 20_000_000, 200_000, 4

SHARED = frozenset(("like", "enabled", "basefreq"))
IMPEDANCES = frozenset((
    "r1", "x1", "r0", "x0", "c1", "c0", "b1", "b0", "rmatrix", "xmatrix", "cmatrix", "rg", "xg", "rho", "units",
    "normamps", "emergamps",
))  # fmt: skip
CLASSES: dict[str, frozenset[str]] = {
    "vsource": SHARED | frozenset((
        "bus1", "basekv", "pu", "angle", "phases", "frequency", "r1", "x1", "r0", "x0", "mvasc3", "mvasc1", "isc3",
        "isc1", "x1r1", "x0r0",
    )),
    "linecode": SHARED | IMPEDANCES | {"nphases"},
    "line": SHARED | IMPEDANCES | {"bus1", "bus2", "phases", "linecode", "length", "switch"},
    "transformer": SHARED | frozenset((
        "phases", "windings", "wdg", "bus", "conn", "kv", "kva", "tap", "%r", "buses", "conns", "kvs", "kvas", "taps",
        "xhl", "x12", "%loadloss", "%noloadloss", "%imag", "ppm", "ppm_antifloat", "maxtap", "mintap", "numtaps",
        "bank", "%rs", "normhkva", "emerghkva",
    )),
    "regcontrol": SHARED | frozenset((
        "transformer", "winding", "vreg", "band", "ptratio", "ctprim", "r", "x", "maxtapchange", "delay", "ptphase",
    )),
    "load": SHARED | frozenset((
        "phases", "bus1", "kv", "kw", "kvar", "pf", "conn", "model", "vminpu", "vmaxpu",
    )),
    "capacitor": SHARED | frozenset(("bus1", "phases", "kv", "kvar", "conn")),
}  # fmt: skip
NO_MATTER: dict[str, frozenset[str]] = {
    "load": frozenset(("daily", "yearly", "duty", "status", "class", "numcust", "growth", "vminnorm", "vminemerg")),
    "linecode": frozenset(("faultrate", "pctperm", "repair")),
    "line": frozenset(("faultrate", "pctperm", "repair")),
}
"""Properties that do not change the state at one moment."""

COUNTS = frozenset(("phases", "nphases", "windings", "wdg", "winding", "ptphase"))
"""The simulator makes room for as many as it is told, and does not mind counting beyond them."""

AMPERES = ("normamps", "emergamps")
MEASURING = frozenset(("energymeter", "monitor"))
SKIPPED = frozenset(("clear", "clearall", "solve", "calcvoltagebases", "calcv", "buscoords"))
"""Commands that add nothing to the network: positions on a drawing have no place on the map."""

OPTIONS = frozenset((
    "mode", "tolerance", "maxiterations", "maxiter", "maxcontroliter", "maxcontroliterations",
))  # fmt: skip
"""Settings of the solution, which is our own."""

VALUE = re.compile(r"[\w.+\-*/^%|, ()\[\]]*")
NAME = re.compile(r"[\w.+\-%#]+")
TOKEN = re.compile(
    r"""\s*,?\s*(?:(?P<name>[^\s=,"'(\[{]+)\s*=\s*)?
    (?:"(?P<a>[^"]*)"|'(?P<b>[^']*)'|\((?P<c>[^)]*)\)|\[(?P<d>[^\]]*)\]|\{(?P<e>[^}]*)\}|(?P<f>[^\s,=]+))""",
    re.VERBOSE,
)


@dataclass(frozen=True, kw_only=True)
class Made:
    """An element as the script makes it: class and name (lower case), and what it sets in order."""

    kind: str
    name: str
    settings: tuple[tuple[str, str], ...]
    new: bool
    where: str

    @property
    def text(self) -> str:
        """The statement, written anew."""
        verb = "New" if self.new else "Edit"
        return " ".join((verb, f"{self.kind}.{self.name}", *(f"{key}={_quoted(one)}" for key, one in self.settings)))


@dataclass(kw_only=True)
class Script:
    """What a script describes."""

    circuit: str = ""
    frequency: float = 60.0
    controls: bool = True
    bases: tuple[float, ...] = ()
    made: list[Made] = field(default_factory=list)
    opened: dict[str, set[int]] = field(default_factory=dict)
    spelled: dict[str, str] = field(default_factory=dict)
    rated: set[tuple[str, str]] = field(default_factory=set)
    """Which ratings the script tells: (``class.name`` of a line or line code, property)."""


def parse(text: str, beside: Mapping[str, str] | None = None) -> Script:
    """The statements of a script. ``beside``: texts of the files that it may name, by their name without a folder."""
    files = {PureWindowsPath(name).name.casefold(): one for name, one in (beside or {}).items()}
    if len(text) + sum(map(len, files.values())) > MOST_BYTES:
        raise ValueError("opendss: the files are too large")
    script = Script()
    for count, (where, words) in enumerate(_statements(text, files, "", 0)):
        if count > MOST_STATEMENTS:
            raise ValueError("opendss: too many statements")
        _take(script, where, words)
    if not script.circuit:
        raise ValueError("opendss: there is no New Circuit")
    return script


def _statements(
    text: str, files: Mapping[str, str], name: str, depth: int
) -> Iterator[tuple[str, list[tuple[str, str]]]]:  # fmt: skip
    """(place, words) of every statement, with the files it names in their place."""
    waiting: tuple[str, str] | None = None
    for where, line in _lines(text, name):
        verb, rest = _verb(line)
        if verb in ("~", "more", "m"):
            if waiting is None:
                raise ValueError(f"opendss: {where}: there is nothing to continue")
            waiting = waiting[0], f"{waiting[1]} {rest}"
            continue
        if waiting is not None:
            yield waiting[0], _words(*waiting)
        waiting = None
        if verb in ("redirect", "compile"):
            asked = PureWindowsPath(_words(where, f"{verb} {rest}")[-1][1]).name
            if asked.casefold() not in files:
                raise ValueError(f"opendss: {where}: {verb} {asked}: this file was not handed in")
            if depth == DEEPEST:
                raise ValueError(f"opendss: {where}: {verb} {asked}: files name each other too deep")
            yield from _statements(files[asked.casefold()], files, asked, depth + 1)
        else:
            waiting = where, line
    if waiting is not None:
        yield waiting[0], _words(*waiting)


def _lines(text: str, name: str) -> Iterator[tuple[str, str]]:
    """(place, line) without comments and empty lines."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.strip()
        if plain.startswith("/*"):
            inside = True
        if inside:
            inside = "*/" not in plain
            continue
        plain = _without_comment(plain)
        if plain:
            yield f"{name} line {number}".strip(), plain


def _without_comment(line: str) -> str:
    closing = ""
    for place, one in enumerate(line):
        if closing:
            closing = "" if one == closing else closing
        elif one in "\"'([{":
            closing = {"(": ")", "[": "]", "{": "}"}.get(one, one)
        elif one == "!" or line[place : place + 2] == "//":
            return line[:place].strip()
    return line


def _verb(line: str) -> tuple[str, str]:
    if line.startswith("~"):
        return "~", line[1:]
    first, _, rest = line.partition(" ")
    return first.casefold(), rest


def _words(where: str, line: str) -> list[tuple[str, str]]:
    """(name or empty, value) of each word of a statement."""
    found, at = [], 0
    line = line.strip()
    while at < len(line):
        match = TOKEN.match(line, at)
        if match is None:
            raise ValueError(f"opendss: {where}: {line[at : at + 30]!r} is not read")
        value = next(match[one] for one in "abcdef" if match[one] is not None)
        found.append(((match["name"] or "").casefold(), value.strip()))
        at = match.end()
    return found


def _take(script: Script, where: str, words: list[tuple[str, str]]) -> None:
    """Add one statement, or refuse it."""
    verb = words[0][1].casefold()
    if words[0][0].count(".") == 2:
        target, _, setting = words[0][0].rpartition(".")
        _element(script, where, target, [(setting, words[0][1]), *words[1:]], new=False)
    elif words[0][0]:
        raise ValueError(f"opendss: {where}: {words[0][0]!r} is not a command that is read")
    elif verb in ("new", "edit"):
        if len(words) < 2 or words[1][0] not in ("", "object"):
            raise ValueError(f"opendss: {where}: {verb} without an element")
        _element(script, where, words[1][1], words[2:], new=verb == "new")
    elif verb == "set":
        _set(script, where, words[1:])
    elif verb in ("open", "close"):
        _switch(script, where, verb, words[1:])
    elif verb not in SKIPPED or (verb == "solve" and len(words) > 1):
        raise ValueError(f"opendss: {where}: {words[0][1]!r} is not a command that is read")


def _element(script: Script, where: str, target: str, settings: list[tuple[str, str]], *, new: bool) -> None:
    kind, _, name = target.partition(".")
    kind, lower = kind.casefold(), name.casefold()
    if kind in MEASURING:
        return
    if kind == "circuit":
        if script.circuit or not new:
            raise ValueError(f"opendss: {where}: a second circuit")
        script.circuit, kind, lower = name, "vsource", "source"
    if kind not in CLASSES:
        raise ValueError(f"opendss: {where}: elements of class {kind!r} are not read")
    if not script.circuit and kind != "linecode":
        raise ValueError(f"opendss: {where}: {target} before New Circuit")
    if not NAME.fullmatch(name) or "." in name:
        raise ValueError(f"opendss: {where}: {name!r} is not a name that is read")
    kept = []
    for key, value in settings:
        if key in NO_MATTER.get(kind, ()):
            continue
        if key not in CLASSES[kind]:
            shown = f"the property {key!r}" if key else f"{value!r} without the name of a property"
            raise ValueError(f"opendss: {where}: {shown} of a {kind} is not read")
        if not VALUE.fullmatch(value):
            raise ValueError(f"opendss: {where}: {key}={value[:30]!r} has characters that are not read")
        if key in COUNTS and value not in ("1", "2", "3"):
            raise ValueError(f"opendss: {where}: {key}={value[:30]!r}: only 1, 2 and 3 are read")
        kept.append((key, value))
        _note(script, kind, lower, key, value)
    script.spelled.setdefault(f"{kind}.{lower}", name)
    script.made.append(Made(kind=kind, name=lower, settings=tuple(kept), new=new, where=where))


def _note(script: Script, kind: str, name: str, key: str, value: str) -> None:
    """Remember how buses and banks are spelled and whose ratings are told."""
    if key in ("bus", "bus1", "bus2", "buses"):
        for bus in re.split(r"[\s,]+", value):
            plain = bus.partition(".")[0]
            script.spelled.setdefault(f"bus.{plain.casefold()}", plain)
    if key == "bank":
        script.spelled.setdefault(f"bank.{value.casefold()}", value)
    here = f"{kind}.{name}"
    if key in AMPERES:
        script.rated.add((here, key))
    elif key in ("like", "linecode"):
        other = f"{'linecode' if key == 'linecode' else kind}.{value.casefold()}"
        script.rated -= {(here, one) for one in AMPERES}
        script.rated |= {(here, one) for one in AMPERES if (other, one) in script.rated}


def _set(script: Script, where: str, words: list[tuple[str, str]]) -> None:
    for key, value in words:
        if key in ("defaultbasefrequency", "defaultbasefreq"):
            script.frequency = _number(where, value)
        elif key == "voltagebases":
            script.bases = tuple(_number(where, one) for one in re.split(r"[\s,]+", value) if one)
        elif key == "controlmode" and value.casefold() in ("off", "static"):
            script.controls = value.casefold() != "off"
        elif key not in OPTIONS or (key == "mode" and not value.casefold().startswith("snap")):
            raise ValueError(f"opendss: {where}: set {key}={value[:30]!r} is not read")


def _switch(script: Script, where: str, verb: str, words: list[tuple[str, str]]) -> None:
    """``Open Line.name 1``; the terminal may be left out."""
    if not words or len(words) > 2 or words[0][0] not in ("", "object"):
        raise ValueError(f"opendss: {where}: {verb}: needs a line and a terminal")
    kind, _, name = words[0][1].casefold().partition(".")
    terminal = words[1][1] if len(words) == 2 else "1"
    if kind != "line" or f"line.{name}" not in script.spelled or terminal not in ("1", "2"):
        raise ValueError(f"opendss: {where}: {verb} {words[0][1]}: only a line that is there, at terminal 1 or 2")
    ends = script.opened.setdefault(name, set())
    if verb == "open":
        ends.add(int(terminal))
    else:
        ends.discard(int(terminal))


def _number(where: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"opendss: {where}: {text!r} is not a number") from None


def _quoted(value: str) -> str:
    """A value as one word: arrays in brackets, in-line arithmetic in parentheses."""
    if re.fullmatch(r"[\w.+\-%]+", value):
        return value
    return f"[{value}]" if "(" in value else f"({value})"
