"""What a session may do and in which language, read afresh from the account at each request."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation

from linhe.core.people.models import Account
from linhe.core.people.queries import is_staff
from linhe.lib.text import Text
from linhe.web.accounts.entering import enough_for_staff

ASK_AGAIN = Text(
    "工作岗位要用用户名、密码和动态口令登录，请重新登录。",
    "A staff post needs user name, password and one-time password. Please sign in again.",
)

OPEN_TO_FIRST_PASSWORD = ("/me/password/", "/sign-out/", "/static/", "/display/")
CHOOSE_ONE = Text("请先换成自己的密码。", "Choose a password of your own first.")


def _first_choose(request: HttpRequest) -> HttpResponse:
    """Somebody else knows this password: nothing opens before its owner has chosen another."""
    if request.path.startswith("/api/"):
        body = {"code": "must_change_password", "message": str(CHOOSE_ONE), "details": {}}
        return JsonResponse(body, status=403)
    query = {"next": request.get_full_path()} if request.method == "GET" else None
    return HttpResponseRedirect(reverse("me_password", query=query))


class AccountMiddleware:
    """Signs out sessions that are too weak for a staff post, and speaks the account's language.

    It asks "strong enough?" of every session of a post holder, so that no way in, whatever its view, opens a staff
    post without the second factor; pages and the API alike see nobody signed in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        account = request.user
        if isinstance(account, Account):
            if not enough_for_staff(request) and is_staff(account, at=timezone.now()):
                logout(request)
                messages.info(request, str(ASK_AGAIN))
            else:
                if account.must_change_password and not request.path.startswith(OPEN_TO_FIRST_PASSWORD):
                    return _first_choose(request)
                translation.activate(account.language)
                request.LANGUAGE_CODE = account.language
        return self.get_response(request)
