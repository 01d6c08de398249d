"""The one door: who may act, when, with what, and what remains when it is refused."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from PIL import Image

from linhe.core.loop import queries
from linhe.core.loop.access import allowed_actions, visible_to
from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Event, Evidence, Matter, MatterClock, Particular, Remembered
from linhe.core.loop.refusals import Refused
from linhe.core.loop.verifying import problems_of_chains, problems_of_particulars, problems_of_photos
from linhe.core.people.models import Account, Delegation, Post
from tests.factories import District, make_account, make_post

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)  # a Wednesday, 12:00 in Shanghai
NINE = datetime(2026, 3, 4, 1, 0, tzinfo=UTC)


def raised(town: District, resident: Account, **more: object) -> Matter:
    return begin("toy", "raise", by=resident, place=town.building, data={"size": 3}, at=NINE, **more).matter


def refusal(call: object, *args: object, **kwargs: object) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value


def test_a_matter_goes_round_the_loop(town: District, resident: Account, courier: Account, worker: Account) -> None:
    matter = raised(town, resident)
    act(matter, "take", by=courier, at=NINE)
    act(matter, "finish", by=courier, data={"went_well": True}, at=NINE)
    outcome = act(matter, "check", by=worker, at=NINE)
    assert outcome.matter.stage == "checked"
    assert outcome.matter.closed_at == NINE
    assert [e.action for e in queries.timeline(matter)] == ["raise", "take", "finish", "check"]
    assert [e.actor_role for e in queries.timeline(matter)] == ["anyone", "courier", "handler", "community_worker"]
    assert Event.objects.get(matter=matter, action="take").data == {"taken": 1}
    assert list(problems_of_chains()) == []


def test_the_matter_knows_all_its_ancestors(town: District, resident: Account) -> None:
    matter = begin("toy", "raise", by=resident, place=town.unit, data={"size": 1}).matter
    matter = Matter.objects.get(pk=matter.pk)
    assert (matter.at_district_id, matter.at_community_id) == (town.district.pk, town.community.pk)
    assert (matter.at_compound_id, matter.at_building_id) == (town.compound.pk, town.building.pk)
    assert matter.at_grid_id is None


def test_only_the_declared_people_may_act(town: District, resident: Account, courier: Account) -> None:
    matter = raised(town, resident)
    stranger = make_account()
    far_away = make_post("courier", town.other_community)
    for someone in (stranger, resident, far_away, None):
        assert refusal(act, matter, "take", by=someone).code == "not_allowed"
    act(matter, "take", by=courier)
    assert refusal(act, matter, "finish", by=make_post("courier", town.district)).code == "not_allowed"


def test_a_revoked_post_stops_counting_at_once(town: District, resident: Account, courier: Account) -> None:
    matter = raised(town, resident)
    Post.objects.filter(account=courier).update(valid_to=NINE)
    assert refusal(act, matter, "take", by=courier, at=NINE).code == "not_allowed"


def test_a_disabled_account_may_do_nothing(town: District, resident: Account) -> None:
    matter = raised(town, resident)
    resident.is_active = False
    assert refusal(act, matter, "withdraw", by=resident).code == "not_allowed"


def test_an_action_from_the_wrong_stage_is_refused(town: District, resident: Account, courier: Account) -> None:
    matter = raised(town, resident)
    act(matter, "take", by=courier)
    refused = refusal(act, matter, "take", by=courier)
    assert (refused.code, refused.status) == ("wrong_stage", 409)
    assert "已接" in refused.message.zh


def test_a_stale_version_is_refused(town: District, resident: Account, courier: Account) -> None:
    matter = raised(town, resident)
    act(matter, "take", by=courier, version=1)
    assert refusal(act, matter, "finish", by=courier, version=1).code == "out_of_step"


def test_the_second_person_must_be_another(town: District, resident: Account, worker: Account) -> None:
    make_post("courier", town.district, worker)
    matter = raised(town, resident)
    act(matter, "take", by=worker)
    act(matter, "finish", by=worker)
    assert refusal(act, matter, "check", by=worker).code == "second_person"
    act(matter, "check", by=make_post("community_worker", town.community))


def test_wrong_data_names_each_field_and_writes_nothing(town: District, resident: Account) -> None:
    refused = refusal(begin, "toy", "raise", by=resident, place=town.building, data={"size": 99, "no": 1})
    assert refused.status == 422
    assert set(refused.details) == {"size", "no"}
    assert "9" in refused.details["size"]
    assert not Matter.objects.exists()


@pytest.mark.parametrize("words", ["a\x00b", "\ud800", "x" * 41])
def test_texts_that_cannot_be_kept_are_refused(town: District, resident: Account, words: str) -> None:
    refused = refusal(begin, "toy", "raise", by=resident, place=town.building, data={"size": 1, "words": words})
    assert "words" in refused.details


def test_a_refusal_inside_the_effect_leaves_nothing(
    town: District, resident: Account, courier: Account, worker: Account
) -> None:
    matter = raised(town, resident)
    Matter.objects.filter(pk=matter.pk).update(urgent=True)
    act(matter, "take", by=courier)
    act(matter, "finish", by=courier)
    assert refusal(act, matter, "check", by=worker, key="k-12345678").code == "toy"
    matter.refresh_from_db()
    assert (matter.stage, matter.version, matter.title) == ("done", 3, "玩具")
    assert not Remembered.objects.exists()


def test_private_words_stay_out_of_the_event(town: District, resident: Account) -> None:
    data = {"size": 1, "words": "canary 王桂英 住三楼"}
    event = begin("toy", "raise", by=resident, place=town.building, data=data).event
    assert "canary" not in str(event.data)
    assert Particular.objects.get(event=event).value == data["words"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM loop_particular")
        assert "canary" not in cursor.fetchone()[0]
    assert list(problems_of_particulars()) == []
    Particular.objects.filter(event=event).update(value="something else")
    assert len(list(problems_of_particulars())) == 1
    Particular.objects.filter(event=event).delete()
    assert list(problems_of_particulars()) == []


def test_the_same_key_has_one_effect(town: District, resident: Account) -> None:
    first = begin("toy", "raise", by=resident, place=town.building, data={"size": 1}, key="key-0001")
    again = begin("toy", "raise", by=resident, place=town.building, data={"size": 1}, key="key-0001")
    assert again.repeated
    assert again.event.pk == first.event.pk
    assert again.matter.pk == first.matter.pk
    assert Matter.objects.count() == 1
    assert refusal(begin, "toy", "raise", by=resident, place=town.building, data={"size": 2}, key="key-0001").code == (
        "key_reused"
    )


def test_a_key_is_bound_to_person_and_route(town: District, resident: Account) -> None:
    begin("toy", "raise", by=resident, place=town.building, data={"size": 1}, key="key-0001")
    other = begin("toy", "raise", by=make_account(), place=town.building, data={"size": 1}, key="key-0001")
    assert not other.repeated
    assert not act(other.matter, "withdraw", by=other.matter.requester, key="key-0001").repeated


def test_the_database_itself_refuses_to_change_history(town: District, resident: Account) -> None:
    matter = raised(town, resident)
    for change in (
        lambda: Event.objects.update(action="forged"),
        lambda: Event.objects.all().delete(),
        lambda: Matter.objects.filter(pk=matter.pk).delete(),
        lambda: connection.cursor().execute("TRUNCATE loop_event CASCADE"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Event.objects.get().action == "raise"


@pytest.mark.parametrize(
    ("forgery", "problem"),
    [
        ("UPDATE loop_event SET data = '{\"size\": 4}' WHERE seq = 1", "was edited"),
        ("DELETE FROM loop_event WHERE seq = 2", "is missing"),
        ("UPDATE loop_event SET seq = CASE seq WHEN 1 THEN 102 ELSE 101 END WHERE seq < 3", "is missing"),
        ("UPDATE loop_matter SET stage = 'open'", "does not stand where its log ends"),
    ],
)
def test_verify_finds_forgeries(
    town: District, resident: Account, courier: Account, forgery: str, problem: str
) -> None:
    matter = raised(town, resident)
    act(matter, "take", by=courier)
    act(matter, "finish", by=courier)
    assert list(problems_of_chains()) == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(forgery)
    assert any(problem in found for found in problems_of_chains())


def test_family_acts_for_an_elder_only_when_confirmed(town: District, resident: Account) -> None:
    daughter = make_account()
    link = Delegation.objects.create(principal=resident, delegate=daughter, asked_at=NINE)
    ask = {"by": daughter, "place": town.building, "data": {"size": 1}, "beneficiary": resident, "at": NOON}
    assert refusal(begin, "toy", "raise", **ask).code == "not_allowed"
    link.confirmed_at = NINE
    link.save()
    matter = begin("toy", "raise", **ask).matter
    assert matter in visible_to(resident, at=NOON)
    act(matter, "withdraw", by=resident, at=NOON)
    own = raised(town, resident)
    assert [a.code for a in allowed_actions(daughter, own, at=NOON)] == ["withdraw"]
    link.ended_at = NOON
    link.save()
    assert refusal(act, own, "withdraw", by=daughter, at=NOON).code == "not_allowed"


def test_everyone_sees_only_what_is_theirs(
    town: District, resident: Account, courier: Account, worker: Account
) -> None:
    matter = raised(town, resident)
    other = begin("toy", "raise", by=make_account(), place=town.other_building, data={"size": 1}).matter
    at = NOON + timedelta(days=1000)
    assert set(visible_to(resident, at=at)) == {matter}
    assert set(visible_to(worker, at=at)) == {matter}
    assert set(visible_to(courier, at=at)) == set()
    assert set(visible_to(make_post("community_worker", town.district), at=at)) == {matter, other}
    act(matter, "take", by=courier)
    assert set(visible_to(courier, at=at)) == {matter}


def test_clocks_start_stop_and_run_late(town: District, resident: Account, courier: Account) -> None:
    matter = raised(town, resident)
    assert matter.due_at == NINE + timedelta(minutes=10)
    assert sweep_clocks(at=NINE + timedelta(minutes=9)) == 0
    assert sweep_clocks(at=NINE + timedelta(minutes=11)) == 1
    assert sweep_clocks(at=NINE + timedelta(minutes=12)) == 0
    late = Event.objects.get(matter=matter, action="late")
    assert (late.actor_role, late.from_stage, late.to_stage) == ("system", "open", "open")
    matter = act(matter, "take", by=courier, at=NINE + timedelta(minutes=20)).matter
    # 100 working minutes are left before lunch (09:20-12:00), all 120 end at 11:20
    assert matter.due_at == NINE + timedelta(minutes=20 + 120)
    matter = act(matter, "finish", by=courier, at=NINE + timedelta(minutes=30)).matter
    assert matter.due_at is None
    assert not MatterClock.objects.filter(stopped_at__isnull=True).exists()


def test_a_pause_really_pauses(town: District, resident: Account, courier: Account) -> None:
    matter = raised(town, resident)
    act(matter, "take", by=courier, at=NINE)
    paused = act(matter, "pause", by=courier, at=NINE + timedelta(minutes=30)).matter
    assert paused.due_at is None
    # resumed on Friday 17:40: 20 minutes are left that day, the other 70 fall on Monday from 08:30
    friday = datetime(2026, 3, 6, 9, 40, tzinfo=UTC)
    assert sweep_clocks(at=friday) == 0
    resumed = act(matter, "resume", by=courier, at=friday).matter
    assert resumed.due_at == datetime(2026, 3, 9, 1, 40, tzinfo=UTC)


def photo(fmt: str = "JPEG", **options: object) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (2000, 1000), "teal").save(out, fmt, **options)
    return SimpleUploadedFile("anything.exe", out.getvalue())


def test_photos_are_checked_stripped_and_encoded_afresh(town: District, resident: Account) -> None:
    exif = Image.Exif()
    exif[0x010E] = "canary in the description"
    matter = raised(town, resident, files=[photo(exif=exif.tobytes())])
    kept = Evidence.objects.get(matter=matter)
    with kept.file.open() as stored:
        raw = stored.read()
    assert b"canary" not in raw
    assert (kept.width, kept.height) == (1600, 800)
    assert Image.open(io.BytesIO(raw)).format == "WEBP"


@pytest.mark.parametrize(
    "content", [b"", b"MZ not a photo", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\n broken"]
)
def test_what_is_no_photo_is_refused(town: District, resident: Account, content: bytes) -> None:
    refused = refusal(raised, town, resident, files=[SimpleUploadedFile("photo.jpg", content)])
    assert "files" in refused.details
    assert not Matter.objects.exists()


def test_too_many_photos_are_refused(town: District, resident: Account) -> None:
    assert "files" in refusal(raised, town, resident, files=[photo(), photo(), photo()]).details


def test_who_asked_for_another_reads_and_acts_only_while_they_may(town: District, resident: Account) -> None:
    daughter, friend = make_account(), make_account()
    link = Delegation.objects.create(principal=resident, delegate=daughter, asked_at=NINE, confirmed_at=NINE)
    Delegation.objects.create(principal=daughter, delegate=friend, asked_at=NINE, confirmed_at=NINE)
    ask = {"by": daughter, "place": town.building, "data": {"size": 1}, "beneficiary": resident, "at": NOON}
    matter = begin("toy", "raise", **ask).matter
    assert matter in visible_to(daughter, at=NOON)
    assert matter not in visible_to(friend, at=NOON)
    link.ended_at = NOON
    link.save()
    assert matter not in visible_to(daughter, at=NOON)
    assert refusal(act, matter, "withdraw", by=daughter, at=NOON).code == "not_allowed"


def test_an_event_is_never_earlier_than_the_one_before(town: District, resident: Account, courier: Account) -> None:
    matter = raised(town, resident)
    act(matter, "take", by=courier, at=NOON)
    assert act(matter, "finish", by=courier, at=NOON - timedelta(seconds=3)).event.at == NOON


def test_verify_finds_a_replaced_photo(town: District, resident: Account) -> None:
    raised(town, resident, files=[photo()])
    assert list(problems_of_photos()) == []
    Evidence.objects.update(sha256="0" * 64)
    assert len(list(problems_of_photos())) == 1
