"""Deputies: whoever holds a staff post, or may grant it, has someone stand in between two days."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import lazystr
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linhe.core.loop.pages import reader, staff_only
from linhe.core.people.models import Account, Post
from linhe.core.people.queries import grantable_at, posts_of
from linhe.core.people.roles import role
from linhe.core.people.services import delegate_post, end_post
from linhe.lib.refusals import Refused
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI
from linhe.web.accounts.forms import put
from linhe.web.accounts.posts import posts_in

UNKNOWN = Text("没有这个工作账号。", "There is no such staff account.")


class DeputyForm(Form):
    """Which post, who stands in, and for which days."""

    post = forms.ChoiceField(label=lazystr(Text("哪个岗位", "Which post")))
    who = forms.CharField(label=lazystr(Text("代理人的用户名", "User name of the deputy")), max_length=40)
    first = forms.DateField(
        label=lazystr(Text("从哪天起", "First day")), widget=forms.DateInput(attrs={"type": "date"})
    )  # fmt: skip
    last = forms.DateField(
        label=lazystr(Text("到哪天止(含)", "Last day")), widget=forms.DateInput(attrs={"type": "date"})
    )  # fmt: skip

    def __init__(self, *args: Any, held: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(p.pk), f"{p.account.name} · {role(p.role).name} · {p.place}") for p in held]
        self.fields["post"].choices = choices  # type: ignore[attr-defined]  # a choice field


@never_cache
@staff_only
@require_http_methods(["GET", "POST"])
def deputies(request: HttpRequest) -> HttpResponse:
    """A form to set a deputy, and those who stand in now or will, each with a button to end it."""
    account, now = reader(request), timezone.now()
    held = _held(account, now)
    if request.method == "POST" and request.POST.get("do") == "end":
        return _end(request, account, held, now)
    form = DeputyForm(request.POST or None, held=held)
    if request.method == "POST" and form.is_valid():
        try:
            _set(form, account, now)
            messages.success(request, str(Text("代理已设好，到期自动结束。", "Set; it ends by itself.")))
            return redirect("deputies")
        except Refused as refused:
            put(form, refused)
    rows = [(post, role(post.role).name) for post in _deputies_of(held, now)]
    return render(request, "account/deputies.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


def _held(account: Account, now: datetime) -> list[Post]:
    """Own posts, and those the reader may grant; a deputy's is not passed on."""
    mine = [p for p in posts_of(account, at=now) if p.delegated_from_id is None]
    others = [p for p in posts_in(grantable_at(account, at=now), now) if p.delegated_from_id is None]
    return list({p.pk: p for p in (*mine, *others) if role(p.role).staff}.values())


def _deputies_of(held: list[Post], now: datetime) -> list[Post]:
    going = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=now), delegated_from__in=held)
    return list(going.select_related("account", "place").order_by("valid_from", "id"))


def _set(form: DeputyForm, by: Account, now: datetime) -> None:
    asked = form.cleaned_data
    deputy = Account.objects.filter(username=asked["who"]).first()
    if deputy is None:
        raise Refused("invalid", UNKNOWN, status=422, details={"who": str(UNKNOWN)})
    begins = max(now, datetime.combine(asked["first"], time(), SHANGHAI))
    ends = datetime.combine(asked["last"] + timedelta(days=1), time(), SHANGHAI)
    try:
        delegate_post(
            post=Post.objects.get(pk=asked["post"]), deputy=deputy, by=by, at=now, valid_from=begins, valid_to=ends
        )
    except Refused as refused:
        if "valid_to" in refused.details:
            refused.details = {"last": refused.details["valid_to"]}
        raise


def _end(request: HttpRequest, account: Account, held: list[Post], now: datetime) -> HttpResponse:
    post = next((p for p in _deputies_of(held, now) if str(p.pk) == request.POST.get("post")), None)
    if post is not None:
        try:
            end_post(post=post, by=account, at=now)
            messages.success(request, str(Text("已结束，立即生效。", "Ended, with immediate effect.")))
        except Refused as refused:
            messages.error(request, str(refused.message))
    return redirect("deputies")
