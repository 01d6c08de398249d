"""What the pages of the desk share besides what all pages do: gates, and forms that choose among rows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest
from django.utils import timezone

from linhe.core.loop import registry
from linhe.core.loop.acting import act
from linhe.core.loop.forms import data_of
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import Doing, doings, key_of, reader, version_of
from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Outcome
from linhe.desks.councils import queries
from linhe.desks.councils.models import Body, MeetingDetail, PetitionDetail, ResolutionDetail


def petition_or_404(request: HttpRequest, matter_id: int) -> PetitionDetail:
    """A petition that the reader may see; the same answer whether it exists or not."""
    found = queries.petition_for(reader(request), matter_id, at=timezone.now())
    if found is None:
        raise Http404
    return found


def meeting_or_404(request: HttpRequest, matter_id: int) -> MeetingDetail:
    """A meeting that the reader may see."""
    found = queries.meeting_for(reader(request), matter_id, at=timezone.now())
    if found is None:
        raise Http404
    return found


def resolution_or_404(matter_id: int) -> ResolutionDetail:
    """A resolution; they are public."""
    found = queries.resolution_or_none(matter_id)
    if found is None:
        raise Http404
    return found


def body_or_404(body_id: int) -> Body:
    """A body; they are public."""
    found = Body.objects.select_related("place").filter(pk=body_id).first() if body_id < 2**63 else None
    if found is None:
        raise Http404
    return found


def kept_body(request: HttpRequest, body_id: int) -> Body:
    """A body of which the reader is the secretary."""
    body = body_or_404(body_id)
    if not queries.keeps(reader(request), body.place, at=timezone.now()):
        raise PermissionDenied
    return body


def step(request: HttpRequest, matter: Matter, action: str, **more: Any) -> Outcome:
    """Take a step with what the form sent. Raises Refused."""
    declared = action_or_404(matter, action)
    data = data_of(registry.schema_of(matter.declared, declared), request.POST) | more
    return act(
        matter, action, by=reader(request), data=data, key=key_of(request), at=timezone.now(),
        version=version_of(request.POST), files=request.FILES.getlist("files"),
    )  # fmt: skip


def action_or_404(matter: Matter, action: str) -> Any:
    """The declared action."""
    try:
        return matter.declared.action(action)
    except KeyError:
        raise Http404 from None


def forms_for(
    request: HttpRequest, matter: Matter, *, items: Iterable[queries.Item] = (), refused: Refused | None, code: str
) -> dict[str, Doing]:
    """The steps that the reader may take; where a step names an item of the agenda, the form offers the agenda."""
    found = doings(request, matter, refused=refused, refused_code=code)
    options = [(str(one.item.pk), one.item.title) for one in items]
    for doing in found.values():
        if "item" in doing.form.fields:
            choose(doing.form, "item", options)
    return found


def choose(form: Form, name: str, options: list[tuple[str, str]]) -> None:
    """Offer these rows instead of asking for a number."""
    field = form.fields[name]
    form.fields[name] = forms.ChoiceField(choices=options, label=field.label, required=field.required)
