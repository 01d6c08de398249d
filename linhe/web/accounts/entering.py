"""The way in and out: one place that opens a session and says how its owner proved who they are."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from linhe.core.people.models import Account
from linhe.web.doors import first_page

BACKEND = "django.contrib.auth.backends.ModelBackend"
PROVEN_BY = "signed_in_by"
CODE, PASSWORD, TOTP, DEMO = "code", "password", "totp", "demo"
_NEXT = "sign_in_next"


def enter(request: HttpRequest, account: Account, *, by: str) -> HttpResponseRedirect:
    """Open a session for an account and lead to where they wanted to go. ``by`` is what they proved it with."""
    asked = request.session.get(_NEXT)
    for name in [n for n in request.session.keys() if n.startswith("sign_in_")]:  # noqa: SIM118  a session is no mapping
        del request.session[name]
    login(request, account, backend=BACKEND)
    request.session[PROVEN_BY] = by
    return HttpResponseRedirect(asked or first_page_of(request, account))


def first_page_of(request: HttpRequest, account: Account) -> str:
    """Where somebody begins who asked for no page, by the posts that this session may use."""
    return first_page(account, at=timezone.now(), as_staff=enough_for_staff(request))


def enough_for_staff(request: HttpRequest) -> bool:
    """Whether this session may use a staff post: opened with password and TOTP (or by the demo's buttons)."""
    by = request.session.get(PROVEN_BY)
    return by == TOTP or (by == DEMO and settings.DEMO)


def keep_next(request: HttpRequest) -> None:
    """Remember over the steps of signing in where the reader wanted to go, if that is an address of ours."""
    if request.POST.get("next") or request.GET.get("next"):
        request.session[_NEXT] = asked_next(request)


def asked_next(request: HttpRequest) -> str:
    """Where the reader asks to go afterwards, if that is an address of ours; otherwise empty."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe else ""


def kept_next(request: HttpRequest, account: Account) -> str:
    """Where to go who is signed in already."""
    return str(request.session.get(_NEXT) or first_page_of(request, account))


def client_address(request: HttpRequest) -> str:
    """The network address of the caller, behind our own proxy the one that the proxy saw; 0.0.0.0 when unknown."""
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")) if settings.BEHIND_PROXY else ""
    sent = forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))
    try:
        return str(ip_address(sent))
    except ValueError:
        return "0.0.0.0"


def session_dict(request: HttpRequest, name: str) -> dict[str, Any]:
    """A step's notes in the session, empty when there are none."""
    found = request.session.get(name)
    return found if isinstance(found, dict) else {}
