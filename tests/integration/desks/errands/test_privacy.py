"""Who sees what of an errand, before, during and after: canaries in every personal field."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from linhe.core.loop.access import visible_to
from linhe.core.loop.acting import act
from linhe.core.loop.queries import timeline
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Post, ReadLog
from linhe.desks.errands import queries, services
from linhe.desks.errands.models import Peek
from tests.integration.desks.errands.conftest import DOOR, NAME, NOTE, Town, after, code_of

CANARIES = (DOOR, NOTE, NAME)


def leaks(*views: object) -> list[str]:
    """Canaries that a rendered view holds."""
    text = repr(views)
    return [canary for canary in CANARIES if canary in text]


def test_before_acceptance_a_courier_sees_the_building_only(town: Town) -> None:
    matter = town.errand()
    cards = queries.on_my_way(town.courier, at=after(1))
    assert [c.card.matter_id for c in cards] == [matter.pk]
    services.dispatch_to(by=town.worker, matter=matter, courier=town.courier, at=after(1))
    matter.refresh_from_db()
    view = queries.detail_for(town.courier, matter, at=after(2))
    assert leaks([asdict(c) for c in cards], queries.offers_to(town.courier, at=after(2)), asdict(view)) == []
    assert not view.can_reveal
    assert leaks([e.data for e in timeline(matter)]) == []
    with pytest.raises(Refused, match="not_allowed"):
        services.reveal_address(courier=town.courier, matter=matter, at=after(2))


def test_the_door_is_open_from_acceptance_until_the_grace_ends(town: Town) -> None:
    matter = town.accepted()
    seen = services.reveal_address(courier=town.courier, matter=matter, at=after(2))
    assert (seen.door, seen.note) == (DOOR, NOTE)
    assert NAME not in repr(seen)
    assert town.resident.phone not in repr(seen)
    with pytest.raises(Refused, match="not_allowed"):
        services.reveal_address(courier=town.other_courier, matter=matter, at=after(2))
    act(matter, "done", by=town.courier, data={"code": code_of(matter)}, at=after(15))
    services.reveal_address(courier=town.courier, matter=matter, at=after(44))
    with pytest.raises(Refused, match="not_allowed"):
        services.reveal_address(courier=town.courier, matter=matter, at=after(45))
    matter.refresh_from_db()
    assert leaks(asdict(queries.detail_for(town.courier, matter, at=after(60)))) == []
    assert ReadLog.objects.filter(subject=town.resident, reader=town.courier).count() == 2


def test_staff_and_strangers_never_see_the_door_or_the_code(town: Town) -> None:
    matter = town.accepted()
    code = code_of(matter)
    board = queries.board(town.worker, at=after(3))
    view = queries.detail_for(town.worker, matter, at=after(3))
    assert leaks([asdict(r) for r in board], asdict(view)) == []
    assert code not in repr((view, board))
    assert visible_to(town.stranger, at=after(3)).count() == 0
    assert visible_to(town.other_courier, at=after(3)).count() == 0


def test_the_code_is_for_the_resident_and_the_confirmed_family(town: Town) -> None:
    matter = town.accepted()
    code = code_of(matter)
    assert queries.detail_for(town.resident, matter, at=after(3)).code == code
    assert queries.detail_for(town.family, matter, at=after(3)).code == code
    assert queries.detail_for(town.courier, matter, at=after(3)).code is None


def test_a_worker_who_asked_on_behalf_never_sees_the_code(town: Town) -> None:
    matter = services.raise_errand(
        by=town.worker, place=town.places.building, data={"service": "water"}, at=after(0), beneficiary=town.resident
    ).matter
    services.take(by=town.courier, matter_id=matter.pk, at=after(1))
    matter.refresh_from_db()
    assert queries.detail_for(town.worker, matter, at=after(2)).code is None
    assert queries.detail_for(town.resident, matter, at=after(2)).code == code_of(matter)


def test_the_resident_sees_who_comes_masked(town: Town) -> None:
    matter = town.accepted()
    view = queries.detail_for(town.resident, matter, at=after(3))
    assert view.courier == "周**"
    assert view.eta_at is not None
    assert view.contact is not None


def test_addresses_a_day_are_capped(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = town.accepted(), town.accepted()
    monkeypatch.setattr(
        services.address, "value", lambda code, **_: {"errands.peeks_a_day": 1, "errands.relay_line": "x"}[code]
    )
    services.reveal_address(courier=town.courier, matter=first, at=after(2))
    services.reveal_address(courier=town.courier, matter=first, at=after(3))
    with pytest.raises(Refused, match="too_many_peeks"):
        services.reveal_address(courier=town.courier, matter=second, at=after(4))
    services.reveal_address(courier=town.courier, matter=second, at=after(4) + timedelta(days=1))
    assert Peek.objects.count() == 3


def test_pseudonyms_differ_between_errands_of_one_person(town: Town) -> None:
    names = {queries.card_for(town.errand()).pseudonym for _ in range(5)}
    assert len(names) > 1


def test_a_registered_door_is_used_at_the_home_alone(town: Town) -> None:
    town.resident.home, town.resident.door = town.places.building, "8单元808"
    town.resident.save()
    at_home = town.errand(door="")
    Post.objects.filter(account=town.worker).update(place=town.places.other_community)
    elsewhere = services.raise_errand(
        by=town.worker, place=town.places.other_building, data={"service": "water"}, at=after(1),
        beneficiary=town.resident,
    ).matter  # fmt: skip
    assert queries.detail_for(town.resident, at_home, at=after(2)).door == "8单元808"
    assert queries.detail_for(town.worker, elsewhere, at=after(2)).door is None
    assert queries.detail_for(town.resident, elsewhere, at=after(2)).door == ""


def test_the_next_courier_reads_no_words_or_photos_of_the_one_before(town: Town, client: Client) -> None:
    matter = town.accepted()
    words = {"reason": "other", "words": "501的老人没开门"}
    act(matter, "hand_back", by=town.courier, data=words, at=after(3))
    matter.refresh_from_db()
    services.dispatch_to(by=town.worker, matter=matter, courier=town.other_courier, at=after(4))
    address = reverse("web:matter", args=[matter.pk])
    client.force_login(town.other_courier, backend="django.contrib.auth.backends.ModelBackend")
    assert words["words"] not in client.get(address).content.decode()
    client.force_login(town.resident, backend="django.contrib.auth.backends.ModelBackend")
    assert words["words"] in client.get(address).content.decode()
