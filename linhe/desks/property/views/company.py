"""A company's pages: its compounds with what is to do, and the import of the fee ledger."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from linhe.core.loop.pages import day_in, holds, reader, say, signed_in
from linhe.core.loop.refusals import Refused, invalid
from linhe.desks.property import services
from linhe.desks.property.loop import MANAGER
from linhe.desks.property.queries import lists
from linhe.lib.tables import read_table
from linhe.lib.text import Text
from linhe.lib.units import money
from linhe.lib.working_calendar import local_date

LARGEST_BYTES = 5 * 1024 * 1024


@signed_in
@require_safe
def company(request: HttpRequest) -> HttpResponse:
    """The compounds that the reader's company serves, with what waits in each."""
    _only_managers(request)
    account, now = reader(request), timezone.now()
    rows = lists.company_rows(account, at=now)
    context = {
        "companies": lists.companies_of(account, at=now),
        "rows": sorted(rows, key=lambda r: r.round is None or r.round.matter.closed_at is not None),
        "to_do": sum(r.round is not None and r.round.matter.stage in ("scoring", "rectifying") for r in rows),
        "year": local_date(now).year,
    }
    return render(request, "property/company.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def fees(request: HttpRequest, contract_id: int) -> HttpResponse:
    """Hand in the ledger of a period as a table; the committee checks a sample of it."""
    _only_managers(request)
    account, now = reader(request), timezone.now()
    row = next((r for r in lists.company_rows(account, at=now) if r.contract.pk == contract_id), None)
    if row is None:
        raise Http404
    refused = None
    if request.method == "POST":
        try:
            upload = request.FILES.get("file")
            if upload is None or not upload.size or upload.size > LARGEST_BYTES:
                text = Text("请选择 5 MB 以内的 Excel 或 CSV 文件。", "Choose an Excel or CSV file of up to 5 MB.")
                raise invalid({"file": str(text)})
            ledger = services.import_ledger(
                contract=row.contract, rows=read_table(upload.read(), name=upload.name or ""),
                from_date=_day(request, "from_date"), to_date=_day(request, "to_date"), by=account, at=now,
            )  # fmt: skip
            amount = money(ledger.collected_fen)
            say(
                request,
                f"已导入 {ledger.homes} 户，实收 {amount.zh}，等业委会抽查。",
                f"{ledger.homes} homes imported, {amount.en} collected; the committee checks a sample.",
            )
            return HttpResponseRedirect(reverse("property:fees", args=[contract_id]))
        except Refused as refusal:
            refused = refusal
    year = local_date(now).year
    context = {
        "row": row, "ledgers": row.contract.ledgers.order_by("-id")[:6], "refused": refused, "sent": request.POST,
        "from_date": max(date(year, 1, 1), row.contract.from_date), "to_date": local_date(now),
    }  # fmt: skip
    return render(request, "property/fees.html", context, status=refused.status if refused else 200)


def _day(request: HttpRequest, name: str) -> date:
    found = day_in(request.POST, name)
    if found is None:
        raise invalid({name: str(Text("请选择日期。", "Choose a day."))})
    return found


def _only_managers(request: HttpRequest) -> None:
    if not holds(reader(request), MANAGER):
        raise PermissionDenied
