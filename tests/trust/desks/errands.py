"""What the errands desk adds: couriers on duty, an open and an accepted errand."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from linhe.core.loop.acting import act, begin
from linhe.desks.errands.models import ErrandDetail, Stop
from linhe.desks.errands.services import OwnStop, start_shift
from tests.factories import District
from tests.trust.ground import Ground
from tests.trust.personas import Cast
from tests.trust.visitors import CANARIES, Day

_on_duty: list[int] = []


def _couriers_on_duty(town: District, cast: Cast, at: datetime) -> None:
    lat, lng = town.building.lat, town.building.lng
    assert lat is not None
    assert lng is not None
    _on_duty.clear()
    for who in cast.people:
        if who.active and "courier" in who.roles and who.account:
            start_shift(courier=who.account, at=at, lat=lat + 0.001, lng=lng, until_at=at + timedelta(hours=12))
            _on_duty.append(who.account.pk)


def _code_told(right: bool) -> str:
    told = ErrandDetail.objects.exclude(code="").first()
    return told.code if told and right else "000000"


ERRAND = Ground(
    prepare=_couriers_on_duty,
    answers={
        "service": st.sampled_from(["medicine", "groceries", "water", "parcel", "no_such_service"]),
        "pickup_code": st.sampled_from(["", "", "990201001002-001-001", "no such place"]),
        "pickup_lat": st.none(),
        "pickup_lng": st.none(),
        "earliest_at": st.none(),
        "latest_at": st.none(),
        "load": st.integers(0, 3),
        "courier_id": st.integers(0, 50).map(lambda n: _on_duty[n % len(_on_duty)] if _on_duty else 1),
        "reasons": st.just([]),
        "code": st.sampled_from([True, True, False]).map(_code_told),
        "amount_fen": st.integers(1, 5000),
    },
    decides_limit=frozenset({"find", "delivery"}),
    keeps={"done": "errands_erranddetail"},
)
GROUNDS = {"errand": ERRAND}


def prepare(day: Day) -> None:
    """An open errand, and one that a courier on duty took."""
    at, owner, courier = timezone.now(), day.people["owner"], day.people["handler"]
    building = day.town.building
    assert courier is not None
    assert building.lat is not None
    assert building.lng is not None
    ask = {"service": "medicine", "door": CANARIES["door"], "note": CANARIES["note"]}
    begun = {"by": owner, "place": building, "at": at, "data": ask}
    day.matters["open errand"] = begin("errand", "request", **begun).matter
    errand = begin("errand", "request", **begun).matter
    own = OwnStop(lat=building.lat, lng=building.lng, label="own", latest_at=at + timedelta(hours=6))
    start_shift(courier=courier, at=at, lat=building.lat, lng=building.lng, stops=[own])
    day.matters["errand"] = act(errand, "take", by=courier, at=at).matter


def arguments(day: Day, path: str) -> dict[str, Any]:
    """The errand that was taken, for all but taking it."""
    return {
        "matter_id": day.matters["open errand" if "/take" in path else "errand"].pk,
        "stop_id": Stop.objects.filter(kind="own")[0].pk, "service_code": "medicine", "action": "withdraw",
        "lane": "open",
    }  # fmt: skip
