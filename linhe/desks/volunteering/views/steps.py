"""A step at an activity, from its own page or from the organiser's."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from linhe.core.loop import registry
from linhe.core.loop.access import can
from linhe.core.loop.forms import data_of
from linhe.core.loop.pages import reader, signed_in
from linhe.core.loop.refusals import Refused
from linhe.desks.volunteering.loop import ACTIVITY
from linhe.desks.volunteering.models import SignUp
from linhe.desks.volunteering.views import activities, running
from linhe.desks.volunteering.views.common import said, take
from linhe.lib.text import Text

SHARED = {"sign_up", "give_up", "arrive", "depart", "feed_back", "tick", "walk_in"}
"""Steps of many people at the same matter: each would be out of step with the others, so none carries a version."""
RUNNING = {"tick", "walk_in", "finish", "call_off", "strike", "vouch", "hand_on"}
SAID = {
    "give_up": Text("已取消报名，名额留给了别人。", "Your place goes to somebody else."),
    "arrive": Text("签到成功，谢谢您来。", "You are checked in. Thank you for coming."),
    "depart": Text("已签退，辛苦了。", "You are checked out. Thank you."),
    "feed_back": Text("已收到您的评价。", "Thank you for your feedback."),
    "tick": Text("已代签到。", "Ticked off."),
    "walk_in": Text("已登记并签到。", "Added and checked in."),
    "finish": Text("活动已结束，时长已计算。", "Finished; hours are counted."),
    "call_off": Text("活动已取消，已通知报名的人。", "Called off; everyone was told."),
    "vouch": Text("已核对，积分已补计。", "Vouched for; the points are given."),
    "strike": Text("已撤销这条签到。", "Struck off."),
}


@signed_in
@require_POST
def do(request: HttpRequest, activity_id: int, action: str) -> HttpResponse:
    """A step at an activity, from its page or from the organiser's."""
    one = activities.activity_or_404(activity_id)
    declared = next((a for a in ACTIVITY.actions if a.code == action and action in SHARED | RUNNING), None)
    if declared is None:
        raise Http404
    if action in RUNNING and not can(reader(request), declared, one.matter, at=timezone.now()):
        raise Http404
    data = data_of(registry.schema_of(ACTIVITY, declared), request.POST)
    try:
        outcome = take(request, one.matter, action, data, **({"version": None} if action in SHARED else {}))
    except Refused as refused:
        if action in RUNNING:
            return running.page(request, activities.activity_or_404(activity_id), refused=refused, refused_code=action)
        return activities.page(request, activities.activity_or_404(activity_id), refused=refused, refused_code=action)
    if action == "sign_up":
        if outcome.event.data["state"] == SignUp.State.GOING:
            said(request, outcome, "报名成功，到时见。", "You are in. See you there.")
        else:
            said(request, outcome, "名额满了，已为您候补；有空位会自动补上并通知您。",
                 "It is full; you are on the waiting list and move up by yourself.")  # fmt: skip
    elif action in SAID:
        said(request, outcome, SAID[action].zh, SAID[action].en)
    name = "volunteering:run" if action in RUNNING and action != "call_off" else "volunteering:activity"
    return HttpResponseRedirect(reverse(name, args=[activity_id]))
