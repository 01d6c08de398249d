"""Posts and vacancies: on a map and in a list, filled, handed over."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from linhe.core.loop.access import can
from linhe.core.loop.acting import begin
from linhe.core.loop.forms import form_for
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import key_of, matter_or_404, number_in, reader, signed_in, text_in
from linhe.core.loop.queries import page_of
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.volunteering.loop import POSTING
from linhe.desks.volunteering.loop.roles import POST_KINDS, POST_ROLES
from linhe.desks.volunteering.models import CheckInDetail, PostDetail
from linhe.desks.volunteering.queries.posts import (
    handover_items,
    holders,
    points_of,
    stocks,
    vacancies,
    vacant_by_compound,
)
from linhe.desks.volunteering.schemas import HandOver
from linhe.desks.volunteering.views.common import person_sent, place_or_404, said, staff_place, status_of, take
from linhe.lib.masking import mask_name
from linhe.lib.text import Text

MOST_CANDIDATES = 40


@signed_in
@require_safe
def posts(request: HttpRequest) -> HttpResponse:
    """Vacancies of one role on the map and by compound, and who holds it."""
    account, places, place = staff_place(request)
    now, role = timezone.now(), _role(request)
    inside = Place.objects.filter(code=text_in(request.GET, "in", 32)).first()
    where = inside if inside is not None and place.contains(inside) else place
    page = page_of(holders(where, role), before=number_in(request.GET, "before"))
    appoint = POSTING.action("appoint")
    context = {
        "places": places,
        "place": place,
        "inside": where if where is not place else None,
        "role": role,
        "roles": POST_ROLES,
        "stocks": stocks(place, at=now),
        "compounds": vacant_by_compound(role, place, most=60),
        "vacancies": vacancies(role, where, after=text_in(request.GET, "after", 32), most=30),
        "holders": [(one, mask_name(one.account.name)) for one in page.rows],
        "next_before": page.next_before,
        "appoints": can(account, appoint, place, at=now),
        "tiles": settings.TILES_URL,
    }
    return render(request, "volunteering/posts.html", context)


@signed_in
@require_safe
def vacancy_layer(request: HttpRequest) -> JsonResponse:
    """Vacancies as points: one a compound, with how many."""
    _, _, place = staff_place(request)
    role = _role(request)
    name = dict(POST_ROLES)[role]
    found = vacant_by_compound(role, place)
    points = points_of([compound for compound, _ in found])
    stage = str(Text(f"{name.zh}空缺", f"{name.en} vacant"))
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [points[compound.pk][1], points[compound.pk][0]]},
            "properties": {
                "id": f"v{compound.pk}", "title": compound.name, "stage": stage,
                "shape": 1, "tone": "wait", "urgent": False, "count": count, "place": "",
                "words": [str(Text(f"{count} 个空缺", f"{count} vacant"))],
                "url": f"{reverse('volunteering:posts')}?role={role}&in={compound.code}&place={place.pk}#vacant",
            },
        }
        for compound, count in found
        if compound.pk in points
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": features})


@signed_in
@require_http_methods(["GET", "POST"])
def fill(request: HttpRequest, role: str, code: str) -> HttpResponse:
    """Fill a vacancy: appoint somebody at once, or put them forward first."""
    account, place, now = reader(request), place_or_404(code), timezone.now()
    known = dict(POST_ROLES)
    if POST_KINDS.get(role) != place.kind or not can(account, POSTING.action("appoint"), place, at=now):
        raise Http404
    refused = None
    if request.method == "POST":
        step = "nominate" if request.POST.get("step") == "nominate" else "appoint"
        try:
            outcome = begin(
                "posting", step, by=account, place=place, data={"role": role}, beneficiary=person_sent(request),
                key=key_of(request), at=now,
            )  # fmt: skip
        except Refused as refusal:
            refused = refusal
        else:
            if step == "appoint":
                said(request, outcome, "已任命。", "Appointed.")
            else:
                said(request, outcome, "已列为人选，可先公示再任命。", "Put forward; it can be made public first.")
            return HttpResponseRedirect(reverse("volunteering:posts") + f"?role={role}")
    context = {
        "place": place, "role": role, "role_name": known[role], "refused": refused, "key": key_of(request),
        "candidates": _candidates(place), "sent": request.POST,
    }  # fmt: skip
    return render(request, "volunteering/fill.html", context, status=status_of(refused))


@signed_in
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Hand a post over: to whom, the checklist, and what goes on to the successor."""
    matter = matter_or_404(request, matter_id, "posting")
    account, now, action = reader(request), timezone.now(), POSTING.action("hand_over")
    if not can(account, action, matter, at=now) or matter.stage not in action.frm:
        raise Http404
    detail = PostDetail.objects.select_related("account", "place").get(pk=matter.pk)
    refused = None
    if request.method == "POST":
        try:
            outcome = take(request, matter, "hand_over", _handed(request))
        except Refused as refusal:
            refused = refusal
        else:
            said(request, outcome, "交接完成，新任已到岗。", "Handed over; the successor holds the post.")
            return HttpResponseRedirect(reverse("volunteering:posts") + f"?role={detail.role}")
    again = form_for(
        POSTING, action, sent=request.POST if refused else None, errors=refused.details if refused else None
    )
    open_matters = Matter.objects.filter(
        handler=detail.account, closed_at__isnull=True, at_community_id=matter.at_community_id
    )
    context = {
        "matter": matter,
        "detail": detail,
        "role_name": dict(POST_ROLES)[detail.role],
        "name": mask_name(detail.account.name),
        "items": handover_items(at=now, place_code=matter.place.code),
        "ticked": request.POST.getlist("items"),
        "reason": again["reason"],
        "open_matters": open_matters.select_related("place").order_by("pk")[:50],
        "candidates": [one for one in _candidates(detail.place) if one[0] != detail.account_id],
        "sent": request.POST,
        "refused": refused,
        "key": key_of(request),
    }
    return render(request, "volunteering/hand_over.html", context, status=status_of(refused))


def _handed(request: HttpRequest) -> dict[str, Any]:
    data: dict[str, Any] = {"successor_id": person_sent(request).pk, "items": request.POST.getlist("items")}
    if "reason" in request.POST:
        data["reason"] = request.POST["reason"]
    assert data.keys() <= HandOver.model_fields.keys()
    return data


def _role(request: HttpRequest) -> str:
    wanted = text_in(request.GET, "role", 40)
    return wanted if wanted in POST_KINDS else POST_ROLES[0][0]


def _candidates(place: Place) -> list[tuple[int, str]]:
    """Members who checked in around here, masked: whom the community already knows."""
    around = {"place__compound": place.compound_id} if place.compound_id else {"place": place}
    rows = CheckInDetail.objects.filter(
        account__is_active=True, until_at__isnull=True, matter__stage="serving", **around
    ).select_related("account", "organisation")
    people: dict[int, Account] = {
        row.account.pk: row.account for row in rows.order_by("pk")[:MOST_CANDIDATES] if row.account
    }
    return [(pk, mask_name(one.name)) for pk, one in people.items()]
