"""What the desk holds about a person: shown to them, erased with them, forgotten in time."""

from __future__ import annotations

import json
from datetime import timedelta

from linhe.core.loop.models import Matter
from linhe.core.loop.retention import forget_old
from linhe.core.people.services import erase_account, export_account
from linhe.desks.councils.models import AgendaItem, MeetingDetail, Membership, PetitionDetail, Remark, Support
from tests.integration.desks.councils.world import NOW, SOON, World


def test_a_person_sees_what_is_held_and_a_secret_vote_is_not_in_it(world: World) -> None:
    world.supported()
    meeting = world.attend(world.in_session(), *world.members[:3])
    meeting, motion = world.motion(meeting, secret=True)
    world.vote(meeting, motion, m1="no")
    held = export_account(account=world.residents[0], at=SOON)
    assert "楼下增设充电棚" in json.dumps(held, ensure_ascii=False, default=str)
    member = json.dumps(export_account(account=world.members[1], at=SOON), ensure_ascii=False, default=str)
    assert '"secret": true, "choice": ""' in member
    assert world.body.name in member


def test_erasure_empties_own_words_and_ends_terms(world: World) -> None:
    petition = world.supported()
    meeting = world.in_session()
    item = AgendaItem.objects.get()
    world.do(meeting, "comment", by=world.residents[0], item=item.pk, words="太吵")
    world.do(petition, "decline", words="暂不列入")
    erase_account(account=world.residents[0], at=SOON)
    detail = PetitionDetail.objects.get()
    assert (detail.subject, detail.words, Remark.objects.get().words) == ("", "", "")
    assert Support.objects.count() == 2
    erase_account(account=world.members[4], at=SOON)
    assert Membership.objects.get(account=world.members[4]).ended_at == SOON


def test_words_go_when_their_time_is_over_and_results_stay(world: World) -> None:
    motion = world.carried()
    petition = world.supported()
    world.do(petition, "decline", words="暂不列入")
    meeting = MeetingDetail.objects.get()
    Remark.objects.create(item=motion.item, author=world.residents[0], words="太吵", at=NOW, shown=True)
    late = SOON + timedelta(days=731)
    assert forget_old(at=late) > 0
    assert forget_old(at=late) == 0
    meeting.refresh_from_db()
    motion.refresh_from_db()
    assert (PetitionDetail.objects.get().words, Support.objects.count(), meeting.room) == ("", 0, "")
    assert Remark.objects.get().words == ""
    assert motion.result["yes"]["number"] == 3
    assert motion.words
    assert meeting.minutes.get().text
    assert not Matter.objects.filter(pk=petition.pk, title="").exists()
