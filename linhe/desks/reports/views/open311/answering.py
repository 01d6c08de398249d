"""What every call of GeoReport v2 shares: the format in its address, its jurisdiction, its errors, its headers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from linhe.core.loop.refusals import Refused
from linhe.core.places.models import Place
from linhe.desks.reports.views.open311.reading import Fault, Wrong, not_found
from linhe.desks.reports.views.open311.rendering import CONTENT_TYPES, XML, rendered

P = ParamSpec("P")
Answer = tuple[str, Any]
"""Name of the outermost XML element, and the data."""
RETRY_AFTER_S = 60


def call(*methods: str) -> Callable[[Callable[Concatenate[HttpRequest, P], Answer]], Callable[..., HttpResponse]]:
    """A call that anybody may make with one of these methods, in any format of the address.

    No session is read and no cookie counts, so there is nothing that a forged request could use: the only right to
    write is the key inside the request itself.
    """

    def wrap(view: Callable[Concatenate[HttpRequest, P], Answer]) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def answered(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            fmt = str(kwargs.pop("fmt"))
            if fmt not in CONTENT_TYPES:
                return _errors([Fault(404, f"{fmt[:20]}: xml or json")], XML)
            if request.method not in methods:
                answer = _errors([Fault(405, ", ".join(methods))], fmt)
                answer["Allow"] = ", ".join(methods)
                return answer
            try:
                root, data = view(request, *args, **kwargs)
            except Wrong as wrong:
                return _errors(list(wrong.faults), fmt)
            except Refused as refused:
                return _refused(refused, fmt)
            except (BadRequest, SuspiciousOperation, MultiPartParserError) as error:
                return _errors([Fault(400, str(error)[:200])], fmt)
            return _answer(root, data, fmt, status=200)

        return answered

    return wrap


def district_of(sent: Mapping[str, str]) -> Place | None:
    """The jurisdiction that was asked for: the code of a district, or this site's host name for all of them.

    Absent and empty mean all. Raises :class:`Wrong` (404) when there is no such jurisdiction.
    """
    asked = sent.get("jurisdiction_id", "").strip()
    if asked in ("", urlsplit(settings.PUBLIC_URL).hostname):
        return None
    found = Place.objects.filter(code=asked[:32], kind="district").first() if "\x00" not in asked else None
    if found is None:
        raise not_found(f"jurisdiction_id {asked[:40]}")
    return found


def _refused(refused: Refused, fmt: str) -> HttpResponse:
    """The loop's refusal in the words of the specification: everything that is not the key or a limit is a 400."""
    status = refused.status if refused.status in (403, 404, 429) else 400
    told = [str(text) for text in refused.details.values()] or [str(refused.message)]
    answer = _errors([Fault(status, text) for text in told], fmt)
    if status == 429:
        answer["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _errors(faults: list[Fault], fmt: str) -> HttpResponse:
    data = [{"code": fault.status, "description": fault.description} for fault in faults]
    return _answer("errors", data, fmt, status=faults[0].status)


def _answer(root: str, data: Any, fmt: str, *, status: int) -> HttpResponse:
    answer = HttpResponse(rendered(root, data, fmt), content_type=CONTENT_TYPES[fmt], status=status)
    answer["Access-Control-Allow-Origin"] = "*"  # pages of other sites may read what is public anyway
    answer["Cache-Control"] = "no-store"
    return answer
