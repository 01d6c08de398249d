"""What the care desk adds: people who agreed, a check under way, visits, a session with seats, canaries of its own."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from hypothesis import strategies as st

from linhe.core.loop.acting import begin
from linhe.core.people.models import Account
from linhe.core.people.services import give_consent
from linhe.desks.care.models import Enrolment
from tests.factories import District, make_post
from tests.trust.ground import Ground
from tests.trust.personas import Cast

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
