"""What a review finds: a finding a rule, with the article it rests on and the evidence it read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import partial
from typing import Any, Literal, NamedTuple

from linhe.desks.exchange.engine.case import shown
from linhe.desks.exchange.engine.facts import Fact
from linhe.desks.exchange.engine.fields import FIELDS, Words
from linhe.desks.exchange.engine.rulebook import Cite, Resolved, Severity, Status
from linhe.desks.exchange.engine.wording import message

Outcome = Literal["passed", "to_complete", "returned", "refused"]

OUTCOMES: dict[Outcome, Words] = {
    "passed": Words("通过", "passed"),
    "to_complete": Words("待补正", "to be completed"),
    "returned": Words("退回修改", "returned for correction"),
    "refused": Words("不予受理", "refused"),
}


class Evidence(NamedTuple):
    """A fact that a finding read; ``value`` None: missing."""

    path: str
    name: Words
    fact: Fact


class Finding(NamedTuple):
    """What one rule says. Message and evidence are put into words when they are asked for."""

    resolved: Resolved
    status: Status
    facts: tuple[Fact, ...]

    @property
    def rule(self) -> str:
        """Id of the rule."""
        return self.resolved.rule.id

    @property
    def title(self) -> Words:
        """Name of the rule."""
        return self.resolved.rule.title

    @property
    def severity(self) -> Severity:
        """What a failure means: ``refuse``, ``return`` for correction, or a ``note``."""
        return self.resolved.rule.severity

    @property
    def cite(self) -> Cite:
        """Document, article and quote; ``cite.verified`` is False while nobody has read the original."""
        return self.resolved.rule.cite

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The facts read, in the order of the rule; none where it does not apply."""
        if self.status == "not_applicable":
            return ()
        paths = self.resolved.rule.evidence
        return tuple(Evidence(path, FIELDS[path].name, fact) for path, fact in zip(paths, self.facts, strict=True))

    @property
    def missing(self) -> tuple[str, ...]:
        """Paths of the evidence that is missing."""
        return tuple(one.path for one in self.evidence if one.fact.value is None)

    @property
    def message(self) -> Words:
        """What it means in both languages."""
        return message(self.resolved, self.status, {one.path: one.fact for one in self.evidence})

    def to_json(self) -> dict[str, Any]:
        """The finding as plain data, as a desk stores it."""
        return {
            "rule": self.rule,
            "from": self.resolved.rule.from_date.isoformat(),
            "title": self.title._asdict(),
            "status": self.status,
            "severity": self.severity,
            "cite": asdict(self.cite),
            "evidence": [{"path": one.path, "name": one.name._asdict(), **shown(one.fact)} for one in self.evidence],
            "message": self.message._asdict(),
        }


_finding: Callable[[tuple[Any, ...]], Finding] = partial(tuple.__new__, Finding)
"""Makes a finding without the checks of its constructor, which take longer than the rule itself."""


@dataclass(frozen=True, slots=True)
class Layout:
    """What the results of applications of one sort share.

    Parameters
    ----------
    rules : the rules that may apply to them.
    idle : the findings of those that do not.
    ordered : brings ``[*rules, *idle]`` into the order of the rule book.
    """

    rules: tuple[Resolved, ...]
    idle: tuple[Finding, ...]
    ordered: Callable[[list[Finding]], tuple[Finding, ...]] = field(compare=False)


@dataclass(frozen=True, slots=True)
class Result:
    """What a review found.

    Attributes
    ----------
    status : ``refused`` if a rule of that severity failed, else ``returned`` if another failed, else ``to_complete``
        if one is unknown or no rule is in force on that day, else ``passed``. A ``note`` never changes it.
    rule_set_hash : of rules, parameters, calendar and semantics; the same application under the same hash gives the
        same findings.
    statuses, evidence : what each rule of ``layout.rules`` says and the facts it read, each fact with its document
        and page.
    """

    as_of: date
    rule_set_hash: str
    status: Outcome
    layout: Layout
    statuses: tuple[Status, ...]
    evidence: tuple[tuple[Fact, ...], ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, one a rule in force, in the order of the rule book."""
        layout = self.layout
        made = map(_finding, zip(layout.rules, self.statuses, self.evidence, strict=True))
        return layout.ordered([*made, *layout.idle])

    def of(self, *statuses: Status) -> Iterator[Finding]:
        """The findings of some statuses."""
        return (one for one in self.findings if one.status in statuses)

    def to_json(self) -> dict[str, Any]:
        """The result as plain data."""
        return {
            "as_of": self.as_of.isoformat(),
            "rule_set_hash": self.rule_set_hash,
            "status": self.status,
            "findings": [one.to_json() for one in self.findings],
        }
