"""My home: from the district down to the building by plain selects, or found by name; and the door."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from linhe.core.loop.pages import reader, signed_in
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.people.services import set_home
from linhe.core.places.models import Place
from linhe.core.places.queries import is_lowest
from linhe.lib.refusals import Refused
from linhe.lib.text import Text
from linhe.web.accounts.entering import asked_next

LEVELS = ("district", "subdistrict", "community", "compound", "building")
KINDS = {
    "subdistrict": ("subdistrict", "town"),
    "community": ("community", "village"),
    "compound": ("compound",),
    "building": ("building",),
}
LABELS = {
    "district": Text("区县", "District"),
    "subdistrict": Text("街道或乡镇", "Subdistrict or town"),
    "community": Text("社区或村", "Community or village"),
    "compound": Text("小区", "Compound"),
    "building": Text("楼栋", "Building"),
}
MOST_FOUND = 40


@dataclass(frozen=True, slots=True)
class Choice:
    """One select: a level, what is there to choose, and what was chosen."""

    level: str
    label: Text
    places: list[Place]
    chosen: Place | None


@never_cache
@signed_in
@require_http_methods(["GET", "POST"])
def me_home(request: HttpRequest) -> HttpResponse:
    """Choose step by step (GET), then save place and door (POST) and go back to where the reader came from."""
    account = reader(request)
    errors: dict[str, str] = {}
    if request.method == "POST":
        place = Place.objects.filter(code=_words(request.POST, "place", 32)).first()
        try:
            if place is None:
                message = Text("请选到楼栋。", "Please choose down to the building.")
                raise Refused("invalid", message, status=422, details={"place": str(message)})
            set_home(account=account, place=place, door=request.POST.get("door", ""))
        except Refused as refused:
            errors = refused.details
        else:
            messages.success(request, str(Text("已保存，以后下单会自动填好。", "Saved; it is filled in from now on.")))
            return HttpResponseRedirect(asked_next(request) or reverse("me"))
    return _page(request, account, errors)


def _page(request: HttpRequest, account: Account, errors: dict[str, str]) -> HttpResponse:
    choices = _choices(request, account)
    chosen = next((c.chosen for c in reversed(choices) if c.chosen is not None), None)
    sought = _words(request.GET, "q", 40)
    context = {
        "choices": choices,
        "place": chosen if chosen is not None and is_lowest(chosen) else None,
        "sought": sought,
        "found": _found(sought, choices[0].chosen if choices else None) if sought else [],
        "next": asked_next(request),
        "door": request.POST.get("door", account.door),
        "errors": errors,
    }
    return render(request, "account/home.html", context, status=422 if errors else 200)


def _choices(request: HttpRequest, account: Account) -> list[Choice]:
    """The selects down to the first level where nothing is chosen yet. What does not lie above is not counted."""
    start = _start(request, account)
    sent = {level: request.GET.get(level, "")[:32] for level in LEVELS}
    if not any(sent.values()) and start is not None:
        ids = start.ancestor_ids()
        sent = {p.level: p.code for p in Place.objects.filter(pk__in=ids)}
    made: list[Choice] = []
    above: Place | None = None
    for level in LEVELS:
        places = _below(above, level)
        if not places:
            continue
        chosen = next((p for p in places if p.code == sent.get(level)), places[0] if len(places) == 1 else None)
        made.append(Choice(level, LABELS[level], places, chosen))
        if chosen is None:
            break
        above = chosen
    return made


def _start(request: HttpRequest, account: Account) -> Place | None:
    """A place that was found or sent, else the home that is set, else where one's post is."""
    code = _words(request.POST, "place", 32) or _words(request.GET, "place", 32)
    named = Place.objects.filter(code=code).first() if code else None
    if named is not None or account.home is not None:
        return named or account.home
    post = next(iter(posts_of(account, at=timezone.now())), None)
    return post.place if post else None


def _words(sent: QueryDict, name: str, most: int) -> str:
    """A short text that was sent; PostgreSQL takes no NUL."""
    return sent.get(name, "").replace("\0", "").strip()[:most]


def _below(above: Place | None, level: str) -> list[Place]:
    if level == "district":
        return list(Place.objects.filter(kind="district").order_by("code"))
    if above is None:
        return []
    below = Place.objects.filter(**{above.level: above}, kind__in=KINDS[level]).exclude(pk=above.pk)
    return list(below.order_by("code"))


def _found(sought: str, district: Place | None) -> list[Place]:
    rows = Place.objects.filter(Q(name__icontains=sought) | Q(name_en__icontains=sought) | Q(address__icontains=sought))
    rows = rows.filter(kind__in=("compound", "building", "village"))
    rows = rows.filter(district=district) if district is not None else rows
    return list(rows.select_related("parent").order_by("code")[:MOST_FOUND])
