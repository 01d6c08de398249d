"""Couriers with points, shops and officers, for the stories of points."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.core.points.services import credit, settle_due
from linhe.desks.volunteering.models import Item, OptIn, Reward
from linhe.desks.volunteering.services import take_part
from tests.factories import LONG_AGO, District, make_account, make_post

SPRING = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
SETTLED = datetime(2026, 4, 2, 1, 0, tzinfo=UTC)


@dataclass
class Honours:
    """A district where points are earned and used."""

    places: District
    clerk: Account
    second_clerk: Account
    shop: Organisation
    officer: Account
    second_officer: Account
    district: Account
    item: Item
    riders: list[Account] = field(default_factory=list)

    def rider(self, name: str = "", *, named: bool = False, joins: bool = True) -> Account:
        """A registered courier, who by default wants to be ranked."""
        rider = make_post("courier", self.places.district, make_account(name or f"小哥{len(self.riders)}"))
        Account.objects.filter(pk=rider.pk).update(phone_verified_at=LONG_AGO)
        rider.refresh_from_db()
        if joins:
            take_part(rider, named=named, at=LONG_AGO + timedelta(days=1))
        self.riders.append(rider)
        return rider

    def earn(self, who: Account, times: int = 1, *, at: datetime = SPRING, place: object = None) -> None:
        """So many services of five points, each on a day of its own, all settled."""
        for n in range(times):
            moment = at + timedelta(days=n)
            event = begin(
                "toy", "raise", by=make_account(), place=self.places.building, data={"size": 1}, at=moment
            ).event
            credit(account=who, rule="toy_done", event=event, at=moment, place=self.places.building)
        settle_due(at=at + timedelta(days=times + 3))

    def settled(self, *, at: datetime = SETTLED, year: int = 2026, quarter: int = 1) -> Matter:
        """A published settlement."""
        data = {"year": year, "quarter": quarter}
        return begin("settlement", "freeze", by=self.officer, place=self.places.subdistrict, data=data, at=at).matter


def honours(places: District) -> Honours:
    """Lay it all out."""
    shop = Organisation.objects.create(code="shop-1", name="老李面馆", kind="shop", place=places.community)
    return Honours(
        places,
        make_post("partner", places.community, make_account("店员甲"), organisation=shop),
        make_post("partner", places.community, make_account("店员乙"), organisation=shop),
        shop,
        make_post("subdistrict_officer", places.subdistrict),
        make_post("subdistrict_officer", places.subdistrict),
        make_post("district_officer", places.district),
        Item.objects.create(shop=shop, name="牛肉面", name_en="beef noodles", points=5, stock_a_month=2),
    )


def hand_all(matter: Matter, by: Account, *, at: datetime) -> Matter:
    """Hand over what is to be handed over, and close."""
    for reward in Reward.objects.filter(settlement=matter.pk, handed_at__isnull=True).order_by("pk"):
        act(matter, "hand_over", by=by, data={"reward_id": reward.pk, "typed_name": "签收人"}, at=at)
    return act(matter, "close", by=by, at=at).matter


def forget_opt_ins() -> None:
    """As if nobody had agreed."""
    OptIn.objects.all().delete()
