"""The province's part of the story: a sample a month, one case to its end, one that the exchange is to answer."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.desks.exchange import services
from linhe.desks.exchange.demo.ground import Ground
from linhe.desks.exchange.models import Draw
from linhe.desks.exchange.queries.risks import decided_between, flagged, flags_of
from linhe.lib.working_calendar import SHANGHAI, local_date

MONTHS = 3


def tell_supervision(ground: Ground, *, at: datetime) -> None:
    """Draw the last full months; take one case through, leave one with the exchange; judge all by today's rules."""
    for first, after in _months(local_date(at)):
        if decided_between(ground.province, first, after):
            drawn_at = datetime.combine(after, time(10), SHANGHAI)
            services.draw_sample(
                ground.province,
                first,
                after,
                by=ground.supervisors[0],
                at=drawn_at,
                seed=first.year * 100 + first.month,
            )
    _to_its_end(ground, at=at)
    _waiting(ground, at=at)
    asked = services.begin_recheck(
        ground.province, local_date(at), by=ground.supervisors[0], at=at - timedelta(hours=20)
    )
    services.run_recheck(asked.pk, at=at - timedelta(hours=20))


def _to_its_end(ground: Ground, *, at: datetime) -> None:
    """A sampled case: asked, answered, concluded by a second person, put right, accepted."""
    drawn = Draw.objects.filter(province=ground.province).order_by("from_date").first()
    found = Matter.objects.filter(kind="inspection", inspection__draw=drawn).order_by("pk").first() if drawn else None
    if found is None:
        return
    asks, decides = ground.supervisors
    day = found.created_at
    for days, action, by, words in (
        (1, "inquire", asks, "请说明评估备案材料的核验过程，并提供复核记录。"),
        (4, "answer", ground.manager, "核验记录已调取，复核人当时未留存登记机关回函原件。"),
        (6, "conclude", decides, "核验依据留存不完整，请补齐并完善留存制度。"),
        (14, "report_correction", ground.manager, "已补齐回函，并规定核验依据随案留存。"),
        (18, "accept_correction", asks, ""),
    ):
        moment = day + timedelta(days=days)
        if moment > at:
            return
        data: dict[str, Any] = {"words": words} if words else {}
        found = act(found, action, by=by, data=data, at=moment).matter


def _waiting(ground: Ground, *, at: datetime) -> None:
    """A listing below the limit, flagged: the exchange has been asked yesterday."""
    rows = [one for one in flagged(ground.province, at=at) if "below_limit" in flags_of(one)]
    if not rows:
        return
    data = {"listing_id": rows[0].pk}
    by, yesterday = ground.supervisors[1], at - timedelta(days=1)
    case = begin("inspection", "draw", by=by, place=ground.province, data=data, at=yesterday).matter
    words = "该标的挂牌价低于评估结果的百分之九十，请提供批准单位对该价格的重新批准。"
    act(case, "inquire", by=by, data={"words": words}, at=yesterday + timedelta(minutes=20))


def _months(today: date) -> list[tuple[date, date]]:
    """The last full months as half-open days, oldest first."""
    found, after = [], today.replace(day=1)
    for _ in range(MONTHS):
        first = (after - timedelta(days=1)).replace(day=1)
        found.append((first, after))
        after = first
    return found[::-1]
