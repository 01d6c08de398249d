"""Family requests that the community worker confirms after a call with the elder."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linhe.core.loop.pages import reader, staff_only
from linhe.core.people.queries import confirms_families, delegations_to_confirm
from linhe.core.people.services import confirm_delegation, end_delegation, log_read
from linhe.lib.refusals import Refused
from linhe.lib.text import Text

DONE = {
    "confirm": Text("已确认，记在您名下。", "Confirmed, in your name."),
    "end": Text("已拒绝。", "Declined."),
}


@never_cache
@staff_only
@require_http_methods(["GET", "POST"])
def family_calls(request: HttpRequest) -> HttpResponse:
    """Who waits, numbers masked. ``do=call`` shows the elder's number and notes the look; the others decide."""
    account, now = reader(request), timezone.now()
    if not confirms_families(account, at=now):
        raise PermissionDenied
    waiting = delegations_to_confirm(account, at=now)
    called = None
    if request.method == "POST":
        one = next((d for d in waiting if str(d.pk) == request.POST.get("delegation")), None)
        what = request.POST.get("do", "")
        if one is None or what not in ("call", *DONE):
            raise Http404
        if what == "call":
            log_read(reader=account, subject=one.principal, what="family call", purpose="", at=now)
            called = one.pk
        else:
            try:
                decide = confirm_delegation if what == "confirm" else end_delegation
                decide(delegation=one, by=account, at=now)
                messages.success(request, str(DONE[what]))
            except Refused as refused:
                messages.error(request, str(refused.message))
            return redirect("family_calls")
    return render(request, "account/family_calls.html", {"waiting": waiting, "called": called})
