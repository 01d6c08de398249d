"""My points: what I have, what expires, what happened, and the code that I show at a shop."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.dated import value
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import number_in, reader, say, signed_in
from linhe.core.loop.refusals import Refused
from linhe.core.points.expiring import expiring
from linhe.core.points.queries import balance, statement
from linhe.desks.volunteering import services
from linhe.desks.volunteering.models import Redemption
from linhe.desks.volunteering.queries import honours
from linhe.desks.volunteering.queries.statement import lines
from linhe.desks.volunteering.views.common import status_of
from linhe.lib import qr


@signed_in
@require_safe
def my_points(request: HttpRequest) -> HttpResponse:
    """Balance, what expires soon, what shops give, and every entry in words."""
    return _page(request)


@signed_in
@require_POST
def show_code(request: HttpRequest) -> HttpResponse:
    """A fresh code for a shop's counter, as digits and as QR."""
    account, now = reader(request), timezone.now()
    try:
        code, until = services.new_code(account, at=now)
    except Refused as refused:
        return _page(request, refused=refused)
    address = request.build_absolute_uri(f"{reverse('volunteering:shop')}?code={code}")
    context = {
        "code": f"{code[:4]} {code[4:]}", "until": until, "qr": qr.svg(address, title=code),
        "balance": balance(account), "latest": _latest(account.pk), "live_token": live_token([f"u:{account.pk}"]),
    }  # fmt: skip
    return render(request, "volunteering/code.html", context)


@signed_in
@require_POST
def ranking(request: HttpRequest) -> HttpResponse:
    """Take part in rankings, with or without the full name, or no longer."""
    account, now = reader(request), timezone.now()
    choice = request.POST.get("choice", "")
    try:
        if choice in ("named", "masked"):
            services.take_part(account, named=choice == "named", at=now)
            say(request, "已参加季度评奖。", "You take part in the rankings.")
        else:
            services.leave(account, at=now)
            say(request, "已退出评奖，积分照常。", "You no longer take part; your points stay.")
    except Refused as refused:
        return _page(request, refused=refused)
    return HttpResponseRedirect(reverse("volunteering:points"))


def _page(request: HttpRequest, *, refused: Refused | None = None) -> HttpResponse:
    account, now = reader(request), timezone.now()
    page = statement(account, before=number_in(request.GET, "before"))
    have = balance(account)
    days = value("points.expiry_notice_days", at=now)
    context = {
        "balance": have,
        "soon": expiring(account, until=now + timedelta(days=days)),
        "page": page,
        "lines": lines(page.rows),
        "offers": [
            (one, one.item.points <= have.settled) for one in honours.catalogue(honours.shops_near(account), at=now)
        ],
        "rider": account.pk in honours.riders(at=now),
        "opt_in": honours.opt_in_of(account),
        "clerk": bool(honours.shops_of(account, at=now)),
        "latest": _latest(account.pk),
        "refused": refused,
        "live_token": live_token([f"u:{account.pk}"]),
    }
    return render(request, "volunteering/points.html", context, status=status_of(refused))


def _latest(account_id: int) -> Redemption | None:
    """What was redeemed in the last minutes: both sides see the result."""
    since = timezone.now() - timedelta(minutes=value("volunteering.undo_minutes", at=timezone.now()))
    rows = Redemption.objects.filter(account=account_id, at__gt=since).select_related("item", "shop", "matter")
    return rows.order_by("-at", "-pk").first()
