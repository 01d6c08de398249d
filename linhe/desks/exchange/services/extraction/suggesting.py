"""What the text of a document suggests for its facts: the value, the page, and the words it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from linhe.desks.exchange.services.extraction.labels import LABELS, Label
from linhe.desks.exchange.services.extraction.values import amount_fen, day, plain, share_percent

Value = str | int | date
PPM_A_PERCENT = 10_000
MOST_WORDS = 160
MOST_A_FACT = 3
LONGEST_TEXT = 100
_MARKS = " :\t"
_AFTER = f'{_MARKS}(为是-—¥《"'
_TABLE_UNIT = re.compile(r"(?:金额)?(?:计量)?单位[:]?\s*(?:人民币)?\s*(亿元|万元|元)")
_UNIT_IN_LABEL = re.compile(r"^\((?:人民币)?[,、]?\s*(?:单位[:]?)?(亿元|万元|元)\)")
_DOCUMENT_NO = re.compile(r"[A-Za-z\u4e00-\u9fff]{1,24}\s*[\[(〔【]\s*\d{4}\s*[\])〕】]\s*第?\s*[\dA-Za-z-]{1,12}\s*号")
_NUMBER = re.compile(
    r"[A-Za-z\u4e00-\u9fff]{0,12}[\[(〔]?\d{4}[\])〕]?[\dA-Za-z\u4e00-\u9fff-]{0,20}号?|[A-Z]{0,6}[\dA-Z-]{5,30}"
)
_ENDS = re.compile(r"[;。]|\s{2,}|\t|,(?=\D)")
_LETTER = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value that a document seems to state. It counts for nothing until a person confirms it.

    ``value`` is text, fen, ppm, a level or a date, as the fact asks; ``page`` counts from 1; ``words`` is the
    line as the document has it.
    """

    path: str
    value: Value
    page: int
    words: str


def suggest(document: str, pages: Sequence[str]) -> dict[str, tuple[Suggestion, ...]]:
    """For each fact of a kind of document, the different values that its pages state, in reading order.

    More than one is a contradiction that the reader sees; none means that it has to be typed in. ``document`` is one of
    ``LABELS``.
    """
    found: dict[str, list[Suggestion]] = {}
    for one in _read(document, pages):
        held = found.setdefault(one.path, [])
        if len(held) < MOST_A_FACT and one.value not in [other.value for other in held]:
            held.append(one)
    return {name: tuple(held) for name, held in found.items()}


def _read(document: str, pages: Sequence[str]) -> Iterator[Suggestion]:
    labels = LABELS[document]
    for number, page in enumerate(pages, 1):
        unit = ""
        lines = [(line.strip(), plain(line).strip()) for line in page.splitlines() if line.strip()]
        for at, (written, line) in enumerate(lines):
            if found := _TABLE_UNIT.search(line):
                unit = found[1]
            for label, start in _labels_in(line, labels):
                rest = _until_next(line[start:], labels)
                value, words = _value(label, rest, unit), written
                follows = "" if at + 1 == len(lines) or line[start:] != rest else lines[at + 1][1]
                if value is None and follows and not _labels_in(follows, labels):
                    value, words = _value(label, f"{rest} {follows}", unit), f"{written} {lines[at + 1][0]}"
                if value is not None:
                    yield Suggestion(label.path, value, number, words[:MOST_WORDS])


def _labels_in(line: str, labels: Sequence[Label]) -> list[tuple[Label, int]]:
    """The labels that stand in a line, each with where its value begins; a longer label hides those within it."""
    taken: list[tuple[int, int]] = []
    found = []
    for word, label in sorted(((w, one) for one in labels for w in one.words), key=lambda pair: -len(pair[0])):
        start = line.find(word)
        while start >= 0:
            end = start + len(word)
            if not any(start < b and a < end for a, b in taken) and _stands_alone(line, start, end, labels):
                taken.append((start, end))
                found.append((label, end))
                break
            start = line.find(word, end)
    return sorted(found, key=lambda pair: pair[1])


def _stands_alone(line: str, start: int, end: int, labels: Sequence[Label]) -> bool:
    """Whether a label is one: it begins a phrase, and a mark, a blank, a unit or 为/是 follows, or another label."""
    words = tuple(word for one in labels for word in one.words)
    before, after = line[:start], line[end:]
    begins = not before or not _LETTER.match(before[-1]) or before[-1] in "的其之该" or before.endswith(words)
    return begins and (not after or after[0] in _AFTER or after[0].isdigit() or after.startswith(words))


def _until_next(rest: str, labels: Sequence[Label]) -> str:
    later = [
        end - len(word) for label, end in _labels_in(rest, labels) for word in label.words if rest[:end].endswith(word)
    ]
    cut = min((start for start in later if start > 0), default=len(rest))
    return rest[:cut]


def _value(label: Label, rest: str, unit: str) -> Value | None:
    if heading := _UNIT_IN_LABEL.match(rest):
        unit, rest = heading[1], rest[heading.end() :]
    rest = rest.lstrip(_MARKS + ("为是—" if label.reads == "money" else "为是—-"))  # a minus belongs to an amount
    match label.reads:
        case "money":
            return amount_fen(rest, unit=unit)
        case "date":
            return day(rest)
        case "share":
            percent = share_percent(rest)
            exact = None if percent is None else percent * PPM_A_PERCENT
            return int(exact) if exact is not None and exact.denominator == 1 else None
        case "number":
            found = _DOCUMENT_NO.search(rest) or _NUMBER.match(rest.lstrip("第 "))
            return found.group().strip() if found else None
        case "choice":
            met = [(rest.find(word), -len(word), code) for word, code in label.choices if word in rest[:LONGEST_TEXT]]
            return min(met)[2] if met else None
        case _:
            text = _ENDS.split(rest, maxsplit=1)[0].strip(' "《》()')
            return text if 2 <= len(text) <= LONGEST_TEXT else None
