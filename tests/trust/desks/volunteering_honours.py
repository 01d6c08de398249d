"""What redemptions, settlements and selections add to the part of the volunteering desk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone
from hypothesis import strategies as st

from linhe.core.loop.acting import act, begin
from linhe.core.people.encryption import blind_index
from linhe.core.people.models import Organisation, Post
from linhe.core.points.services import credit, settle_due, transfer_by_hand
from linhe.desks.volunteering.models import Candidate, Item, Protest, RedeemCode, Reward
from linhe.desks.volunteering.services import new_code, take_part
from linhe.lib.periods import Quarter
from tests.factories import LONG_AGO, District, make_account, make_post
from tests.trust import visitors
from tests.trust.ground import Ground
from tests.trust.personas import Cast


def _shop(town: District, cast: Cast, at: datetime) -> None:
    """Clerks of a shop that has something, and somebody with points who shows a code."""
    shop = Organisation.objects.create(code="990201-shop", name="面馆", kind="shop", place=town.building)
    Post.objects.filter(role="partner").update(organisation=shop)
    Item.objects.create(shop=shop, name="面", points=1, stock_a_month=99)
    resident = make_account()
    transfer_by_hand(account=resident, points=9, place=town.building, memo="x", at=at, by=make_account())
    RedeemCode.objects.create(
        account=resident, serial=uuid4(), digest=blind_index("redeem:12345678"), made_at=LONG_AGO,
        counted_from=LONG_AGO,
        expires_at=datetime(2090, 1, 1, tzinfo=UTC),
    )  # fmt: skip


def _newest(model: Any) -> Any:
    return st.integers(0, 5).map(lambda n: model.objects.order_by("-pk").values_list("pk", flat=True).first() or 1)


GROUNDS = {
    "redemption": Ground(
        prepare=_shop,
        answers={"item_id": _newest(Item), "code": st.sampled_from(["12345678", "12345678", "00000000"])},
        keeps={"redeem": "volunteering_wrongcode"},
    ),
    "settlement": Ground(
        answers={
            "year": st.sampled_from([2022, 2023, 2030]), "protest_id": _newest(Protest), "reward_id": _newest(Reward),
        }
    ),
    "selection": Ground(
        answers={
            "year": st.sampled_from([2023, 2024]), "protest_id": _newest(Protest), "candidate_id": _newest(Candidate),
            "who": st.just("nobody"), "phone": st.just("19900009999"),
        },
        keeps={"nominate": "volunteering_wrongcode"},
    ),
}  # fmt: skip


def prepare(day: visitors.Day) -> None:
    """A shop where the owner redeemed something, a quarter with an objection, one with a reward, a selection."""
    town, at, owner, rider = day.town, timezone.now(), day.people["owner"], day.people["handler"]
    assert owner is not None
    assert rider is not None
    shop = Organisation.objects.create(code="990201-noodles", name="面馆", kind="shop", place=town.community)
    clerk = day.people["clerk"] = make_post("partner", town.community, organisation=shop)
    item = Item.objects.create(shop=shop, name="面", points=5, stock_a_month=9)
    take_part(rider, named=False, at=LONG_AGO + timedelta(days=1))
    last, before = _last(at), _last(_last(at).stretch()[0])
    for quarter in (before, last):
        for who in (rider, owner):
            moment = quarter.stretch()[0] + timedelta(days=2)
            event = begin("toy", "raise", by=make_account(), place=town.building, data={"size": 1}, at=moment).event
            credit(account=who, rule="toy_done", event=event, at=moment, place=town.building)
    settle_due(at=at)
    code, _ = new_code(owner, at=at)
    data = {"code": code, "item_id": item.pk}
    day.matters["redemption"] = begin("redemption", "redeem", by=clerk, place=shop.place, data=data, at=at).matter
    office = day.people["subdistrict"]
    for quarter, name in ((before, "rewarding"), (last, "settlement")):
        sent = {"year": quarter.year, "quarter": quarter.number}
        day.matters[name] = begin("settlement", "freeze", by=office, place=town.subdistrict, data=sent, at=at).matter
    act(day.matters["rewarding"], "publicity_over", by=None, at=at)
    act(day.matters["settlement"], "object", by=owner, data={"words": visitors.CANARIES["words"]}, at=at)
    day.things["reward"] = Reward.objects.get().pk
    day.things["shop"] = shop.pk
    district = day.people["district"]
    day.matters["selection"] = begin(
        "selection", "open", by=district, place=town.district, data={"year": at.year}, at=at
    ).matter
    named = {"phone": rider.phone, "name": rider.name, "story": visitors.CANARIES["note"]}
    act(day.matters["selection"], "nominate", by=owner, data=named, at=at)


def arguments(day: visitors.Day, path: str) -> dict[str, Any]:
    """What these addresses are about."""
    kinds = {"settlements/": "settlement", "selections/": "selection", "redemptions/": "redemption"}
    matter = next((day.matters[kind] for part, kind in kinds.items() if part in path), None)
    given = {"reward_id": day.things["reward"], "shop_id": day.things["shop"]}
    return given | ({"matter_id": matter.pk} if matter else {})


def _last(at: datetime) -> Quarter:
    now = Quarter.of(at)
    return Quarter(now.year, now.number - 1) if now.number > 1 else Quarter(now.year - 1, 4)
