"""My matters: what I asked for, what is done for me, what I handle."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.loop.live import live_token
from linhe.core.loop.pages import reader, signed_in
from linhe.core.loop.queries import own_page
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
    is_open = None if tab == "all" else tab == "open"
    page = own_page(account, at=now, is_open=is_open, before=key_in(request, "before"))
    return render(
        request,
        "my.html",
        {"page": page, "tab": tab, "choices": TABS.items(), "live_token": live_token([f"u:{account.pk}"])},
    )
