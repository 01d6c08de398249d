"""A living gallery of the components, for whoever builds a page."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django import forms
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.loop import registry
from linhe.core.loop.kinds import Stage
from linhe.core.people.models import Account
from linhe.core.people.queries import is_staff
from linhe.lib.text import Text
from linhe.web.views.matters import Entry

STAGES = (
    Stage("wait", Text("待接单", "waiting"), "wait"),
    Stage("move", Text("已接单", "accepted"), "move"),
    Stage("good", Text("已送达", "delivered"), "good"),
    Stage("bad", Text("有争议", "disputed"), "bad"),
    Stage("over", Text("已撤销", "withdrawn"), "over"),
)


class SampleForm(forms.Form):
    """Every kind of field that a form can have."""

    text = forms.CharField(label="门牌", help_text="接单后骑手才能看到", max_length=60)
    note = forms.CharField(label="备注", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    choice = forms.ChoiceField(label="原因", choices=[("a", "手头忙"), ("b", "不顺路")], widget=forms.RadioSelect)
    pick = forms.ChoiceField(label="件数", choices=[("1", "1 件"), ("2", "2 件")])
    tick = forms.BooleanField(label="加急", required=False)
    code = forms.CharField(
        label="验证码", widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"})
    )


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All components in all their states."""
    if not (settings.DEBUG or (isinstance(request.user, Account) and is_staff(request.user, at=timezone.now()))):
        raise PermissionDenied
    now = timezone.now()
    wrong = SampleForm({"note": "在三楼，铃坏了", "choice": "a"})
    return render(
        request,
        "design/gallery.html",
        {
            "stages": STAGES,
            "soon": now + timedelta(minutes=9),
            "later": now + timedelta(hours=3),
            "late": now - timedelta(minutes=42),
            "form": wrong,
            "entries": _entries(now),
            "kinds": registry.kinds(),
            "icons": icon_names(),
            "drawings": ("rest", "lost", "broken", "locked", "busy"),
            "colours": ("paper", "paper-2", "surface", "teal", "teal-soft", "vermilion", "vermilion-soft", "line"),
        },
    )


def _entries(now: datetime) -> list[Entry]:
    asker, courier, system = Text("提出人", "requester"), Text("骑手", "courier"), Text("系统", "system")
    said = ["降压药一盒，医保卡在门口"]
    return [
        Entry(Text("下单", "asked"), asker, now - timedelta(minutes=50), "move", said),
        Entry(Text("接单", "accepted"), courier, now - timedelta(minutes=32), "move"),
        Entry(Text("已超时", "late"), system, now - timedelta(minutes=2), "bad"),
    ]


def icon_names() -> list[str]:
    """The names in the icon set."""
    path = finders.find("web/img/icons.svg")
    if not isinstance(path, str):
        return []
    with open(path, encoding="utf-8") as file:
        return re.findall(r'<symbol id="([^"]+)"', file.read())
