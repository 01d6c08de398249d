"""Signing in by phone: number, code, and for newcomers a name and the privacy notice."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linhe.core.people.codes import check_code, clean_phone, code_over, send_code
from linhe.core.people.models import Account, SignInCode
from linhe.core.people.queries import is_staff, purposes
from linhe.core.people.services import register_resident
from linhe.lib.masking import mask_phone
from linhe.lib.refusals import Refused
from linhe.lib.text import Text
from linhe.web.accounts.demo import people
from linhe.web.accounts.entering import CODE, client_address, enter, keep_next, kept_next
from linhe.web.accounts.forms import CodeForm, PhoneForm, WelcomeForm, put

SENT, PROVEN = "sign_in_code", "sign_in_proven"
TO_FINISH = timedelta(minutes=10)
STAFF_ONLY = Text("这个账号请用用户名和密码登录。", "This account signs in with user name and password.")
DISABLED = Text("这个账号已停用，请联系社区。", "This account is disabled. Ask your community.")


@never_cache
@sensitive_post_parameters("phone")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the phone and send a code; the answer is the same whether the phone is known or not."""
    keep_next(request)
    if isinstance(request.user, Account):
        return HttpResponseRedirect(kept_next(request, request.user))
    form = PhoneForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            phone = clean_phone(form.cleaned_data["phone"])
            code = send_code(phone=phone, address=client_address(request), at=timezone.now())
        except Refused as refused:
            put(form, refused)
            status = refused.status
        else:
            request.session[SENT] = code.pk
            return redirect("account_code")
    elif request.method == "POST":
        status = 422
    context = {"form": form, "demo_people": people() if settings.DEMO else []}
    return render(request, "account/sign_in.html", context, status=status)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    """Check the code; who has an account is in, a newcomer goes on to the privacy notice."""
    sent = SignInCode.objects.filter(pk=request.session.get(SENT) or 0).first()
    if sent is None:
        return redirect("account_login")
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            kept = check_code(code_id=sent.pk, code=form.cleaned_data["code"], at=timezone.now())
            request.session.pop(SENT, None)
            return _after_proof(request, kept)
        except Refused as refused:
            put(form, refused)
            status = refused.status
    elif request.method == "POST":
        status = 422
    context = {"form": form, "phone": mask_phone(sent.phone), "sent_at": sent.sent_at}
    return render(request, "account/code.html", context, status=status)


def _after_proof(request: HttpRequest, kept: SignInCode) -> HttpResponse:
    """The phone is theirs. Only now may the page tell what it knows about it."""
    account = Account.objects.by_phone(kept.phone)
    if account is None:
        request.session.cycle_key()
        request.session[PROVEN] = kept.pk
        return redirect("account_welcome")
    if not account.is_active:
        raise Refused("disabled", DISABLED, status=403)
    if is_staff(account, at=timezone.now()):
        raise Refused("staff", STAFF_ONLY, status=403)
    return enter(request, account, by=CODE)


@never_cache
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """A newcomer reads the privacy notice, agrees, and has an account."""
    now = timezone.now()
    kept = SignInCode.objects.filter(pk=request.session.get(PROVEN) or 0, used_at__gt=now - TO_FINISH).first()
    if kept is None:
        return redirect("account_login")
    required = [purpose for purpose in purposes(at=now) if purpose.required]
    form = WelcomeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if Account.objects.by_phone(kept.phone) is not None:
                raise code_over()
            account = register_resident(
                phone=kept.phone, name=form.cleaned_data["name"], at=now, agreed=tuple(p.code for p in required),
                language="en" if (get_language() or "").startswith("en") else "zh-hans",
            )  # fmt: skip
            return enter(request, account, by=CODE)
        except Refused as refused:
            put(form, refused)
    context = {"form": form, "purposes": required}
    return render(request, "account/welcome.html", context, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session."""
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL or "/")
