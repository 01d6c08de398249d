"""One listing: documents side by side, findings with article and evidence, the price chain, every step."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop.acting import act
from linhe.core.loop.forms import data_of
from linhe.core.loop.kinds import NEW
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Matter, Particular
from linhe.core.loop.pages import Doing, doings, key_of, matter_or_404, reader, say, signed_in, version_of
from linhe.core.loop.queries import running_clocks
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.registry import schema_of
from linhe.desks.exchange.loop.review import EXCHANGE
from linhe.desks.exchange.models import Finding, Listing
from linhe.desks.exchange.queries import chain, checks, lists, telling
from linhe.desks.exchange.queries.provinces import roles_at
from linhe.desks.exchange.schemas.typed import money
from linhe.lib.masking import mask_name, mask_phone
from linhe.lib.text import Text

MONEY = ("price_fen", "first_payment_fen")
YUAN = {"price_fen": Text("成交价（元）", "deal price (yuan)"),
        "first_payment_fen": Text("首期付款（元）", "first payment (yuan)")}  # fmt: skip
MOST_REASONS = 10
LAST = {"wait": 1, "over": 2, "bad": 3}
"""What leads on stands first, what ends it last."""


@signed_in
@require_safe
def listing(request: HttpRequest, matter_id: int) -> HttpResponse:
    """The page of a listing, for whoever may read it."""
    return _page(request, matter_or_404(request, matter_id, "listing"))


@signed_in
@require_POST
def do(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Take a step; a refusal shows the page again with everything that was typed."""
    found = matter_or_404(request, matter_id, "listing")
    declared = next((a for a in found.declared.actions if a.code == action and NEW not in a.frm and not a.hidden), None)
    if declared is None:
        raise Http404
    try:
        data = _sent(request, found, action)
        outcome = act(
            found, action, by=reader(request), data=data, key=key_of(request), at=timezone.now(),
            version=version_of(request.POST),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, matter_or_404(request, matter_id, "listing"), refused=refused, refused_code=action)
    if not outcome.repeated:
        say(request, f"「{declared.name.zh}」已办好。", f"Done: {declared.name.en}.")
    return HttpResponseRedirect(reverse("exchange:listing", args=[matter_id]))


@signed_in
@require_safe
def why(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Why a finding: the rule in words, and every value it read."""
    found = Finding.objects.filter(pk=finding_id).select_related("run__filing").first()
    if found is None:
        raise Http404
    matter = matter_or_404(request, found.run.filing.listing_id, "listing")
    context = {
        "matter": matter, "told": telling.told(found), "why": telling.why(found), "run": found.run,
    }  # fmt: skip
    return render(request, "exchange/why.html", context)


def _sent(request: HttpRequest, matter: Matter, action: str) -> dict[str, Any]:
    """What the form says; amounts are typed in yuan."""
    data = data_of(schema_of(matter.declared, matter.declared.action(action)), request.POST)
    wrong = {}
    for name in MONEY:
        if name in data:
            try:
                data[name] = money(str(data[name]))
            except ValueError as error:
                wrong[name] = str(error.args[0])
    if wrong:
        raise invalid(wrong)
    return data


def _page(
    request: HttpRequest, matter: Matter, *, refused: Refused | None = None, refused_code: str = ""
) -> HttpResponse:  # fmt: skip
    account, now = reader(request), timezone.now()
    one = checks.listing_of(matter.pk)
    run = checks.latest_check(one)
    found = telling.told_findings(run)
    columns, rows = telling.side_by_side(run)
    roles = roles_at(account, matter.place, at=now)
    sells = any(o.pk == one.lot.seller_id for o, _ in lists.sold_for(account, at=now))
    context = {
        "matter": matter,
        "listing": one,
        "run": run,
        "open": telling.open_ones(found),
        "to_correct": telling.to_correct(found),
        "tally": telling.tally_of(found),
        "line": telling.line_of(run.filing.content),
        "passed": [f for f in found if f.finding.status == "pass"],
        "others": [f for f in found if f.finding.status == "not_applicable"],
        "notes": [f for f in found if f.finding.severity == "note" and f.finding.status in ("fail", "unknown")],
        "columns": columns,
        "rows": rows,
        "documents": telling.documents(run.filing.content),
        "filings": telling.filings_of(one),
        "chain": chain.chain_of(one, at=now),
        "clocks": _clocks(matter),
        "reasons": _reasons(matter),
        "contact": _contact(one, sells=sells),
        "steps": _steps(request, matter, refused, refused_code),
        "refused": refused,
        "refused_code": refused_code,
        "sells": sells,
        "reviews": bool(roles & set(EXCHANGE)),
        "may_follow": sells and _may_follow(one, matter),
        "key": key_of(request),
        "live_token": live_token([f"m:{matter.pk}"]),
    }
    return render(request, "exchange/listing.html", context, status=refused.status if refused else 200)


def _steps(request: HttpRequest, matter: Matter, refused: Refused | None, code: str) -> list[Doing]:
    """What can be done now; reviewers are chosen by name, amounts typed in yuan."""
    found = [d for d in doings(request, matter, refused=refused, refused_code=code).values() if not d.action.hidden]
    found.sort(key=lambda doing: LAST.get(doing.action.tone, 0))
    for doing in found:
        if doing.action.code == "assign":
            who = lists.reviewers_at(matter.place, at=timezone.now())
            label = doing.form.fields["reviewer"].label
            choices = [(str(a.pk), a.name or str(a.username)) for a in who]
            doing.form.fields["reviewer"] = forms.ChoiceField(choices=choices, label=label)
        for name, field in list(doing.form.fields.items()):
            if name in MONEY:
                doing.form.fields[name] = forms.CharField(label=str(YUAN[name]), required=field.required)
            elif name.endswith("_on"):
                field.widget = forms.DateInput(attrs={"type": "date"})
    return found


def _clocks(matter: Matter) -> list[tuple[str, Any]]:
    names = {c.code: str(c.name) for c in matter.declared.clocks}
    return [(names[c.code], c) for c in running_clocks(matter)]


def _reasons(matter: Matter) -> list[Particular]:
    """What people wrote when they moved it, newest first."""
    rows = Particular.objects.filter(event__matter=matter, name="words").select_related("event")
    return list(rows.order_by("-event__seq")[:MOST_REASONS])


def _contact(one: Listing, *, sells: bool) -> str:
    """The contact person: the seller sees all of it, others a mask."""
    if sells:
        return f"{one.contact} {one.contact_phone}".strip()
    return f"{mask_name(one.contact)} {mask_phone(one.contact_phone)}".strip() if one.contact else ""


def _may_follow(one: Listing, matter: Matter) -> bool:
    over = matter.stage in ("unsold", "ended", "withdrawn", "refused")
    return over and not Listing.objects.filter(lot=one.lot_id, sequence__gt=one.sequence).exists()
