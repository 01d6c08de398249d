"""That generated data are what the loop would have written: chains hold, and new events go on from there."""

from __future__ import annotations

import random
from datetime import datetime

from django.db import connection

from linhe.core.indicators.measures import concerned
from linhe.core.loop import registry
from linhe.core.loop.acting import act
from linhe.core.loop.chain import broken_links
from linhe.core.loop.kinds import ANYONE, DELEGATE, HANDLER, REQUESTER, SYSTEM, Action
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account, Post

SAMPLE = 300
NEW_EVENTS = 200
SHOWN_MEASURES = 4


def broken_chains(rng: random.Random, matters: int) -> int:
    """How many links of a sample of chains do not hold."""
    chosen = rng.sample(range(1, matters + 1), min(SAMPLE, matters))
    chains = [Event.objects.filter(matter=matter_id).order_by("seq") for matter_id in chosen]
    return sum(1 for chain in chains for _ in broken_links(chain))


def more_events(rng: random.Random, *, at: datetime) -> int:
    """Take measured actions that ask nothing on matters under way, through ``act()``; how many were taken."""
    taken = 0
    for matter in Matter.objects.filter(closed_at__isnull=True).select_related("place").order_by("-pk")[:2000]:
        possible = [one for one in matter.declared.actions_from(matter.stage) if _asks_nothing(matter, one)]
        if not possible or taken >= NEW_EVENTS:
            continue
        action = rng.choice(possible)
        try:
            act(matter, action.code, by=_somebody(matter, action), at=at)
            taken += 1
        except Refused:
            continue
    return taken


def _asks_nothing(matter: Matter, action: Action) -> bool:
    """Whether a figure counts the action, and it needs neither data nor photos nor rows that nobody generated."""
    room = registry.desk(matter.declared.desk).room("bench")
    furnished = matter.kind in getattr(room, "FURNISHED", ())
    simple = action.data is None and not action.evidence[0] and (action.effect is None or furnished)
    return simple and (matter.kind, action.code) in concerned()


def _somebody(matter: Matter, action: Action) -> Account | None:
    if SYSTEM in action.who:
        return None
    if {REQUESTER, DELEGATE, ANYONE} & set(action.who):
        return Account.objects.filter(pk=matter.concerns_id or 0).first()
    if HANDLER in action.who:
        return Account.objects.filter(pk=matter.handler_id or 0).first()
    held = Post.objects.filter(role__in=action.who, place__in=matter.place.ancestor_ids())
    post = held.select_related("account").first()
    return post.account if post else None


def readers_measures() -> list[str]:
    """Measures of many and of few events: the rare ones are the hard ones to look behind."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT measure FROM indicators_rollup AS r JOIN places_place AS p ON p.id = r.place_id "
            "WHERE p.kind = 'district' GROUP BY measure ORDER BY sum(count) DESC, measure"
        )
        found = [row[0] for row in cursor.fetchall()]
    step = max(1, (len(found) - 1) // (SHOWN_MEASURES - 1))
    return list(dict.fromkeys([*found[::step], *found[-1:]]))
