"""What the volunteering desk adds: organisations that have checked in, an activity, posts, an evaluation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from linhe.core.loop.acting import act, begin
from linhe.core.people.models import Account, Organisation
from linhe.desks.volunteering.models import EvaluationRow, Objection, SignUp
from tests.factories import District, make_account, make_post
from tests.trust import visitors
from tests.trust.desks import volunteering_honours as honours
from tests.trust.ground import Ground
from tests.trust.personas import Cast

_people: list[int] = [1]
_now = [datetime(2024, 1, 1, tzinfo=UTC)]


def _told(town: District, cast: Cast, at: datetime) -> None:
    _now[0] = at
    _people[:] = [p.account.pk for p in cast.people if p.account and p.roles] or [1]


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

GROUNDS = honours.GROUNDS | {
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
            "sign_up_id": st.integers(0, 20).map(lambda n: _sign_up(n)),
            "phone": st.integers(0, 60).map(lambda n: _phone(n)),
            "to_id": _PERSON,
        },
        keeps={"arrive": "volunteering_codetry", "walk_in": "volunteering_wrongcode"},
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


def _sign_up(number: int) -> int:
    known = list(SignUp.objects.order_by("pk").values_list("pk", flat=True))
    return known[number % len(known)] if known else 1


def _phone(number: int) -> str:
    found = Account.objects.filter(pk=_people[number % len(_people)]).first()
    return found.phone if found else "19900009999"


def prepare(day: visitors.Day) -> None:
    """An organiser whose office serves here, an activity that the owner signed up for, a post, a need, an evaluation
    of the owner as a member."""
    town, at, owner, worker = day.town, timezone.now(), day.people["owner"], day.people["worker"]
    assert owner is not None
    office = Organisation.objects.create(code="990201-pair", name="结对单位", kind="branch", place=town.district)
    day.people["organiser"] = make_post("organiser", town.community, organisation=office)
    here = {"place": town.building, "at": at}
    asks = {"organisation": office.code}
    begin("check_in", "check_in_organisation", by=worker, data=asks, **here)
    begin("check_in", "enrol", by=worker, beneficiary=owner, data=asks, **here)
    told = {
        "theme": "clinic", "title": "健康义诊", "capacity": 5, "starts_at": at + timedelta(minutes=10),
        "ends_at": at + timedelta(hours=2),
    }  # fmt: skip
    activity = begin("activity", "publish", by=day.people["organiser"], place=town.community, data=told, at=at).matter
    day.matters["activity"] = act(activity, "sign_up", by=owner, at=at).matter
    chief = make_account("楼栋长", home=town.building)
    day.matters["posting"] = begin(
        "posting", "appoint", by=worker, beneficiary=chief, data={"role": "building_chief"}, **here
    ).matter
    need = {"theme": "law", "words": visitors.CANARIES["words"]}
    day.matters["need"] = begin("need", "raise", by=worker, data=need, **here).matter
    log = {"theme": "patrol", "day": at.date().isoformat(), "minutes": 30, "words": visitors.CANARIES["words"]}
    begin("hours", "log", by=owner, data=log, **here)
    year = begin("evaluation", "open", by=worker, place=town.community, data={"year": at.year}, at=at).matter
    day.matters["evaluation"] = act(year, "compute", by=worker, at=at).matter
    day.things["evaluation row"] = EvaluationRow.objects.get(account=owner).pk
    honours.prepare(day)


def arguments(day: visitors.Day, path: str) -> dict[str, Any]:
    """What these addresses are about."""
    kind = next((one for one in ("posting", "need", "evaluation") if path.split("/")[1][:4] == one[:4]), "activity")
    return {
        "activity_id": day.matters["activity"].pk, "matter_id": day.matters[kind].pk, "action": "sign_up",
        "role": "building_chief", "code": day.town.building.code, "row_id": day.things["evaluation row"],
        **honours.arguments(day, path),
    }  # fmt: skip
