"""Messages to the reader, newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from linhe.core.loop.live import live_token
from linhe.core.loop.pages import reader, signed_in
from linhe.core.notices.models import Notice
from linhe.core.notices.queries import notices_page
from linhe.core.notices.services import mark_read
from linhe.core.notices.texts import text_of
from linhe.web.numbers import key_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: HttpRequest) -> HttpResponse:
    """The reader's messages; a POST marks all as read."""
    account = reader(request)
    if request.method == "POST":
        mark_read(account=account, at=timezone.now())
        return HttpResponseRedirect(reverse("web:notices"))
    page = notices_page(account, before=key_in(request, "before"))
    context = {
        "page": page,
        "rows": [(notice, text_of(notice), _address(notice)) for notice in page.rows],
        "any_unread": any(notice.read_at is None for notice in page.rows),
        "live_token": live_token([f"u:{account.pk}"]),
    }
    return render(request, "notices.html", context)


def _address(notice: Notice) -> str:
    """Where a message leads: to its matter, or to the page that the desk of a discreet kind names."""
    if notice.matter is None:
        return ""
    return notice.matter.declared.page or reverse("web:matter", args=[notice.matter_id])
