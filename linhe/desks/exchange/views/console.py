"""The exchange's worklist."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.loop.live import live_token
from linhe.core.loop.pages import number_in, reader, signed_in, text_in
from linhe.core.people.queries import posts_of
from linhe.desks.exchange.loop.review import EXCHANGE
from linhe.desks.exchange.queries import lists

LONGEST_SOUGHT = 60


@signed_in
@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """Listings of the reader's province by what is to be done, with their clocks."""
    account, now = reader(request), timezone.now()
    places = {post.place_id for post in posts_of(account, at=now) if post.role in EXCHANGE}
    if not places:
        raise Http404
    chosen = next((f for f in lists.FILTERS if f[0] == request.GET.get("stage")), lists.FILTERS[0])
    mine = request.GET.get("mine") == "1"
    sought, before = text_in(request.GET, "q", LONGEST_SOUGHT).strip(), number_in(request.GET, "before")
    stages = () if sought else chosen[2]  # whoever looks for one application wants it wherever it is
    page = lists.worklist(account, at=now, stages=stages, mine=mine, sought=sought, before=before)
    counts = lists.tallies(account, at=now)
    context = {
        "filters": [(code, name, counts[code]) for code, name, _ in lists.FILTERS],
        "chosen": "" if sought else chosen[0],
        "sought": sought,
        "mine": mine,
        "rows": page.rows,
        "next_before": page.next_before,
        "live": " ".join(f"a:{place}" for place in sorted(places)),
        "live_token": live_token([f"a:{place}" for place in places]),
    }
    return render(request, "exchange/console.html", context)
