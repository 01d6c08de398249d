"""Accounts, posts, family, consent and privacy: who may, from when, and what remains."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from linhe.core.people import holdings, services, withdrawals
from linhe.core.people.holdings import Holding
from linhe.core.people.models import Account, Consent, Delegation, Post, ReadLog
from linhe.core.people.queries import has_consent, is_staff, may_grant, posts_of, principals_of
from linhe.lib.refusals import Refused
from linhe.lib.text import Text
from tests.factories import District, make_account, make_post

NINE = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PHONE = "19912345678"


def refusal(call: object, **kwargs: object) -> Refused:
    with pytest.raises(Refused) as caught:
        call(**kwargs)
    return caught.value


def officer(username: str) -> Account:
    return services.create_account(username=username, name=username, password="correct horse", at=NINE)


@pytest.fixture
def administrator(town: District) -> Account:
    return make_post("administrator", town.subdistrict, officer("chief"))


# ---- accounts


def test_phone_name_and_door_are_encrypted_at_rest(db: None) -> None:
    account = services.create_account(name="王桂英", phone=PHONE, door="3单元501", at=NINE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(a)::text FROM people_account a")
        row = cursor.fetchone()[0]
    for secret in (PHONE, PHONE[3:], "王桂英", "501"):
        assert secret not in row
    assert "\\u738b" not in row
    assert Account.objects.by_phone(PHONE) == account
    assert Account.objects.get().name == "王桂英"


def test_one_phone_has_one_account(db: None) -> None:
    services.create_account(phone=PHONE, at=NINE)
    assert "phone" in refusal(services.create_account, phone=f"+86{PHONE}", at=NINE).details
    twin = Account()
    twin.set_phone(PHONE)
    with pytest.raises(IntegrityError, match="phone_index"), transaction.atomic():
        twin.save()


def test_user_names_are_unique_and_plain(db: None) -> None:
    officer("chief")
    assert "username" in refusal(services.create_account, username="chief", at=NINE).details
    assert "username" in refusal(services.create_account, username="Ch ef", at=NINE).details


def test_a_resident_begins_with_the_required_consent(db: None) -> None:
    assert "agree" in refusal(services.register_resident, phone=PHONE, name="王", at=NINE).details
    assert not Account.objects.exists()
    account = services.register_resident(phone=PHONE, name=" 王\x00 ", at=NINE, agreed=("privacy",))
    assert (account.name, account.phone_verified_at) == ("王", NINE)
    assert has_consent(account, "privacy")
    assert not account.has_usable_password()


def test_a_session_is_bound_to_the_account(db: None) -> None:
    account = officer("chief")
    first = account.get_session_auth_hash()
    services.end_sessions(account=account)
    second = Account.objects.get().get_session_auth_hash()
    assert first != second
    account.set_password("another horse")
    assert account.get_session_auth_hash() != second
    services.disable_account(account=account)
    assert not Account.objects.get().is_active


# ---- posts


def test_a_post_is_granted_within_the_places_of_the_administrator(town: District, administrator: Account) -> None:
    worker = officer("worker")
    grant = {"account": worker, "role": "community_worker", "by": administrator, "at": NINE}
    assert refusal(services.grant_post, place=town.district, **grant).code == "not_allowed"
    services.grant_post(place=town.community, **grant)
    assert is_staff(worker, at=NINE)
    assert refusal(services.grant_post, place=town.community, **grant).code == "held_already"
    assert (
        refusal(services.grant_post, place=town.other_community, **(grant | {"account": administrator})).status == 403
    )


def test_a_community_worker_makes_couriers_and_nothing_more(town: District) -> None:
    worker = make_post("community_worker", town.community, officer("worker"))
    courier = make_account()
    services.grant_post(account=courier, role="courier", place=town.community, by=worker, at=NINE)
    assert not may_grant(worker, role="courier", place=town.other_community, at=NINE)
    assert not may_grant(worker, role="community_worker", place=town.community, at=NINE)


def test_a_staff_post_needs_a_user_name(town: District) -> None:
    grant = {"account": make_account(), "role": "grid_worker", "place": town.community, "by": None, "at": NINE}
    assert refusal(services.grant_post, **grant).code == "needs_username"


def test_an_ended_post_stops_counting_at_that_moment(town: District, administrator: Account) -> None:
    worker = make_post("community_worker", town.community, officer("worker"))
    post = Post.objects.get(account=worker)
    assert refusal(services.end_post, post=post, by=make_account(), at=NINE).code == "not_allowed"
    services.end_post(post=post, by=administrator, at=NINE)
    assert posts_of(worker, at=NINE - DAY)
    assert posts_of(worker, at=NINE) == []
    post.refresh_from_db()
    assert post.ended_by == administrator


def test_a_deputy_stands_in_between_two_days(town: District) -> None:
    worker = make_post("community_worker", town.community, officer("worker"))
    post, deputy = Post.objects.get(account=worker), officer("deputy")
    ask = {"post": post, "deputy": deputy, "by": worker, "at": NINE}
    stands_in = services.delegate_post(valid_from=NINE + DAY, valid_to=NINE + 3 * DAY, **ask)
    assert [bool(posts_of(deputy, at=NINE + n * DAY)) for n in range(4)] == [False, True, True, False]
    again = ask | {"post": stands_in, "by": deputy, "deputy": officer("third")}
    assert refusal(services.delegate_post, valid_from=NINE, valid_to=NINE + DAY, **again).code == "deputy"
    assert refusal(services.delegate_post, valid_from=NINE + DAY, valid_to=NINE, **ask).code == "invalid"
    services.end_post(post=post, by=worker, at=NINE + 2 * DAY)
    assert posts_of(deputy, at=NINE + 2 * DAY) == []


# ---- family


def test_family_acts_once_the_elder_agreed_and_until_ended(town: District) -> None:
    elder, daughter = make_account("王桂英"), make_account("小芳")
    asked = services.ask_delegation(delegate=daughter, phone=elder.phone, at=NINE)
    assert asked is not None
    assert services.ask_delegation(delegate=daughter, phone=elder.phone, at=NINE) == asked
    assert principals_of(daughter, at=NINE) == set()
    assert refusal(services.confirm_delegation, delegation=asked, by=daughter, at=NINE).status == 403
    services.confirm_delegation(delegation=asked, by=elder, at=NINE)
    assert principals_of(daughter, at=NINE) == {elder.pk}
    assert refusal(services.end_delegation, delegation=asked, by=make_account(), at=NINE).status == 403
    services.end_delegation(delegation=asked, by=elder, at=NINE + DAY)
    assert principals_of(daughter, at=NINE + DAY) == set()
    assert refusal(services.confirm_delegation, delegation=asked, by=elder, at=NINE + DAY).code == "ended"


def test_the_community_worker_of_the_home_may_confirm_by_call(town: District) -> None:
    elder, son = make_account(home=town.building), make_account()
    asked = services.ask_delegation(delegate=son, phone=elder.phone, at=NINE)
    assert asked is not None
    stranger = make_post("community_worker", town.other_community)
    assert refusal(services.confirm_delegation, delegation=asked, by=stranger, at=NINE).status == 403
    worker = make_post("community_worker", town.community)
    services.confirm_delegation(delegation=asked, by=worker, at=NINE)
    asked.refresh_from_db()
    assert asked.confirmed_by == worker


def test_asking_for_an_unknown_phone_or_oneself_keeps_nothing(db: None) -> None:
    daughter = make_account()
    assert services.ask_delegation(delegate=daughter, phone="19999999999", at=NINE) is None
    assert services.ask_delegation(delegate=daughter, phone=daughter.phone, at=NINE) is None
    assert not Delegation.objects.exists()


def test_nobody_asks_for_many_people_a_day(db: None) -> None:
    daughter = make_account()
    asked = [services.ask_delegation(delegate=daughter, phone=make_account().phone, at=NINE) for _ in range(7)]
    assert [a is not None for a in asked] == [True] * 5 + [False] * 2


# ---- consent


def test_consent_is_given_in_words_and_taken_back(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    account, stopped = make_account(), []
    monkeypatch.setitem(withdrawals._STOPPING, "daily_check", lambda who, at: stopped.append((who.pk, at)))
    first = services.give_consent(account=account, purpose="daily_check", at=NINE)
    assert services.give_consent(account=account, purpose="daily_check", at=NINE + DAY) == first
    services.withdraw_consent(account=account, purpose="daily_check", at=NINE + DAY)
    assert stopped == [(account.pk, NINE + DAY)]
    assert not has_consent(account, "daily_check")
    assert refusal(services.withdraw_consent, account=account, purpose="daily_check", at=NINE).code == "no_consent"
    services.give_consent(account=account, purpose="daily_check", at=NINE + 2 * DAY)
    assert Consent.objects.filter(account=account).count() == 2


def test_new_words_ask_for_a_new_consent(db: None) -> None:
    account = make_account()
    Consent.objects.create(account=account, purpose="privacy", wording="2019-1", given_at=NINE)
    services.give_consent(account=account, purpose="privacy", at=NINE + DAY)
    assert list(Consent.objects.order_by("id").values_list("withdrawn_at", flat=True)) == [NINE + DAY, None]


def test_the_required_consent_goes_with_the_account_only(db: None) -> None:
    account = make_account()
    services.give_consent(account=account, purpose="privacy", at=NINE)
    assert refusal(services.withdraw_consent, account=account, purpose="privacy", at=NINE).code == "required_consent"


# ---- privacy


def test_reads_are_noted_except_of_ones_own(db: None) -> None:
    reader, subject = make_account(), make_account()
    services.log_read(reader=reader, subject=subject, what="phone", purpose="call-back", at=NINE)
    services.log_read(reader=subject, subject=subject, what="phone", purpose="-", at=NINE)
    assert ReadLog.objects.get().reader == reader


def test_an_erased_person_is_unknown_and_out(town: District) -> None:
    account, daughter = make_account("王桂英", home=town.building, door="501", email="w@example.org"), make_account()
    make_post("courier", town.community, account)
    asked = services.ask_delegation(delegate=daughter, phone=account.phone, at=NINE)
    assert asked is not None
    services.confirm_delegation(delegation=asked, by=account, at=NINE)
    phone, session = account.phone, account.get_session_auth_hash()
    services.erase_account(account=account, at=NINE)
    account.refresh_from_db()
    assert (account.name, account.phone, account.door, account.email, account.home) == ("", "", "", "", None)
    assert (account.phone_index, account.username, account.is_active, account.erased_at) == (None, None, False, NINE)
    assert account.get_session_auth_hash() != session
    assert posts_of(account, at=NINE) == []
    assert principals_of(daughter, at=NINE) == set()
    assert services.create_account(phone=phone, at=NINE).pk != account.pk


def test_staff_are_not_erased_while_they_hold_a_post(town: District, administrator: Account) -> None:
    assert refusal(services.erase_account, account=administrator, at=NINE).code == "holds_post"


def test_every_app_takes_part_in_export_and_erasure(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    erased: list[int] = []
    busy: list[Text] = [Text("还有事没办完", "something is open")]
    monkeypatch.setattr(holdings, "_HOLDINGS", {})
    holdings.register(
        Holding("toys", lambda a: ["ball"], lambda a, at: erased.append(a.pk), lambda a: busy[0] if busy else None)
    )
    account = make_account()
    assert services.export_account(account=account, at=NINE)["toys"] == ["ball"]
    assert refusal(services.erase_account, account=account, at=NINE).code == "unfinished"
    assert not erased
    busy.clear()
    services.erase_account(account=account, at=NINE)
    assert erased == [account.pk]


def test_the_export_holds_mine_and_nobody_elses(town: District) -> None:
    account, reader = make_account("王桂英"), make_account("看的人")
    services.give_consent(account=account, purpose="privacy", at=NINE)
    services.log_read(reader=reader, subject=account, what="phone", purpose="call-back", at=NINE)
    text = json.dumps(services.export_account(account=account, at=NINE), ensure_ascii=False)
    assert "王桂英" in text
    assert account.phone in text
    assert "call-back" in text
    assert "看的人" not in text
    assert reader.phone not in text
