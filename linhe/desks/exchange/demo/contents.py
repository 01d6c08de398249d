"""Applications as the demo's institutions write them: four documents that agree, unless a story says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from linhe.desks.exchange.schemas.content import Content, checked
from linhe.lib.working_calendar import is_working_day

FINANCE = "青岚省财政厅"
SCOPE = "标的企业全部股东权益对应的转让股权"
NOTICE_AFTER, NOTICE_DAYS = 9, 20
SPARE_DAYS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What is offered, by whom, at which price; ``day`` is that of the application.

    The notice begins ``notice_after`` working days later. ``otherwise`` changes single fields by path; None leaves one
    out.
    """

    seller: str
    enterprise: str
    value_fen: int
    reserve_fen: int
    day: date
    share_ppm: int = 150_000
    number: int = 1
    base_on: date | None = None
    notice_after: int = NOTICE_AFTER
    otherwise: Mapping[str, Any] = field(default_factory=dict)


def content_of(offer: Offer) -> Content:
    """The content as a seller would save it."""
    base = offer.base_on or offer.day - timedelta(days=150)
    starts = next_working_day(offer.day, offer.notice_after)
    mark = f"{offer.day.year}〕{offer.number:03}"
    documents: dict[str, tuple[str, dict[str, Any]]] = {
        "application": (
            "产权转让申请书",
            {
                "line": "financial", "kind": "equity", "object_name": offer.enterprise, "share_ppm": offer.share_ppm,
                "controls_lost": False, "level": 2, "fiscal_line": FINANCE, "reserve_fen": offer.reserve_fen,
                "difference_explained": False,
                "holders": [{"name": offer.seller, "share_ppm": 2 * offer.share_ppm, "fiscal_line": FINANCE}],
            },
        ),
        "certificate": (
            "金融企业国有资产产权登记证",
            {
                "kind": "possession", "number": f"青财产登〔{mark}", "holder": offer.seller,
                "enterprise": offer.enterprise, "issuer": FINANCE, "status": "valid",
                "share_ppm": 2 * offer.share_ppm, "state_capital_fen": offer.value_fen,
                "registered_capital_fen": 4 * offer.value_fen, "pledged": False,
                "issued_on": base - timedelta(days=400),
            },
        ),
        "approval": (
            f"青财金〔{mark}号批复",
            {
                "number": f"青财金〔{mark}号", "authority": FINANCE, "authority_kind": "finance", "level": 2,
                "object_name": offer.enterprise, "scope": SCOPE, "kind": "equity", "share_ppm": offer.share_ppm,
                "issued_on": base + timedelta(days=20), "valid_until_stated": True,
                "valid_until": base + timedelta(days=350), "price_floor_stated": False,
            },
        ),
        "appraisal": (
            "资产评估报告及备案表",
            {
                "report_number": f"青评报字〔{mark}号", "agency": "明衡资产评估有限公司",
                "audit_agency": "正和会计师事务所", "accounting_engaged": True,
                "accounting_agency": "恒信代理记账有限公司", "object_name": offer.enterprise, "scope": SCOPE,
                "kind": "equity", "base_on": base,
                "value_fen": offer.value_fen, "filing_kind": "filed", "filed_by": FINANCE, "filed_level": 2,
                "filing_number": f"青财评备〔{mark}号", "filed_on": base + timedelta(days=60), "undertakings": True,
            },
        ),
        "disclosure": (
            "信息披露公告",
            {
                "starts_on": starts, "ends_on": next_working_day(starts, NOTICE_DAYS + SPARE_DAYS),
                "newspaper_on": starts, "newspaper_provincial": True, "on_exchange_site": True, "on_seller_site": True,
                "contents_complete": True, "undertakings": True,
            },
        ),
    }  # fmt: skip
    content: Content = {}
    for code, (source, values) in documents.items():
        told = values | {p.partition(".")[2]: v for p, v in offer.otherwise.items() if p.startswith(f"{code}.")}
        told = {name: value for name, value in told.items() if value is not None}
        pages = {name: 1 + place // 4 for place, name in enumerate(told) if name != "holders"}
        content[code] = {"source": source, "values": told, "pages": pages}
    return checked(content)


def next_working_day(day: date, days: int) -> date:
    """The working day so many working days after a day."""
    while days:
        day += timedelta(days=1)
        days -= is_working_day(day, unpublished="weekends")
    return day
