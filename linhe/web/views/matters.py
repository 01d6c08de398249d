"""The page of any matter, of any desk: stage, clocks, what happened, what can be done now."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.exceptions import TemplateDoesNotExist
from django.template.loader import select_template
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from linhe.core.loop import registry
from linhe.core.loop.access import allowed_actions
from linhe.core.loop.acting import act, begin
from linhe.core.loop.forms import data_of, form_for
from linhe.core.loop.kinds import ANYONE, DELEGATE, NEW, RELATIONS, REQUESTER, Action, Kind
from linhe.core.loop.live import live_token
from linhe.core.loop.models import Event, Evidence, Matter
from linhe.core.loop.pages import matter_or_404, reader, signed_in
from linhe.core.loop.queries import running_clocks, timeline
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of, principals_of
from linhe.core.people.roles import role
from linhe.core.places.models import Place
from linhe.lib.text import Text

_RELATION_NAMES = {
    "requester": Text("提出人", "requester"),
    "delegate": Text("家人代办", "family"),
    "handler": Text("办理人", "handler"),
    "organisation": Text("承办单位", "organisation in charge"),
    "anyone": Text("提出人", "requester"),
    "system": Text("系统", "system"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline, without names: who acted is told by role."""

    what: Text
    who: Text
    at: datetime
    tone: str
    said: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Offered:
    """An action that the reader may take, with its form."""

    action: Action
    form: Form
    url: str
    key: str
    asks: bool
    open: bool = False


@signed_in
@require_safe
def matter_page(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Everything the reader may know of a matter and do with it."""
    return _page(request, matter_or_404(request, matter_id))


@signed_in
@require_http_methods(["POST"])
def do_action(request: HttpRequest, matter_id: int, action: str) -> HttpResponse:
    """Take an action; a refusal shows the page again with everything that was typed."""
    matter = matter_or_404(request, matter_id)
    declared = _action(matter.declared, action)
    schema = registry.schema_of(matter.declared, declared)
    version = request.POST.get("version", "")
    try:
        outcome = act(
            matter, action, by=reader(request), data=data_of(schema, request.POST),
            key=request.POST.get("key") or None, at=timezone.now(),
            version=int(version[:9]) if version.isascii() and version.isdecimal() else None,
            files=request.FILES.getlist("files"),
        )  # fmt: skip
    except Refused as refused:
        return _page(request, matter, refused=refused, refused_action=declared)
    messages.success(request, str(Text(f"「{declared.name.zh}」已办好。", f"Done: {declared.name.en}.")))
    return HttpResponseRedirect(reverse("web:matter", args=[outcome.matter.pk]))


@signed_in
@require_http_methods(["GET", "POST"])
def new_matter(request: HttpRequest, kind_code: str, action: str) -> HttpResponse:
    """Begin a matter with the form of its first action; desks may have a page of their own instead."""
    try:
        kind = registry.kind(kind_code)
    except registry.UnknownKind:
        raise Http404 from None
    declared = _action(kind, action)
    if NEW not in declared.frm or kind.discreet:
        raise Http404
    account, now = reader(request), timezone.now()
    places = _places_of(account, now)
    refused = None
    if request.method == "POST":
        place = next((p for p in places if p.code == request.POST.get("place")), None)
        try:
            if place is None:
                text = Text("请选择地点。", "Choose a place.")
                raise Refused("invalid", text, status=422, details={"__all__": str(text)})
            schema = registry.schema_of(kind, declared)
            outcome = begin(
                kind.code, action, by=account, place=place, data=data_of(schema, request.POST),
                key=request.POST.get("key") or None, at=now, files=request.FILES.getlist("files"),
            )  # fmt: skip
            return HttpResponseRedirect(reverse("web:matter", args=[outcome.matter.pk]))
        except Refused as refusal:
            refused = refusal
    sent = request.POST if request.method == "POST" else None
    context = {
        "kind": kind,
        "action": declared,
        "form": form_for(kind, declared, sent=sent, errors=refused.details if refused else None),
        "places": places,
        "chosen": request.POST.get("place", ""),
        "key": ((not refused or refused.code != "key_reused") and request.POST.get("key")) or str(uuid4()),
        "refused": refused,
    }
    return render(request, "new_matter.html", context, status=refused.status if refused else 200)


@login_required  # not signed_in: a photo may stay in the browser for a while
@require_safe
def photo(request: HttpRequest, matter_id: int, photo_id: int) -> FileResponse:
    """A photo of a matter, for those who may read it."""
    matter = matter_or_404(request, matter_id)
    found = Evidence.objects.filter(matter=matter, pk=photo_id).select_related("event").first()
    if found is None or not found.file or not reads_photos(reader(request), matter, found.event):
        raise Http404
    return FileResponse(
        found.file.open("rb"), headers={"Cache-Control": "private, max-age=600", "Content-Type": "image/webp"}
    )


def reads_photos(account: Account, matter: Matter, event: Event) -> bool:
    """Photos of an event: for everyone who reads the matter. Whoever only handles it reads what was asked and their
    own, not what an earlier handler or the staff added, and nothing once it is closed."""
    if account.pk != matter.handler_id or posts_that_read(account, matter):
        return True
    return matter.closed_at is None and (event.actor_id == account.pk or event.from_stage == NEW)


def particulars_read(account: Account, matter: Matter, events: list[Event]) -> set[int]:
    """The events whose free texts someone reads: as with photos, but whoever a matter only lies with as an
    organisation, also when they handle it, reads nothing in the words of those who asked, only what their own side and
    the offices wrote. The desk's panel tells them the issue."""
    if only_for_organisation(account, matter):
        asked = (REQUESTER, DELEGATE, ANYONE)
        told = [event for event in events if event.from_stage != NEW and event.actor_role not in asked]
        return {event.pk for event in told} | {event.pk for event in events if event.actor_id == account.pk}
    return {event.pk for event in events if reads_photos(account, matter, event)}


def only_for_organisation(account: Account, matter: Matter) -> bool:
    """Whether someone reads a matter for no other reason than that it lies with their organisation."""
    now = timezone.now()
    people = {account.pk, *principals_of(account, at=now)}
    if matter.organisation_id is None or people & {matter.requester_id, matter.concerns_id}:
        return False
    inside = [p for p in posts_of(account, at=now) if p.organisation_id == matter.organisation_id]
    return any(p.place.contains(matter) for p in inside) and not posts_that_read(account, matter)


def posts_that_read(account: Account, matter: Matter) -> bool:
    """Whether a post of the account reads matters of this kind at this place."""
    posts = posts_of(account, at=timezone.now())
    return any(post.role in matter.declared.reads and post.place.contains(matter) for post in posts)


def _action(kind: Kind, code: str) -> Action:
    try:
        return kind.action(code)
    except KeyError:
        raise Http404 from None


def _page(
    request: HttpRequest, matter: Matter, *, refused: Refused | None = None, refused_action: Action | None = None
) -> HttpResponse:
    account, now = reader(request), timezone.now()
    if refused is not None:
        matter.refresh_from_db()
    kind = matter.declared
    clocks = [(_clock_name(kind, one.code), one) for one in running_clocks(matter)]
    offered = [
        _offered(request, matter, action, refused=refused if action == refused_action else None)
        for action in allowed_actions(account, matter, at=now)
        if not action.hidden
    ]
    context: dict[str, Any] = {
        "matter": matter,
        "kind": kind,
        "stage": matter.stage_declared,
        "clocks": clocks,
        "entries": _entries(account, matter),
        "offered": offered,
        "refused": refused,
        "panel": _panel(request, matter, account, now),
        "live_token": live_token([f"m:{matter.pk}"]),
        "layout": "console.html" if posts_that_read(account, matter) else "phone.html",
    }
    return render(request, "matter.html", context, status=refused.status if refused else 200)


def _offered(request: HttpRequest, matter: Matter, action: Action, *, refused: Refused | None) -> Offered:
    sent = request.POST if refused else None
    form = form_for(matter.declared, action, sent=sent, errors=refused.details if refused else None)
    form.auto_id = f"id_{action.code}_%s"
    return Offered(
        action,
        form,
        reverse("web:do", args=[matter.pk, action.code]),
        str(uuid4()),
        asks=bool(form.fields),
        open=refused is not None,
    )


def _panel(request: HttpRequest, matter: Matter, account: Account, now: datetime) -> str:
    """The desk's own detail: ``queries.detail(matter, reader=, at=)`` in ``<desk>/detail.html``, when it has both."""
    desk = registry.desk(matter.declared.desk)
    detail = getattr(desk.room("queries"), "detail", None)
    if detail is None:
        return ""
    try:
        template = select_template([f"{desk.code}/detail_{matter.kind}.html", f"{desk.code}/detail.html"])
    except TemplateDoesNotExist:
        return ""
    return str(template.render({"matter": matter, **detail(matter, reader=account, at=now)}, request))


def _clock_name(kind: Kind, code: str) -> Text:
    return next((clock.name for clock in kind.clocks if clock.code == code), Text(code, code))


def _entries(account: Account, matter: Matter) -> list[Entry]:
    kind, events = matter.declared, timeline(matter)
    full = particulars_read(account, matter, events)
    seen = {event.pk for event in events if reads_photos(account, matter, event)}
    return [
        Entry(
            kind.action(event.action).name,
            _who(event),
            event.at,
            kind.action(event.action).tone,
            [one.value for one in event.particulars.all() if one.value] if event.pk in full else [],
            [reverse("web:photo", args=[matter.pk, p.pk]) for p in event.evidence.all() if p.file]
            if event.pk in seen
            else [],
        )
        for event in events
    ]


def _who(event: Event) -> Text:
    return _RELATION_NAMES[event.actor_role] if event.actor_role in RELATIONS else role(event.actor_role).name


def _places_of(account: Account, now: datetime) -> list[Place]:
    """Where someone can begin a matter from the generic page: at home, and at the places of their posts."""
    found = {post.place_id: post.place for post in posts_of(account, at=now)}
    if account.home is not None:
        found = {account.home.pk: account.home} | found
    return list(found.values())
