"""How a person wants to see linhe: theme, text size, language."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from linhe.core.people.models import Account
from linhe.lib.text import Text
from linhe.web.context import ELDER_COOKIE, THEME_COOKIE, THEMES

YEAR_S = 365 * 24 * 3600
LANGUAGES = [code for code, _ in settings.LANGUAGES]


@require_POST
def display(request: HttpRequest) -> HttpResponse:
    """Keep theme, elder mode and language: on this device, and with the account when signed in."""
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(asked if safe else reverse("web:home"))
    changed: dict[str, object] = {}
    if (theme := request.POST.get("theme")) in THEMES:
        _remember(response, THEME_COOKIE, str(theme))
        changed["theme"] = theme
    if (elder := request.POST.get("elder")) in ("0", "1"):
        _remember(response, ELDER_COOKIE, str(elder))
        changed["elder_mode"] = elder == "1"
    if (language := request.POST.get("language")) in LANGUAGES:
        _remember(response, settings.LANGUAGE_COOKIE_NAME, str(language))
        changed["language"] = language
        translation.activate(str(language))
    if isinstance(request.user, Account) and changed:
        Account.objects.filter(pk=request.user.pk).update(**changed)
        if "saved" in request.POST:
            messages.success(request, str(Text("已保存。", "Saved.")))
    return response


def _remember(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(name, value, max_age=YEAR_S, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
