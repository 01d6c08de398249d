"""Somebody who agreed to a daily look-in, and everyone around."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

import pytest

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Delegation
from linhe.core.people.services import give_consent
from linhe.desks.care import services
from linhe.desks.care.models import Check, Enrolment
from linhe.desks.care.services.days import _open
from tests.factories import LONG_AGO, District, make_account, make_district, make_post

DAY = timedelta(days=1)
DAWN = datetime(2026, 3, 3, 22, 0, tzinfo=UTC)  # Wednesday, 06:00 in Shanghai
NINE = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)


@dataclass
class Street:
    """Everyone around one elder."""

    town: District
    elder: Account
    neighbour: Account
    chief: Account
    worker: Account
    daughter: Account
    courier: Account
    stranger: Account

    @property
    def enrolment(self) -> Enrolment:
        """The elder's, as it stands."""
        return Enrolment.objects.select_related("person", "home", "community").get(person=self.elder)

    def check(self, at: datetime = DAWN) -> Matter:
        """The matter of a day, opened by the job when it was not yet; before dawn as a tap would open it."""
        if not services.open_day(at=at):
            _open(self.enrolment, at)
        day = (at + timedelta(hours=8)).date()
        return Check.objects.select_related("matter__place").get(person=self.elder, day=day).matter


def wish(town: District, **more: object) -> services.Wish:
    """How the elder wants to be looked after."""
    given = {
        "home": town.unit, "check_time": time(9, 0), "door": "鸟门三零一", "look_for": "鸟帘南窗", "habits": "鸟习早起",
        "contacts": (services.Relative("鸟亲女儿", "19911112222", "女儿"),),
    }  # fmt: skip
    return services.Wish(**(given | more))


@pytest.fixture
def street(db: None) -> Street:
    """An elder who agreed last week."""
    town = make_district()
    elder = make_account("鸟名王桂英", home=town.building)
    neighbour, daughter = make_account("李秀兰"), make_account("女儿")
    Delegation.objects.create(principal=elder, delegate=daughter, asked_at=LONG_AGO, confirmed_at=LONG_AGO)
    people = Street(
        town, elder, neighbour, make_post("unit_chief", town.unit), make_post("community_worker", town.community),
        daughter, make_post("courier", town.district), make_account("路人"),
    )  # fmt: skip
    give_consent(account=elder, purpose="privacy", at=NINE - 7 * DAY)
    services.enrol(person=elder, by=elder, wish=wish(town, neighbour=neighbour), how="self", at=NINE - 7 * DAY)
    return people
