"""What the pages of this desk share: for whom they are, at which place, and steps taken with a word afterwards."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils import timezone

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import key_of, number_in, reader, say, text_in, version_of
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Outcome
from linhe.core.people.codes import clean_phone
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.volunteering.loop.roles import READERS, STAFF
from linhe.desks.volunteering.queries.reach import places_read
from linhe.lib.text import Text

NOBODY = Text("没有用这个号码登记的居民。", "Nobody registered with this number.")


def staff_place(request: HttpRequest, *, roles: tuple[str, ...] = READERS) -> tuple[Account, list[Place], Place]:
    """Who works here, all their places, and the one chosen; others are turned away."""
    account = reader(request)
    places = places_read(account, at=timezone.now(), roles=roles)
    if not places:
        raise PermissionDenied
    wanted = number_in(request.GET, "place") or number_in(request.POST, "at")
    return account, places, next((p for p in places if p.pk == wanted), places[0])


def is_worker(account: Account) -> bool:
    """Whether somebody runs this desk at some place of theirs."""
    return bool(places_read(account, at=timezone.now(), roles=STAFF))


def place_or_404(code: str) -> Place:
    """A place by its code."""
    place = Place.objects.select_related("parent").filter(code=code).first()
    if place is None:
        raise Http404
    return place


def place_sent(request: HttpRequest) -> Place:
    """The place that a form names."""
    place = Place.objects.select_related("parent").filter(code=text_in(request.POST, "where", 32)).first()
    if place is None:
        raise invalid({"where": str(Text("请选择地点。", "Choose a place."))})
    return place


def person_sent(request: HttpRequest) -> Account:
    """Whom a form names: chosen from the list, or by phone number."""
    chosen = number_in(request.POST, "person")
    phone = text_in(request.POST, "phone", 20)
    if phone:
        found = Account.objects.by_phone(clean_phone(phone))
    else:
        found = Account.objects.filter(pk=chosen, is_active=True).first() if chosen else None
    if found is None:
        text = NOBODY if phone else Text("请选择一个人，或填写手机号。", "Choose a person or give a number.")
        raise invalid({"phone": str(text)})
    return found


def take(request: HttpRequest, matter: Matter, action: str, data: dict[str, Any] | None = None, **more: Any) -> Outcome:
    """Take a step as the reader, with the key and the version of the form."""
    return act(
        matter, action, by=reader(request), data=data, key=key_of(request), at=timezone.now(),
        version=more.pop("version", version_of(request.POST)), files=request.FILES.getlist("files"), **more,
    )  # fmt: skip


def said(request: HttpRequest, outcome: Outcome, zh: str, en: str) -> None:
    """A word on the next page, unless the same request came twice."""
    if not outcome.repeated:
        say(request, zh, en)


def status_of(refused: Refused | None) -> int:
    """The status of a page that may show a refusal."""
    return refused.status if refused else 200
