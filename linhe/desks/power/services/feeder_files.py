"""A feeder out of a file that somebody brings: what sort of file it is, and what stands in it in our words.

Nothing of it is run here: archives are unpacked up to a limit and only by the names of their members, and what another
program wrote is read by the importers in a process of their own.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from linhe.core.loop.refusals import Refused, invalid
from linhe.desks.power.queries.outages import CASE_PARTS
from linhe.desks.power.services.feeder_faults import in_both
from linhe.desks.power.services.feeders import read_apart
from linhe.lib.text import Text
from linhe.lib.uploads import MOST_BYTES

MOST_UNPACKED, MOST_MEMBERS = 60 * 1024 * 1024, 200
CIRCUIT = re.compile(r"^\s*new\s+(?:object\s*=\s*)?circuit\.", re.IGNORECASE | re.MULTILINE)
SCRIPT = re.compile(r"^\s*(?:new|clear|redirect|compile|set)\b", re.IGNORECASE | re.MULTILINE)
MATPOWER = re.compile(r"^\s*(?:function\s+mpc\b|mpc\.\w+\s*=)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Read:
    """What a file holds: its sort, the case in our words, and parts of it that a feeder does not keep."""

    form: str
    case: dict[str, Any]
    left: tuple[str, ...] = ()


def read_file(content: bytes) -> Read:
    """The feeder in a file. Raises ``Refused`` with one line that says what is wrong and where."""
    if len(content) > MOST_BYTES:
        raise _wrong(f"文件超过 {MOST_BYTES >> 20} MB。", f"The file is larger than {MOST_BYTES >> 20} MB.")
    if not content.strip():
        raise _wrong("文件是空的。", "The file is empty.")
    if content[:4] == b"PK\x03\x04":
        return _archive(_unpacked(content))
    text = _text(content, "")
    if text.lstrip()[:1] == "{":
        return _json(text)
    if MATPOWER.search(text):
        return _foreign("matpower", {"text": text})
    if SCRIPT.search(text):
        return _foreign("opendss", {"text": text})
    raise _wrong(
        "认不出这是什么文件：要 JSON（本系统或 pandapower）、MATPOWER .m、simbench 的 zip、OpenDSS 的 .dss 或 zip。",
        "This file is of no known sort. Read are JSON (own, pandapower), MATPOWER, simbench zip, OpenDSS.",
    )


def parsed(text: str) -> Any:
    """A text as JSON. Raises ``Refused`` with the line and column where it breaks off."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise _wrong(
            f"JSON 第 {error.lineno} 行第 {error.colno} 列有误。",
            f"Line {error.lineno}, column {error.colno}: not valid JSON.",
        ) from None
    except (RecursionError, ValueError):
        raise _wrong("JSON 嵌套过深或数字过长。", "The JSON is nested too deep, or a number too long.") from None


def _json(text: str) -> Read:
    data = parsed(text)
    if "_object" in data or data.get("_class") == "pandapowerNet":
        return _foreign("pandapower", {"text": text})
    if "feeder" not in data and {"buses", "lines"} <= set(data):
        data = {"feeder": data}
    feeder = data.get("feeder")
    if not isinstance(feeder, dict):
        raise _wrong("JSON 里没有 feeder（线路）。", 'The JSON has no "feeder".')
    form = "linhe"
    if "from" in feeder:
        form = str(feeder["from"])
        data = data | {"feeder": _foreign(form, feeder).case["feeder"]}
    left = tuple(sorted(name for name in data if name not in CASE_PARTS and name not in ("format", "title", "origin")))
    return Read(form, {part: data[part] for part in CASE_PARTS if part in data}, left)


def _archive(files: Mapping[str, str]) -> Read:
    tables = {name[:-4]: text for name, text in files.items() if name.lower().endswith(".csv")}
    if "Node" in tables and "Line" in tables:
        return _foreign("simbench", {"files": tables})
    scripts = {name: text for name, text in files.items() if name.lower().endswith((".dss", ".txt"))}
    first = [name for name, text in scripts.items() if CIRCUIT.search(text)]
    if not first:
        raise _wrong(
            "压缩包里既没有 simbench 的 Node.csv、Line.csv，也没有含 New Circuit 的 OpenDSS 文件。",
            "The archive holds neither Node.csv and Line.csv of simbench nor an OpenDSS file with New Circuit.",
        )
    if len(first) > 1:
        named = ", ".join(sorted(first)[:4])
        raise _wrong(
            f"压缩包里有几个文件都含 New Circuit（{named}），请只留一个。",
            f"Several files of the archive hold New Circuit ({named}). Leave one.",
        )
    return _foreign("opendss", {"text": scripts[first[0]], "files": scripts})


def _unpacked(content: bytes) -> dict[str, str]:
    """The texts of an archive by their names without folders; what is too much or not plain is refused."""
    found: dict[str, str] = {}
    room = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = [one for one in packed.infolist() if not one.is_dir() and not one.filename.startswith("__MACOSX")]
            if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
                raise _too_much()
            for one in members:
                name = PurePosixPath(one.filename.replace("\\", "/")).name
                if not name.lower().endswith((".csv", ".dss", ".txt")):
                    continue
                with packed.open(one) as stream:
                    part = stream.read(room + 1)
                room -= len(part)
                if room < 0:
                    raise _too_much()
                if name in found:
                    raise _wrong(f"压缩包里有两个 {name}。", f"The archive holds {name} twice.")
                found[name] = _text(part, f"{name}: ")
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError):
        raise _wrong(
            "压缩包打不开（损坏、加密或压缩方式不支持）。",
            "The archive cannot be opened (damaged, encrypted, or packed in another way).",
        ) from None
    return found


def _foreign(form: str, given: Mapping[str, Any]) -> Read:
    try:
        feeder = read_apart({"from": form} | {key: given[key] for key in given if key != "from"})
    except ValueError as error:
        raise invalid({"file": str(in_both(str(error)))}) from None
    return Read(form, {"feeder": feeder})


def _text(content: bytes, where: str) -> str:
    for encoding in ("utf-8-sig", "gb18030", "latin-1"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
        break
    raise _wrong(f"{where}不是文本文件。", f"{where}this is no text file.")


def _too_much() -> Refused:
    return _wrong(
        f"压缩包里的文件太多或太大（解开后最多 {MOST_UNPACKED >> 20} MB、{MOST_MEMBERS} 个）。",
        f"The archive holds too much: at most {MOST_UNPACKED >> 20} MB unpacked and {MOST_MEMBERS} files.",
    )


def _wrong(zh: str, en: str) -> Refused:
    return invalid({"file": str(Text(zh, en))})
