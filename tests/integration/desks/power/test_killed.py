"""Nothing of a run is lost when the process that writes it is killed: each confirmation is one transaction."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from linhe.core.loop.chain import broken_links
from linhe.core.loop.models import Event
from linhe.core.runsheets.models import DONE, OPEN, RunItem
from tests.integration.desks.power.world import make_county

ROOT = Path(__file__).resolve().parents[4]
CONFIRMING = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from django.utils import timezone
from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.core.runsheets.models import RunItem
matter = Matter.objects.get(pk=sys.argv[2])
people = {role: Account.objects.get(pk=pk) for role, pk in (one.split("=") for one in sys.argv[3:])}
while True:
    item = RunItem.objects.filter(sheet=matter.pk, state="open").order_by("seq")[0]
    action, role = ("repeat_item", item.role) if item.called_at else ("call_item", "power_supervisor")
    act(matter, action, by=people[role], data={"seq": item.seq, "revision": 1}, at=timezone.now())
    print(item.seq, action, flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_every_confirmation_that_was_acknowledged_is_there_after_a_kill() -> None:
    county = make_county()
    matter = county.alarm()
    people = {"power_supervisor": county.supervisor, "power_dispatcher": county.dispatcher,
              "power_operator": county.operator}  # fmt: skip
    acknowledged: list[tuple[int, str]] = []
    for most in (3, 6):
        process = subprocess.Popen(
            [sys.executable, "-c", CONFIRMING, str(connection.settings_dict["NAME"]), str(matter.pk),
             *(f"{role}={account.pk}" for role, account in people.items())],
            stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip
        assert process.stdout is not None
        acknowledged += [_line(process.stdout.readline()) for _ in range(most)]
        process.kill()
        acknowledged += [_line(line) for line in process.stdout.read().splitlines()]
        process.wait()
        process.stdout.close()
    events = list(Event.objects.filter(matter=matter).order_by("seq"))
    assert list(broken_links(events)) == []
    written = [event.action for event in events if event.action != "raise_alarm"]
    assert len(acknowledged) <= len(written) <= len(acknowledged) + 2, "at most one in flight a kill"
    items = RunItem.objects.filter(sheet=matter.pk)
    for seq, action in acknowledged:
        item = items.get(seq=seq)
        assert item.called_at is not None
        assert action == "call_item" or item.state == DONE
    assert items.filter(called_at__isnull=False).count() == written.count("call_item")
    assert items.filter(state=DONE).count() == written.count("repeat_item")
    assert items.filter(state=OPEN, opened_at__isnull=False).count() == 1


def _line(line: str) -> tuple[int, str]:
    seq, action = line.split()
    return int(seq), action
