"""One listing as its page tells it: documents side by side, findings with article and evidence, the chain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast

from linhe.desks.exchange.engine import Problem
from linhe.desks.exchange.engine.comparison import AT_LEAST, COLUMNS, comparison
from linhe.desks.exchange.engine.fields import DOCUMENTS, FIELDS
from linhe.desks.exchange.engine.reading import shipped
from linhe.desks.exchange.engine.rulebook import Status
from linhe.desks.exchange.engine.wording import shown
from linhe.desks.exchange.models import Check, Filing, Finding, Listing
from linhe.desks.exchange.queries.awaiting import LEFT, LEFT_MESSAGE, Tally, left_to_the_exchange
from linhe.desks.exchange.queries.checks import findings_of
from linhe.desks.exchange.queries.rulebook import SEVERITIES, STATUSES, in_words
from linhe.desks.exchange.schemas.content import SELLERS, Content, facts_of, value_in
from linhe.lib.text import Text

TONES = {"fail": "bad", "unknown": "wait", "pass": "good", "not_applicable": "over"}
DIFFERS, BELOW = Text("不一致", "differs"), Text("挂牌价低于评估结果", "the price is below")
VERDICTS = {"agrees": "good", "differs": "bad", "unknown": "wait"}


@dataclass(frozen=True, slots=True)
class Read:
    """A value that a rule read, and where it stands."""

    path: str
    name: Text
    value: Text
    missing: bool
    document: str
    page: int | None


@dataclass(frozen=True, slots=True)
class Told:
    """A finding in words."""

    finding: Finding
    title: Text
    status: Text
    severity: Text
    tone: str
    message: Text
    reads: tuple[Read, ...]
    verified: bool
    left: bool
    """Only the exchange can settle it: nothing to be completed by the seller."""


@dataclass(frozen=True, slots=True)
class Why:
    """The rule behind a finding, as it was on the day of the run."""

    applies: Text
    fails: Text
    note: Text | None


@dataclass(frozen=True, slots=True)
class Side:
    """One cell of the comparison: what a document says there."""

    column: Text
    name: Text
    value: Text
    tone: str
    document: str
    """Where it stands, if not in the column's own document."""
    page: int | None
    differs: Text
    """What a difference means here: a price below the appraisal is no contradiction, but for the rules to judge."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison; None where it is none of that document's business."""

    label: Text
    tone: str
    sides: tuple[Side | None, ...]


def told_findings(run: Check) -> list[Told]:
    """The findings of a run, what is wrong first."""
    return [told(finding) for finding in findings_of(run)]


def told(finding: Finding) -> Told:
    """One finding in words."""
    reads = tuple(_read(one) for one in finding.evidence)
    left = finding.status == "unknown" and left_to_the_exchange(one.path for one in reads if one.missing)
    hint = finding.status == "fail" and finding.severity == "note"
    status = SEVERITIES["note"] if hint else LEFT if left else STATUSES[cast("Status", finding.status)]
    return Told(
        finding, Text(finding.title_zh, finding.title_en), status, SEVERITIES[finding.severity],
        "over" if hint else TONES[finding.status],
        LEFT_MESSAGE if left else Text(finding.message_zh, finding.message_en), reads,
        finding.cite.get("verified_by") is not None, left,
    )  # fmt: skip


def why(finding: Finding) -> Why | None:
    """The rule's conditions in words; None when the rule book no longer holds the version that was applied."""
    day, version = finding.run.as_of, finding.cite.get("from")
    if not any(r.holds(day) and r.from_date.isoformat() == version for r in shipped().versions(finding.rule)):
        return None
    resolved = shipped().at(day).rule(finding.rule)
    note = Text(*resolved.rule.note) if resolved.rule.note else None
    return Why(in_words(resolved.applies), in_words(resolved.fails), note)


def side_by_side(run: Check) -> tuple[list[tuple[Text, str]], list[Row]]:
    """The documents beside each other, by what the run read; each column with the name of its document."""
    problem = Problem.from_json(run.facts)
    columns = [Text(*DOCUMENTS[code]) for code in COLUMNS]
    sources = [str(run.filing.content.get(code, {}).get("source", "")) for code in COLUMNS]
    rows = []
    for line in comparison(problem):
        sides = tuple(
            None if cell is None
            else Side(
                columns[place], Text(*FIELDS[cell.path].name), Text(*shown(FIELDS[cell.path], cell.fact.value)),
                VERDICTS[cell.verdict], "" if cell.fact.document == sources[place] else cell.fact.document,
                cell.fact.page, BELOW if cell.path in AT_LEAST else DIFFERS,
            )
            for place, cell in enumerate(line.cells)
        )  # fmt: skip
        rows.append(Row(Text(*line.label), VERDICTS[line.verdict], sides))
    return list(zip(columns, sources, strict=True)), rows


def documents(content: Content) -> list[tuple[Text, str, list[Read]]]:
    """Every document with its fields, missing ones too: what was lodged, whole."""
    facts = facts_of(content)
    found = []
    for code, names in SELLERS.items():
        part = content.get(code, {})
        reads = []
        for name in names:
            path = f"{code}.{name}"
            fact = facts.get(path)
            value = fact.value if fact else None
            place = (fact.document, fact.page) if fact else ("", None)
            field = FIELDS[path]
            reads.append(Read(path, Text(*field.name), Text(*shown(field, value)), value is None, *place))
        found.append((Text(*DOCUMENTS[code]), part.get("source", ""), reads))
    return found


def line_of(content: Content) -> Text | None:
    """The line of supervision under which it was lodged: whole sets of rules hang on it."""
    path = "application.line"
    held = value_in(content, path)
    return None if held is None else Text(*shown(FIELDS[path], held))


def filings_of(listing: Listing) -> list[Filing]:
    """Everything that was lodged, newest first."""
    return list(Filing.objects.filter(listing=listing).order_by("-number"))


def open_ones(findings: Iterable[Told]) -> list[Told]:
    """Those that stand in the way."""
    return [f for f in findings if f.finding.status in ("fail", "unknown") and f.finding.severity != "note"]


def to_correct(findings: Iterable[Told]) -> list[Told]:
    """Those of them that the seller can do something about."""
    return [f for f in open_ones(findings) if not f.left]


def tally_of(findings: Iterable[Told]) -> Tally:
    """How many of them are open, by who can settle them."""
    open_ = open_ones(findings)
    failed, left = sum(f.finding.status == "fail" for f in open_), sum(f.left for f in open_)
    return Tally(failed, len(open_) - failed - left, left)


def _read(one: dict[str, object]) -> Read:
    path = str(one["path"])
    field = FIELDS[path]
    value = _plain(one["value"], field.kind)
    page = one["page"]
    return Read(
        path, Text(*field.name), Text(*shown(field, value)), value is None, str(one["document"]),
        page if isinstance(page, int) else None,
    )  # fmt: skip


def _plain(value: object, kind: str) -> object:
    """A stored value as the engine knows it."""
    if value is None:
        return None
    if kind in ("ints", "bools", "texts", "dates") and isinstance(value, list):
        return tuple(_plain(one, kind[:-1]) for one in value)
    return date.fromisoformat(str(value)) if kind == "date" else value
