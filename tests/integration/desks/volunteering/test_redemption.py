"""Points are redeemed at a shop's counter: once, in time, from what is there, and undone within minutes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.loop.verifying import checks
from linhe.core.notices.models import Notice
from linhe.core.notices.texts import text_of
from linhe.core.people.models import Account, Organisation
from linhe.core.points.queries import Balance, balance, pool_balance
from linhe.core.points.services import pool_at
from linhe.desks.volunteering.models import Item, RedeemCode, Redemption, WrongCode
from linhe.desks.volunteering.queries.honours import catalogue, month_at, redeemed_at
from linhe.desks.volunteering.services import new_code
from linhe.desks.volunteering.services.redeeming import pool_of
from linhe.desks.volunteering.services.reminding import tell_of_expiry
from linhe.lib.working_calendar import SHANGHAI
from tests.factories import make_account, make_district, make_post
from tests.integration.desks.volunteering.honours import SPRING, Honours, honours

NOW = SPRING + timedelta(days=20)


@pytest.fixture
def town(db: None) -> Honours:
    return honours(make_district("990302"))


def redeem(
    town: Honours, code: str, *, item: Item | None = None, by: Account | None = None, at: object = NOW
) -> Matter:
    data = {"code": code, "item_id": (item or town.item).pk}
    return begin("redemption", "redeem", by=by or town.clerk, place=town.places.community, data=data, at=at).matter


def test_points_are_taken_once_and_both_see_it(town: Honours) -> None:
    rider = town.rider()
    town.earn(rider, 2)
    code, until = new_code(rider, at=NOW)
    assert until == NOW + timedelta(seconds=120)
    matter = redeem(town, code)
    assert (matter.beneficiary, matter.organisation, matter.handler) == (rider, town.shop, town.clerk)
    assert balance(rider) == Balance(0, 5)
    assert pool_balance(pool_at(town.places.district, pool=pool_of(town.shop))) == 5
    with pytest.raises(Refused, match="wrong_code"):
        redeem(town, code)
    assert [r.item for r in redeemed_at(town.shop, at=NOW)] == [town.item]
    assert month_at(town.shop, at=NOW, fen_a_point=10).yuan == "0.50"
    assert [list(check()) for check in checks().values()] == [[]] * len(checks())


def test_undone_within_minutes_by_anyone_of_the_shop_and_not_later(town: Honours) -> None:
    rider = town.rider()
    town.earn(rider, 2)
    first = redeem(town, new_code(rider, at=NOW)[0])
    undone = act(first, "undo", by=town.second_clerk, data={"reason": "wrong_item"}, at=NOW + timedelta(minutes=5))
    assert (undone.matter.stage, undone.event.data["points"], balance(rider)) == ("undone", -5, Balance(0, 10))
    assert month_at(town.shop, at=NOW, fen_a_point=10).points == 0
    second = redeem(town, new_code(rider, at=NOW)[0])
    sweep_clocks(at=NOW + timedelta(minutes=11))
    with pytest.raises(Refused, match="wrong_stage"):
        act(second, "undo", by=town.clerk, data={"reason": "other"}, at=NOW + timedelta(minutes=12))
    assert balance(rider) == Balance(0, 5)


def test_a_code_is_good_for_two_minutes_and_replaced_by_the_next(town: Honours) -> None:
    rider = town.rider()
    town.earn(rider, 2)
    old, _ = new_code(rider, at=NOW)
    new, _ = new_code(rider, at=NOW)
    for code, at in ((old, NOW), (new, NOW + timedelta(seconds=120)), (new, NOW - timedelta(seconds=1))):
        with pytest.raises(Refused, match="wrong_code"):
            redeem(town, code, at=at)
    assert redeem(town, new, at=NOW + timedelta(seconds=119))
    assert RedeemCode.objects.filter(digest__contains=new).count() == 0


def test_wrong_codes_lock_the_clerk_and_many_codes_the_owner(town: Honours) -> None:
    rider = town.rider()
    town.earn(rider)
    code, _ = new_code(rider, at=NOW)
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    for _ in range(10):
        with pytest.raises(Refused, match="wrong_code"):
            redeem(town, wrong)
    with pytest.raises(Refused, match="code_locked") as locked:
        redeem(town, code)
    assert (locked.value.status, WrongCode.objects.count()) == (429, 10)
    assert redeem(town, code, by=town.second_clerk)
    for _ in range(29):
        new_code(rider, at=NOW)
    with pytest.raises(Refused, match="too_often"):
        new_code(rider, at=NOW)
    assert new_code(rider, at=NOW + timedelta(hours=1))


def test_what_is_not_there_is_not_taken(town: Honours) -> None:
    rider = town.rider()
    code, _ = new_code(rider, at=NOW)
    with pytest.raises(Refused, match="not_enough_points"):
        redeem(town, code)
    assert (balance(rider), Redemption.objects.count()) == (Balance(), 0)
    town.earn(rider)
    assert redeem(town, code), "a refusal uses no code up"


def test_an_item_is_sold_out_for_the_month(town: Honours) -> None:
    rider = town.rider()
    town.earn(rider, 4)
    first = redeem(town, new_code(rider, at=NOW)[0])
    redeem(town, new_code(rider, at=NOW)[0])
    assert [o.left for o in catalogue([town.shop], at=NOW)] == [0]
    with pytest.raises(Refused, match="sold_out"):
        redeem(town, new_code(rider, at=NOW)[0])
    act(first, "undo", by=town.clerk, data={"reason": "changed_mind"}, at=NOW)
    assert redeem(town, new_code(rider, at=NOW)[0])
    assert redeem(town, new_code(rider, at=NOW + timedelta(days=30))[0], at=NOW + timedelta(days=30))


def test_a_clerk_gives_what_their_own_shop_has_and_not_to_themselves(town: Honours) -> None:
    rider = town.rider()
    town.earn(rider)
    other = Organisation.objects.create(code="shop-2", name="书店", kind="shop", place=town.places.community)
    stranger = make_post("partner", town.places.community, organisation=other)
    code, _ = new_code(rider, at=NOW)
    with pytest.raises(Refused, match="invalid"):
        redeem(town, code, by=stranger)
    with pytest.raises(Refused, match="not_allowed"):
        redeem(town, code, by=make_account())
    town.earn(town.clerk)
    with pytest.raises(Refused, match="own_code"):
        redeem(town, new_code(town.clerk, at=NOW)[0])
    matter = redeem(town, code)
    with pytest.raises(Refused, match="other_shop"):
        act(matter, "undo", by=stranger, data={"reason": "other"}, at=NOW)


@pytest.mark.django_db(transaction=True)
def test_the_same_code_is_spent_once_however_many_clerks_type_it() -> None:
    town = honours(make_district("990303"))
    rider = town.rider()
    town.earn(rider, 4)
    code, _ = new_code(rider, at=NOW)

    def one(number: int) -> bool:
        try:
            redeem(town, code, by=(town.clerk, town.second_clerk)[number % 2])
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(16))) == 1
    assert (balance(rider), Redemption.objects.count()) == (Balance(0, 15), 1)


def test_the_database_keeps_codes_and_prices_right(town: Honours) -> None:
    rider = town.rider()
    town.earn(rider, 2)
    matter = redeem(town, new_code(rider, at=NOW)[0])
    kept = Redemption.objects.get(pk=matter.pk)
    for change, name in (
        ({"points": 0}, "redemption_has_a_price"),
        ({"undone_at": NOW - timedelta(days=1)}, "redemption_undone_afterwards"),
    ):
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            Redemption.objects.filter(pk=kept.pk).update(**change)
    other = redeem(town, new_code(rider, at=NOW)[0])
    with pytest.raises(DatabaseError, match="redemption_one_a_code"), transaction.atomic():
        Redemption.objects.filter(pk=other.pk).update(code=kept.code)
    with pytest.raises(DatabaseError, match="redeem_code_used_in_time"), transaction.atomic():
        RedeemCode.objects.update(used_at=NOW + timedelta(days=1))
    with pytest.raises(DatabaseError, match="redeem_code_is_good_for_a_while"), transaction.atomic():
        RedeemCode.objects.update(used_at=None, expires_at=NOW - timedelta(days=1))
    with pytest.raises(DatabaseError, match="item_named_once_a_shop"), transaction.atomic():
        Item.objects.create(shop=town.shop, name="牛肉面", points=1, stock_a_month=1)
    with pytest.raises(DatabaseError, match="item_has_a_price"), transaction.atomic():
        Item.objects.create(shop=town.shop, name="茶", points=0, stock_a_month=1)


def test_owners_hear_of_points_that_expire_once_and_before(town: Honours) -> None:
    rider = town.rider()
    town.earn(rider)
    end = datetime(2028, 4, 1, tzinfo=SHANGHAI)
    assert tell_of_expiry(at=end - timedelta(days=31)) == 0
    assert tell_of_expiry(at=end - timedelta(days=30)) == 1
    assert tell_of_expiry(at=end - timedelta(days=29)) == 0
    assert "30 天后到期" in text_of(Notice.objects.get(account=rider)).zh
