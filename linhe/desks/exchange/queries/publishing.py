"""What everybody may know of listings: rows of a table, OCDS 1.1 releases and records (mapped in ``OCDS.md``).

Only what was announced: no person, no application under review, no finding, no number of bidders while a notice runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from linhe.core.dated import value
from linhe.core.loop.models import Event
from linhe.core.places.models import Place
from linhe.desks.exchange.engine.choices import PROCEDURES, RESULTS
from linhe.desks.exchange.models import Filing, Listing
from linhe.desks.exchange.schemas.content import value_in
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

VERSION = "1.1"
FEN_A_YUAN = 100
PPM_A_PERCENT = 10_000
TAGS: dict[str, str] = {
    "approve": "tender", "extend": "tenderUpdate", "change_notice": "tenderUpdate", "suspend": "tenderUpdate",
    "resume": "tenderUpdate", "no_buyer": "tenderUpdate", "end_listing": "tenderCancellation", "record_deal": "award",
}  # fmt: skip
"""The actions that the public hears of, and the tag of the release that tells them."""
STATUSES = {"no_buyer": "unsuccessful", "end_listing": "cancelled", "record_deal": "complete"}
COLUMNS: tuple[tuple[str, Text], ...] = (
    ("lot", Text("标的编号", "lot")),
    ("listing", Text("第几次挂牌", "listing")),
    ("name", Text("标的名称", "object")),
    ("seller", Text("转让方", "seller")),
    ("share_percent", Text("转让比例（%）", "share (%)")),
    ("appraisal_yuan", Text("评估结果（元）", "appraisal (yuan)")),
    ("reserve_yuan", Text("挂牌价（元）", "reserve price (yuan)")),
    ("listed_on", Text("挂牌日期", "listed on")),
    ("starts_on", Text("公告起始日", "notice from")),
    ("ends_on", Text("公告截止日", "notice until")),
    ("result", Text("结果", "result")),
    ("deal_yuan", Text("成交价（元）", "deal price (yuan)")),
    ("procedure", Text("成交方式", "procedure")),
)


@dataclass(frozen=True, slots=True)
class Published:
    """A listing that was announced, with what was lodged for it and the steps that the public hears of."""

    listing: Listing
    content: dict[str, Any]
    events: tuple[Event, ...]


def published(province: Place, year: int) -> list[Published]:
    """The listings of a province that were announced in a year, in order, in three queries."""
    rows = Listing.objects.filter(
        lot__province=province, listed_on__gte=date(year, 1, 1), listed_on__lt=date(year + 1, 1, 1)
    )
    listings = list(rows.select_related("lot__seller", "lot__province").order_by("pk"))
    contents = dict(Filing.objects.filter(listing__in=listings).order_by("number").values_list("listing", "content"))
    events: dict[int, list[Event]] = {}
    for event in Event.objects.filter(matter__in=[one.pk for one in listings], action__in=TAGS).order_by(
        "matter", "seq"
    ):
        events.setdefault(event.matter_id, []).append(event)
    return [Published(one, contents.get(one.pk, {}), tuple(events.get(one.pk, ()))) for one in listings]


def years_of(province: Place) -> list[int]:
    """The years in which something was announced, newest first."""
    days = Listing.objects.filter(lot__province=province, listed_on__isnull=False).dates("listed_on", "year", "DESC")
    return [day.year for day in days]


def row_of(one: Published) -> dict[str, Any]:
    """One line of the table, by the codes of its columns; amounts as texts, exact."""
    listing = one.listing
    share = value_in(one.content, "application.share_ppm")
    return {
        "lot": listing.lot.number, "listing": listing.sequence, "name": listing.lot.name,
        "seller": listing.lot.seller.name, "share_percent": None if share is None else _decimal(share, PPM_A_PERCENT),
        "appraisal_yuan": _decimal(listing.appraisal_fen, FEN_A_YUAN),
        "reserve_yuan": _decimal(listing.reserve_fen, FEN_A_YUAN), "listed_on": _iso(listing.listed_on),
        "starts_on": _iso(listing.starts_on), "ends_on": _iso(listing.ends_on), "result": listing.result or None,
        "deal_yuan": _decimal(listing.deal_fen, FEN_A_YUAN), "procedure": listing.procedure or None,
    }  # fmt: skip


def table(rows: Iterable[Published]) -> Iterator[list[Any]]:
    """Header and lines in the reader's language."""
    yield [str(name) for _, name in COLUMNS]
    for one in rows:
        line = row_of(one)
        line["result"] = _named(RESULTS, line["result"])
        line["procedure"] = _named(PROCEDURES, line["procedure"])
        yield [line[code] for code, _ in COLUMNS]


def release_package(province: Place, rows: list[Published], *, uri: str, at: datetime) -> dict[str, Any]:
    """An OCDS release package: one release for every step that the public hears of."""
    prefix = prefix_at(at, province)
    releases = [release for one in rows for release in releases_of(one, prefix)]
    return _package(province, uri, releases) | {"releases": releases}


def record_package(province: Place, rows: list[Published], *, uri: str, at: datetime) -> dict[str, Any]:
    """An OCDS record package: for every listing its releases and where it stands."""
    prefix = prefix_at(at, province)
    records = []
    for one in rows:
        releases = releases_of(one, prefix)
        last = releases[-1]
        compiled = last | {"id": f"{last['ocid']}-compiled", "tag": ["compiled"]}
        records.append({"ocid": last["ocid"], "releases": releases, "compiledRelease": compiled})
    return _package(province, uri, [record["releases"][-1] for record in records]) | {"records": records}


def prefix_at(at: datetime, province: Place) -> str:
    """The prefix of open contracting ids."""
    prefix: str = value("exchange.ocid_prefix", at=at, place_code=province.code)
    return prefix


def releases_of(one: Published, prefix: str) -> list[dict[str, Any]]:
    """The releases of one listing, in order; each tells everything known of it at that step."""
    listing, ends_on = one.listing, value_in(one.content, "disclosure.ends_on")
    ocid = f"{prefix}-{listing.lot.number}-{listing.sequence}"
    related = []
    if listing.sequence > 1:
        before = f"{prefix}-{listing.lot.number}-{listing.sequence - 1}"
        related = [{"id": "1", "relationship": ["unsuccessfulProcess"], "scheme": "ocid", "identifier": before}]
    seller = {"id": f"CN-LINHE-{listing.lot.seller.code}", "name": listing.lot.seller.name}
    found = []
    for event in one.events:
        ends_on = event.data.get("ends_on") or ends_on
        release: dict[str, Any] = {
            "ocid": ocid, "id": f"{ocid}-{event.seq}", "date": _moment(event.at), "tag": [TAGS[event.action]],
            "initiationType": "tender", "language": "zh", "parties": [seller | {"roles": ["procuringEntity"]}],
            "tender": _tender(one, event, seller, ends_on),
        }  # fmt: skip
        if related:
            release["relatedProcesses"] = related
        if event.action == "record_deal":
            release["awards"] = [_award(listing, ocid, event)]
        found.append(release)
    return found


def _tender(one: Published, event: Event, seller: dict[str, str], ends_on: str | None) -> dict[str, Any]:
    listing = one.listing
    share = value_in(one.content, "application.share_ppm")
    about = listing.lot.name if share is None else f"{listing.lot.name}（{_decimal(share, PPM_A_PERCENT)}%）"
    tender: dict[str, Any] = {
        "id": f"{listing.lot.number}-{listing.sequence}", "title": listing.lot.name,
        "description": f"国有产权转让，第 {listing.sequence} 次挂牌", "status": STATUSES.get(event.action, "active"),
        "procuringEntity": seller, "procurementMethod": "open", "procurementMethodDetails": "产权交易所公开挂牌转让",
        "items": [{"id": "1", "description": about}],
    }  # fmt: skip
    if listing.appraisal_fen is not None:
        tender["value"] = _value(listing.appraisal_fen)
    if listing.reserve_fen is not None:
        tender["minValue"] = _value(listing.reserve_fen)
    if listing.starts_on and ends_on:
        last = datetime.combine(date.fromisoformat(ends_on) + timedelta(days=1), time(), SHANGHAI)
        first = datetime.combine(listing.starts_on, time(), SHANGHAI)
        tender["tenderPeriod"] = {"startDate": _moment(first), "endDate": _moment(last - timedelta(seconds=1))}
    if event.action in STATUSES:
        tender["numberOfTenderers"] = listing.buyers
    return tender


def _award(listing: Listing, ocid: str, event: Event) -> dict[str, Any]:
    award: dict[str, Any] = {
        "id": f"{ocid}-award", "title": listing.lot.name, "status": "active", "date": _moment(event.at),
        "description": f"成交方式：{_named(PROCEDURES, listing.procedure)}",
    }  # fmt: skip
    if listing.deal_fen is not None:
        award["value"] = _value(listing.deal_fen)
    return award


def _package(province: Place, uri: str, releases: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "uri": uri, "version": VERSION, "publisher": {"name": province.name},
        "publishedDate": max(release["date"] for release in releases),
    }  # fmt: skip


def _value(amount_fen: int) -> dict[str, Any]:
    """An amount as a number: whole yuan as such, else exact to the fen (below 9 * 10^15 fen)."""
    whole, rest = divmod(amount_fen, FEN_A_YUAN)
    return {"amount": amount_fen / FEN_A_YUAN if rest else whole, "currency": "CNY"}


def _decimal(amount: int | None, scale: int) -> str | None:
    """A whole number of small units as a decimal, exact: ``125000`` ppm is ``12.5``."""
    if amount is None:
        return None
    whole, rest = divmod(amount, scale)
    return f"{whole}.{rest:0{len(str(scale)) - 1}}".rstrip("0").rstrip(".")


def _named(choices: tuple[tuple[str, str, str], ...], code: str | None) -> str:
    return next((str(Text(zh, en)) for one, zh, en in choices if one == code), "")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _moment(at: datetime) -> str:
    return at.astimezone(SHANGHAI).isoformat(timespec="seconds")
