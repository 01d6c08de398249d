"""A small town with volunteers, a worker, an organiser and an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.desks.volunteering.models import ActivityDetail, SignUp
from linhe.desks.volunteering.services import code_now
from tests.factories import District, make_account, make_district, make_post

AT = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
ITEMS = ["matters", "groups", "keys", "privacy"]


def after(minutes: float) -> datetime:
    """A moment of the story."""
    return AT + timedelta(minutes=minutes)


@dataclass
class Town:
    """Everyone the stories need."""

    places: District
    worker: Account
    second_worker: Account
    organiser: Account
    office: Organisation
    people: list[Account]

    def activity(self, *, capacity: int = 2, at: datetime = AT, **data: Any) -> Matter:
        """An activity that starts in an hour and lasts two."""
        told = {
            "theme": "clinic", "title": "健康义诊进小区", "venue": "小区广场", "capacity": capacity,
            "starts_at": (at + timedelta(minutes=60)).isoformat(),
            "ends_at": (at + timedelta(minutes=180)).isoformat(), **data,
        }  # fmt: skip
        return begin("activity", "publish", by=self.organiser, place=self.places.community, data=told, at=at).matter

    def appointed(self, who: Account, *, role: str = "building_chief", at: datetime = AT) -> Matter:
        """Somebody who holds a post."""
        place = {"building_chief": self.places.building, "unit_chief": self.places.unit}.get(role, self.places.compound)
        return begin(
            "posting", "appoint", by=self.worker, place=place, data={"role": role}, beneficiary=who, at=at
        ).matter

    def came(self, activity: Matter, who: Account, *, at: datetime) -> Matter:
        """Somebody signs up and checks in by the code."""
        act(activity, "sign_up", by=who, at=at)
        code, _ = code_now(ActivityDetail.objects.select_related("matter__place").get(pk=activity.pk), at=at)
        return act(activity, "arrive", by=who, data={"code": code}, at=at).matter


def sign_up_of(activity: Matter, who: Account) -> SignUp:
    """The standing sign-up of a person."""
    return SignUp.objects.filter(matter=activity, account=who).latest("pk")


@pytest.fixture
def town(db: None) -> Town:
    places = make_district("990301")
    office = Organisation.objects.create(code="vol-law", name="区司法局", kind="department", place=places.district)
    return Town(
        places,
        make_post("community_worker", places.community, make_account("社工甲")),
        make_post("community_worker", places.community, make_account("社工乙")),
        make_post("organiser", places.district, make_account("组织者"), organisation=office),
        office,
        [make_account(f"志愿者{n}", home=places.building) for n in range(6)],
    )
