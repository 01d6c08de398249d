"""What every page of the shell needs: the reader's display choices, menus, and the key to live updates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from linhe.core.loop import registry
from linhe.core.notices.queries import unread_count
from linhe.core.people.models import Post
from linhe.core.people.queries import posts_of
from linhe.core.people.roles import role
from linhe.lib.text import Text

THEMES = ("auto", "light", "dark")
THEME_COOKIE = "linhe_theme"
ELDER_COOKIE = "linhe_elder"
MOST_TABS = 5


@dataclass(frozen=True, slots=True)
class Tab:
    """An entry of a menu; ``here`` when the page belongs to it."""

    label: Text
    url: str
    icon: str
    here: bool


def display_of(request: HttpRequest) -> tuple[str, bool]:
    """Theme and elder mode: of the account when signed in, else of the device."""
    account = getattr(request, "user", None)
    if account is not None and account.is_authenticated:
        return account.theme, account.elder_mode
    theme = request.COOKIES.get(THEME_COOKIE, "auto")
    return (theme if theme in THEMES else "auto"), request.COOKIES.get(ELDER_COOKIE) == "1"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor of the layouts."""
    theme, elder = display_of(request)
    posts: Any = SimpleLazyObject(lambda: _posts(request))
    return {
        "theme": theme,
        "elder": elder,
        "posts": posts,
        "is_staff": SimpleLazyObject(lambda: any(role(post.role).staff for post in posts)),
        "tabs": SimpleLazyObject(lambda: _tabs(request, posts)),
        "side_menu": SimpleLazyObject(lambda: _side_menu(request, posts)),
        "unread": SimpleLazyObject(lambda: _unread(request)),
        "live_url": getattr(request, "live_url", ""),
        "signed_in": request.user.is_authenticated if hasattr(request, "user") else False,
    }


def _posts(request: HttpRequest) -> list[Post]:
    account = getattr(request, "user", None)
    return posts_of(account, at=timezone.now()) if account is not None and account.is_authenticated else []


def _unread(request: HttpRequest) -> int:
    account = getattr(request, "user", None)
    return unread_count(account) if account is not None and account.is_authenticated else 0


def _tab(request: HttpRequest, label: Text, url: str, icon: str) -> Tab:
    here = request.path == url if url == "/" else request.path.startswith(url)
    return Tab(label, url, icon, here)


def _one_here(tabs: list[Tab]) -> list[Tab]:
    """Of several entries that the page lies below, only the nearest is marked."""
    nearest = max((len(tab.url) for tab in tabs if tab.here), default=0)
    return [replace(tab, here=tab.here and len(tab.url) == nearest) for tab in tabs]


def _menu_for(request: HttpRequest, who: set[str]) -> list[Tab]:
    items = [item for desk in registry.desks() for item in desk.menu if who & set(item.who)]
    return [_tab(request, item.label, item.url, item.icon) for item in items]


def _tabs(request: HttpRequest, posts: list[Post]) -> list[Tab]:
    """Bottom tabs: home, some of what the desks offer (all of it is at home), my matters, me.

    The desk that the page belongs to is always among them.
    """
    who = {"resident"} | {post.role for post in posts if not role(post.role).staff}
    offered = _one_here(_menu_for(request, who))
    shown = offered[: MOST_TABS - 3]
    here = next((tab for tab in offered if tab.here), None)
    if here is not None and here not in shown:
        shown[-1] = here
    tabs = [
        _tab(request, Text("首页", "Home"), reverse("web:home"), "home"),
        *shown,
        _tab(request, Text("我的事", "Mine"), reverse("web:my"), "list"),
        _tab(request, Text("我", "Me"), reverse("me"), "person"),
    ]
    return _one_here(tabs)


def _side_menu(request: HttpRequest, posts: list[Post]) -> list[tuple[Text, list[Tab]]]:
    """The console's menu: work, then the desks in which the reader's posts read or do something, then their own."""
    held = {post.role for post in posts}
    work = [
        _tab(request, Text("待办看板", "Board"), reverse("web:console"), "board"),
        _tab(request, Text("指标", "Dashboard"), reverse("web:dashboard"), "chart"),
        _tab(request, Text("地图", "Map"), reverse("web:map"), "map"),
    ]
    desks = _menu_for(request, held) + [
        _tab(request, desk.name, reverse("web:desk", args=[desk.code]), desk.icon or "loop")
        for desk in registry.desks()
        if any(held & {*kind.reads, *(one for action in kind.actions for one in action.who)} for kind in desk.kinds)
    ]
    own = [
        _tab(request, Text("我的事", "My matters"), reverse("web:my"), "list"),
        _tab(request, Text("消息", "Messages"), reverse("web:notices"), "bell"),
        _tab(request, Text("我", "Me"), reverse("me"), "person"),
    ]
    return [(Text("工作", "Work"), work), (Text("业务台", "Desks"), _one_here(desks)), (Text("我", "Me"), own)]
