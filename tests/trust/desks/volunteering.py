"""What the volunteering desk adds: organisations that have checked in, an activity, posts, an evaluation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from linhe.core.loop.acting import begin
from linhe.core.people.models import Account
from linhe.desks.volunteering.models import Objection, SignUp
from tests.factories import District, make_post
from tests.trust.ground import Ground
from tests.trust.personas import Cast

_people: list[int] = []
_now = [datetime(2024, 1, 1, tzinfo=UTC)]


def _told(town: District, cast: Cast, at: datetime) -> None:
    _now[0] = at
    _people[:] = [p.account.pk for p in cast.people if p.account and p.roles] or [0]


def _checked_in(town: District, cast: Cast, at: datetime) -> None:
    _told(town, cast, at)
    worker = make_post("community_worker", town.community)
    data = {"organisation": cast.organisation.code}
    begin("check_in", "check_in_organisation", by=worker, place=town.building, data=data, at=at)


def _moment(minutes: int) -> str:
    return (_now[0] + timedelta(minutes=minutes)).isoformat()


_PERSON = st.integers(0, 60).map(lambda n: _people[n % len(_people)])
_ITEMS = st.sampled_from([["matters", "groups", "keys", "privacy"]] * 3 + [["keys"], []])
_OFFICE = st.sampled_from(["990201-office"] * 4 + ["990201-other", "nobody"])

GROUNDS = {
    "posting": Ground(
        prepare=_told,
        answers={
            "role": st.sampled_from(["building_chief"] * 5 + ["unit_chief"]), "successor_id": _PERSON, "items": _ITEMS,
        },
    ),
    "check_in": Ground(
        answers={"organisation": _OFFICE, "offers": st.sampled_from([[], ["clinic", "law"], ["no_such_theme"]])}
    ),
    "activity": Ground(
        prepare=_told,
        answers={
            "starts_at": st.integers(-30, 3000).map(_moment),
            "ends_at": st.integers(60, 4000).map(_moment),
            "capacity": st.integers(1, 3),
            "organisation": st.none() | _OFFICE,
            "sign_up_id": st.integers(0, 20).map(
                lambda n: (list(SignUp.objects.order_by("pk").values_list("pk", flat=True)) or [1])[n % (SignUp.objects.count() or 1)]
            ),
            "phone": st.integers(0, 60).map(lambda n: _phone(n)),
            "to_id": _PERSON,
        },
        keeps={"arrive": "volunteering_codetry"},
    ),
    "need": Ground(prepare=_checked_in, answers={"organisation": _OFFICE, "to_id": _PERSON}),
    "hours": Ground(
        prepare=_told,
        answers={
            "day": st.integers(-1, 40).map(lambda n: (_now[0] - timedelta(days=n)).date().isoformat()),
            "minutes": st.integers(1, 500),
        },
    ),
    "evaluation": Ground(
        answers={
            "year": st.sampled_from([2022, 2023, 2024, 2030]),
            "objection_id": st.integers(0, 5).map(
                lambda n: Objection.objects.order_by("-pk").values_list("pk", flat=True).first() or 1
            ),
        }
    ),
}  # fmt: skip


def _phone(number: int) -> str:
    found = Account.objects.filter(pk=_people[number % len(_people)]).first()
    return found.phone if found else "19900009999"
