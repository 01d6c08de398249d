"""What the generic page of a matter shows of a post, a check-in, a need, hours, an activity or an evaluation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from linhe.core.loop.access import can
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.volunteering.loop import POSTING
from linhe.desks.volunteering.loop.posts import HELD, LEAVING
from linhe.desks.volunteering.models import CheckInDetail, HoursDetail, PostDetail
from linhe.desks.volunteering.schemas.choices import POSTS, THEMES, name_of
from linhe.lib.masking import mask_name
from linhe.lib.text import Text

Fact = tuple[Text, object]


def detail(matter: Matter, *, reader: Account, at: datetime) -> dict[str, Any]:
    """Facts as pairs of label and value, and the pages of the desk that go on from here."""
    facts: list[Fact] = []
    links: list[tuple[str, Text, str]] = []
    if matter.organisation is not None:
        one = matter.organisation
        facts.append((Text("单位", "organisation"), Text(one.name, one.name_en or one.name)))
    match matter.kind:
        case "posting":
            facts += _post(PostDetail.objects.select_related("account").get(pk=matter.pk))
            if matter.stage in (HELD, LEAVING) and can(reader, POSTING.action("hand_over"), matter, at=at):
                address = reverse("volunteering:hand_over", args=[matter.pk])
                links.append((address, Text("办理交接", "Hand over"), "people"))
        case "check_in":
            row = CheckInDetail.objects.select_related("account").get(pk=matter.pk)
            if row.account is not None:
                facts.append((Text("成员", "member"), mask_name(row.account.name)))
            facts += [(Text("能提供", "offers"), name_of(THEMES, code)) for code in row.offers]
        case "hours":
            hours = HoursDetail.objects.get(pk=matter.pk)
            facts.append((Text("日期", "day"), hours.day))
            facts.append((Text("时长", "time"), Text(f"{hours.minutes} 分钟", f"{hours.minutes} min")))
        case "activity":
            links.append(
                (reverse("volunteering:activity", args=[matter.pk]), Text("打开活动", "The activity"), "calendar")
            )
        case "need":
            if matter.stage == "open":
                links.append((reverse("volunteering:organisations") + "#needs", Text("去对接", "Match it"), "people"))
        case "evaluation":
            links.append((reverse("volunteering:evaluation", args=[matter.pk]), Text("看结果", "The result"), "chart"))
    return {"facts": facts, "links": links}


def _post(post: PostDetail) -> list[Fact]:
    facts: list[Fact] = [
        (Text("岗位", "post"), name_of(POSTS, post.role)),
        (Text("人选", "who"), mask_name(post.account.name)),
    ]
    if post.held_from is not None:
        facts.append((Text("任职自", "since"), post.held_from))
    if post.held_until is not None:
        facts.append((Text("至", "until"), post.held_until))
    return facts
