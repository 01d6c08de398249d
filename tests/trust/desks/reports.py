"""What the reports desk adds: a department to route to, an open report, an anonymous one, one that is solved."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from linhe.core.loop.acting import act
from linhe.core.places.stickers import sticker_of
from linhe.desks.reports.queries import link_of
from linhe.desks.reports.services import raise_report
from tests.trust import visitors
from tests.trust.ground import Ground
from tests.trust.strategies import photos
from tests.trust.visitors import Day

REPORT = Ground(
    answers={
        "category": st.sampled_from(["lights", "noise", "fire", "no_such_category"]),
        "lat": st.none(),
        "lng": st.none(),
        "organisation": st.sampled_from(["", "no-such", "990201-office", "990201-other"]),
        "minutes": st.sampled_from([30, 480, 4800]),
    },
    decides_limit=frozenset({"accept", "solve"}),
)
GROUNDS = {"report": REPORT}
UNNAMED = "没有署名的话，只给拿着链接的人看"


def prepare(day: Day) -> None:
    """Reports of the owner: one just raised, one private and solved; and one of nobody."""
    at, owner, worker = timezone.now(), day.people["owner"], day.people["worker"]
    place = day.town.building
    told = {"category": "lights", "words": visitors.CANARIES["words"], "spot": visitors.CANARIES["door"]}
    day.matters["report"] = raise_report(by=owner, place=place, data=told, at=at, files=photos(1)).matter
    hidden = raise_report(by=owner, place=place, data=told | {"private": True}, at=at).matter
    act(hidden, "accept", by=worker, at=at)
    day.matters["private report"] = act(hidden, "solve", by=worker, at=at, data={"words": "已换灯泡"}).matter
    told = {"category": "noise", "words": UNNAMED}
    day.matters["unnamed report"] = raise_report(by=None, place=place, data=told, at=at, files=photos(1)).matter


def arguments(day: Day, path: str) -> dict[str, Any]:
    """The report that was just raised; the link of the one of nobody."""
    report, unnamed = day.matters["report"], day.matters["unnamed report"]
    return {
        "matter_id": report.pk, "photo_id": (unnamed if "link" in path else report).evidence.get().pk, "action": "add",
        "token": sticker_of(day.town.building) if "/at/" in path else link_of(unnamed), "code": day.town.building.code,
    }  # fmt: skip
