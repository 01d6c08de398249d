"""The page of a desk: what it does, its kinds and their loops as drawings."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linhe.core.loop import registry
from linhe.core.loop.kinds import RELATIONS, Kind
from linhe.core.people.roles import role
from linhe.lib.text import Text

_WHO = {
    "requester": Text("提出人", "requester"),
    "delegate": Text("家人代办", "family delegate"),
    "handler": Text("办理人", "handler"),
    "organisation": Text("承办单位", "organisation in charge"),
    "anyone": Text("登录的任何人", "anyone signed in"),
    "system": Text("系统", "system"),
}


@require_safe
def desk_page(request: HttpRequest, code: str) -> HttpResponse:
    """What a desk does, and how its matters go round. It tells no matter, so anyone may read it."""
    try:
        desk = registry.desk(code)
    except KeyError:
        raise Http404 from None
    newest = dict.fromkeys(kind.code for kind in desk.kinds)
    kinds = [(kind, _rows(kind)) for kind in map(registry.kind, newest)]
    return render(request, "desk.html", {"desk": desk, "kinds": kinds})


def _rows(kind: Kind) -> list[tuple[Text, str, str, str]]:
    """The loop in words: action, from, to, who may."""
    return [
        (
            action.name,
            "、".join(str(kind.stage(frm).name) for frm in action.frm if frm) or "–",
            str(kind.stage(action.to).name) if action.to else "–",
            "、".join(str(_WHO[who] if who in RELATIONS else role(who).name) for who in action.who),
        )
        for action in kind.actions
    ]
