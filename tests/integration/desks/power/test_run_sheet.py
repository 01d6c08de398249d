"""A run sheet: two people an item, in order, against the clock, from phones that may be offline."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from linhe.core.loop.acting import act
from linhe.core.loop.models import Event
from linhe.core.loop.refusals import Refused
from linhe.core.runsheets.filling import Operation, fill_in
from linhe.core.runsheets.models import DONE, NONE, SKIPPED, RunClock, RunItem, RunSheet
from linhe.core.runsheets.queries import told_sheet
from linhe.core.runsheets.template import template_at
from linhe.lib.text import Text
from tests.factories import make_post
from tests.integration.desks.power.world import AT, County


def test_thirty_four_steps_in_five_phases_wait_with_the_alarm(county: County) -> None:
    matter = county.alarm()
    told = told_sheet(matter.run_sheet, at=county.now())
    assert [len(phase.items) for phase in told.phases] == [6, 7, 10, 5, 6]
    assert "城东一线" in told.current.item.zh
    assert [clock.running for clock in told.clocks] == [True, False]
    assert county.item(matter).opened_at == AT


def test_an_item_takes_a_call_and_a_repeat_by_two_people(county: County) -> None:
    matter = county.alarm()
    with pytest.raises(Refused, match="not_called"):
        county.act(matter, "repeat_item", county.dispatcher, **county.named(matter))
    county.act(matter, "call_item", county.supervisor, **county.named(matter))
    with pytest.raises(Refused, match="already_called"):
        county.act(matter, "call_item", county.supervisor, **county.named(matter))
    with pytest.raises(Refused, match="other_role"):
        county.act(matter, "repeat_item", county.operator, **county.named(matter))
    with pytest.raises(Refused, match="not_allowed"):
        county.act(matter, "repeat_item", county.observer, **county.named(matter))
    county.act(matter, "repeat_item", county.dispatcher, **county.named(matter))
    first = RunItem.objects.get(sheet=matter.pk, seq=1)
    assert (first.state, first.called_by, first.done_by) == (DONE, county.supervisor, county.dispatcher)
    assert Event.objects.filter(matter=matter).count() == 3


def test_whoever_holds_both_posts_still_may_not_be_both_people(county: County) -> None:
    matter = county.alarm()
    make_post("power_dispatcher", county.places.district, county.supervisor)
    county.act(matter, "call_item", county.supervisor, **county.named(matter))
    with pytest.raises(Refused, match="same_person"):
        county.act(matter, "repeat_item", county.supervisor, **county.named(matter))


def test_items_keep_their_order_and_their_revision(county: County) -> None:
    matter = county.alarm()
    with pytest.raises(Refused, match="out_of_order"):
        county.act(matter, "call_item", county.supervisor, seq=2, revision=1)
    with pytest.raises(Refused, match="replanned"):
        county.act(matter, "call_item", county.supervisor, seq=1, revision=2)
    county.to_step(matter, 2)
    with pytest.raises(Refused, match="done_already"):
        county.act(matter, "call_item", county.supervisor, seq=1, revision=1)
    county.to_step(matter, 9)
    with pytest.raises(Refused, match="no_plan"):
        county.act(matter, "call_item", county.supervisor, **county.named(matter))


def test_a_phone_that_was_offline_counts_from_when_it_was_said(county: County) -> None:
    matter = county.alarm()
    said = [county.now(minutes) for minutes in (1, 2, 3, 4)]
    back = county.now(8)
    for seq, called, repeated in ((1, said[0], said[1]), (2, said[2], said[3])):
        data = {"seq": seq, "revision": 1}
        act(matter, "call_item", by=county.supervisor, data=data | {"said_at": called}, at=back)
        act(matter, "repeat_item", by=county.dispatcher, data=data | {"said_at": repeated}, at=back)
    assert RunItem.objects.get(sheet=matter.pk, seq=2).done_at == said[3]
    told = told_sheet(RunSheet.objects.get(pk=matter.pk), at=back)
    assert [one.took_s for one in told.phases[0].items[:3]] == [180, 420, 480]


@pytest.mark.parametrize(
    ("minutes", "code"), [(-2, "clock_backwards"), (4, "clock_ahead"), (-40, "too_old")], ids=lambda x: str(x)
)
def test_clocks_of_phones_run_forward(county: County, minutes: int, code: str) -> None:
    matter = county.alarm()
    county.to_step(matter, 3)
    said_at = county.now() + timedelta(minutes=minutes)
    with pytest.raises(Refused, match=code):
        county.act(matter, "call_item", county.supervisor, wait=0, **county.named(matter), said_at=said_at)


def test_a_small_difference_between_phones_is_no_going_back(county: County) -> None:
    matter = county.alarm()
    county.to_step(matter, 3)
    last = RunSheet.objects.get(pk=matter.pk).last_at
    said_at = last - timedelta(seconds=30)
    county.act(matter, "call_item", county.supervisor, **county.named(matter), said_at=said_at)
    assert county.item(matter).called_at == last


def test_the_same_confirmation_sent_again_does_nothing(county: County) -> None:
    matter = county.alarm()
    sent = {"by": county.supervisor, "data": county.named(matter), "at": county.now(1), "key": "phone-1"}
    assert not act(matter, "call_item", **sent).repeated
    assert act(matter, "call_item", **sent).repeated
    assert Event.objects.filter(matter=matter, action="call_item").count() == 1


def test_an_emergency_may_leave_out_only_what_keeps_nobody_safe(county: County) -> None:
    matter = county.alarm()
    with pytest.raises(Refused, match="must_not_skip"):
        county.act(matter, "skip_item", county.dispatcher, **county.named(matter), reason="order")
    county.to_step(matter, 2)
    county.act(matter, "skip_item", county.dispatcher, **county.named(matter), reason="order")
    assert RunItem.objects.get(sheet=matter.pk, seq=2).state == SKIPPED
    logged = Event.objects.get(matter=matter, action="skip_item")
    assert (logged.data["code"], logged.data["reason"]) == ("scope_judged", "order")
    assert logged.actor == county.dispatcher


@pytest.mark.parametrize(("drill", "counted"), [(True, 120), (False, 720)], ids=["drill", "real"])
def test_a_halt_stops_the_clock_of_a_drill_and_not_of_an_outage(county: County, drill: bool, counted: int) -> None:
    matter = county.alarm(drill=drill)
    county.act(matter, "pause", county.supervisor, reason="explain")
    for action in ("call_item", "repeat_item"):
        with pytest.raises(Refused, match="paused"):
            county.act(matter, action, county.supervisor if action == "call_item" else county.dispatcher, wait=0,
                       **county.named(matter))  # fmt: skip
    county.act(matter, "resume", county.supervisor, wait=10)
    told = told_sheet(RunSheet.objects.get(pk=matter.pk), at=county.now(1))
    assert told.clocks[0].elapsed_s == counted
    assert told.current.took_s == 120
    with pytest.raises(Refused, match="not_paused"):
        county.act(matter, "resume", county.supervisor)


def test_operations_keep_their_order_whatever_their_steps(county: County) -> None:
    matter = county.alarm()
    county.to_step(matter, 9)
    words = {name: Text(name, name) for name in ("feeder", "lost", "act", "device", "site")}
    template, sheet = template_at("power.drill", at=county.now()), RunSheet.objects.get(pk=matter.pk)

    def one(number: int, slot: str, *after: int, ordered: bool = False) -> Operation:
        return Operation(slot, words, {"n": number}, number=number, after=after, ordered=ordered)

    given = [
        one(1, "isolate.tag"), one(2, "transfer.close", ordered=True), one(3, "isolate.open", ordered=True),
        one(4, "truck.test", 2), one(5, "truck.start"),
    ]  # fmt: skip
    fill_in(sheet, template, given, at=county.now(), values=words)
    rows = RunItem.objects.filter(sheet=sheet, operation__isnull=False).order_by("seq")
    assert [(row.operation["n"], row.label, row.code) for row in rows if row.operation] == [
        (1, "9-1", "isolated"), (5, "22-1", "truck_started"), (2, "25-1", "transfer_closed"), (3, "25-2", "isolated"),
        (4, "25-3", "site_dead"),
    ]  # fmt: skip
    assert RunItem.objects.filter(sheet=sheet, state=NONE, step=10).exists()


def _refused_by(name: str) -> pytest.RaisesExc[IntegrityError]:
    return pytest.raises(IntegrityError, match=name)


def test_the_database_keeps_what_no_sheet_may_be(county: County) -> None:
    matter = county.alarm()
    sheet = RunSheet.objects.get(pk=matter.pk)
    items, clocks = RunItem.objects.filter(sheet=sheet), RunClock.objects.filter(sheet=sheet)
    one, when = items.filter(seq=1), county.now()
    wrong = {
        "runsheet_time_runs_forward": lambda: RunSheet.objects.filter(pk=sheet.pk).update(last_at=AT - timedelta(1)),
        "runsheet_ends_running_and_after_it_began": lambda: RunSheet.objects.filter(pk=sheet.pk).update(
            ended_at=when, paused_at=when
        ),
        "runitem_one_a_place": lambda: one.update(seq=2),
        "runitem_one_called_at_a_time": lambda: items.filter(seq__lte=2).update(called_at=when),
        "runitem_state_is_known": lambda: one.update(state="lost"),
        "runitem_takes_two_people": lambda: one.update(called_by=county.crew, done_by=county.crew),
        "runitem_done_was_called_and_repeated": lambda: one.update(state=DONE),
        "runitem_repeated_after_the_call": lambda: one.update(called_at=when, done_at=when - timedelta(1)),
        "runclock_once_a_sheet": lambda: clocks.update(code="isolate"),
        "runclock_stops_after_it_starts": lambda: clocks.update(started_at=when, stopped_at=when - timedelta(1)),
    }
    for name, write in wrong.items():
        with _refused_by(name), transaction.atomic():
            write()
