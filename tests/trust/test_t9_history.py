"""Promise T9: history cannot be changed, and ``linhe verify`` finds it when somebody did so all the same."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.management import load_command_class
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from linhe.core.loop import verifying
from linhe.core.loop.acting import act
from linhe.core.loop.models import Event
from linhe.core.points.models import Entry
from linhe.core.points.services import credit
from tests.trust.visitors import Day

FORGERIES = {
    "an edited event": "UPDATE loop_event SET data = '{\"size\": 4}' WHERE matter_id = {toy} AND seq = 1",
    "another actor": "UPDATE loop_event SET actor_id = {stranger} WHERE matter_id = {toy} AND seq = 1",
    "another moment": "UPDATE loop_event SET at = at - interval '1 second' WHERE matter_id = {errand} AND seq = 2",
    "a missing event": "DELETE FROM loop_event WHERE matter_id = {errand} AND seq = 2",
    "the first event missing": "DELETE FROM loop_event WHERE matter_id = {toy} AND seq = 1",
    "reordered events": "UPDATE loop_event SET seq = 3 - seq + 1000 WHERE matter_id = {errand}",
    "a matter moved by hand": "UPDATE loop_matter SET stage = 'done' WHERE id = {toy}",
    "a version set back": "UPDATE loop_matter SET version = 1 WHERE id = {errand}",
    "a text replaced": "UPDATE loop_particular SET salt = '\\x00' WHERE event_id IN (SELECT id FROM loop_event)",
}  # fmt: skip


@pytest.fixture
def day(day: Day) -> Day:
    """A district in the middle of its day, with a credit in the ledger."""
    handler = day.people["handler"]
    assert handler is not None
    event = Event.objects.get(matter=day.matters["errand"], seq=2)
    credit(account=handler, rule="errand", event=event, at=timezone.now(), place=day.town.building)
    return day


def verify() -> dict[str, Any]:
    """What ``linhe verify`` reports."""
    return load_command_class("linhe.config", "verify").perform()


def forge(statement: str, day: Day) -> None:
    """Change rows as somebody could who has the database's own superuser."""
    assert day.toy is not None
    stranger = day.people["resident"]
    assert stranger is not None
    names = {"toy": day.toy.pk, "errand": day.matters["errand"].pk, "stranger": stranger.pk}
    for name, value in names.items():
        statement = statement.replace("{" + name + "}", str(value))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_a_clean_database_has_no_problems(day: Day) -> None:
    assert {"chains", "particulars"} <= set(verifying.checks())
    result = verify()
    assert (result["problems"], result["exit_code"]) == ([], 0)


@pytest.mark.parametrize("what", FORGERIES)
def test_verify_finds(what: str, day: Day) -> None:
    forge(FORGERIES[what], day)
    result = verify()
    assert result["problems"]
    assert result["exit_code"] == 1


@pytest.mark.parametrize("table", ["loop_event", Entry._meta.db_table])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id + 1000000", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_database_refuses_to_change_what_is_written(table: str, change: str, day: Day) -> None:
    def rows() -> int:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            return int(cursor.fetchone()[0])

    before = rows()
    assert before
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))
    assert rows() == before


def test_every_further_action_makes_the_chain_longer(day: Day) -> None:
    before = Event.objects.filter(matter=day.matters["errand"]).count()
    act(day.matters["errand"], "collect", by=day.people["handler"])
    assert Event.objects.filter(matter=day.matters["errand"]).count() == before + 1
    assert verify()["problems"] == []


def test_the_command_prints_one_object_and_its_exit_code_tells(day: Day, capsys: pytest.CaptureFixture[str]) -> None:
    command: Any = load_command_class("linhe.config", "verify")
    command.needs_database = False  # the test's own connection is open already
    command.handle(json=True)
    assert command.exit_code == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []
    forge(FORGERIES["a missing event"], day)
    command.handle(json=True)
    assert command.exit_code == 1
    assert json.loads(capsys.readouterr().out)["problems"]
