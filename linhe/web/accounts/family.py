"""Family: who acts for me, whom I act for; ask, confirm, end."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linhe.core.loop.pages import reader, signed_in
from linhe.core.people.models import Delegation
from linhe.core.people.services import ask_delegation, confirm_delegation, end_delegation
from linhe.lib.refusals import Refused
from linhe.lib.text import Text
from linhe.web.accounts.forms import PhoneForm, put

ASKED = Text(
    "已提交。如果对方在用邻和，会在「家人代办」里看到，同意后您就能替他办事。",
    "Done. If they use linhe, they find your request under Family; once they agree you can act for them.",
)
DECIDED = {
    "confirm": Text("已同意。随时可以取消。", "Agreed. You can end it at any time."),
    "end": Text("已取消，立即生效。", "Ended, with immediate effect."),
}


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def me_family(request: HttpRequest) -> HttpResponse:
    """Both directions of acting for someone. Own requests show only once confirmed, so that asking tells nothing."""
    account = reader(request)
    form = PhoneForm(request.POST if request.POST.get("do") == "ask" else None)
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("do") in DECIDED:
                return _decide(request, request.POST["do"])
            if form.is_valid():
                ask_delegation(delegate=account, phone=form.cleaned_data["phone"], at=timezone.now())
                messages.success(request, str(ASKED))
                return redirect("me_family")
        except Refused as refused:
            put(form, refused)
        status = 422
    going = Delegation.objects.filter(ended_at__isnull=True).order_by("id").select_related("delegate", "principal")
    context = {
        "form": form,
        "asked_me": going.filter(principal=account, confirmed_at__isnull=True),
        "for_me": going.filter(principal=account, confirmed_at__isnull=False),
        "by_me": going.filter(delegate=account, confirmed_at__isnull=False),
    }
    return render(request, "account/family.html", context, status=status)


def _decide(request: HttpRequest, what: str) -> HttpResponse:
    """Confirm or end one of the reader's own delegations."""
    account, sent = reader(request), request.POST.get("delegation", "")
    key = int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else 0
    delegation = Delegation.objects.filter(pk=key).first()
    if delegation is None or account.pk not in (delegation.principal_id, delegation.delegate_id):
        raise Http404
    try:
        decide = confirm_delegation if what == "confirm" else end_delegation
        decide(delegation=delegation, by=account, at=timezone.now())
        messages.success(request, str(DECIDED[what]))
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect("me_family")
