"""What a year's evaluation is computed from, read from the event log; and the rules it is computed by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from linhe.core.dated import value
from linhe.core.loop.models import Event, Matter
from linhe.core.people.models import Organisation
from linhe.core.places.models import Place, within
from linhe.desks.volunteering.engine.evaluation import Grade, Params, Record, Weight
from linhe.desks.volunteering.loop.activities import ARRIVING
from linhe.desks.volunteering.loop.posts import APPOINTING
from linhe.desks.volunteering.models import CheckInDetail, PostDetail, SignUp
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

FIGURES = (
    ("check_ins", Text("报到", "check-ins"), Text("次", "times")),
    ("activities", Text("参加活动", "activities"), Text("次", "times")),
    ("minutes", Text("服务时长", "time served"), Text("分钟", "min")),
    ("needs", Text("结对服务", "needs served"), Text("件", "needs")),
    ("post_months", Text("任职", "posts held"), Text("个月", "months")),
)
DAYS_A_MONTH = 30
"""A post held for so many days counts as a month."""


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar year in Shanghai; ``cut_at`` is until when a post that is still held counts."""

    first_at: datetime
    after_at: datetime
    cut_at: datetime


def year_of(year: int, *, cut_at: datetime) -> Year:
    """The year, half open."""
    first, after = datetime(year, 1, 1, tzinfo=SHANGHAI), datetime(year + 1, 1, 1, tzinfo=SHANGHAI)
    return Year(first, after, min(max(cut_at, first), after))


def rules(*, at: datetime, place_code: str = "") -> Params:
    """Weights and grades in force."""
    weights = value("volunteering.weights", at=at, place_code=place_code)
    grades = value("volunteering.grades", at=at, place_code=place_code)
    return Params(
        tuple(Weight(w["figure"], w["each"], w["points"], w["most"]) for w in weights),
        tuple(Grade(g["code"], g["least"]) for g in grades),
    )


def grade_names(*, at: datetime, place_code: str = "") -> dict[str, Text]:
    """The grades by code."""
    rows = value("volunteering.grades", at=at, place_code=place_code)
    return {row["code"]: Text(row["zh"], row["en"]) for row in rows}


def members_in(place: Place, year: Year) -> dict[int, int]:
    """Account -> organisation of everyone who served here as a member during the year, the latest check-in counting."""
    rows = _serving(place, year).filter(account__isnull=False).order_by("since_at", "pk")
    return {row["account_id"]: row["organisation_id"] for row in rows.values("account_id", "organisation_id")}


def organisations_in(place: Place, year: Year) -> list[Organisation]:
    """The organisations that served here during the year."""
    rows = _serving(place, year).filter(account__isnull=True)
    return list(Organisation.objects.filter(pk__in=rows.values("organisation_id")).order_by("code"))


def member_records(place: Place, year: Year, accounts: Collection[int]) -> list[Record]:
    """Everything in the log that counts for these members at a place in a year. Five queries, however many they are."""
    mine = list(accounts)
    found = _check_ins(place, year, Q(matter__check_in__account__in=mine), "matter__check_in__account_id", "a")
    came = SignUp.objects.filter(
        account__in=mine, state=SignUp.State.GOING, minutes__gt=0, arrival__at__gte=year.first_at,
        arrival__at__lt=year.after_at, arrival__action__in=ARRIVING,
        matter__in=Matter.objects.filter(within(place)).values("pk"),
    ).values_list("account_id", "minutes", "arrival_id", "arrival__hash")  # fmt: skip
    for account_id, minutes, event_id, seal in came:
        found.append(Record(f"a{account_id}", "activities", 1, event_id, bytes(seal).hex()))
        found.append(Record(f"a{account_id}", "minutes", minutes, event_id, bytes(seal).hex()))
    hours = _events(place, year, "hours", ("confirm",)).filter(matter__hours__account__in=mine)
    for account_id, minutes, event_id, seal in hours.values_list(
        "matter__hours__account_id", "matter__hours__minutes", "pk", "hash"
    ):
        found.append(Record(f"a{account_id}", "minutes", minutes, event_id, bytes(seal).hex()))
    needs = _events(place, year, "need", ("deliver",)).filter(actor__in=mine)
    found += [
        Record(f"a{row['actor_id']}", "needs", 1, row["pk"], bytes(row["hash"]).hex())
        for row in needs.values("actor_id", "pk", "hash")
    ]
    return found + _posts(place, year, mine)


def organisation_records(place: Place, year: Year, organisations: Collection[int]) -> list[Record]:
    """Everything in the log that counts for these organisations at a place in a year."""
    mine = list(organisations)
    found = _check_ins(place, year, Q(matter__organisation__in=mine), "matter__organisation_id", "o")
    for kind, action, figures in (
        ("activity", "finish", ("activities", "minutes")),
        ("need", "deliver", ("needs", "minutes")),
    ):
        rows = _events(place, year, kind, (action,)).filter(matter__organisation__in=mine)
        for organisation_id, data, event_id, seal in rows.values_list("matter__organisation_id", "data", "pk", "hash"):
            for figure in figures:
                amount = data.get("minutes", 0) if figure == "minutes" else 1
                found.append(Record(f"o{organisation_id}", figure, amount, event_id, bytes(seal).hex()))
    return found


def _serving(place: Place, year: Year) -> Any:
    here = Matter.objects.filter(within(place), kind="check_in").exclude(stage="asked").values("pk")
    return CheckInDetail.objects.filter(
        Q(until_at__isnull=True) | Q(until_at__gt=year.first_at), matter__in=here, since_at__lt=year.after_at
    )


def _events(place: Place, year: Year, kind: str, actions: tuple[str, ...]) -> Any:
    here = Matter.objects.filter(within(place), kind=kind).values("pk")
    return Event.objects.filter(matter__in=here, action__in=actions, at__gte=year.first_at, at__lt=year.after_at)


def _check_ins(place: Place, year: Year, whose: Q, subject: str, letter: str) -> list[Record]:
    rows = _events(place, year, "check_in", ("check_in_organisation", "enrol", "accept")).filter(whose)
    return [
        Record(f"{letter}{subject_id}", "check_ins", 1, event_id, bytes(seal).hex())
        for subject_id, event_id, seal in rows.values_list(subject, "pk", "hash")
    ]


def _posts(place: Place, year: Year, accounts: list[int]) -> list[Record]:
    """Months held within the year, by the event that began it."""
    held = PostDetail.objects.filter(
        Q(held_until__isnull=True) | Q(held_until__gt=year.first_at), account__in=accounts,
        held_from__lt=year.after_at, matter__in=Matter.objects.filter(within(place), kind="posting").values("pk"),
    )  # fmt: skip
    spans = {d.matter_id: d for d in held}
    begun = Event.objects.filter(matter__in=list(spans), action__in=APPOINTING)
    found = []
    for matter_id, event_id, seal in begun.values_list("matter_id", "pk", "hash"):
        one = spans[matter_id]
        assert one.held_from is not None
        until = min(one.held_until or year.cut_at, year.cut_at)
        months = max(0, (until - max(one.held_from, year.first_at)).days // DAYS_A_MONTH)
        found.append(Record(f"a{one.account_id}", "post_months", months, event_id, bytes(seal).hex()))
    return found
