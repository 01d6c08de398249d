"""Signing in as staff: user name and password, then the one-time password; who has none yet enrols first.

No session is opened before the last step. Between the steps the session notes who passed the password, for a few
minutes only.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import timedelta

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import authenticate, user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from linhe.core.people.models import Account
from linhe.core.people.queries import is_staff
from linhe.lib.text import Text
from linhe.web.accounts.entering import PASSWORD, TOTP, enter, keep_next, kept_next, session_dict
from linhe.web.accounts.forms import EnrolForm, StaffForm
from linhe.web.accounts.second_factor import AuthenticateForm, enrol, has_second_factor, new_secret, qr_svg
from linhe.web.views.errors import too_many

PENDING, SECRET = "sign_in_pending", "sign_in_secret"
TO_FINISH = timedelta(minutes=10)
WRONG = Text("用户名或密码不对。", "User name or password is not right.")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    """User name and password; wrong ones are counted, and locked out after a few."""
    keep_next(request)
    if isinstance(request.user, Account):
        return HttpResponseRedirect(kept_next(request, request.user))
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = authenticate(request, **form.cleaned_data)
        if isinstance(account, Account):
            return _after_password(request, account)
        form.add_error(None, str(WRONG))
    return render(request, "account/staff.html", {"form": form}, status=422 if form.errors else 200)


def _after_password(request: HttpRequest, account: Account) -> HttpResponse:
    if not has_second_factor(account) and not is_staff(account, at=timezone.now()):
        return enter(request, account, by=PASSWORD)
    request.session.cycle_key()
    request.session[PENDING] = {
        "account": account.pk, "bound": account.get_session_auth_hash(), "at": timezone.now().timestamp(),
    }  # fmt: skip
    return redirect("account_second" if has_second_factor(account) else "account_enrol")


def _pending(request: HttpRequest) -> Account | None:
    """Who passed the password a moment ago, if nothing changed since."""
    noted = session_dict(request, PENDING)
    if not noted or timezone.now().timestamp() - noted["at"] > TO_FINISH.total_seconds():
        return None
    account = Account.objects.filter(pk=noted["account"], is_active=True).first()
    return account if account and account.get_session_auth_hash() == noted["bound"] else None


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """The one-time password of the authenticator, or one of the recovery codes."""
    account = _pending(request)
    if account is None or not has_second_factor(account):
        return redirect("account_staff")
    if not AxesProxyHandler.is_allowed(request, {"username": account.username}):
        return too_many(request)
    form = AuthenticateForm(request.POST or None, user=account)
    if request.method == "POST" and form.is_valid():
        form.authenticator.record_usage()
        return enter(request, account, by=TOTP)
    if request.method == "POST":
        user_login_failed.send(__name__, credentials={"username": account.username}, request=request)
    return render(request, "mfa/second_step.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def enrol_step(request: HttpRequest) -> HttpResponse:
    """Staff without an authenticator enrol one before anything else; the recovery codes are shown this once."""
    account = _pending(request)
    if account is None or has_second_factor(account):
        return redirect("account_staff")
    sealed = request.session.setdefault(SECRET, new_secret())
    form = EnrolForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            codes = enrol(account, sealed, form.cleaned_data["code"])
            target = enter(request, account, by=TOTP).url
            return render(request, "mfa/recovery_codes.html", {"codes": codes, "target": target})
        except ValidationError as fault:
            form.add_error("code", fault)
    svg, secret = qr_svg(account, sealed)
    context = {"form": form, "secret": secret, "qr": f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"}
    return render(request, "mfa/enrol.html", context, status=422 if form.errors else 200)
