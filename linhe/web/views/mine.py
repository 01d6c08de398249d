"""My matters: what I asked for, what is done for me, what I handle."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.loop.access import own_to
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import reader, signed_in
from linhe.core.loop.queries import page_of
from linhe.lib.text import Text
from linhe.web.numbers import key_in

TABS = {
    "open": Text("正在办", "Under way"),
    "closed": Text("已办结", "Closed"),
    "all": Text("全部", "All"),
}


@signed_in
@require_safe
def my_matters(request: HttpRequest) -> HttpResponse:
    """A page of the reader's own matters, newest first."""
    account, now = reader(request), timezone.now()
    tab = request.GET.get("show", "open")
    tab = tab if tab in TABS else "open"
    rows = own_to(account, at=now).select_related("place")
    if tab != "all":
        rows = rows.filter(closed_at__isnull=tab == "open")
    page = page_of(rows, before=key_in(request, "before"), few=True)
    return render(
        request,
        "my.html",
        {"page": page, "tab": tab, "choices": TABS.items(), "live_token": live_token([f"u:{account.pk}"])},
    )
