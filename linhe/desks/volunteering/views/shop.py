"""The counter of a partner shop: redeem, undo, what the shop offers, and its month for the accounts."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linhe.core.dated import series, value
from linhe.core.loop.acting import begin
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import key_of, matter_or_404, number_in, reader, signed_in, text_in
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.people.models import Account, Organisation
from linhe.core.people.queries import posts_of
from linhe.desks.volunteering import services
from linhe.desks.volunteering.loop import REDEMPTION
from linhe.desks.volunteering.queries import honours
from linhe.desks.volunteering.queries.statement import shop_sheets
from linhe.desks.volunteering.schemas.honours import UNDO_REASONS
from linhe.desks.volunteering.views.common import said, status_of, take
from linhe.lib.masking import mask_name
from linhe.lib.tables import write_xlsx
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RECENT = 12


@signed_in
@require_http_methods(["GET", "POST"])
def shop(request: HttpRequest) -> HttpResponse:
    """Choose an item, type or scan the code, and both see the result."""
    account, shops = _clerk(request)
    if request.method == "GET":
        return _page(request, account, shops)
    item_id = number_in(request.POST, "item_id")
    data = {"code": text_in(request.POST, "code", 12).replace(" ", ""), "item_id": item_id}
    here = honours.shop_of_item(item_id, shops) or shops[0]
    try:
        outcome = begin(
            "redemption", "redeem", by=account, place=here.place, data=data, key=key_of(request), at=timezone.now()
        )
    except Refused as refused:
        return _page(request, account, shops, refused=refused)
    points = outcome.event.data["points"]
    said(request, outcome, f"兑换成功：{outcome.matter.title}，{points} 分。", f"Done: {points} points taken.")
    return HttpResponseRedirect(reverse("volunteering:shop"))


@signed_in
@require_POST
def undo(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Undo a redemption within minutes, with a reason."""
    account, shops = _clerk(request)
    matter = matter_or_404(request, matter_id, "redemption")
    try:
        outcome = take(request, matter, "undo", {"reason": text_in(request.POST, "reason", 20)})
    except Refused as refused:
        return _page(request, account, shops, refused=refused)
    said(request, outcome, "已撤销，积分退回给对方。", "Undone; the points went back.")
    return HttpResponseRedirect(reverse("volunteering:shop"))


@signed_in
@require_POST
def items(request: HttpRequest) -> HttpResponse:
    """Offer an item, or change what an offered one costs and how many there are in a month."""
    account, shops = _clerk(request)
    one = next((s for s in shops if s.pk == number_in(request.POST, "shop")), None)
    try:
        if one is None:
            raise invalid({"name": str(Text("请选择本店。", "Choose a shop of yours."))})
        services.save_item(
            shop=one,
            item_id=number_in(request.POST, "item_id"), name=text_in(request.POST, "name", 40),
            points=number_in(request.POST, "points"), stock=number_in(request.POST, "stock"),
            offered="offered" in request.POST,
        )  # fmt: skip
    except Refused as refused:
        return _page(request, account, shops, refused=refused)
    return HttpResponseRedirect(reverse("volunteering:shop") + "#items")


@signed_in
@require_safe
def statement(request: HttpRequest, shop_id: int) -> HttpResponse:
    """A shop's month as Excel, for the shop itself and for whoever pays it."""
    account, now = reader(request), timezone.now()
    one = Organisation.objects.filter(pk=shop_id, kind=Organisation.Kind.SHOP).select_related("place").first()
    if one is None or not _may_see(account, one, now):
        raise Http404
    at = _month(text_in(request.GET, "month", 7), now) or now
    rate = value("volunteering.fen_a_point", at=at, place_code=one.place.code)
    response = HttpResponse(write_xlsx(shop_sheets(one, at=at, fen_a_point=rate)), content_type=XLSX)
    response["Content-Disposition"] = (
        f'attachment; filename="redemptions-{one.pk}-{at.astimezone(SHANGHAI):%Y-%m}.xlsx"'
    )
    return response


def _may_see(account: Account, one: Organisation, now: datetime) -> bool:
    reads = any(p.role in REDEMPTION.reads and p.place.contains(one.place) for p in posts_of(account, at=now))
    return reads or one in honours.shops_of(account, at=now)


def _clerk(request: HttpRequest) -> tuple[Account, list[Organisation]]:
    """Who serves at the counter, and for which shops; others are turned away."""
    account = reader(request)
    shops = honours.shops_of(account, at=timezone.now())
    if not shops:
        raise PermissionDenied
    return account, shops


def _page(
    request: HttpRequest, account: Account, shops: list[Organisation], *, refused: Refused | None = None
) -> HttpResponse:
    now = timezone.now()
    rate = value("volunteering.fen_a_point", at=now, place_code=shops[0].place.code)
    recent = [row for one in shops for row in honours.redeemed_at(one, at=now)[:RECENT]]
    recent.sort(key=lambda row: row.at, reverse=True)
    context = {
        "shops": [(one, honours.month_at(one, at=now, fen_a_point=rate)) for one in shops],
        "offers": honours.catalogue(shops, at=now),
        "withdrawn": honours.withdrawn_items(shops),
        "recent": [(row, mask_name(row.account.name), row.matter.stage == "given") for row in recent[:RECENT]],
        "reasons": UNDO_REASONS,
        "code": text_in(request.POST, "code", 12) or text_in(request.GET, "code", 8),
        "chosen": number_in(request.POST, "item_id"),
        "refused": refused,
        "key": key_of(request) if refused is None or refused.code != "key_reused" else "",
        "live_token": live_token([f"u:{account.pk}"]),
    }
    return render(request, "volunteering/shop.html", context, status=status_of(refused))


def _month(text: str, now: datetime) -> datetime | None:
    """A month that was asked for, not before points were worth anything and not after this one."""
    try:
        at = datetime.strptime(text, "%Y-%m").replace(tzinfo=SHANGHAI)
    except ValueError:
        return None
    first = min(entry.from_date for entry in series("volunteering.fen_a_point"))
    return at if first <= at.date() and at <= now else None
