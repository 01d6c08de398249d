"""The owners' committee on the phone: what is to score, to check, to decide."""

from __future__ import annotations

from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from linhe.core.loop.acting import begin
from linhe.core.loop.pages import holds, key_of, number_in, reader, say, signed_in
from linhe.core.loop.refusals import Refused
from linhe.desks.property import services
from linhe.desks.property.loop import COMMITTEE
from linhe.desks.property.models import Ledger
from linhe.desks.property.queries import lists
from linhe.lib.units import yuan


@signed_in
@require_http_methods(["GET", "POST"])
def committee(request: HttpRequest) -> HttpResponse:
    """My compounds with what waits for the committee. A POST puts the owners' own motion."""
    _only_committee(request)
    account, now = reader(request), timezone.now()
    rows = lists.committee_rows(account, at=now)
    refused = None
    if request.method == "POST":
        row = next((r for r in rows if r.contract.pk == number_in(request.POST, "contract")), None)
        if row is None:
            raise Http404
        try:
            outcome = begin(
                "exit", "convene", by=account, place=row.contract.compound, key=key_of(request), at=now,
                data={"words": request.POST.get("words", "")},
            )  # fmt: skip
            say(request, "已登记业主动议，请召集业主大会。", "The motion is on record. Convene the assembly.")
            return HttpResponseRedirect(reverse("property:matter", args=[outcome.matter.pk]))
        except Refused as refusal:
            refused = refusal
    context = {"rows": [(row, str(uuid4())) for row in rows], "refused": refused, "sent": request.POST}
    return render(request, "property/committee.html", context, status=refused.status if refused else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, ledger_id: int) -> HttpResponse:
    """The sample of a ledger, home by home: does it agree with the receipts that the homes show?"""
    _only_committee(request)
    contracts = [r.contract.pk for r in lists.committee_rows(reader(request), at=timezone.now())]
    ledger = Ledger.objects.filter(pk=ledger_id, contract__in=contracts).select_related("contract__compound").first()
    if ledger is None:
        raise Http404
    refused = None
    if request.method == "POST":
        row_id, agrees = number_in(request.POST, "row"), request.POST.get("agrees")
        if row_id is None or agrees not in ("yes", "no"):
            raise Http404
        try:
            services.check_row(
                row_id=row_id, ledger=ledger, agrees=agrees == "yes", by=reader(request), at=timezone.now()
            )
            return HttpResponseRedirect(reverse("property:check", args=[ledger_id]))
        except Refused as refusal:
            refused = refusal
    sample = ledger.rows.filter(sampled=True).select_related("building").order_by("building__code", "id")
    rows = [(row, yuan(row.due_fen), yuan(row.collected_fen)) for row in sample]
    context = {
        "ledger": ledger, "rows": rows, "refused": refused, "left": sum(r.agrees is None for r, _, _ in rows),
        "differs": any(r.agrees is False for r, _, _ in rows),
    }  # fmt: skip
    return render(request, "property/check.html", context, status=refused.status if refused else 200)


def _only_committee(request: HttpRequest) -> None:
    if not holds(reader(request), COMMITTEE):
        raise PermissionDenied
