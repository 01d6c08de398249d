"""The QR label of a building: the page that opens from a scan, and the poster to print."""

from __future__ import annotations

import io

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from linhe.core.loop.pages import reader, staff_only
from linhe.core.people.queries import posts_of
from linhe.core.people.roles import role
from linhe.core.places.models import Place
from linhe.core.places.stickers import place_of_sticker, sticker_of
from linhe.desks.reports.views.common import whole_name
from linhe.lib.pdf import document
from linhe.lib.qr import png
from linhe.lib.refusals import Refused
from linhe.lib.text import Text

QR_MM = 110


@never_cache
@require_safe
def at(request: HttpRequest, token: str) -> HttpResponse:
    """Which place and which site this is, and that it asks neither for money nor for a password; then the way on."""
    try:
        place = place_of_sticker(token)
    except Refused as refused:
        return render(request, "reports/at.html", {"refused": refused, "host": request.get_host()}, status=404)
    context = {"place": place, "name": whole_name(place), "token": token, "host": request.get_host()}
    return render(request, "reports/at.html", context)


@staff_only
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """The label of a place as a sheet to print, for those who hold a post there."""
    place = Place.objects.select_related("parent").filter(code=code).first()
    posts = posts_of(reader(request), at=timezone.now())
    if place is None or not any(role(post.role).staff and post.place.contains(place) for post in posts):
        raise Http404
    answer = HttpResponse(_sheet(place), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="report-{place.code}.pdf"'
    return answer


def _sheet(place: Place) -> bytes:
    """A4: what it is for, the code, the place, and how to know a label that was pasted over."""
    address = settings.PUBLIC_URL.rstrip("/") + reverse("reports:at", args=[sticker_of(place)])
    host = settings.PUBLIC_URL.split("://")[-1].strip("/")
    sheet = document(str(Text("随手拍", "Report something")))
    sheet.set_text_color(15, 100, 87)
    sheet.heading(str(Text("看见隐患，扫码随手拍", "Something wrong? Scan and report it")), size=30)
    sheet.set_text_color(0, 0, 0)
    sheet.heading(whole_name(place), size=22)
    sheet.image(io.BytesIO(png(address, scale=12)), x=(sheet.w - QR_MM) / 2, w=QR_MM, h=QR_MM)
    sheet.ln(4)
    sheet.paragraph(
        str(Text("拍一张照片，转给负责的单位；办完由您确认。不用登录，也可以匿名。",
                 "A photo goes to whoever is in charge; it is over when you say so. No sign-in needed.")), size=15
    )  # fmt: skip
    sheet.paragraph(
        str(Text(f"扫开的网址应是 {host}，不会要您付款、填密码。不是这样的，可能被人贴换了，请告诉社区。",
                 f"The address must be {host}. It never asks for money or a password; else tell the community.")),
        size=12,
    )  # fmt: skip
    sheet.paragraph(place.code, size=9)
    return sheet.bytes()
