"""Members and terms of a body, for its secretary."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from linhe.core.loop.forms import ActionForm
from linhe.core.loop.pages import number_in, reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.people.codes import account_of_phone
from linhe.core.people.models import Organisation
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.councils import queries, services
from linhe.desks.councils.loop import SECRETARY
from linhe.desks.councils.models import Body, Membership
from linhe.desks.councils.views.common import kept_body
from linhe.lib.text import Text


@signed_in
@require_http_methods(["GET", "POST"])
def members(request: HttpRequest, body_id: int) -> HttpResponse:
    """Who sits in the body; begin, end and renew terms."""
    body, refused = kept_body(request, body_id), None
    if request.method == "POST":
        try:
            _change(request, body)
            say(request, "已更新。", "Updated.")
            return HttpResponseRedirect(reverse("councils:members", args=[body.pk]))
        except Refused as refusal:
            refused = refusal
    now = timezone.now()
    context = {
        "body": body,
        "kind": queries.KIND_NAMES[Body.Kind(body.kind)],
        "rows": queries.members_of(body, at=now),
        "past": body.memberships.filter(ended_at__lte=now).select_related("account").order_by("-ended_at")[:20],
        "form": _form(request, body, refused),
        "refused": refused,
    }
    return render(request, "councils/members.html", context, status=refused.status if refused else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """Found a body at a place of one's post, or right below."""
    account, now = reader(request), timezone.now()
    held = [post.place for post in posts_of(account, at=now) if post.role in SECRETARY]
    if not held:
        raise PermissionDenied
    places = [*held, *Place.objects.filter(parent__in=held).order_by("code")[:200]]
    fields: dict[str, forms.Field] = {
        "kind": forms.ChoiceField(
            label=str(Text("类型", "kind")), choices=[(k.value, str(n)) for k, n in queries.KIND_NAMES.items()]
        ),
        "place": forms.ChoiceField(
            label=str(Text("所在地", "place")),
            choices=[(str(p.pk), str(Text(p.name, p.name_en or p.name))) for p in places],
        ),
        "name": forms.CharField(label=str(Text("名称", "name")), max_length=60),
        "name_en": forms.CharField(label=str(Text("英文名称", "name in English")), max_length=80, required=False),
    }
    refused = None
    if request.method == "POST":
        place = next((p for p in places if p.pk == number_in(request.POST, "place")), None)
        try:
            if place is None:
                raise invalid({"place": str(Text("请选择地点。", "Choose a place."))})
            body = services.found_body(
                by=account, place=place, kind=text_in(request.POST, "kind", 10), at=now,
                name=text_in(request.POST, "name", 60), name_en=text_in(request.POST, "name_en", 80),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("councils:members", args=[body.pk]))
        except Refused as refusal:
            refused = refusal
    form: ActionForm = type("FoundForm", (ActionForm,), fields)(data=request.POST if refused else None)
    form.refused = refused.details if refused else {}
    context = {"form": form, "refused": refused}
    return render(request, "councils/found.html", context, status=refused.status if refused else 200)


def _change(request: HttpRequest, body: Body) -> None:
    account, now, what = reader(request), timezone.now(), request.POST.get("do", "")
    if what == "add":
        person = account_of_phone(text_in(request.POST, "phone", 20))
        if person is None:
            raise invalid({"phone": str(Text("没有用这个手机号登记的人。", "Nobody is registered with this number."))})
        organisation = Organisation.objects.filter(pk=number_in(request.POST, "organisation") or 0).first()
        function = text_in(request.POST, "function", 8)
        services.add_member(
            by=account, body=body, account=person, at=now, organisation=organisation,
            function=function if function in Membership.Function.values else Membership.Function.MEMBER,
            part_time="part_time" in request.POST, area_dm2=_area(text_in(request.POST, "area", 12)),
        )  # fmt: skip
        return
    membership = Membership.objects.filter(pk=number_in(request.POST, "membership") or 0, body=body).first()
    if membership is None or what not in ("end", "renew"):
        raise invalid({"phone": str(Text("请选择一位委员。", "Choose a member."))})
    membership.body = body
    if what == "end":
        services.end_membership(by=account, membership=membership, at=now)
    else:
        services.renew_membership(by=account, membership=membership, at=now)


def _area(text: str) -> int:
    """Square metres with at most two decimals, as dm2; nothing is 0."""
    try:
        area = Decimal(text or 0) * 100
    except InvalidOperation:
        area = Decimal(-1)
    if not (area.is_finite() and 0 <= area < 10**12 and area == area.to_integral_value()):
        raise invalid({"area": str(Text("请填平方米数，例如 89.63。", "Give square metres, for example 89.63."))})
    return int(area)


def _form(request: HttpRequest, body: Body, refused: Refused | None) -> ActionForm:
    functions = [("member", str(Text("委员", "member"))), ("chair", str(Text("召集人", "chair")))]
    here = Organisation.objects.filter(place__in=body.place.ancestor_ids()).order_by("kind", "name")[:100]
    units = [("", str(Text("不代表单位", "none"))), *((str(o.pk), o.name) for o in here)]
    fields: dict[str, forms.Field] = {
        "phone": forms.CharField(label=str(Text("手机号", "phone number")), max_length=20),
        "function": forms.ChoiceField(label=str(Text("职务", "function")), choices=functions),
    }
    if body.by_owners:
        fields["area"] = forms.CharField(label=str(Text("专有面积（平方米）", "exclusive area (m²)")), max_length=12)
    else:
        fields["organisation"] = forms.ChoiceField(
            label=str(Text("代表单位", "represents")), choices=units, required=False
        )
        fields["part_time"] = forms.BooleanField(label=str(Text("兼职委员", "part-time member")), required=False)
    form: ActionForm = type("MemberForm", (ActionForm,), fields)(data=request.POST if refused else None)
    form.refused = refused.details if refused else {}
    return form
