"""An application in which everything conforms, to change one thing at a time."""

from __future__ import annotations

from datetime import date
from typing import Any

from linhe.desks.exchange.engine import Params, Problem, Result, solve
from linhe.desks.exchange.engine.chain import Earlier, Holder
from linhe.desks.exchange.engine.facts import Fact
from linhe.desks.exchange.engine.fields import DOCUMENTS

AS_OF = date(2026, 3, 20)
CONFORMING: dict[str, Any] = {
    "application.line": "financial", "application.step": "listing", "application.kind": "equity",
    "application.object_name": "丙融资担保有限公司", "application.seller": "甲金融控股集团",
    "application.share_ppm": 350_000, "application.level": 2, "application.fiscal_line": "省财政厅",
    "application.listing_number": 1, "application.reserve_fen": 100_000_000,
    "application.applied_on": date(2026, 3, 16), "application.controls_lost": False,
    "certificate.kind": "change", "certificate.number": "金登001", "certificate.issuer": "省财政厅",
    "certificate.holder": "甲金融控股集团", "certificate.enterprise": "丙融资担保有限公司",
    "certificate.genuine": True, "certificate.complete": True, "certificate.status": "valid",
    "certificate.share_ppm": 350_000, "certificate.pledged": False, "certificate.issued_on": date(2025, 1, 8),
    "approval.number": "省财金〔2025〕8号", "approval.authority": "省财政厅", "approval.level": 2,
    "approval.authority_kind": "finance",
    "approval.object_name": "丙融资担保有限公司", "approval.scope": "全部股东权益", "approval.kind": "equity",
    "approval.share_ppm": 350_000, "approval.issued_on": date(2025, 11, 3),
    "approval.valid_until_stated": False, "approval.price_floor_stated": False, "appraisal.accounting_engaged": False,
    "appraisal.agency": "戊评估", "appraisal.audit_agency": "己会计师事务所",
    "appraisal.object_name": "丙融资担保有限公司", "appraisal.scope": "全部股东权益", "appraisal.kind": "equity",
    "appraisal.base_on": date(2025, 9, 30), "appraisal.value_fen": 100_000_000, "appraisal.filing_kind": "filed",
    "appraisal.filing_number": "备2025-18", "appraisal.filed_by": "省财政厅", "appraisal.filed_level": 2,
    "appraisal.filed_on": date(2025, 12, 1), "appraisal.undertakings": True,
    "disclosure.newspaper_on": date(2026, 3, 23), "disclosure.ends_on": date(2026, 4, 30),
    "disclosure.starts_on": date(2026, 3, 23),
    "disclosure.newspaper_provincial": True, "disclosure.on_exchange_site": True, "disclosure.on_seller_site": True,
    "disclosure.contents_complete": True, "disclosure.undertakings": True,
}  # fmt: skip
HOLDERS = (Holder(name=Fact("甲金融控股集团"), share_ppm=Fact(350_000), fiscal_line=Fact("省财政厅")),)


def listing(number: int, *, review: str | None = "conforming", result: str | None = "unsold") -> Earlier:
    start = date(2025, 9, 1) if number == 1 else date(2025, 12, 1)
    return Earlier(
        number=Fact(number), reserve_fen=Fact(100_000_000), starts_on=Fact(start),
        ends_on=Fact(date(2025, 11, 1) if number == 1 else date(2026, 1, 30)), result=Fact(result), review=Fact(review),
    )  # fmt: skip


def problem(*earlier: Earlier, as_of: date = AS_OF, holders: Any = HOLDERS, **changes: Any) -> Problem:
    """The conforming application with some facts changed (``application__reserve_fen=1``; None: missing)."""
    values = CONFORMING | {name.replace("__", "."): value for name, value in changes.items()}
    facts = {
        path: Fact(value, DOCUMENTS[path.partition(".")[0]].zh, 1 + place % 5)
        for place, (path, value) in enumerate(values.items())
        if value is not None
    }
    return Problem(as_of=as_of, facts=facts, earlier=earlier, holders=holders)


def review(*earlier: Earlier, **changes: Any) -> Result:
    return solve(problem(*earlier, **changes), Params())


def status(rule: str, *earlier: Earlier, **changes: Any) -> str:
    return next(one.status for one in review(*earlier, **changes).findings if one.rule == rule)
