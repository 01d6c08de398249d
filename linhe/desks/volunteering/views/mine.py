"""A volunteer's own pages: my year, hours that I log, checking in with my organisation."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from linhe.core.loop import registry
from linhe.core.loop.acting import begin
from linhe.core.loop.forms import ActionForm, data_of, form_for
from linhe.core.loop.kinds import Kind
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import key_of, number_in, reader, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account, Organisation
from linhe.core.points.queries import balance
from linhe.desks.volunteering.loop import CHECK_IN, HOURS
from linhe.desks.volunteering.models import CheckInDetail, PostDetail
from linhe.desks.volunteering.queries import activities as found
from linhe.desks.volunteering.queries.participation import my_events, services_of, this_year
from linhe.desks.volunteering.queries.rounds import grades_of, rows_about, shown
from linhe.desks.volunteering.views.common import said, status_of
from linhe.lib.working_calendar import SHANGHAI

YEARS_BACK = 3


@signed_in
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """My year: hours, activities, posts, evaluations; and what I can do."""
    account, now = reader(request), timezone.now()
    newest = this_year(now)
    years = range(newest, newest - YEARS_BACK, -1)
    wanted = number_in(request.GET, "year")
    year = wanted if wanted is not None and wanted in years else newest
    past = found.mine_past(account, before=number_in(request.GET, "before"))
    context = {
        "year": year,
        "years": years,
        "service": services_of([account.pk], year, at=now)[account.pk],
        "balance": balance(account),
        "posts": _posts(account),
        "check_ins": CheckInDetail.objects.filter(account=account, until_at__isnull=True)
        .exclude(matter__stage="over").select_related("organisation", "place", "matter"),
        "waiting_hours": Matter.objects.filter(requester=account, kind="hours", closed_at__isnull=True)
        .select_related("place", "hours").order_by("-pk")[:10],
        "past": past,
        "evaluations": [shown(row, grades_of(row.evaluation)) for row in rows_about(account)],
        "events": my_events(account, year, at=now) if "events" in request.GET else None,
    }  # fmt: skip
    return render(request, "volunteering/me.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def log_hours(request: HttpRequest) -> HttpResponse:
    """Log hours of service of my own; whoever leads me confirms them."""
    today = timezone.now().astimezone(SHANGHAI).date()

    def shape(form: ActionForm) -> None:
        form.fields["day"].widget = forms.DateInput(attrs={"type": "date", "max": today.isoformat()})
        form.fields["day"].initial = today

    return _begin(request, HOURS, "log", "volunteering/hours.html", shape=shape)


@signed_in
@require_http_methods(["GET", "POST"])
def check_in(request: HttpRequest) -> HttpResponse:
    """Check in where I live, as a member of an organisation."""

    def shape(form: ActionForm) -> None:
        choices = [(one.code, one.name) for one in _organisations(reader(request))]
        form.fields["organisation"] = forms.ChoiceField(label=form.fields["organisation"].label, choices=choices)

    return _begin(request, CHECK_IN, "check_in", "volunteering/check_in.html", shape=shape)


def _begin(request: HttpRequest, kind: Kind, code: str, template: str, *, shape: object) -> HttpResponse:
    account, action, refused = reader(request), kind.action(code), None
    if request.method == "POST" and account.home is not None:
        try:
            outcome = begin(
                kind.code, code, by=account, place=account.home, at=timezone.now(), key=key_of(request),
                data=data_of(registry.schema_of(kind, action), request.POST), files=request.FILES.getlist("files"),
            )  # fmt: skip
            said(request, outcome, "已提交，等待确认。", "Sent; it waits to be confirmed.")
            return HttpResponseRedirect(reverse("volunteering:me"))
        except Refused as refusal:
            refused = refusal
    form = form_for(kind, action, sent=request.POST if refused else None, errors=refused.details if refused else None)
    assert callable(shape)
    shape(form)
    context = {
        "form": form, "refused": refused, "key": key_of(request), "home": account.home,
        "chosen": text_in(request.POST, "organisation", 40),
    }  # fmt: skip
    return render(request, template, context, status=status_of(refused))


def _posts(account: Account) -> list[PostDetail]:
    rows = PostDetail.objects.filter(account=account, over=False).select_related("place__parent", "matter")
    return list(rows.order_by("pk"))


def _organisations(account: Account) -> list[Organisation]:
    if account.home is None:
        return []
    rows = Organisation.objects.filter(place__district=account.home.district_id).exclude(kind="shop")
    rows = rows | Organisation.objects.filter(place=account.home.district_id).exclude(kind="shop")
    return list(rows.order_by("name")[:600])
