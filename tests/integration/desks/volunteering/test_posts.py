"""Posts are filled, held one at a time, handed over with everything that is open, and counted."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from linhe.core.indicators.measures import measures_of
from linhe.core.indicators.queries import figures
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused
from linhe.core.people.queries import posts_of
from linhe.desks.volunteering.models import PostDetail
from linhe.desks.volunteering.queries.posts import stocks, vacancies, vacant_by_compound
from tests.factories import make_account
from tests.integration.desks.volunteering.conftest import AT, ITEMS, Town, after


def roles_of(account, at=AT):
    return [p.role for p in posts_of(account, at=at)]


def test_an_application_is_made_public_and_confirmed(town: Town) -> None:
    who = town.people[0]
    matter = begin(
        "posting", "apply", by=who, place=town.places.building, data={"role": "building_chief"}, at=AT
    ).matter
    assert roles_of(who) == []
    act(matter, "publicise", by=town.worker, at=after(5))
    assert act(matter, "confirm", by=town.worker, at=after(10)).matter.stage == "held"
    assert roles_of(who, after(10)) == ["building_chief"]


def test_nobody_appoints_themselves(town: Town) -> None:
    with pytest.raises(Refused) as refused:
        town.appointed(town.worker)
    assert refused.value.code == "oneself"
    own = begin("posting", "apply", by=town.worker, place=town.places.building, data={"role": "building_chief"}, at=AT)
    with pytest.raises(Refused) as refused:
        act(own.matter, "confirm", by=town.worker, at=AT)
    assert refused.value.code == "oneself"


def test_a_post_has_one_holder_and_a_person_no_more_posts_than_allowed(town: Town) -> None:
    first, second = town.people[:2]
    town.appointed(first)
    with pytest.raises(Refused) as refused:
        town.appointed(second)
    assert refused.value.code == "taken"
    town.appointed(first, role="unit_chief")
    with pytest.raises(Refused) as refused:
        town.appointed(first, role="centre_household")
    assert refused.value.code == "too_many_posts"
    assert not Matter.objects.filter(kind="posting").exclude(stage="held").exists()


def test_a_compound_has_seats_for_two_centre_households(town: Town) -> None:
    for who in town.people[:2]:
        town.appointed(who, role="centre_household")
    assert sorted(PostDetail.objects.values_list("seat", flat=True)) == [1, 2]
    with pytest.raises(Refused):
        town.appointed(town.people[2], role="centre_household")


def test_a_role_belongs_to_its_kind_of_place(town: Town) -> None:
    with pytest.raises(Refused) as refused:
        begin("posting", "apply", by=town.people[0], place=town.places.compound, data={"role": "unit_chief"}, at=AT)
    assert "role" in refused.value.details


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("posting_one_holder_at_a_time", {"account": 1}),
        ("posting_once_a_person", {"seat": 2}),
        ("posting_held_on_a_seat", {"account": 1, "seat": None}),
        ("posting_ends_after_it_begins", {"account": 1, "seat": 2, "held_until": after(-5), "over": True}),
    ],
)
def test_the_database_keeps_the_rules_of_posts(town: Town, constraint: str, change: dict) -> None:
    held = PostDetail.objects.get(pk=town.appointed(town.people[0]).pk)
    other = begin(
        "posting", "apply", by=town.people[2], place=town.places.unit, data={"role": "unit_chief"}, at=AT
    ).matter
    PostDetail.objects.filter(matter=other).delete()
    row = {
        "matter": other, "role": held.role, "place": held.place, "account": held.account, "seat": held.seat,
        "held_from": AT,
    } | {k: town.people[v] if k == "account" else v for k, v in change.items()}  # fmt: skip
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PostDetail.objects.create(**row)


def test_a_hand_over_ends_one_post_begins_the_other_and_hands_open_matters_on(town: Town) -> None:
    chief, successor = town.people[:2]
    held = town.appointed(chief)
    need = begin("need", "raise", by=chief, place=town.places.building, data={"theme": "law"}, at=after(1)).matter
    act(held, "resign", by=chief, data={"reason": "moved"}, at=after(2))
    with pytest.raises(Refused) as refused:
        act(held, "hand_over", by=town.worker, at=after(3),
            data={"successor_id": successor.pk, "reason": "moved", "items": ITEMS[:2]})  # fmt: skip
    assert "items" in refused.value.details
    done = act(held, "hand_over", by=town.worker, at=after(3),
               data={"successor_id": successor.pk, "reason": "moved", "items": ITEMS})  # fmt: skip
    assert done.matter.stage == "ended"
    assert done.event.data["handed_on"] == 1
    assert "successor_id" not in done.event.data
    assert (roles_of(chief, after(4)), roles_of(successor, after(4))) == ([], ["building_chief"])
    need.refresh_from_db()
    assert need.handler == successor
    child = Matter.objects.get(parent=held)
    assert (child.stage, child.posting.account) == ("held", successor)


def test_when_the_successor_cannot_take_it_the_predecessor_keeps_it(town: Town) -> None:
    held = town.appointed(town.people[0])
    full = town.people[1]
    town.appointed(full, role="unit_chief")
    town.appointed(full, role="centre_household")
    with pytest.raises(Refused) as refused:
        act(held, "hand_over", by=town.worker, at=after(3),
            data={"successor_id": full.pk, "reason": "term", "items": ITEMS})  # fmt: skip
    assert refused.value.code == "too_many_posts"
    held.refresh_from_db()
    assert (held.stage, roles_of(town.people[0], after(4))) == ("held", ["building_chief"])


def test_the_stock_is_appointed_minus_ended_and_the_measures_agree(town: Town) -> None:
    held = town.appointed(town.people[0])
    act(held, "end", by=town.worker, data={"reason": "health"}, at=after(5))
    town.appointed(town.people[1], at=after(6))
    confirmed = begin("posting", "apply", by=town.people[2], place=town.places.unit, data={"role": "unit_chief"}, at=AT)
    act(confirmed.matter, "confirm", by=town.worker, at=after(7))
    found = {s.role: s for s in stocks(town.places.community, at=after(10))}
    assert [(s.held, s.appointed, s.ended, s.seats) for s in found.values()] == [
        (1, 2, 1, 1),
        (1, 1, 0, 1),
        (0, 0, 0, 2),
    ]
    while roll_up():
        continue
    counted = {
        code: figure.value
        for code, figure in figures(town.places.community, measures_of("volunteering"), "all", at=after(10)).items()
    }
    assert counted["volunteering.building_chief_appointed"] == 2
    assert counted["volunteering.building_chief_ended"] == 1
    assert counted["volunteering.unit_chief_appointed"] == 1


def test_vacancies_are_listed_and_counted_by_compound(town: Town) -> None:
    assert [p.code for p in vacancies("building_chief", town.places.community)] == [town.places.building.code]
    assert vacant_by_compound("unit_chief", town.places.community) == [(town.places.compound, 1)]
    town.appointed(make_account("新人"))
    assert vacancies("building_chief", town.places.community) == []
