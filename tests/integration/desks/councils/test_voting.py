"""Votes: open ones can be read, secret ones lead from nobody to a choice; owners count by number and area."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from linhe.core.loop import chain
from linhe.core.loop.acting import act
from linhe.core.loop.models import Event, Remembered
from linhe.core.loop.refusals import Refused
from linhe.core.people.encryption import encrypt
from linhe.desks.councils import services
from linhe.desks.councils.engine.problem import Weight
from linhe.desks.councils.models import Motion, Seat, Turnout, Urn
from linhe.desks.councils.queries.counting import VoteStillOpen, opened, problem_of, sealed
from tests.integration.desks.councils.world import SOON, World
from tests.trust.desks.councils import make_body


def test_an_open_vote_is_counted_when_it_closes(world: World) -> None:
    meeting = world.attend(world.in_session(), *world.members[:4])
    meeting, motion = world.motion(meeting)
    meeting = world.vote(meeting, motion, m0="yes", m1="no", m2="yes", m3="yes")
    event = act(meeting, "close_vote", by=world.secretary, data={"motion": motion.pk}, at=SOON).event
    motion.refresh_from_db()
    assert motion.state == "carried"
    assert {"result": "carried", "yes": 3, "no": 1, "abstain": 0}.items() <= event.data.items()
    assert list(Turnout.objects.order_by("pk").values_list("choice", flat=True)) == ["yes", "no", "yes", "yes"]


def test_half_of_those_present_is_not_enough(world: World) -> None:
    meeting = world.attend(world.in_session(), *world.members[:4])
    meeting, motion = world.motion(meeting, secret=True)
    meeting = world.vote(meeting, motion, m0="yes", m1="yes")
    world.do(meeting, "close_vote", motion=motion.pk)
    motion.refresh_from_db()
    assert motion.state == "lost"


@pytest.mark.parametrize("here", [2, 3])
def test_a_council_votes_only_when_more_than_half_are_here(world: World, here: int) -> None:
    meeting = world.attend(world.in_session(), *world.members[:here])
    if here == 2:
        with pytest.raises(Refused) as caught:
            world.motion(meeting)
        assert caught.value.code == "no_quorum"
    else:
        world.motion(meeting)


def test_one_ballot_a_seat_and_only_for_those_who_are_here(world: World) -> None:
    meeting = world.attend(world.in_session(), *world.members[:3])
    meeting, motion = world.motion(meeting, secret=True)
    meeting = world.vote(meeting, motion, m0="yes")
    for who, code in (
        (world.members[0], "voted_already"),
        (world.members[4], "check_in_first"),
        (world.residents[0], "not_a_member"),
    ):
        with pytest.raises(Refused) as caught:
            services.vote(by=who, matter=meeting, motion=motion.pk, choice="no", at=SOON)
        assert caught.value.code == code
    seat = Seat.objects.get(membership__account=world.members[0])
    with pytest.raises(IntegrityError, match="turnout_one_ballot_a_seat"), transaction.atomic():
        Turnout.objects.create(motion=motion, seat=seat, secret=True)
    with pytest.raises(IntegrityError, match="turnout_keeps_no_secret_choice"), transaction.atomic():
        Turnout.objects.filter(seat=seat).update(choice="yes")


def test_a_ballot_that_the_page_did_not_make_is_refused(world: World) -> None:
    meeting = world.attend(world.in_session(), *world.members[:3])
    meeting, motion = world.motion(meeting)
    for ballot in ("yes", "v1:AAAA", encrypt("yes", column="people.account.name"), services.seal_ballot("maybe")):
        with pytest.raises(Refused) as caught:
            world.do(meeting, "vote", by=world.members[0], motion=motion.pk, ballot=ballot)
        assert "ballot" in caught.value.details


def test_nobody_counts_before_the_close(world: World) -> None:
    meeting = world.attend(world.in_session(), *world.members[:3])
    meeting, motion = world.motion(meeting, secret=True)
    world.vote(meeting, motion, m0="yes")
    motion.refresh_from_db()
    with pytest.raises(VoteStillOpen):
        problem_of(motion)


def everything_about(motion: Motion) -> dict[str, list[tuple[Any, ...]]]:
    """Every column of every table that holds something of a vote, system columns left out."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if not table.startswith(("councils_", "loop_", "notices_", "people_")):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = cursor.fetchall()
    return found


def test_the_database_cannot_tell_who_voted_what(world: World) -> None:
    """The same five people, once all with one choice and once with another: what the database holds differs only
    in random ciphertexts of equal length and in when things happened, whoever voted how."""
    shapes = []
    for choices in (("yes", "no", "no", "yes"), ("no", "yes", "yes", "no")):
        point = transaction.savepoint()
        meeting = world.attend(world.in_session(), *world.members[:4])
        meeting, motion = world.motion(meeting, secret=True)
        meeting = world.vote(meeting, motion, **{f"m{n}": c for n, c in enumerate(choices)})
        rows = everything_about(motion)
        words = str(rows)
        assert "'yes'" not in words
        assert "'abstain'" not in words
        turnout = Turnout.objects.filter(motion=motion).order_by("pk")
        events = Event.objects.filter(matter=meeting, action="vote").order_by("seq")
        assert {tuple(sorted(e.data)) for e in events} == {("motion",)}
        shapes.append((
            [(t.secret, t.choice) for t in turnout],
            [{k: v for k, v in e.data.items() if k != "motion"} for e in events],
            len(rows["councils_urn"]),
            len(rows["councils_urn"][0][1]),
        ))  # fmt: skip
        meeting = world.do(meeting, "close_vote", motion=motion.pk)
        motion.refresh_from_db()
        assert (motion.result["yes"]["number"], motion.result["no"]["number"]) == (2, 2)
        transaction.savepoint_rollback(point)
    assert shapes[0] == shapes[1]


def test_the_memory_of_requests_does_not_tell_the_choice(world: World) -> None:
    """A key would leave a hash of what was sent; the ballot inside is another text each time."""
    meeting = world.attend(world.in_session(), *world.members[:3])
    meeting, motion = world.motion(meeting, secret=True)
    ballot = services.seal_ballot("yes")
    act(meeting, "vote", by=world.members[0], data={"motion": motion.pk, "ballot": ballot}, key="k-1", at=SOON)
    kept = bytes(Remembered.objects.get(key="k-1").body_hash)
    for choice in ("yes", "no", "abstain"):
        for guess in (choice, services.seal_ballot(choice)):
            body = [{"motion": motion.pk, "ballot": guess}, []]
            assert hashlib.sha256(chain.canonical(body)).digest() != kept
    world.vote(meeting, motion, m1="yes")
    assert Remembered.objects.count() == 1


def test_the_urn_has_one_length_and_gives_back_what_went_in() -> None:
    said = {"yes": Weight(3, 12_345), "no": Weight(0, 0), "abstain": Weight(9_999_999, 10**15)}
    assert opened(sealed(said)) == said
    assert len(sealed(said)) == len(sealed(dict.fromkeys(said, Weight())))
    assert len({len(services.seal_ballot(choice)) for choice in said}) == 1


def test_raised_hands_are_counted_at_once_and_not_beyond_those_present(world: World) -> None:
    meeting = world.attend(world.in_session(), *world.members[:2])
    hands = {"item": meeting.meeting.items.get().pk, "words": "装充电棚", "yes": 2, "no": 0}
    for code, more in (("no_quorum", {}), ("invalid", {"yes": 4, "no": 1})):
        with pytest.raises(Refused) as caught:
            world.do(meeting, "count_hands", **(hands | more))
        assert caught.value.code == code
        meeting = world.attend(meeting, *world.members[2:4]) if code == "no_quorum" else meeting
    assert not Motion.objects.exists()
    world.do(meeting, "count_hands", **(hands | {"yes": 3, "no": 1}))
    motion = Motion.objects.get()
    assert (motion.state, motion.by_hands, motion.result["yes"]["number"]) == ("carried", True, 3)


@pytest.mark.parametrize(
    ("rule", "choices", "state"),
    [
        # areas 10, 20, 30, 40, 50 m2: 150 in all, 5 owners; two thirds are 4 owners and 100 m2
        ("ordinary", {"m1": "yes", "m2": "yes", "m3": "yes", "m4": "no"}, "carried"),
        ("ordinary", {"m0": "yes", "m1": "yes", "m2": "yes", "m4": "no"}, "carried"),
        ("ordinary", {"m0": "yes", "m1": "yes", "m2": "no", "m4": "no"}, "lost"),
        ("ordinary", {"m2": "yes", "m3": "yes", "m4": "yes"}, "inquorate"),
        ("special", {"m0": "no", "m1": "yes", "m3": "yes", "m4": "yes"}, "carried"),
        ("special", {"m1": "yes", "m2": "yes", "m3": "yes", "m4": "no"}, "lost"),
        ("special", {"m0": "yes", "m1": "yes", "m2": "yes", "m3": "no", "m4": "no"}, "lost"),
    ],
)
@pytest.mark.parametrize("secret", [False, True])
def test_owners_decide_by_number_and_by_area(
    world: World, rule: str, choices: dict[str, str], state: str, secret: bool
) -> None:
    assembly = make_body(world.town.compound, world.members, kind="assembly")
    meeting = world.in_session("动用维修资金", body=assembly)
    meeting, motion = world.motion(meeting, rule=rule, secret=secret)
    meeting = world.vote(meeting, motion, **choices)
    world.do(meeting, "close_vote", motion=motion.pk)
    motion.refresh_from_db()
    assert motion.state == state
    assert motion.result["entitled"] == {"number": 5, "area_dm2": 15_000}
    assert Urn.objects.exists() == secret


def test_a_council_does_not_decide_like_owners_and_the_other_way_round(world: World) -> None:
    meeting = world.attend(world.in_session(), *world.members)
    item = meeting.meeting.items.get()
    with pytest.raises(Refused) as caught:
        world.do(meeting, "move", item=item.pk, words="x动用维修资金", rule="special")
    assert "rule" in caught.value.details
