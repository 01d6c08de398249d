"""The administrator's page of keys: make one for another system, see what is in use, revoke it."""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from linhe.core.loop.pages import key_of, reader, say, staff_only
from linhe.core.loop.refusals import Refused
from linhe.core.places.models import Place
from linhe.desks.reports.models import ApiKey
from linhe.desks.reports.queries.open311 import keys_at
from linhe.desks.reports.services import keys as services
from linhe.lib.text import Text

PURPOSES = (
    (ApiKey.Purpose.OPEN311, Text("开放接口上报（Open311）", "reports by Open311")),
    (ApiKey.Purpose.HOTLINE, Text("12345 工单接口", "12345 orders")),
)


class KeyForm(forms.Form):
    """What a new key is for."""

    name = forms.CharField(max_length=60)
    purpose = forms.ChoiceField(widget=forms.RadioSelect)
    place = forms.ModelChoiceField(Place.objects.none(), empty_label=None)
    on_trial = forms.BooleanField(required=False)

    def __init__(self, data: object, *, places: list[Place]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # what was sent, or nothing
        labels = {
            "name": Text("谁用", "who uses it"), "purpose": Text("用来做什么", "what for"),
            "place": Text("在哪个范围", "in which territory"), "on_trial": Text("试用", "on trial"),
        }  # fmt: skip
        for code, label in labels.items():
            self.fields[code].label = str(label)
        self.fields["purpose"].choices = [(code.value, str(label)) for code, label in PURPOSES]  # type: ignore[attr-defined]  # a choice field
        self.fields["place"].queryset = Place.objects.filter(pk__in=[p.pk for p in places])  # type: ignore[attr-defined]  # a model choice field
        self.fields["on_trial"].help_text = str(
            Text("试用的应用提交后先拿到受理凭证，有人受理后才有编号。",
                 "An app on trial gets a token first, and a number once somebody has accepted the report.")
        )  # fmt: skip


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The keys of the administrator's territories; a new one is shown this one time."""
    account, at = reader(request), timezone.now()
    places = services.administered(account, at=at)
    if not places:
        raise Http404
    form, made = KeyForm(request.POST if request.method == "POST" else None, places=places), None
    key = key_of(request)
    if form.is_bound and form.is_valid():
        made = services.make_key(by=account, at=at, request_key=key, **form.cleaned_data)
        form = KeyForm(None, places=places)
        key = ""
    context = {
        "form": form,
        "made": made,
        "rows": keys_at(places),
        "purposes": dict(PURPOSES),
        "key": key or str(uuid4()),
    }
    return render(request, "reports/keys.html", context, status=422 if form.errors else 200)


@staff_only
@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """A key opens nothing from now on."""
    key = ApiKey.objects.filter(pk=key_id).select_related("place").first() if key_id < 2**63 else None
    if key is None:
        raise Http404
    try:
        services.revoke_key(by=reader(request), key=key, at=timezone.now())
    except Refused:
        raise Http404 from None
    say(request, "密钥已停用。", "The key is revoked.")
    return HttpResponseRedirect(reverse("reports:keys"))
