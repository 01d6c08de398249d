"""What pages share: who reads, which matter, what was sent, which steps can be taken from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache

from linhe.core.loop.access import allowed_actions
from linhe.core.loop.forms import form_for
from linhe.core.loop.kinds import Action
from linhe.core.loop.models import Matter
from linhe.core.loop.queries import matter_for
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account, Post
from linhe.core.people.queries import is_staff, posts_of
from linhe.lib.text import Text

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def reader(request: HttpRequest) -> Account:
    """The account that is signed in; only for views behind :func:`signed_in`."""
    account = request.user
    if not isinstance(account, Account):
        raise PermissionDenied
    return account


def signed_in(view: View[P]) -> View[P]:
    """Only for those who are signed in; others are asked to sign in first. What they see is kept nowhere."""
    return never_cache(login_required(view))


def staff_only(view: View[P]) -> View[P]:
    """Only for those who hold a staff post now."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not is_staff(reader(request), at=timezone.now()):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast("View[P]", signed_in(guarded))


def holds(account: Account, *roles: str) -> bool:
    """Whether someone holds a post of one of these roles now, anywhere."""
    return any(post.role in roles for post in posts_of(account, at=timezone.now()))


def matter_or_404(request: HttpRequest, matter_id: int, *kinds: str) -> Matter:
    """A matter of these kinds that the reader may see; the same answer whether it exists or not."""
    try:
        matter = matter_for(reader(request), matter_id, at=timezone.now())
    except Refused:
        raise Http404 from None
    if kinds and matter.kind not in kinds:
        raise Http404
    return matter


def key_of(request: HttpRequest) -> str:
    """The request key of a form: what was sent, so that a second tap repeats nothing, or a fresh one."""
    return text_in(request.POST, "key", 64) or str(uuid4())


def version_of(sent: Mapping[str, str]) -> int | None:
    """The version of the matter that the reader saw."""
    text = sent.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def text_in(sent: Mapping[str, str], name: str, most: int) -> str:
    """A short text that was sent, without what a database cannot hold."""
    return sent.get(name, "").replace("\0", "").strip()[:most]


def number_in(sent: Mapping[str, str], name: str) -> int | None:
    """A positive id that was sent, None when it is missing or none."""
    text = sent.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def day_in(sent: Mapping[str, str], name: str) -> date | None:
    """A day that was sent, of a year that pages can count on; None when it is missing or none."""
    try:
        found = date.fromisoformat(sent.get(name, "")[:10])
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2999 else None


def say(request: HttpRequest, zh: str, en: str) -> None:
    """A sentence on the next page that something was done."""
    messages.success(request, str(Text(zh, en)))


@dataclass(frozen=True, slots=True)
class Doing:
    """A step that the reader may take now: its form and the key that makes a double tap harmless."""

    action: Action
    form: Form
    key: str
    open: bool = False


def doings(
    request: HttpRequest,
    matter: Matter,
    *,
    refused: Refused | None = None,
    refused_code: str = "",
    posts: list[Post] | None = None,
) -> dict[str, Doing]:
    """The steps that the reader may take, by code. The one that was refused keeps what was typed and says why."""
    found = {}
    for action in allowed_actions(reader(request), matter, at=timezone.now(), posts=posts):
        again = refused if action.code == refused_code else None
        form = form_for(
            matter.declared, action, sent=request.POST if again else None, errors=again.details if again else None
        )
        form.auto_id = f"id_{action.code}_%s"
        found[action.code] = Doing(action, form, str(uuid4()), open=again is not None)
    return found
