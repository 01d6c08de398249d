"""Activities for everyone: what is coming up, the calendar, one activity with everything to do there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.loop.access import can
from linhe.core.loop.forms import form_for
from linhe.core.loop.live import live_token
from linhe.core.loop.pages import day_in, key_of, reader, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.core.places.models import Place
from linhe.desks.volunteering.loop import ACTIVITY
from linhe.desks.volunteering.loop.activities import DONE, PUBLISHED
from linhe.desks.volunteering.loop.roles import ORGANISER, PARTNER, STAFF
from linhe.desks.volunteering.models import ActivityDetail, SignUp
from linhe.desks.volunteering.queries import activities as found
from linhe.desks.volunteering.queries.reach import neighbourhood, own_community, places_read
from linhe.desks.volunteering.services import open_for_arrivals
from linhe.desks.volunteering.views.common import status_of
from linhe.lib.working_calendar import SHANGHAI


@signed_in
@require_safe
def activities(request: HttpRequest) -> HttpResponse:
    """What somebody signed up for, then what is coming up around them."""
    account, now = reader(request), timezone.now()
    place = neighbourhood(account, at=now) or Place.objects.filter(kind="district").order_by("code").first()
    home = own_community(account)
    near = home if home is not None and "all" not in request.GET else None
    cards = found.upcoming(place, account, at=now, near=home) if place else []
    context = {
        "mine": found.mine_to_come(account, at=now),
        "cards": [
            card for card in cards if near is None or card.activity.matter.at_subdistrict_id == near.subdistrict_id
        ],
        "home": home,
        "all": near is None,
        "publishes": bool(places_read(account, at=now, roles=(*STAFF, ORGANISER, PARTNER))),
        "key": key_of(request),
        "live_token": live_token([f"u:{account.pk}"]),
    }
    return render(request, "volunteering/activities.html", context)


@signed_in
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """A month with its activities, and those of one day."""
    account, now = reader(request), timezone.now()
    place = neighbourhood(account, at=now) or Place.objects.filter(kind="district").order_by("code").first()
    today = now.astimezone(SHANGHAI).date()
    day = day_in(request.GET, "day") or today
    first = day.replace(day=1)
    after = (first + timedelta(days=32)).replace(day=1)
    counts = found.days_with_activities(place, first, after) if place else {}
    start = first - timedelta(days=first.weekday())
    days = [start + timedelta(days=n) for n in range(-(-(after - start).days // 7) * 7)]
    weeks = [
        [(one, counts.get(one, 0), one.month == first.month) for one in days[n : n + 7]] for n in range(0, len(days), 7)
    ]
    context = {
        "day": day, "weeks": weeks, "first": first, "previous": first - timedelta(days=1), "next": after,
        "cards": found.on_day(place, day, account) if place else [],
    }  # fmt: skip
    return render(request, "volunteering/calendar.html", context)


@signed_in
@require_safe
def activity(request: HttpRequest, activity_id: int) -> HttpResponse:
    """One activity: what, when, where, and my place in it."""
    return page(request, activity_or_404(activity_id))


def activity_or_404(activity_id: int) -> ActivityDetail:
    """An announced activity; announcements are for everyone who is signed in."""
    one = found.activity_of(activity_id)
    if one is None:
        raise Http404
    return one


def page(
    request: HttpRequest, one: ActivityDetail, *, refused: Refused | None = None, refused_code: str = ""
) -> HttpResponse:
    """The page of an activity, with what was refused."""
    account, now = reader(request), timezone.now()
    mine = found.place_in(one, account)
    runs = can(account, ACTIVITY.action("tick"), one.matter, at=now)
    standing = mine if mine is not None and mine.state in found.STANDING else None
    context = {
        "card": found.card_of(one, standing),
        "matter": one.matter,
        "mine": mine,
        "unpaid": found.unpaid(mine),
        "waiting_before": found.waiting_before(standing) if standing and standing.state == SignUp.State.WAITING else 0,
        "counted": found.counted(one),
        "open": one.matter.stage == PUBLISHED and now < one.ends_at,
        "arrivals": one.matter.stage == PUBLISHED and open_for_arrivals(one, at=now),
        "code": text_in(request.GET, "code", 6) or text_in(request.POST, "code", 6),
        "rates": one.matter.stage == DONE and mine is not None and _was_there(mine) and mine.stars is None,
        "form": _rating(request, refused if refused_code == "feed_back" else None),
        # Photos show people: only who may read the matter sees them.
        "photos": found.photos_of(one) if runs else [],
        "runs": runs,
        "refused": refused,
        "key": key_of(request) if refused is None or refused.code != "key_reused" else "",
        "live_token": live_token([f"m:{one.pk}"]),
    }
    return render(request, "volunteering/activity.html", context, status=status_of(refused))


def _was_there(mine: SignUp) -> bool:
    return mine.state == SignUp.State.GOING and mine.arrived_at is not None


def _rating(request: HttpRequest, refused: Refused | None) -> Any:
    sent = request.POST if refused else None
    return form_for(ACTIVITY, ACTIVITY.action("feed_back"), sent=sent, errors=refused.details if refused else None)
