"""What came with a call of GeoReport v2: an empty parameter counts as absent, a wrong one is named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from linhe.lib.text import Text

T = TypeVar("T")
MOST_DAYS = 90
MOST_REQUESTS = 1000
LONGEST_DESCRIPTION = 4000
LONGEST_FIELD = 200
LONGEST_LINK = 2000
STATUSES = ("open", "closed")
_W3 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)(Z|[+ -][0-9]{2}:[0-9]{2}))?"
)  # a "+" that was not escaped in an address arrives as a space
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{0,20})?")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a call. ``status`` is also the code in the answer."""

    status: int
    description: str


class Wrong(Exception):
    """A call that cannot be answered, with every fault found in it."""

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__(", ".join(f.description for f in faults))


def wrong(zh: str, en: str, status: int = 400) -> Wrong:
    """One fault in both languages."""
    return Wrong(Fault(status, str(Text(zh, en))))


def not_found(what: str) -> Wrong:
    """There is no such thing, or it is not public: the same answer."""
    return wrong(f"没有找到 {what}。", f"{what} was not found.", 404)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which reports a list shall show: raised in ``[first, last]``; ``numbers`` overrides everything else."""

    numbers: tuple[int, ...] | None = None
    services: tuple[str, ...] = ()
    open: bool | None = None
    first: datetime | None = None
    last: datetime | None = None
    page: int = 1
    size: int = MOST_REQUESTS


@dataclass(slots=True)
class Parameters:
    """The parameters of one call; collects faults so that all of them are told at once."""

    sent: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def text(self, name: str, longest: int = LONGEST_FIELD) -> str:
        """A text, empty when absent."""
        found = self.sent.get(name, "").strip()
        if len(found) > longest:
            return self._fault(f"{name} 最多 {longest} 个字。", f"{name} is longer than {longest} characters.", "")
        if any((c < " " and c not in "\n\r\t") or "\ud800" <= c <= "\udfff" for c in found):
            return self._fault(f"{name} 含有不能识别的字符。", f"{name} holds characters that cannot be kept.", "")
        return found

    def names(self, name: str) -> tuple[str, ...]:
        """A list separated by commas, without blanks and repeats."""
        parts = (part.strip() for part in self.text(name, 20 * MOST_REQUESTS).split(","))
        return tuple(dict.fromkeys(part for part in parts if part))

    def moment(self, name: str) -> datetime | None:
        """A W3C date and time; it must say its zone (a bare date is a day in UTC)."""
        sent = self.text(name)
        if not sent:
            return None
        found = _W3.fullmatch(sent)
        try:
            if found is None or not "1970" < sent[:4] < "2999":
                raise ValueError(sent)
            day, clock, zone = found.groups()
            moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}{(zone or 'Z').replace(' ', '+')}")
            return moment.astimezone(UTC)
        except ValueError:
            return self._fault(
                f"{name} 要写成 2010-01-01T00:00:00Z 这样的时间。",
                f"{name} must be a W3C date and time with its zone, e.g. 2010-01-01T00:00:00Z.",
                None,
            )

    def count(self, name: str, otherwise: int, most: int) -> int:
        """A whole number from 1 on."""
        sent = self.text(name)
        if not sent:
            return otherwise
        if not re.fullmatch(r"[0-9]{1,9}", sent) or not 1 <= int(sent) <= most:
            return self._fault(f"{name} 应为 1–{most} 的整数。", f"{name} must be from 1 to {most}.", otherwise)
        return int(sent)

    def coordinate(self, name: str, most: float) -> float | None:
        """Degrees in WGS-84."""
        sent = self.text(name)
        if not sent:
            return None
        if not _NUMBER.fullmatch(sent) or abs(float(sent)) > most:
            return self._fault(f"{name} 不是有效的坐标。", f"{name} is no coordinate in degrees.", None)
        return float(sent)

    def link(self, name: str) -> str:
        """A web address on a public host: no other scheme, no credentials, no bare address, nothing hidden."""
        sent = self.text(name, LONGEST_LINK)
        if not sent:
            return ""
        try:
            parts = urlsplit(sent)
            port = parts.port
        except ValueError:
            parts, port = urlsplit(""), None
        good = (
            sent.isascii()
            and re.fullmatch(r"[^\s\"'<>\\^`{|}]+", sent)
            and parts.scheme in ("http", "https")
            and _HOST.fullmatch((parts.hostname or "").lower())
            and parts.username is None
            and parts.password is None
            and port in (None, 80, 443)
        )
        if good:
            return sent
        return self._fault(f"{name} 不是有效的网址。", f"{name} must be a public http or https address.", "")

    def need(self, zh: str, en: str, status: int = 400) -> None:
        """Note that something is missing or wrong."""
        self.faults.append(Fault(status, str(Text(zh, en))))

    def check(self) -> None:
        """Raise :class:`Wrong` with every fault found so far."""
        if self.faults:
            raise Wrong(*self.faults)

    def _fault(self, zh: str, en: str, otherwise: T) -> T:
        self.need(zh, en)
        return otherwise


def wanted(sent: Mapping[str, str], *, at: datetime) -> Wanted:
    """Read the parameters of a list of reports."""
    given = Parameters(sent)
    page = given.count("page", 1, 1_000_000)
    size = given.count("page_size", MOST_REQUESTS, MOST_REQUESTS)
    if names := given.names("service_request_id"):
        given.check()
        return Wanted(numbers=_numbers(names[:MOST_REQUESTS]), page=page, size=size)
    statuses = given.names("status")
    if unknown := [s for s in statuses if s not in STATUSES]:
        given.need(f"status 不能是 {unknown[0][:40]}。", f"status may be open or closed, not {unknown[0][:40]}.")
    start, end = given.moment("start_date"), given.moment("end_date")
    first, last = stretch(start, end, at=at)
    if start and end and end - start > timedelta(days=MOST_DAYS):
        given.need(f"时间范围最多 {MOST_DAYS} 天。", f"The dates may not span more than {MOST_DAYS} days.")
    if start and end and end < start:
        given.need("end_date 早于 start_date。", "end_date is before start_date.")
    services = given.names("service_code")
    given.check()
    chosen = statuses[0] == "open" if len(statuses) == 1 else None
    return Wanted(services=services, open=chosen, first=first, last=last, page=page, size=size)


def stretch(start: datetime | None, end: datetime | None, *, at: datetime) -> tuple[datetime, datetime]:
    """From when until when: ninety days from the one end that is given, the latest ninety days when none is."""
    most = timedelta(days=MOST_DAYS)
    if end is None:
        end = at if start is None else start + most
    return start or end - most, end


def _numbers(names: tuple[str, ...]) -> tuple[int, ...]:
    """What cannot be a number of a report is simply not found."""
    return tuple(int(name) for name in names if re.fullmatch(r"[0-9]{1,18}", name))
