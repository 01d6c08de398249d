"""Open data for everybody: what was listed and what came of it, as OCDS, Excel and JSON, by province and year."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.places.models import Place
from linhe.desks.exchange.queries import publishing
from linhe.lib.tables import write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("releases.json", "records.json", "listings.json", "listings.xlsx")


@require_safe
def opendata(request: HttpRequest) -> HttpResponse:
    """The provinces and years for which there is something to take away."""
    provinces = Place.objects.filter(kind="province").order_by("code")
    shown = [(one, years) for one in provinces if (years := publishing.years_of(one))]
    return render(request, "exchange/opendata.html", {"provinces": shown, "columns": publishing.COLUMNS})


@require_safe
def download(request: HttpRequest, code: str, year: int, name: str) -> HttpResponse:
    """One file of a province and year; not there when nothing was announced."""
    province = Place.objects.filter(kind="province", code=code).first()
    if province is None or name not in FORMATS or not 1990 <= year <= 2199:
        raise Http404
    rows = publishing.published(province, year)
    if not rows:
        raise Http404
    uri, now = request.build_absolute_uri(), timezone.now()
    if name == "listings.xlsx":
        answer = HttpResponse(write_xlsx({f"{year}": publishing.table(rows)}), content_type=XLSX)
    elif name == "listings.json":
        answer = _json([publishing.row_of(one) for one in rows])
    else:
        package = publishing.release_package if name == "releases.json" else publishing.record_package
        answer = _json(package(province, rows, uri=uri, at=now))
    answer["Content-Disposition"] = f'attachment; filename="exchange-{code}-{year}-{name}"'
    answer["Cache-Control"] = "public, max-age=300"
    return answer


def _json(content: Any) -> HttpResponse:
    return HttpResponse(
        json.dumps(content, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
