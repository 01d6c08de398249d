"""A year is evaluated from the log: the same log gives the same result, and nothing is final before objections are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused
from linhe.desks.volunteering.models import EvaluationDetail, EvaluationRow, Objection
from linhe.desks.volunteering.queries.evaluation import member_records, year_of
from tests.integration.desks.volunteering.conftest import AT, Town, after

NEXT_YEAR = datetime(2027, 1, 5, 1, 0, tzinfo=UTC)


@pytest.fixture
def year(town: Town):
    """Two members who serve: one in an activity and a post, one with logged hours; and a resident who is no member."""
    a, b, resident = town.people[:3]
    for who in (a, b):
        begin("check_in", "enrol", by=town.worker, beneficiary=who, place=town.places.building, at=AT,
              data={"organisation": town.office.code})  # fmt: skip
    begin("check_in", "check_in_organisation", by=town.worker, place=town.places.compound, at=AT,
          data={"organisation": town.office.code})  # fmt: skip
    activity = town.activity(capacity=9, organisation=town.office.code)
    for who in (a, resident):
        town.came(activity, who, at=after(60))
    act(activity, "finish", by=town.organiser, data={}, at=after(180))
    town.appointed(a)
    log = {"theme": "patrol", "day": "2026-03-03", "minutes": 90}
    hours = begin("hours", "log", by=b, place=town.places.building, data=log, at=AT).matter
    act(hours, "confirm", by=town.worker, at=after(5))
    opened = begin("evaluation", "open", by=town.worker, place=town.places.community, data={"year": 2026}, at=NEXT_YEAR)
    return opened.matter


def test_figures_come_from_the_log_and_residents_are_not_evaluated(town: Town, year) -> None:
    a, b = town.people[:2]
    done = act(year, "compute", by=town.worker, at=NEXT_YEAR)
    rows = {row.account_id: row for row in EvaluationRow.objects.all()}
    assert set(rows) == {a.pk, b.pk, None}
    assert rows[a.pk].figures == {"check_ins": 1, "activities": 1, "minutes": 120, "needs": 0, "post_months": 10}
    assert (rows[a.pk].score, rows[a.pk].grade) == (5 + 4 + 4 + 20, "good")
    assert rows[b.pk].figures["minutes"] == 90
    assert rows[None].figures == {"check_ins": 3, "activities": 1, "minutes": 240, "needs": 0, "post_months": 0}
    assert (done.event.data["members"], done.event.data["organisations"]) == (2, 1)
    records = member_records(town.places.community, year_of(2026, cut_at=NEXT_YEAR), [a.pk])
    actions = set(Event.objects.filter(pk__in=[r.event for r in records]).values_list("action", flat=True))
    assert actions == {"enrol", "arrive", "appoint"}


def test_again_on_the_same_log_gives_the_same_and_a_change_shows(town: Town, year) -> None:
    first = act(year, "compute", by=town.worker, at=NEXT_YEAR).event.data["inputs"]
    rows = list(EvaluationRow.objects.order_by("pk").values_list("account", "score", "inputs_hash"))
    again = act(year, "compute", by=town.worker, at=NEXT_YEAR + timedelta(days=40)).event.data["inputs"]
    assert again == first
    assert list(EvaluationRow.objects.order_by("pk").values_list("account", "score", "inputs_hash")) == rows
    log = {"theme": "patrol", "day": "2026-03-04", "minutes": 60}
    hours = begin("hours", "log", by=town.people[1], place=town.places.building, data=log, at=after(10)).matter
    act(hours, "confirm", by=town.worker, at=after(20))
    assert act(year, "compute", by=town.worker, at=NEXT_YEAR).event.data["inputs"] != first


def test_it_is_final_only_after_objections_were_answered_and_their_time_is_over(town: Town, year) -> None:
    a, _, resident = town.people[:3]
    act(year, "compute", by=town.worker, at=NEXT_YEAR)
    with pytest.raises(Refused) as refused:
        act(year, "object", by=resident, data={"words": "我也参加了"}, at=NEXT_YEAR)
    assert refused.value.code == "not_evaluated"
    act(year, "object", by=a, data={"words": "少算了一次"}, at=NEXT_YEAR)
    later = NEXT_YEAR + timedelta(days=30)
    with pytest.raises(Refused) as refused:
        act(year, "confirm", by=town.worker, at=later)
    assert refused.value.code == "open_objections"
    answer = {"objection_id": Objection.objects.get().pk, "upheld": False, "words": "已核对记录"}
    act(year, "answer", by=town.worker, data=answer, at=NEXT_YEAR)
    with pytest.raises(Refused) as refused:
        act(year, "confirm", by=town.worker, at=NEXT_YEAR)
    assert refused.value.code == "too_early"
    done = act(year, "confirm", by=town.worker, at=later)
    assert done.event.data["inputs"] == EvaluationDetail.objects.get(pk=year.pk).inputs_hash
    assert done.matter.stage == "confirmed"


def test_the_database_keeps_evaluations_single(town: Town, year) -> None:
    with pytest.raises(Refused):
        begin("evaluation", "open", by=town.worker, place=town.places.community, data={"year": 2026}, at=NEXT_YEAR)
    act(year, "compute", by=town.worker, at=NEXT_YEAR)
    member, office = EvaluationRow.objects.filter(account__isnull=False)[0], EvaluationRow.objects.get(account=None)
    for row, name in ((member, "evaluation_row_once_a_member"), (office, "evaluation_row_once_an_organisation")):
        row.pk = None
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            row.save(force_insert=True)
    objection = {"evaluation_id": year.pk, "account": town.people[0], "at": AT}
    Objection.objects.create(**objection)
    with pytest.raises(IntegrityError, match="objection_one_open_a_member"), transaction.atomic():
        Objection.objects.create(**objection)
    with pytest.raises(IntegrityError, match="objection_answered_one_way_or_the_other"), transaction.atomic():
        Objection.objects.update(upheld=True)
