"""Where somebody goes in: the page that belongs to what they do here."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from linhe.core.loop import registry
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.people.roles import role


def first_page(account: Account, *, at: datetime, as_staff: bool) -> str:
    """The address that somebody works at: a courier's page, the desk of who works at one, the console of who works at
    several; a resident's is home. Posts of staff count only where the session is good enough for them (``as_staff``).
    """
    held = {post.role for post in posts_of(account, at=at) if as_staff or not role(post.role).staff}
    offered = [urls for desk in registry.desks() if (urls := [item.url for item in desk.menu if held & set(item.who)])]
    if any(role(code).staff for code in held) and len(offered) != 1:
        return reverse("web:console")
    return offered[0][0] if offered else reverse("web:home")
