"""Export, erasure and retention reach everything personal of the desk, of notices and of points."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from linhe.core.loop import verifying
from linhe.core.loop.acting import act
from linhe.core.loop.models import Matter
from linhe.core.loop.retention import forget_old
from linhe.core.notices.models import Notice
from linhe.core.notices.services import grant_messages
from linhe.core.people.services import erase_account, export_account
from linhe.core.points.approving import approve_entry, propose_entry
from linhe.core.points.models import Proposal
from linhe.desks.errands.models import ErrandDetail, Offer, Shift, Stop
from linhe.desks.errands.services import end_shift
from linhe.lib.refusals import Refused
from tests.factories import make_post
from tests.integration.desks.errands.conftest import AT, DOOR, NOTE, Town, after

REASON = "贺金秀帮邻居搬家"


def problems() -> list[str]:
    """What ``linhe verify`` would say."""
    return [problem for check in verifying.checks().values() for problem in check()]


def confirmed(town: Town) -> Matter:
    """A delivered errand that the resident rated."""
    return act(town.done(), "rate", by=town.resident, data={"stars": 5}, at=after(20)).matter


def test_a_copy_holds_what_the_desk_knows_and_erasure_empties_it(town: Town) -> None:
    matter = confirmed(town)
    officer = make_post("district_officer", town.places.district)
    proposal = propose_entry(
        account=town.resident, points=5, place=town.places.community, reason=REASON, by=town.worker, at=AT
    )
    approve_entry(proposal=proposal, by=officer, at=AT)
    grant_messages(account=town.resident, channel="wechat", template="done", address="openid-9")
    copy = json.dumps(export_account(account=town.resident, at=after(30)), ensure_ascii=False)
    assert all(words in copy for words in (DOOR, NOTE, REASON, "openid-9", "惠民药房"))

    erase_account(account=town.resident, at=after(30))
    copy = json.dumps(export_account(account=town.resident, at=after(31)), ensure_ascii=False)
    assert not any(words in copy for words in (DOOR, NOTE, REASON, "openid-9", "惠民药房"))
    errand = ErrandDetail.objects.get(pk=matter.pk)
    assert (errand.door, errand.note, errand.code, errand.relay, errand.pickup_name) == ("",) * 5
    assert not Notice.objects.filter(account=town.resident).exists()
    assert Proposal.objects.get().points == 5
    assert set(Stop.objects.filter(matter=matter).values_list("label", flat=True)) == {""}
    assert problems() == []


def test_a_decided_entry_by_hand_still_changes_in_nothing_else(town: Town) -> None:
    proposal = propose_entry(
        account=town.resident, points=5, place=town.places.community, reason=REASON, by=town.worker, at=AT
    )
    approve_entry(proposal=proposal, by=make_post("district_officer", town.places.district), at=AT)
    for change in ({"points": 50}, {"points": 50, "reason": ""}, {"reason": "another"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Proposal.objects.update(**change)


def test_a_courier_goes_off_duty_and_leaves_no_positions(town: Town) -> None:
    confirmed(town)
    with pytest.raises(Refused) as refused:
        erase_account(account=town.courier, at=after(30))
    assert "下班" in refused.value.message.zh
    end_shift(courier=town.courier, at=after(30))
    assert export_account(account=town.courier, at=after(30))["errands"]["shifts"]
    erase_account(account=town.courier, at=after(31))
    assert not Shift.objects.filter(courier=town.courier).exists()
    assert Offer.objects.filter(courier=town.courier, shift__isnull=True).exists()
    assert problems() == []


def test_door_and_note_go_after_their_time_and_not_before(town: Town) -> None:
    matter, running = confirmed(town), town.errand(at=after(30))

    def held(one: Matter) -> tuple[Any, ...]:
        errand = ErrandDetail.objects.get(pk=one.pk)
        return errand.door, errand.note

    forget_old(at=after(20) + timedelta(days=180))
    assert held(matter) == (DOOR, NOTE)
    forget_old(at=after(21) + timedelta(days=180))
    assert held(matter) == ("", "")
    assert held(running) == (DOOR, NOTE)
    assert forget_old(at=after(22) + timedelta(days=180)) == 0
    assert problems() == []
