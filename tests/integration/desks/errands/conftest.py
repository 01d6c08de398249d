"""A small town with a resident, a family member, two couriers on duty and two community workers."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Delegation
from linhe.desks.errands import services
from linhe.desks.errands.models import ErrandDetail, Shift
from tests.factories import District, make_account, make_district, make_post

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
DOOR, NOTE, NAME = "二单元501室", "门铃坏了请敲门", "贺金秀"


def after(minutes: float) -> datetime:
    """A moment of the story."""
    return AT + timedelta(minutes=minutes)


@dataclass
class Town:
    """Everyone the stories need."""

    places: District
    resident: Account
    family: Account
    courier: Account
    other_courier: Account
    worker: Account
    second_worker: Account
    stranger: Account

    def errand(self, *, by: Account | None = None, at: datetime = AT, **data: Any) -> Matter:
        """An errand asked for: medicine from a pharmacy 300 m off, to the door."""
        asked = {
            "service": "medicine", "door": DOOR, "note": NOTE, "pickup_name": "惠民药房", "pickup_lat": 38.4215,
            "pickup_lng": 112.7335, **data,
        }  # fmt: skip
        return services.raise_errand(by=by or self.resident, place=self.places.building, data=asked, at=at).matter

    def accepted(self, *, at: datetime = AT, **data: Any) -> Matter:
        """An errand that the courier took."""
        matter = self.errand(at=at, **data)
        return services.take(by=self.courier, matter_id=matter.pk, at=at + timedelta(minutes=1)).matter

    def done(self, *, at: datetime = AT, **data: Any) -> Matter:
        """An errand delivered with the code."""
        matter = self.accepted(at=at, **data)
        matter = act(matter, "collect", by=self.courier, at=at + timedelta(minutes=8)).matter
        return act(
            matter, "done", by=self.courier, data={"code": code_of(matter)}, at=at + timedelta(minutes=15)
        ).matter


def code_of(matter: Matter) -> str:
    """The code that the resident sees."""
    return ErrandDetail.objects.get(pk=matter.pk).code


def photo() -> SimpleUploadedFile:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "PNG")
    return SimpleUploadedFile("p.png", out.getvalue(), "image/png")


def duty(courier: Account, lat: float = 38.4205, lng: float = 112.7305, **more: Any) -> Shift:
    """A courier on duty with two own stops ahead."""
    stops = [
        services.OwnStop(lat + 0.004, lng + 0.004, "own 1", planned_at=after(30), service_s=120),
        services.OwnStop(lat + 0.008, lng + 0.008, "own 2", planned_at=after(60), service_s=120),
    ]
    return services.start_shift(courier=courier, at=AT, lat=lat, lng=lng, stops=stops, **more)


@pytest.fixture
def town(db: None) -> Town:
    places = make_district("990101")
    resident, family = make_account(NAME), make_account("贺小妹")
    Delegation.objects.create(principal=resident, delegate=family, asked_at=AT, confirmed_at=AT)
    made = Town(
        places, resident, family,
        make_post("courier", places.district, make_account("周骑手")),
        make_post("courier", places.district, make_account("吴骑手")),
        make_post("community_worker", places.community, make_account("社工甲")),
        make_post("community_worker", places.community, make_account("社工乙")),
        make_account("路人"),
    )  # fmt: skip
    duty(made.courier)
    duty(made.other_courier, lat=38.4225, lng=112.7325)
    return made
