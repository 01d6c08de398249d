"""The pages of points, shops, settlements and selections, through the front door."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.core.points.queries import Balance, balance
from linhe.desks.volunteering.models import Candidate, Item, OptIn, Redemption, Reward, Voted
from linhe.desks.volunteering.services import new_code, take_part
from linhe.lib.periods import Quarter
from tests.factories import LONG_AGO, make_account, make_district, make_post
from tests.integration.desks.volunteering.honours import Honours, honours
from tests.trust.strategies import _png

BASE = "/volunteering"


@pytest.fixture
def town(db: None) -> Honours:
    return honours(make_district("990307"))


def door(who: Account) -> Client:
    client = Client()
    client.force_login(who)
    return client


def code_shown(client: Client) -> str:
    page = client.post(f"{BASE}/points/code/").content.decode()
    found = re.search(r"(\d{4}) (\d{4})</p>", page)
    assert found
    assert "<svg" in page
    return "".join(found.groups())


def last_quarter() -> Quarter:
    now = Quarter.of(timezone.now())
    return Quarter(now.year, now.number - 1) if now.number > 1 else Quarter(now.year - 1, 4)


def test_from_points_to_a_bowl_of_noodles_and_back(town: Honours) -> None:
    rider = town.rider("甲")
    town.earn(rider, 2, at=timezone.now() - timedelta(days=20))
    mine, counter = door(rider), door(town.clerk)
    page = mine.get(f"{BASE}/points/").content.decode()
    assert "牛肉面" in page
    assert "够了" in page
    code = code_shown(mine)
    assert code in counter.get(f"{BASE}/shop/?code={code}").content.decode()
    sent = {"code": f"{code[:4]} {code[4:]}", "item_id": town.item.pk, "key": "k1"}
    for _ in range(2):
        assert counter.post(f"{BASE}/shop/", sent).status_code == 302
    assert (Redemption.objects.count(), balance(rider)) == (1, Balance(0, 5))
    assert "兑换成功" in mine.get(f"{BASE}/points/").content.decode()
    assert "甲**" not in page
    assert "甲**" in counter.get(f"{BASE}/shop/").content.decode()
    wrong = counter.post(f"{BASE}/shop/", sent | {"key": "k2"})
    assert wrong.status_code == 422
    assert f'value="{town.item.pk}" required checked' in wrong.content.decode()
    [made] = Redemption.objects.all()
    book = load_workbook(io.BytesIO(counter.get(f"{BASE}/shop/{town.shop.pk}/statement.xlsx").content))
    assert [cell.value for cell in book["结算"][2]][2:4] == [1, 5]
    assert (
        counter.post(f"{BASE}/shop/redemptions/{made.pk}/undo/", {"reason": "sold_out", "key": "u"}).status_code == 302
    )
    assert balance(rider) == Balance(0, 10)
    assert "已撤销" in mine.get(f"{BASE}/points/").content.decode()


def test_a_counter_and_its_statement_are_for_the_shop(town: Honours) -> None:
    rider = town.rider()
    statement = f"{BASE}/shop/{town.shop.pk}/statement.xlsx"
    assert door(rider).get(f"{BASE}/shop/").status_code == 403
    assert door(rider).get(statement).status_code == 404
    assert door(town.officer).get(statement).status_code == 200
    assert door(town.clerk).get(f"{statement}?month=nonsense").status_code == 200
    assert door(town.clerk).get(f"{BASE}/shop/999999/statement.xlsx").status_code == 404


@pytest.mark.parametrize("month", ["0001-01", "1999-12", "2999-12", "9999-12"])
def test_a_month_that_cannot_be_counted_is_this_one(town: Honours, month: str) -> None:
    answer = door(town.clerk).get(f"{BASE}/shop/{town.shop.pk}/statement.xlsx?month={month}")
    assert f"{timezone.localtime():%Y-%m}.xlsx" in answer["Content-Disposition"]


def test_who_serves_two_shops_redeems_at_the_place_of_the_item(town: Honours) -> None:
    there = town.places.other_community
    second = Organisation.objects.create(code="shop-2", name="小张茶馆", kind="shop", place=there)
    make_post("partner", there, town.clerk, organisation=second)
    tea = Item.objects.create(shop=second, name="热茶", points=3, stock_a_month=9)
    rider = town.rider()
    town.earn(rider, 2)
    counter = door(town.clerk)
    for item, place in ((tea, there), (town.item, town.places.community)):
        sent = {"code": new_code(rider, at=timezone.now())[0], "item_id": item.pk, "key": f"k-{item.pk}"}
        assert counter.post(f"{BASE}/shop/", sent).status_code == 302
        assert Redemption.objects.get(item=item).matter.place == place


def test_nothing_is_offered_in_a_shop_of_others(town: Honours) -> None:
    other = Organisation.objects.create(code="shop-2", name="小张茶馆", kind="shop", place=town.places.community)
    sent = {"shop": other.pk, "name": "热茶", "points": "3", "stock": "20", "offered": "1"}
    assert door(town.clerk).post(f"{BASE}/shop/items/", sent).status_code == 422
    assert not Item.objects.filter(name="热茶").exists()


@pytest.mark.django_db(transaction=True)
def test_agreeing_twice_at_once_is_agreeing_once() -> None:
    town = honours(make_district("990308"))
    rider = town.rider()
    OptIn.objects.all().delete()

    def agree(_: int) -> None:
        take_part(rider, named=True, at=timezone.now())
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(agree, range(8)))
    assert OptIn.objects.filter(account=rider, ended_at__isnull=True).count() == 1


def test_a_shop_changes_what_it_offers(town: Honours) -> None:
    counter = door(town.clerk)
    new = {"shop": town.shop.pk, "name": "热茶", "points": "3", "stock": "20", "offered": "1"}
    assert counter.post(f"{BASE}/shop/items/", new).status_code == 302
    assert counter.post(f"{BASE}/shop/items/", new).status_code == 422
    assert counter.post(f"{BASE}/shop/items/", new | {"name": "空", "points": "x"}).status_code == 422
    tea = Item.objects.get(name="热茶")
    counter.post(f"{BASE}/shop/items/", {"shop": town.shop.pk, "item_id": tea.pk, "points": "4", "stock": "5"})
    tea.refresh_from_db()
    assert (tea.points, tea.stock_a_month, tea.offered) == (4, 5, False)
    assert "重新上架" in counter.get(f"{BASE}/shop/").content.decode()


def test_a_courier_joins_and_leaves_the_rankings(town: Honours) -> None:
    rider = town.rider(joins=False)
    mine = door(rider)
    assert mine.post(f"{BASE}/points/ranking/", {"choice": "named"}).status_code == 302
    assert OptIn.objects.get(account=rider, ended_at=None).named
    mine.post(f"{BASE}/points/ranking/", {"choice": "no"})
    assert not OptIn.objects.filter(account=rider, ended_at=None).exists()
    assert door(make_account()).post(f"{BASE}/points/ranking/", {"choice": "named"}).status_code == 403


def test_a_quarter_from_the_ledger_to_the_signature(town: Honours) -> None:
    rider, quarter = town.rider("张小明"), last_quarter()
    town.earn(rider, 3, at=quarter.stretch()[0] + timedelta(days=3))
    office, anyone = door(town.officer), door(make_account())
    sent = {"place": town.places.subdistrict.pk, "quarter": f"{quarter.year}-{quarter.number}", "key": "q"}
    assert anyone.post(f"{BASE}/settlements/", sent).status_code == 404
    there = office.post(f"{BASE}/settlements/", sent)
    assert there.status_code == 302
    matter = Matter.objects.get(kind="settlement")
    page = f"{BASE}/settlements/{matter.pk}/"
    shown = anyone.get(page).content.decode()
    assert "张**" in shown
    assert "张小明" not in shown
    assert "发放奖励" not in shown
    assert door(rider).post(page, {"step": "object", "words": "少算一单", "key": "o"}).status_code == 302
    assert anyone.post(page, {"step": "answer", "protest_id": "1", "words": "不对"}).status_code == 404
    assert anyone.post(page, {"step": "publicity_over"}).status_code == 404
    answering = office.get(page).content.decode()
    assert "少算一单" in answering
    assert "少算一单" not in anyone.get(page).content.decode()
    protest = matter.protests.get()
    answer = {"step": "answer", "protest_id": protest.pk, "words": "已核对", "key": "a", "upheld": "on"}
    assert office.post(page, answer).status_code == 302
    assert "已核对" in door(rider).get(page).content.decode()
    assert office.post(page, {"step": "correct", "words": "补记", "key": "c"}).status_code == 302
    sweep_clocks(at=timezone.now() + timedelta(days=30))
    reward = Reward.objects.get()
    assert anyone.get(f"{BASE}/rewards/{reward.pk}/").status_code == 404
    assert office.post(f"{BASE}/rewards/{reward.pk}/", {"key": "x"}).status_code == 422
    drawn = SimpleUploadedFile("signature.png", _png(1), content_type="image/png")
    assert office.post(f"{BASE}/rewards/{reward.pk}/", {"key": "s", "files": drawn}).status_code == 302
    assert office.post(page, {"step": "close", "key": "e"}).status_code == 302
    matter.refresh_from_db()
    reward.refresh_from_db()
    assert (matter.stage, reward.signature) == ("closed", "drawn")
    assert "手写签收" in office.get(page).content.decode()
    assert "2026" in anyone.get(f"{BASE}/settlements/").content.decode() or quarter.year != 2026


def test_a_selection_from_nomination_to_the_ten(town: Honours) -> None:
    rider, resident, district = town.rider("李勇"), make_account(phone_verified_at=LONG_AGO), door(town.district)
    sent = {"place": town.places.district.pk, "year": "2026", "key": "n"}
    assert door(resident).post(f"{BASE}/selections/", sent).status_code == 404
    assert district.post(f"{BASE}/selections/", sent).status_code == 302
    matter = Matter.objects.get(kind="selection")
    page, mine = f"{BASE}/selections/{matter.pk}/", door(resident)
    nomination = {"step": "nominate", "phone": rider.phone, "name": "李勇", "source": "resident", "story": "冒雨送药"}
    wrong = mine.post(page, nomination | {"name": "李", "key": "w"})
    assert wrong.status_code == 422
    assert "冒雨送药" in wrong.content.decode()
    assert mine.post(page, nomination | {"key": "r"}).status_code == 302
    assert "李" not in re.sub(r"<title>.*?</title>", "", mine.get(page).content.decode()).split("候选人", 1)[1][:300]
    assert "有人推荐您参评" in door(rider).get(page).content.decode()
    assert door(rider).post(page, {"step": "agree", "agrees": "on", "key": "y"}).status_code == 302
    juror = make_account(username="jury-1")
    for step, more in (("name_juror", {"who": "jury-1"}), ("screening", {})):
        assert district.post(page, {"step": step, "key": step, **more}).status_code == 302
    candidate = Candidate.objects.get()
    passed = {"step": "screen", "candidate_id": candidate.pk, "passed": "on", "key": "p"}
    assert mine.post(page, passed).status_code == 404
    assert district.post(page, passed).status_code == 302
    assert district.post(page, {"step": "open_vote", "key": "v"}).status_code == 302
    assert "冒雨送药" in mine.get(page).content.decode()
    for status in (302, 409):
        assert mine.post(f"{page}vote/", {"number": "1"}).status_code == status
    assert Voted.objects.count() == 1
    assert "您已投票" in mine.get(page).content.decode()
    mark = {"step": "mark", "candidate_id": candidate.pk, "marks": "88", "key": "m"}
    assert mine.post(page, mark).status_code == 403
    assert door(juror).post(page, mark).status_code == 302
    sweep_clocks(at=timezone.now() + timedelta(days=30))
    act(matter, "count", by=town.district, at=timezone.now() + timedelta(days=31))
    result = mine.get(page).content.decode()
    assert "拟当选" in result
    assert "88.0" in result
    assert door(rider).post(page, {"step": "object", "words": "请复核", "key": "o"}).status_code == 302
    assert "请复核" in district.get(page).content.decode()


def test_what_is_not_there_is_not_found(town: Honours) -> None:
    client = door(make_account())
    other = begin("toy", "raise", by=make_account(), place=town.places.building, data={"size": 1}).matter
    for path in ("settlements/{}/", "selections/{}/", "rewards/{}/"):
        assert client.get(f"{BASE}/{path.format(other.pk)}").status_code == 404
    assert client.post(f"{BASE}/selections/{other.pk}/vote/", {"number": "1"}).status_code == 404
