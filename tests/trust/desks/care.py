"""What the care desk adds: people who agreed, a check under way, visits, a session with seats, canaries of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from linhe.core.loop.acting import act, begin
from linhe.core.people.models import Account
from linhe.core.people.services import give_consent
from linhe.desks.care import services
from linhe.desks.care.models import Enrolment, Glance
from tests.factories import District, make_account, make_post
from tests.trust.ground import Ground
from tests.trust.personas import Cast
from tests.trust.visitors import Day

_sessions: list[int] = []


def _agreed(town: District, person: Account, at: datetime) -> Enrolment:
    person.home = town.building
    person.save()
    give_consent(account=person, purpose="daily_check", at=at)
    give_consent(account=person, purpose="health_needs", at=at)
    return Enrolment.objects.create(
        person=person, home=town.building, community=town.community, check_time=time(9, 0), consented_how="self",
        enrolled_by=person, enrolled_at=at,
    )  # fmt: skip


def _somebody_agreed(town: District, cast: Cast, at: datetime) -> None:
    assert cast.beneficiary.account is not None
    _agreed(town, cast.beneficiary.account, at)


def _a_session(town: District, cast: Cast, at: datetime) -> None:
    data = {"service": "health", "starts_at": (at + timedelta(days=2)).isoformat(), "seats": 2}
    host = make_post("community_worker", town.community)
    offered = begin("care_session", "offer", by=host, place=town.building, data=data, at=at)
    _sessions[:] = [offered.matter.pk]


_LATER = st.integers(0, 300).map(lambda n: datetime.fromisoformat("2031-03-04T09:00+08:00") + n * timedelta(hours=1))
_EARLY = st.integers(0, 300).map(lambda n: datetime.fromisoformat("2030-03-04T09:00+08:00") + n * timedelta(hours=1))
GROUNDS = {
    "daily_check": Ground(
        prepare=_somebody_agreed, decides_limit=frozenset({"sign", "neighbour", "chief", "family"}),
    ),
    "care_visit": Ground(
        prepare=_somebody_agreed,
        answers={
            "from_at": _EARLY.map(datetime.isoformat), "until_at": _LATER.map(datetime.isoformat),
            "visitor_id": st.none(),
        },
        decides_limit=frozenset({"visit"}),
    ),
    "care_arrangement": Ground(
        prepare=_somebody_agreed,
        answers={
            "neighbour_id": st.none(), "seen": st.none(), "meter": st.sampled_from(["", "W-1", "W-2"]),
            "check_time": st.sampled_from(["08:00", "09:30", None]),
        },
    ),
    "care_access": Ground(prepare=_somebody_agreed),
    "care_session": Ground(
        answers={
            "service": st.sampled_from(["health", "class", "no_such_service"]),
            "starts_at": _EARLY.map(datetime.isoformat),
        },
    ),
    "care_appointment": Ground(
        prepare=_a_session,
        answers={"session_id": st.builds(lambda: _sessions[0] if _sessions else 1), "slot": st.sampled_from([0, 0, 7])},
        decides_stage=frozenset({"book", "wait"}),
    ),
}  # fmt: skip


CANARIES = {
    "care name": "鸟名独居奶奶", "care door": "鸟门七零七", "care window": "鸟帘蓝花", "care habits": "鸟习晨练",
    "care contact": "鸟亲侄子", "care contact phone": "19999955511", "care need": "鸟需轮椅",
    "care reason": "鸟由闻到煤气味", "care reviewed": "鸟名被看",
}  # fmt: skip
MAY_READ = {
    # The record is open to nobody here: not one of these may show, whatever the post. The reason of an emergency
    # access is read by those who review it.
    "worker": {"care reason"},  # in the export of their own words
    "subdistrict": {"care reason"},
    "district": {"care reason"},
}


def prepare(day: Day) -> None:
    """An elder whose check the resident is asked for, an alarm, a visit, an access to be reviewed, a session."""
    at, town = timezone.now(), day.town
    neighbour, worker, owner = day.people["resident"], day.people["worker"], day.people["owner"]
    assert neighbour
    assert worker
    assert owner
    elder = make_account(CANARIES["care name"], home=town.building)
    wish = services.Wish(
        home=town.building, check_time=time(9, 0), door=CANARIES["care door"], look_for=CANARIES["care window"],
        habits=CANARIES["care habits"], neighbour=neighbour, couriers_look=True,
        contacts=(services.Relative(CANARIES["care contact"], CANARIES["care contact phone"]),),
    )  # fmt: skip
    day.things["enrolment"] = services.enrol(person=elder, by=elder, wish=wish, how="self", at=at - timedelta(days=3))
    services.note_needs(person=elder, by=elder, needs={"walking": CANARIES["care need"]}, at=at)
    check = begin("daily_check", "open", by=None, place=town.building, beneficiary=elder, at=at).matter
    day.matters["check"] = act(check, "ask_neighbour", by=None, at=at).matter
    alarmed = make_account(CANARIES["care reviewed"], home=town.building)
    services.enrol(person=alarmed, by=alarmed, wish=replace(wish, couriers_look=False), how="self", at=at)
    check = begin("daily_check", "open", by=None, place=town.building, beneficiary=alarmed, at=at).matter
    for action in ("ask_neighbour", "ask_chief", "ask_worker"):
        check = act(check, action, by=None, at=at).matter
    when = {"from_at": (at + timedelta(hours=1)).isoformat(), "until_at": (at + timedelta(hours=2)).isoformat()}
    begin("care_visit", "plan", by=worker, place=town.building, beneficiary=elder, data=when, at=at)
    data = {"reason": "danger", "words": CANARIES["care reason"]}
    access = services.break_glass(reader=worker, person=alarmed, data=data, at=at, key=None).matter
    day.matters["access"] = act(access, "shut", by=None, at=at).matter
    offer = {"service": "health", "starts_at": (at + timedelta(hours=9)).isoformat(), "seats": 5}
    session = begin("care_session", "offer", by=worker, place=town.community, data=offer, at=at).matter
    day.matters["session"] = session
    book = {"session_id": session.pk}
    day.matters["seat"] = begin("care_appointment", "book", by=owner, place=town.community, data=book, at=at).matter
    for who in ("handler", "courier"):
        courier = day.people[who]
        assert courier
        services.be_willing(courier=courier, willing=True, at=at)
    day.things["glance"] = Glance.objects.filter(courier=day.people["courier"]).order_by("pk")[0]
    day.things["elder"] = elder


def arguments(day: Day, path: str) -> dict[str, Any]:
    """The check that the resident is asked for, the access, the session and its seat."""
    name = next(
        (n for part, n in (("reviews/", "access"), ("seats/", "seat"), ("sessions/", "session")) if part in path),
        "check",
    )
    return {
        "matter_id": day.matters[name].pk, "session_id": day.matters["session"].pk,
        "action": {"access": "find_proper", "seat": "attend", "session": "call_off"}.get(name, "seen"),
        "person_id": day.things["elder"].pk, "enrolment_id": day.things["enrolment"].pk,
        "glance_id": day.things["glance"].pk, "what": "visit",
    }  # fmt: skip
