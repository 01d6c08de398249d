"""My data: what I agreed to, who looked, a copy, and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from linhe.core.loop import registry
from linhe.core.loop.pages import reader, signed_in
from linhe.core.people.looks import told_apart, what_name
from linhe.core.people.models import Account, Consent, Post, ReadLog
from linhe.core.people.queries import Purpose, purposes
from linhe.core.people.roles import role
from linhe.core.people.services import erase_account, export_account, give_consent, withdraw_consent
from linhe.lib.masking import mask_name
from linhe.lib.refusals import Refused
from linhe.lib.text import Text

SHOWN_READS = 50
ERASE_WORD = ("注销", "ERASE")


@dataclass(frozen=True, slots=True)
class Asked:
    """A purpose and whether the reader agrees to it now; ``newer`` when its words changed since."""

    purpose: Purpose
    given_at: datetime | None
    newer: bool


@dataclass(frozen=True, slots=True)
class Look:
    """Someone looked at the reader's data: under which role, a masked name, what and why."""

    who: str
    name: str
    what: str
    purpose: str
    at: datetime


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def me_privacy(request: HttpRequest) -> HttpResponse:
    """Consents and readers; a POST gives or withdraws one consent."""
    account, now = reader(request), timezone.now()
    if request.method == "POST":
        return _change_consent(request, account, now)
    given = {c.purpose: c for c in Consent.objects.filter(account=account, withdrawn_at__isnull=True)}
    asked = [
        Asked(p, c.given_at, c.wording != p.wording) if (c := given.get(p.code)) else Asked(p, None, False)
        for p in purposes(at=now)
    ]
    return render(request, "account/privacy.html", {"asked": asked, "looks": _looks(account)})


def _change_consent(request: HttpRequest, account: Account, now: datetime) -> HttpResponse:
    change = {"give": give_consent, "withdraw": withdraw_consent}.get(request.POST.get("do", ""))
    if change is None:
        raise Http404
    try:
        change(account=account, purpose=request.POST.get("purpose", ""), at=now)
        messages.success(request, str(Text("已保存。", "Saved.")))
    except Refused as refused:
        messages.error(request, str(refused.message))
    except LookupError:
        raise Http404 from None
    return redirect("me_privacy")


def _looks(account: Account) -> list[Look]:
    log = list(ReadLog.objects.filter(subject=account).select_related("reader").order_by("-at")[:SHOWN_READS])
    posts = list(Post.objects.filter(account__in={entry.reader_id for entry in log}))
    looks = []
    for entry in log:
        then = [p for p in posts if p.account_id == entry.reader_id and p.valid_from <= entry.at]
        held = [str(role(p.role).name) for p in then if p.valid_to is None or p.valid_to > entry.at]
        what = str(what_name(entry.what))
        looks.append(Look("、".join(held), mask_name(entry.reader.name), what, _purpose_told(entry.purpose), entry.at))
    return looks


def _purpose_told(purpose: str) -> str:
    """The reason, if one was asked for, and the matter: 答复、回访 · 顺手捎带 #98."""
    reason, about = told_apart(purpose)
    return f"{reason} · {_matter_named(about)}" if reason else _matter_named(about)


def _matter_named(purpose: str) -> str:
    """``errand 98`` as people say it: 顺手捎带 #98."""
    code, _, number = purpose.partition(" ")
    try:
        return f"{registry.kind(code).name} #{number}"
    except registry.UnknownKind:
        return purpose


@never_cache
@signed_in
@require_GET
def me_export(request: HttpRequest) -> HttpResponse:
    """Everything kept about the reader, as one JSON file."""
    data = export_account(account=reader(request), at=timezone.now())
    response = JsonResponse(data, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="linhe-my-data.json"'
    return response


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def me_erase(request: HttpRequest) -> HttpResponse:
    """Erase the account after the reader typed the word that says so."""
    fault: Text | None = None
    if request.method == "POST":
        if request.POST.get("word", "").strip().upper() not in ERASE_WORD:
            fault = Text("请输入「注销」两个字确认。", "Type ERASE to confirm.")
        else:
            try:
                erase_account(account=reader(request), at=timezone.now())
            except Refused as refused:
                fault = refused.message
            else:
                logout(request)
                messages.success(
                    request, str(Text("账号已注销，您的信息已清除。", "Your account and your data are erased."))
                )
                return redirect("account_login")
    return render(request, "account/erase.html", {"fault": fault}, status=422 if fault else 200)
