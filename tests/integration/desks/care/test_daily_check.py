"""A day of somebody who agreed: a sign, or one after the other is asked until the person has been seen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from linhe.core.indicators.models import Rollup
from linhe.core.indicators.rolling import roll_up
from linhe.core.loop.acting import act, begin
from linhe.core.loop.jobs import sweep_clocks
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import ReadLog
from linhe.core.people.services import erase_account, give_consent, withdraw_consent
from linhe.desks.care import services
from linhe.desks.care.jobs import keep_days
from linhe.desks.care.models import Absence, Check, Contact, Enrolment, Glance, Spot
from linhe.desks.care.queries.records import opening_of
from linhe.desks.care.services.glances import _behind
from tests.factories import make_account, make_post
from tests.integration.desks.care.conftest import DAWN, DAY, NINE, Street, wish


def stage(matter: Matter) -> str:
    return Matter.objects.get(pk=matter.pk).stage


def sweep(minutes: int) -> None:
    sweep_clocks(at=NINE + timedelta(minutes=minutes))


def test_a_day_is_opened_once_at_dawn(street: Street) -> None:
    assert keep_days(at=DAWN - timedelta(hours=2)) == 0
    assert keep_days(at=DAWN) == 1
    assert keep_days(at=DAWN) == keep_days(at=DAWN + timedelta(minutes=5)) == 0
    matter = street.check()
    assert (matter.place_id, matter.due_at) == (street.town.community.pk, NINE)
    another = begin("toy", "raise", by=street.elder, place=street.town.building, data={"size": 1}).matter
    with pytest.raises(IntegrityError, match="check_one_a_person_and_day"), transaction.atomic():
        Check.objects.create(matter=another, person=street.elder, enrolment=street.enrolment, day=NINE.date())


def test_a_late_job_opens_the_day_and_asks_at_once(street: Street) -> None:
    assert keep_days(at=NINE + timedelta(hours=2)) == 1
    sweep(121)
    assert stage(street.check(NINE)) == "neighbour"


def test_who_joins_after_the_agreed_time_begins_tomorrow(street: Street) -> None:
    other = make_account(home=street.town.building)
    services.enrol(person=other, by=other, wish=wish(street.town), how="self", at=NINE + timedelta(hours=1))
    assert keep_days(at=NINE + timedelta(hours=2)) == 1
    assert keep_days(at=DAWN + DAY) == 2


@pytest.mark.parametrize("sign", ["tap", "curtain", "meter"])
def test_any_sign_ends_the_day_well(street: Street, sign: str) -> None:
    matter = street.check()
    by = {"tap": street.elder, "curtain": street.neighbour, "meter": None}[sign]
    act(matter, sign, by=by, at=NINE - timedelta(minutes=9))
    assert stage(matter) == "well"
    sweep(600)
    assert stage(matter) == "well"
    assert Check.objects.get(pk=matter.pk).sign == sign


def test_a_tap_before_dawn_opens_the_day(street: Street) -> None:
    early = DAWN - timedelta(hours=1)
    outcome = services.tap(person=street.elder, at=early)
    assert outcome is not None
    assert outcome.matter.stage == "well"
    assert services.tap(person=street.elder, at=early) is None
    assert keep_days(at=DAWN) == 0


def test_one_after_the_other_is_asked_each_in_their_time(street: Street) -> None:
    matter = street.check()
    seen = []
    for minutes in (0, 30, 60, 105, 125):
        sweep(minutes - 1)
        before = stage(matter)
        sweep(minutes)
        seen.append((before, stage(matter), Matter.objects.get(pk=matter.pk).handler_id))
    assert seen == [
        ("due", "neighbour", street.neighbour.pk), ("neighbour", "chief", street.chief.pk), ("chief", "worker", None),
        ("worker", "family", None), ("family", "emergency", None),
    ]  # fmt: skip
    assert Matter.objects.get(pk=matter.pk).urgent
    act(matter, "seen", by=street.worker, data={"how": "met"}, at=NINE + timedelta(minutes=140))
    event = Event.objects.get(matter=matter, action="seen")
    assert event.data == {"how": "met", "level": "emergency", "false_alarm": True}


def test_a_level_with_nobody_is_passed_over_at_once(street: Street) -> None:
    Enrolment.objects.update(neighbour=None)
    street.chief.posts.update(valid_to=NINE - DAY)
    matter = street.check()
    sweep(0)
    assert stage(matter) == "worker"


def test_only_who_has_seen_the_person_ends_an_alarm(street: Street) -> None:
    matter = street.check()
    sweep(0), sweep(30)
    with pytest.raises(Refused) as refused:
        act(matter, "curtain", by=street.chief, at=NINE + timedelta(minutes=32))
    assert refused.value.code == "wrong_stage"
    services.tap(person=street.elder, at=NINE + timedelta(minutes=33))
    assert stage(matter) == "chief"
    assert Check.objects.get(pk=matter.pk).tapped_at is not None
    for stranger in (street.stranger, street.neighbour, street.courier):
        with pytest.raises(Refused) as refused:
            act(matter, "seen", by=stranger, at=NINE + timedelta(minutes=34))
        assert refused.value.code == "not_allowed"
    act(matter, "seen", by=street.chief, at=NINE + timedelta(minutes=35))
    assert stage(matter) == "well"


def test_who_needs_help_is_not_closed_before_the_community_has_settled_it(street: Street) -> None:
    matter = street.check()
    sweep(0), sweep(30)
    act(matter, "needs_help", by=street.chief, data={"words": "摔倒了"}, at=NINE + timedelta(minutes=40))
    assert stage(matter) == "helping"
    act(matter, "settle", by=street.worker, data={"words": "已送医"}, at=NINE + timedelta(minutes=80))
    assert stage(matter) == "helped"


def test_figures_count_levels_minutes_and_false_alarms_at_the_community_only(street: Street) -> None:
    matter = street.check()
    sweep(0), sweep(30)
    act(matter, "seen", by=street.chief, at=NINE + timedelta(minutes=48))
    roll_up()
    told = {r.measure: (r.count, float(r.total)) for r in Rollup.objects.filter(place=street.town.community)}
    assert told["care.to_neighbour"] == told["care.to_chief"] == told["care.well"] == told["care.seen"] == (1, 1)
    assert told["care.false_alarms"] == (1, 1)
    assert told["care.minutes_to_seen"] == (1, 48)
    assert not Rollup.objects.filter(place__kind__in=("compound", "building", "unit")).exists()


# ---- absence and withdrawal


def test_an_absence_ends_today_and_pauses_until_it_is_over(street: Street) -> None:
    matter, today = street.check(), NINE.date()
    services.pause(
        enrolment=street.enrolment, by=street.daughter, first=today, last=today + DAY, reason="hospital", at=DAWN
    )
    assert stage(matter) == "away"
    assert keep_days(at=DAWN + DAY) == 0
    assert keep_days(at=DAWN + 2 * DAY) == 1


def test_coming_back_early_ends_the_absence(street: Street) -> None:
    services.pause(enrolment=street.enrolment, by=street.elder, first=NINE.date(), last=None, reason="travel", at=DAWN)
    services.come_back(enrolment=street.enrolment, by=street.elder, at=DAWN + DAY)
    assert keep_days(at=DAWN + DAY) == 1


def test_a_stranger_pauses_nothing(street: Street) -> None:
    for stranger in (street.stranger, street.neighbour, street.courier):
        with pytest.raises(Refused):
            services.pause(
                enrolment=street.enrolment, by=stranger, first=NINE.date(), last=None, reason="travel", at=DAWN
            )


@pytest.mark.parametrize("where", ["at the desk", "on the privacy page", "with the account"])
def test_taking_the_consent_back_stops_at_once_and_forgets(street: Street, where: str) -> None:
    matter = street.check()
    sweep(0), sweep(30)
    act(matter, "tap_late", by=street.elder, at=NINE + timedelta(minutes=32))
    later = NINE + timedelta(minutes=33)
    if where == "at the desk":
        services.withdraw(person=street.elder, by=street.elder, at=later)
    elif where == "on the privacy page":
        withdraw_consent(account=street.elder, purpose="daily_check", at=later)
    else:
        matter_open = Matter.objects.get(pk=matter.pk)
        act(matter_open, "seen", by=street.chief, at=later)
        erase_account(account=street.elder, at=later)
    if where != "with the account":
        assert stage(matter) == "stopped"
    sweep(600)
    assert keep_days(at=DAWN + DAY) == 0
    kept = Enrolment.objects.get()
    assert (kept.door, kept.look_for, kept.habits, kept.home, kept.neighbour) == ("", "", "", None, None)
    assert not Contact.objects.exists()
    assert not Absence.objects.exists()


def test_who_took_it_back_may_agree_again(street: Street) -> None:
    services.withdraw(person=street.elder, by=street.worker, at=DAWN)
    services.enrol(person=street.elder, by=street.worker, wish=wish(street.town), how="spoken", at=DAWN)
    assert keep_days(at=DAWN) == 1


@pytest.mark.parametrize("who", ["neighbour", "chief", "courier", "stranger", "daughter"])
def test_nobody_agrees_for_another(street: Street, who: str) -> None:
    other = make_account(home=street.town.building)
    with pytest.raises(Refused):
        services.enrol(person=other, by=getattr(street, who), wish=wish(street.town), how="signed", at=DAWN)


def test_personal_words_are_encrypted(street: Street) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT e::text, c::text FROM care_enrolment e JOIN care_contact c ON c.enrolment_id = e.id")
        stored = "".join(cursor.fetchone())
    for word in ("鸟门三零一", "鸟帘南窗", "鸟习早起", "鸟亲女儿", "19911112222"):
        assert word not in stored


# ---- couriers


def glancing(street: Street, **more: object) -> list[Glance]:
    enrolment = street.enrolment
    services.change(
        enrolment=enrolment, by=street.elder, version=None, at=DAWN,
        wish=wish(street.town, neighbour=street.neighbour, couriers_look=True),
    )  # fmt: skip
    services.be_willing(courier=street.courier, willing=True, at=DAWN)
    street.check()
    return list(Glance.objects.filter(courier=street.courier).select_related("spot"))


def meant(street: Street, glances: list[Glance]) -> Glance:
    return next(g for g in glances if (g.spot.building_id, g.spot.side) == (street.town.building.pk, "south"))


def test_a_glance_is_a_sign_only_for_who_lives_behind_it_and_agreed(street: Street) -> None:
    glances = glancing(street)
    decoy = next(g for g in glances if g != meant(street, glances))
    services.answer_glance(courier=street.courier, glance_id=decoy.pk, answer="open", at=NINE)
    matter = street.check()
    assert stage(matter) == "due"
    services.answer_glance(courier=street.courier, glance_id=meant(street, glances).pk, answer="open", at=NINE)
    assert stage(matter) == "well"
    assert Event.objects.get(matter=matter, action="glance").actor_id is None


@pytest.mark.parametrize("answer", ["closed", "missed"])
def test_a_no_is_no_sign(street: Street, answer: str) -> None:
    glance = meant(street, glancing(street))
    services.answer_glance(courier=street.courier, glance_id=glance.pk, answer=answer, at=NINE)
    services.answer_glance(courier=street.courier, glance_id=glance.pk, answer="open", at=NINE)
    assert stage(street.check()) == "due"


def test_a_check_that_just_moved_on_does_not_undo_the_answer(street: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    glance, matter = meant(street, glancing(street)), street.check()

    def read_then_tapped(spot: Spot, day: date) -> list[Check]:
        found = _behind(spot, day)
        act(matter, "tap", by=street.elder, at=NINE)  # between the reading and the lock
        return found

    monkeypatch.setattr("linhe.desks.care.services.glances._behind", read_then_tapped)
    services.answer_glance(courier=street.courier, glance_id=glance.pk, answer="open", at=NINE)
    assert Glance.objects.get(pk=glance.pk).answer == "open"
    assert Check.objects.get(pk=matter.pk).sign == "tap"


def test_spots_come_with_neutral_ones_and_never_go(street: Street) -> None:
    glancing(street)
    before = set(Spot.objects.values_list("building", "side"))
    assert len(before) == 3
    services.withdraw(person=street.elder, by=street.elder, at=DAWN)
    assert set(Spot.objects.values_list("building", "side")) == before
    services.hand_out(at=DAWN + DAY)
    assert Glance.objects.filter(courier=street.courier, day=(NINE + DAY).date()).count() == 3


def test_a_glance_belongs_to_its_courier_and_its_day(street: Street) -> None:
    glance = meant(street, glancing(street))
    for who, at in ((street.stranger, NINE), (street.courier, NINE + DAY)):
        with pytest.raises(Refused) as refused:
            services.answer_glance(courier=who, glance_id=glance.pk, answer="open", at=at)
        assert refused.value.code == "not_found"


# ---- records


def test_a_record_opens_for_a_purpose_of_ones_own_matter_and_is_noted(street: Street) -> None:
    matter = street.check()
    with pytest.raises(Refused):
        services.open_record(reader=street.worker, matter=matter, purpose="look", at=NINE)
    services.open_record(reader=street.neighbour, matter=matter, purpose="look", at=NINE)
    record = services.read_record(reader=street.neighbour, person=street.elder, at=NINE)
    assert (record.look_for, record.door, record.contacts, record.phone) == ("鸟帘南窗", "", [], "")
    look = ReadLog.objects.get(subject=street.elder)
    assert (look.reader_id, look.what) == (street.neighbour.pk, "care_record")
    with pytest.raises(Refused):
        services.read_record(reader=street.neighbour, person=street.elder, at=NINE + timedelta(minutes=31))


def test_an_opening_ends_when_it_is_anothers_turn(street: Street) -> None:
    matter = street.check()
    services.open_record(reader=street.neighbour, matter=matter, purpose="look", at=NINE)
    sweep(0), sweep(30)
    assert opening_of(street.neighbour, street.elder, at=NINE + timedelta(minutes=20)) is None
    services.open_record(reader=street.chief, matter=Matter.objects.get(pk=matter.pk), purpose="look", at=NINE)
    assert services.read_record(reader=street.chief, person=street.elder, at=NINE).door == "鸟门三零一"


def test_the_community_sees_whom_to_call_once_it_is_theirs(street: Street) -> None:
    matter = street.check()
    sweep(0), sweep(30), sweep(60)
    matter.refresh_from_db()
    later = NINE + timedelta(minutes=61)
    services.open_record(reader=street.worker, matter=matter, purpose="call", at=later)
    record = services.read_record(reader=street.worker, person=street.elder, at=later)
    assert [c.phone for c in record.contacts] == ["19911112222"]
    assert record.needs == []


def test_breaking_the_glass_is_short_noted_and_reviewed_by_another(street: Street) -> None:
    data = {"reason": "danger", "words": "邻居说闻到煤气味"}
    outcome = services.break_glass(reader=street.worker, person=street.elder, data=data, at=NINE, key=None)
    assert services.read_record(reader=street.worker, person=street.elder, at=NINE).door == "鸟门三零一"
    assert ReadLog.objects.filter(subject=street.elder, purpose__startswith="emergency").exists()
    sweep_clocks(at=NINE + timedelta(minutes=60))
    assert stage(outcome.matter) == "review"
    assert opening_of(street.worker, street.elder, at=NINE + timedelta(minutes=60)) is None
    officer = make_post("subdistrict_officer", street.town.subdistrict)
    make_post("subdistrict_officer", street.town.subdistrict, street.worker)
    with pytest.raises(Refused) as refused:
        act(outcome.matter, "find_proper", by=street.worker, data={"words": "属实"}, at=NINE + DAY)
    assert refused.value.code == "second_person"
    act(outcome.matter, "find_abuse", by=officer, data={"words": "没有必要"}, at=NINE + DAY)
    assert stage(outcome.matter) == "abuse"


@pytest.mark.parametrize("who", ["stranger", "neighbour", "courier", "chief", "daughter"])
def test_only_the_community_breaks_the_glass(street: Street, who: str) -> None:
    with pytest.raises(Refused):
        services.break_glass(
            reader=getattr(street, who), person=street.elder, data={"reason": "danger", "words": "看一看好奇"}, at=NINE,
            key=None,
        )  # fmt: skip


def test_consent_to_needs_is_given_with_them_and_ends_them(street: Street) -> None:
    services.note_needs(person=street.elder, by=street.worker, needs={"walking": "鸟需拐杖"}, at=DAWN)
    visit = {"from_at": NINE.isoformat(), "until_at": (NINE + timedelta(hours=1)).isoformat()}
    planned = begin(
        "care_visit", "plan", by=street.worker, place=street.town.building, beneficiary=street.elder, data=visit,
        at=DAWN,
    ).matter  # fmt: skip
    assert (planned.place_id, planned.handler_id) == (street.town.community.pk, street.worker.pk)
    services.open_record(reader=street.worker, matter=planned, purpose="visit", at=DAWN)
    assert [w for _, w in services.read_record(reader=street.worker, person=street.elder, at=DAWN).needs] == [
        "鸟需拐杖"
    ]
    withdraw_consent(account=street.elder, purpose="health_needs", at=DAWN)
    assert stage(planned) == "cancelled"
    give_consent(account=street.elder, purpose="health_needs", at=DAWN)
    with pytest.raises(Refused):
        begin("care_visit", "plan", by=street.worker, place=street.town.building, data=visit, at=DAWN)
