"""Posts: who may grant them grants and ends them in their own places."""

from __future__ import annotations

import secrets
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linhe.core.loop.pages import reader, staff_only
from linhe.core.people.codes import PHONE
from linhe.core.people.models import Account, Post
from linhe.core.people.queries import grantable_at
from linhe.core.people.roles import Role, role
from linhe.core.people.services import create_account, end_post, grant_post
from linhe.core.places.models import Place
from linhe.lib.refusals import Refused
from linhe.lib.text import Text
from linhe.web.accounts.forms import GrantForm, put

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOST_SHOWN = 200


@never_cache
@staff_only
@require_http_methods(["GET", "POST"])
def posts(request: HttpRequest) -> HttpResponse:
    """The posts in the reader's places, with a form to grant one and a button to end each."""
    account, now = reader(request), timezone.now()
    mine = grantable_at(account, at=now)
    if not mine:
        raise PermissionDenied
    roles = list({r.code: r for _, may in mine for r in may}.values())
    if request.method == "POST" and request.POST.get("do") == "end":
        return _end(request, account, now)
    form = GrantForm(request.POST or None, roles=roles)
    if request.method == "POST" and form.is_valid():
        try:
            password = _grant(form, account, now)
        except Refused as refused:
            put(form, refused)
        else:
            if password:
                return render(
                    request, "account/new_staff.html", {"username": form.cleaned_data["who"], "password": password}
                )
            messages.success(request, str(Text("已任命，立即生效。", "Granted, with immediate effect.")))
            return redirect("posts")
    rows = [(post, role(post.role).name) for post in posts_in(mine, now)]
    return render(request, "account/posts.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


def posts_in(mine: list[tuple[Place, list[Role]]], now: datetime) -> list[Post]:
    """Posts that hold now or will, in the places and of the roles that the reader may grant."""
    which = Q(pk__in=[])
    for place, may in mine:
        below = Q(place=place) | (Q() if place.level == "unit" else Q(**{f"place__{place.level}": place}))
        which |= below & Q(role__in=[r.code for r in may])
    going = Post.objects.filter(which).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=now))
    return list(going.select_related("account", "place").order_by("place__code", "role", "id")[:MOST_SHOWN])


@transaction.atomic
def _grant(form: GrantForm, by: Account, now: datetime) -> str:
    """Grant what the form asks for; returns the first password when a staff account was made, else nothing."""
    asked = form.cleaned_data
    place = Place.objects.filter(code=asked["place"]).first()
    if place is None:
        raise _wrong("place", Text("没有这个地点代码。", "There is no such place code."))
    holder, password = _holder(asked["who"]), ""
    if holder is None:
        if not role(asked["role"]).staff or PHONE.fullmatch(asked["who"]):
            raise _wrong("who", Text("没有这个账号，请对方先用手机号登录一次。",
                                     "There is no such account. Have them sign in by phone once."))  # fmt: skip
        password = secrets.token_urlsafe(12)
        holder = create_account(
            username=asked["who"], name=asked["name"], password=password, at=now, must_change_password=True
        )
    until = datetime.combine(asked["valid_to"], time(), SHANGHAI) if asked["valid_to"] else None
    grant_post(account=holder, role=asked["role"], place=place, by=by, at=now, valid_to=until)
    return password


def _holder(who: str) -> Account | None:
    if PHONE.fullmatch(who):
        return Account.objects.by_phone(who)
    return Account.objects.filter(username=who).first()


def _end(request: HttpRequest, account: Account, now: datetime) -> HttpResponse:
    sent = request.POST.get("post", "")
    post = Post.objects.filter(pk=int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 19 else 0).first()
    if post is None:
        raise Http404
    try:
        end_post(post=post, by=account, at=now)
        messages.success(request, str(Text("已结束，立即生效。", "Ended, with immediate effect.")))
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect("posts")


def _wrong(field: str, message: Text) -> Refused:
    return Refused("invalid", message, status=422, details={field: str(message)})
