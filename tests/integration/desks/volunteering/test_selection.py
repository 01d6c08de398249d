"""The yearly selection: nobody without consent, one person one vote, a jury without friends, exact sums."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.core.points.services import credit, settle_due
from linhe.desks.volunteering.models import Candidate, Juror, Mark, Recusal, ResultRow, Voted
from linhe.desks.volunteering.queries.honours import ballot, may_vote
from linhe.desks.volunteering.services import cast_vote
from tests.factories import LONG_AGO, make_account, make_district
from tests.integration.desks.volunteering.honours import SPRING, Honours, honours

OPEN = SPRING + timedelta(days=30)
CLOSED = OPEN + timedelta(days=30)


@pytest.fixture
def town(db: None) -> Honours:
    return honours(make_district("990305"))


def opened(town: Honours) -> Matter:
    return begin("selection", "open", by=town.district, place=town.places.district, data={"year": 2026}, at=OPEN).matter


def nominate(matter: Matter, rider: Account, by: Account, **data: Any) -> None:
    told = {"phone": rider.phone, "name": rider.name, "story": "风雨无阻送药上门", **data}
    act(matter, "nominate", by=by, data=told, at=OPEN)


def voting(town: Honours, *names: str) -> Matter:
    """A selection whose vote is open, with these candidates."""
    matter, neighbour = opened(town), make_account()
    for name in names:
        rider = town.rider(name)
        nominate(matter, rider, neighbour)
        act(matter, "agree", by=rider, data={"agrees": True}, at=OPEN)
    act(matter, "screening", by=town.district, at=OPEN)
    for candidate in Candidate.objects.filter(selection=matter.pk):
        act(matter, "screen", by=town.district, data={"candidate_id": candidate.pk, "passed": True}, at=OPEN)
    return act(matter, "open_vote", by=town.district, at=OPEN).matter


def voter() -> Account:
    return make_account(phone_verified_at=LONG_AGO)


def test_nobody_is_on_the_ballot_without_agreeing(town: Honours) -> None:
    matter, neighbour = opened(town), make_account()
    willing, unwilling, silent = town.rider("甲"), town.rider("乙"), town.rider("丙")
    for rider in (willing, unwilling, silent):
        nominate(matter, rider, neighbour)
    with pytest.raises(Refused, match="nominated_already"):
        nominate(matter, silent, make_account())
    act(matter, "agree", by=willing, data={"agrees": True}, at=OPEN)
    act(matter, "agree", by=unwilling, data={"agrees": False}, at=OPEN)
    with pytest.raises(Refused, match="not_nominated"):
        act(matter, "agree", by=neighbour, data={"agrees": True}, at=OPEN)
    act(matter, "screening", by=town.district, at=OPEN)
    with pytest.raises(Refused, match="no_candidates"):
        act(matter, "open_vote", by=town.district, at=OPEN)
    for name in ("乙", "丙"):
        candidate = next(c for c in Candidate.objects.select_related("account") if c.account.name == name)
        with pytest.raises(Refused, match="no_consent"):
            act(matter, "screen", by=town.district, data={"candidate_id": candidate.pk, "passed": True}, at=OPEN)
        with pytest.raises(DatabaseError, match="candidate_passes_with_consent"), transaction.atomic():
            Candidate.objects.filter(pk=candidate.pk).update(passed=True)
    [candidate] = Candidate.objects.filter(agreed=True)
    act(matter, "screen", by=town.district, data={"candidate_id": candidate.pk, "passed": True}, at=OPEN)
    act(matter, "open_vote", by=town.district, at=OPEN)
    assert [(card.candidate.number, card.name) for card in ballot(matter.selection)] == [(1, "甲")]


def test_a_nominee_is_known_by_phone_and_name_together(town: Honours) -> None:
    matter, rider, resident = opened(town), town.rider("甲"), make_account("王五")
    for told in (
        {"name": "乙"},
        {"phone": "19900009999"},
        {"phone": resident.phone, "name": resident.name},
        {"phone": "x" * 11},
    ):
        with pytest.raises(Refused, match="invalid") as refused:
            nominate(matter, rider, resident, **told)
        assert set(refused.value.details) == {"phone", "name"}
    with pytest.raises(Refused, match="invalid"):
        nominate(matter, rider, resident, source="company")
    with pytest.raises(Refused, match="open_already"):
        opened(town)


def test_names_and_numbers_cannot_be_tried_out(town: Honours) -> None:
    matter, rider, curious = opened(town), town.rider("甲"), make_account()
    for n in range(10):
        with pytest.raises(Refused, match="invalid"):
            nominate(matter, rider, curious, name=f"乙{n}")
    with pytest.raises(Refused, match="code_locked") as locked:
        nominate(matter, rider, curious)
    assert locked.value.status == 429
    nominate(matter, rider, make_account())


def test_one_person_one_vote_and_for_whom_is_kept_nowhere(town: Honours) -> None:
    matter, one = voting(town, "甲", "乙"), voter()
    events = Event.objects.filter(matter=matter).count()
    assert may_vote(matter.selection, one)
    cast_vote(account=one, selection=matter, number=2, at=OPEN)
    assert not may_vote(matter.selection, one)
    with pytest.raises(Refused, match="voted_already"):
        cast_vote(account=one, selection=matter, number=1, at=OPEN)
    with pytest.raises(Refused, match="no_phone"):
        cast_vote(account=make_account(), selection=matter, number=1, at=OPEN)
    with pytest.raises(Refused, match="no_candidate"):
        cast_vote(account=voter(), selection=matter, number=9, at=OPEN)
    assert list(Candidate.objects.order_by("number").values_list("votes", flat=True)) == [0, 1]
    assert Event.objects.filter(matter=matter).count() == events
    assert {f.name for f in Voted._meta.get_fields()} == {"id", "selection", "account"}
    with pytest.raises(DatabaseError, match="voted_once_a_person"), transaction.atomic():
        Voted.objects.create(selection=matter.selection, account=one)
    sweep_clocks(at=CLOSED)
    with pytest.raises(Refused, match="not_open"):
        cast_vote(account=voter(), selection=matter, number=1, at=CLOSED)
    assert Event.objects.filter(matter=matter, action="close_vote").get().data == {
        "votes": 1,
        "votes_1": 0,
        "votes_2": 1,
    }


@pytest.mark.django_db(transaction=True)
def test_a_vote_counts_once_however_often_it_is_sent_at_once() -> None:
    town = honours(make_district("990306"))
    matter, people = voting(town, "甲", "乙"), [voter() for _ in range(4)]

    def vote(number: int) -> None:
        try:
            cast_vote(account=people[number % 4], selection=matter, number=1 + number % 2, at=OPEN)
        except Refused:
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(vote, range(24)))
    assert sum(Candidate.objects.values_list("votes", flat=True)) == 4 == Voted.objects.count()


def test_a_juror_marks_once_and_nobody_near(town: Honours) -> None:
    matter = voting(town, "甲", "乙")
    juror = make_account(username="juror")
    act(matter, "name_juror", by=town.district, data={"who": "juror"}, at=OPEN)
    act(matter, "name_juror", by=town.district, data={"who": town.riders[0].phone}, at=OPEN)
    first, second = Candidate.objects.order_by("number")
    act(matter, "mark", by=juror, data={"candidate_id": first.pk, "marks": 90}, at=OPEN)
    for code, by, data, why in (
        ("mark", juror, {"candidate_id": first.pk, "marks": 91}, "marked_already"),
        ("recuse", juror, {"candidate_id": first.pk}, "marked_already"),
        ("mark", town.riders[0], {"candidate_id": first.pk, "marks": 100}, "near"),
        ("mark", make_account(), {"candidate_id": first.pk, "marks": 100}, "no_juror"),
        ("mark", juror, {"candidate_id": 10**9, "marks": 1}, "invalid"),
    ):
        with pytest.raises(Refused, match=why):
            act(matter, code, by=by, data=data, at=OPEN)
    act(matter, "recuse", by=juror, data={"candidate_id": second.pk}, at=OPEN)
    with pytest.raises(Refused, match="near"):
        act(matter, "mark", by=juror, data={"candidate_id": second.pk, "marks": 50}, at=OPEN)
    seat, own = Juror.objects.get(account=juror), Juror.objects.get(account=town.riders[0])
    for row, name in (
        ({"juror": seat, "candidate": second, "marks": 1}, "may not mark"),
        ({"juror": own, "candidate": first, "marks": 1}, "may not mark"),
        ({"juror": own, "candidate": second, "marks": 101}, "mark_out_of_a_hundred"),
        ({"juror": seat, "candidate": first, "marks": 1}, "mark_once_a_juror_and_candidate"),
    ):
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            Mark.objects.create(**row)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        Mark.objects.update(marks=1)
    with pytest.raises(DatabaseError, match="recusal_declared_once"), transaction.atomic():
        Recusal.objects.create(juror=seat, candidate=second)


def test_votes_marks_and_points_are_weighed_exactly_and_published(town: Honours) -> None:
    matter = voting(town, "甲", "乙", "丙")
    for number, votes in ((1, 1), (2, 2)):
        for _ in range(votes):
            cast_vote(account=voter(), selection=matter, number=number, at=OPEN)
    town.earn(town.riders[0], 2)
    juror = make_account(username="juror")
    act(matter, "name_juror", by=town.district, data={"who": "juror"}, at=OPEN)
    sweep_clocks(at=CLOSED)
    with pytest.raises(Refused, match="jury_open"):
        act(matter, "count", by=town.district, at=CLOSED)
    for candidate, marks in zip(Candidate.objects.order_by("number"), (80, 91, 70), strict=True):
        act(matter, "mark", by=juror, data={"candidate_id": candidate.pk, "marks": marks}, at=CLOSED)
    late = CLOSED - timedelta(days=1)
    event = begin(
        "toy", "raise", by=juror, place=town.places.building, data={"size": 1}, at=late
    ).event  # fmt: skip
    credit(account=town.riders[0], rule="toy_done", event=event, at=late, place=town.places.building)
    with pytest.raises(Refused, match="still_disputable"):
        act(matter, "count", by=town.district, at=CLOSED)
    settle_due(at=CLOSED + timedelta(days=4))
    town.earn(town.riders[1], 9, at=CLOSED + timedelta(hours=1))  # after the vote: counts for no one
    counted = act(matter, "count", by=town.district, at=CLOSED)
    assert (counted.event.data["version"], counted.event.data["votes"], counted.event.data["chosen"]) == (1, 3, 3)
    rows = ResultRow.objects.order_by("rank").select_related("candidate__account")
    assert [(r.candidate.account.name, r.rank, Fraction(r.total)) for r in rows] == [
        ("甲", 1, Fraction(40, 3) + 32 + 20), ("乙", 2, Fraction(80, 3) + Fraction(364, 10)), ("丙", 3, Fraction(28)),
    ]  # fmt: skip
    act(matter, "object", by=town.riders[2], data={"words": "请复核票数"}, at=CLOSED)
    with pytest.raises(Refused, match="objections_open"):
        act(matter, "recount", by=town.district, data={"words": "复核"}, at=CLOSED)
    waiting = matter.protests.get()
    data = {"protest_id": waiting.pk, "upheld": True, "words": "已复核"}
    act(matter, "answer", by=town.district, data=data, at=CLOSED)
    assert act(matter, "recount", by=town.district, data={"words": "复核"}, at=CLOSED).event.data["version"] == 2
    sweep_clocks(at=CLOSED + timedelta(days=20))
    matter.refresh_from_db()
    assert matter.stage == "decided"
    assert Event.objects.get(matter=matter, action="publicity_over").data == {"selected": 3}
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        ResultRow.objects.update(rank=1)
