"""The seller's pages: own applications, and the form that says what is missing and why while it is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from linhe.core.loop.acting import act, begin
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import key_of, matter_or_404, number_in, reader, say, signed_in, text_in, version_of
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Organisation
from linhe.core.places.models import Place
from linhe.desks.exchange import services
from linhe.desks.exchange.models import Draft, Listing
from linhe.desks.exchange.queries import lists
from linhe.desks.exchange.queries.checks import listing_of
from linhe.desks.exchange.queries.live import draft_problem
from linhe.desks.exchange.schemas.documents import NotADocument
from linhe.desks.exchange.schemas.typed import OTHERS, as_typed, read_form
from linhe.desks.exchange.views import fields, uploads
from linhe.desks.exchange.views.verdicts import Verdict, verdict_of
from linhe.lib.text import Text


@signed_in
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Applications of the reader's institutions, and what is not lodged yet."""
    account, now = reader(request), timezone.now()
    sold = lists.sold_for(account, at=now)
    if not sold:
        raise Http404
    page = lists.worklist(account, at=now, before=number_in(request.GET, "before"))
    context = {
        "sold": sold,
        "drafts": lists.own_drafts(account, at=now),
        "rows": page.rows,
        "next_before": page.next_before,
        "key": key_of(request),
        "live_token": live_token([f"u:{account.pk}"]),
    }
    return render(request, "exchange/mine.html", context)


@signed_in
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Begin an application for one of the reader's institutions."""
    account, now = reader(request), timezone.now()
    sold = lists.sold_for(account, at=now)
    wanted = number_in(request.POST, "organisation")
    organisation, province = next(((o, p) for o, p in sold if wanted in (None, o.pk)), (None, None))
    if organisation is None or province is None:
        raise Http404
    return _to_draft(_begun(request, organisation, province))


@signed_in
@require_POST
def again(request: HttpRequest, matter_id: int, what: str) -> HttpResponse:
    """Begin the correction of what was returned, or the next listing of a lot."""
    found = matter_or_404(request, matter_id, "listing")
    listing = listing_of(found.pk)
    if not any(o.pk == listing.lot.seller_id for o, _ in lists.sold_for(reader(request), at=timezone.now())):
        raise Http404
    more = {"corrects": listing} if what == "correct" else {"previous": listing}
    try:
        draft = _begun(request, listing.lot.seller, listing.lot.province, **more)
    except Refused as refused:
        say(request, refused.message.zh, refused.message.en)
        return HttpResponseRedirect(reverse("exchange:listing", args=[found.pk]))
    return _to_draft(draft)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The form. ``do`` says whether what was typed is kept, only checked, or kept and lodged."""
    found = _draft(request, draft_id)
    if found.lodged_as_id is not None:
        return HttpResponseRedirect(reverse("exchange:listing", args=[found.lodged_as_id]))
    if request.method != "POST":
        return _page(request, found, as_typed(found.content), checked=found.version > 1)
    typed, kept = _typed(request), False
    do = request.POST.get("do", "save")
    try:
        if do == "check":
            return _page(request, found, typed, checked=True)
        if do == "upload":
            uploads.take(request, found)
        with transaction.atomic():  # a suggestion that cannot be taken undoes the saving too, so that the version stays
            found = services.save_draft(
                found, read_form(typed), contact=text_in(request.POST, "contact", 100),
                contact_phone=text_in(request.POST, "contact_phone", 100), version=version_of(request.POST),
                by=reader(request), at=timezone.now(),
            )  # fmt: skip
            uploads.settle(request, found, do)
        kept = True
        if do == "lodge":
            return _lodged(request, found)
    except NotADocument as wrong:
        return _page(request, found, typed, refused=_bad(wrong), errors={n: str(m) for n, m in wrong.errors.items()})
    except Refused as refused:
        return _page(request, found, typed, refused=refused, errors=refused.details, kept=kept)
    say(request, "草稿已保存。", "The draft is saved.")
    return _to_draft(found)


@signed_in
@require_POST
def check(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The live check: what the rules say of what is typed right now. Nothing is kept."""
    found = _draft(request, draft_id)
    typed = _typed(request)
    verdict, errors = _checked(found, typed)
    context = _told(verdict, errors) | {"sections": fields.sections(typed, errors, verdict.notes), "live": True}
    return render(request, "exchange/_live.html", context)


@signed_in
@require_POST
def drop(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Throw a draft away."""
    found = _draft(request, draft_id)
    services.drop_draft(found, by=reader(request), at=timezone.now())
    say(request, "草稿已删除。", "The draft is gone.")
    return HttpResponseRedirect(reverse("exchange:mine"))


def _begun(request: HttpRequest, organisation: Organisation, province: Place, **more: Listing) -> Draft:
    return services.begin_draft(
        organisation_id=organisation.pk, province=province, by=reader(request), key=key_of(request),
        at=timezone.now(), **more,
    )  # fmt: skip


def _to_draft(found: Draft) -> HttpResponse:
    return HttpResponseRedirect(reverse("exchange:draft", args=[found.pk]))


def _draft(request: HttpRequest, draft_id: int) -> Draft:
    found = lists.draft_for(reader(request), draft_id, at=timezone.now())
    if found is None:
        raise Http404
    return found


def _typed(request: HttpRequest) -> dict[str, str]:
    """What was sent, as it was typed, whole: a request has a limit of its own."""
    return {name: request.POST.get(name, "") for name in request.POST if name not in OTHERS}


def _lodged(request: HttpRequest, found: Draft) -> HttpResponse:
    """Lodge what has just been saved, as a new matter or as the correction of one."""
    data = {"draft": found.pk, "draft_version": found.version}
    account, now, key = reader(request), timezone.now(), key_of(request)
    if found.corrects is not None:
        outcome = act(found.corrects.matter, "relodge", by=account, data=data, key=key, at=now)
    else:
        outcome = begin("listing", "lodge", by=account, place=found.province, data=data, key=key, at=now)
    say(request, "申请已提交，审核结果见下。", "The application is lodged; what the rules found is below.")
    return HttpResponseRedirect(reverse("exchange:listing", args=[outcome.matter.pk]))


def _checked(found: Draft, typed: Mapping[str, str]) -> tuple[Verdict, dict[str, str]]:
    try:
        problem = draft_problem(read_form(typed), found, at=timezone.now())
    except NotADocument as wrong:
        return Verdict(), {name: str(message) for name, message in wrong.errors.items()}
    return verdict_of(problem), {}


def _told(verdict: Verdict, errors: Mapping[str, str]) -> dict[str, Any]:
    """What the rules say, for the templates: what the seller can settle, mere hints, what is left to the exchange."""
    stands = [one for one in verdict.stands if one.tone != "over"]
    return {
        "checked": verdict.checked, "errors": errors,
        "to_settle": [one for one in stands if not one.left], "left": [one for one in stands if one.left],
        "hints": [one for one in verdict.stands if one.tone == "over" and not one.lacks and not one.left],
    }  # fmt: skip


def _bad(wrong: NotADocument) -> Refused:
    count = len(wrong.errors)
    text = Text(
        f"有 {count} 处填写有误，没有保存；您填写的内容都在。", f"{count} fields are wrong. Nothing was saved or lost."
    )
    return Refused("invalid", text, status=422)


def _page(
    request: HttpRequest, found: Draft, typed: Mapping[str, str], *, checked: bool = False,
    refused: Refused | None = None, errors: Mapping[str, str] | None = None, kept: bool = False,
) -> HttpResponse:  # fmt: skip
    """``kept`` tells that what was typed is saved by now, so that the version goes on from there."""
    wrong = dict(errors or {})
    verdict = Verdict()
    if not wrong and checked:
        verdict, wrong = _checked(found, typed)
    posted = request.method == "POST"
    seen = request.POST.get("version", found.version) if posted and not kept else found.version
    known = {"contact": found.contact, "contact_phone": found.contact_phone}
    context = _told(verdict, wrong) | {
        "draft": found,
        "sections": fields.sections(typed, wrong, verdict.notes),
        "holders": fields.holders(typed, wrong),
        "refused": refused,
        "contact": {name: request.POST.get(name, "") if posted else value for name, value in known.items()},
        "version": seen,
        "key": key_of(request),
        "uploads": uploads.shown(found),
        "others": fields.elsewhere(wrong),
    }
    status = refused.status if refused else (422 if posted and wrong else 200)
    return render(request, "exchange/draft.html", context, status=status)
