"""Tells pages where live updates come from, and lets them connect there."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse


class LiveMiddleware:
    """Sets ``request.live_url`` and adds its origin to ``connect-src`` of the content security policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        url = live_url(request)
        request.live_url = url  # type: ignore[attr-defined]  # pages read it from their request
        response = self.get_response(request)
        parts = urlsplit(url)
        if parts.netloc and not getattr(response, "_csp_update", None):
            response._csp_update = {"connect-src": [f"{parts.scheme}://{parts.netloc}"]}  # type: ignore[attr-defined]  # where django-csp looks
        return response


def live_url(request: HttpRequest) -> str:
    """Where this page finds its live updates: as configured; behind a proxy on the same origin; else the live port.

    The host is the one the page was opened under, so that it also works from another machine.
    """
    if settings.LIVE_URL:
        return str(settings.LIVE_URL)
    if settings.HTTPS:
        return "/live"
    host = urlsplit(f"//{request.get_host()}").hostname or "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.LIVE_PORT}/live"
