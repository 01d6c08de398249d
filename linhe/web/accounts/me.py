"""One's own page: name, display, password, and the doors to family, privacy and posts."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import password_validation, update_session_auth_hash
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from linhe.core.loop.pages import reader, signed_in
from linhe.core.people.queries import confirms_families, grantable_at, is_staff, posts_of
from linhe.core.people.roles import role
from linhe.core.people.services import change_name, change_password, end_sessions
from linhe.lib.refusals import Refused
from linhe.lib.text import Text
from linhe.web.accounts.entering import asked_next
from linhe.web.accounts.forms import NameForm, NewPasswordForm, put

LANGUAGES = (("zh-hans", "中文"), ("en", "English"))
THEMES = (
    ("auto", Text("跟随手机", "As the device")),
    ("light", Text("浅色", "Light")),
    ("dark", Text("深色", "Dark")),
)


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Who I am here, how I see linhe, and where to go from here. A POST changes the name."""
    account, now = reader(request), timezone.now()
    form = NameForm(request.POST or None, initial={"name": account.name})
    if request.method == "POST" and form.is_valid():
        try:
            change_name(account=account, name=form.cleaned_data["name"])
            messages.success(request, str(Text("已保存。", "Saved.")))
            return redirect("me")
        except Refused as refused:
            put(form, refused)
    context = {
        "account": account,
        "form": form,
        "held": [(role(post.role).name, post.place, post.valid_to) for post in posts_of(account, at=now)],
        "may_grant": bool(grantable_at(account, at=now)),
        "confirms_families": confirms_families(account, at=now),
        "staff": is_staff(account, at=now),
        "languages": LANGUAGES,
        "themes": THEMES,
    }
    return render(request, "account/me.html", context, status=422 if form.errors else 200)


@never_cache
@signed_in
@sensitive_post_parameters("old", "new")
@require_http_methods(["GET", "POST"])
def me_password(request: HttpRequest) -> HttpResponse:
    """A new password; every other session of the account ends with it."""
    account = reader(request)
    if not account.has_usable_password():
        return redirect("me")
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if not account.check_password(form.cleaned_data["old"]):
                raise ValidationError({"old": str(Text("现在的密码不对。", "The current password is not right."))})
            try:
                password_validation.validate_password(form.cleaned_data["new"], account)
            except ValidationError as weak:
                raise ValidationError({"new": weak.messages}) from weak
            if form.cleaned_data["new"] == form.cleaned_data["old"]:
                raise ValidationError({"new": str(Text("请换一个新的密码。", "Choose a password that is new."))})
            change_password(account=account, password=form.cleaned_data["new"])
            update_session_auth_hash(request, account)
            messages.success(request, str(Text("密码已更换。", "The password is changed.")))
            return HttpResponseRedirect(asked_next(request) or reverse("me"))
        except ValidationError as fault:
            form.add_error(None, fault)
    context = {"form": form, "first": account.must_change_password}
    return render(request, "account/password.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End all sessions of the reader, this one too."""
    end_sessions(account=reader(request))
    return redirect("account_login")
