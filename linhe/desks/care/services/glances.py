"""Couriers glance at buildings in passing. They never learn for whom, nor whether for anybody.

What is asked is the side of a building: "are the curtains open?" Only a yes (all that can be seen) is a sign for
whoever lives behind it. Most spots have nobody behind them, a spot once drawn stays for ever, and what is asked on a
day is drawn at dawn, whatever happens later: neither coming nor going of a question tells anything.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from linhe.core.dated import value
from linhe.core.loop.acting import act
from linhe.core.loop.refusals import Refused, not_found
from linhe.core.people.encryption import blind_index
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.care.loop import DUE, NEIGHBOUR
from linhe.desks.care.models import Check, Glance, Glancer, Side, Spot
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

COURIER = "courier"


def draw_spots(building: Place, side: str, *, at: datetime) -> None:
    """Add a spot, and some neutral ones of the same community that a keyed hash picks."""
    if Spot.objects.filter(building=building, side=side).exists():
        return
    Spot.objects.create(building=building, side=side)
    decoys = int(value("care.decoys", at=at, place_code=building.code))
    near = Place.objects.filter(community=building.community_id, kind="building")
    known = set(Spot.objects.filter(building__in=near).values_list("building_id", "side"))
    fresh = [(b, s) for b in near.values_list("pk", flat=True) for s in Side.values if (b, s) not in known]
    fresh.sort(key=lambda one: blind_index(f"spot:{building.pk}:{side}:{one[0]}:{one[1]}"))
    Spot.objects.bulk_create((Spot(building_id=b, side=s) for b, s in fresh[:decoys]), ignore_conflicts=True)


@transaction.atomic
def be_willing(*, courier: Account, willing: bool, at: datetime) -> None:
    """A courier says that they are willing to glance, or no longer."""
    if not willing:
        Glancer.objects.filter(courier=courier).delete()
        Glance.objects.filter(courier=courier, day=local_date(at), answer="").delete()
        return
    if not _is_courier(courier, at):
        raise not_found()
    Glancer.objects.get_or_create(courier=courier, defaults={"since": at})
    _ask(courier, local_date(at), at)


def hand_out(*, at: datetime) -> int:
    """Draw the day's questions for every willing courier. Idempotent; returns how many couriers were asked."""
    day = local_date(at)
    waiting = Glancer.objects.exclude(courier__in=Glance.objects.filter(day=day).values("courier"))
    return sum(_ask(one.courier, day, at) for one in waiting.select_related("courier"))


def _ask(courier: Account, day: date, at: datetime) -> bool:
    if Glance.objects.filter(courier=courier, day=day).exists():
        return False
    found: list[int] = []
    for post in posts_of(courier, at=at):
        if post.role == COURIER:
            spots = Spot.objects.filter(**{f"building__{post.place.level}": post.place})
            found += spots.values_list("pk", flat=True)
    found.sort(key=lambda pk: blind_index(f"glance:{day}:{courier.pk}:{pk}"))
    most = int(value("care.glances_a_day", at=at))
    chosen = [Glance(spot_id=pk, courier=courier, day=day) for pk in found[:most]]
    Glance.objects.bulk_create(chosen, ignore_conflicts=True)
    return bool(chosen)


@transaction.atomic
def answer_glance(*, courier: Account, glance_id: int, answer: str, at: datetime) -> Glance:
    """What a courier saw. The first answer stands; the courier is told the same whatever it leads to."""
    found = Glance.objects.select_for_update(of=("self",)).filter(pk=glance_id, courier=courier, day=local_date(at))
    glance = found.select_related("spot").first()
    if glance is None or not _is_courier(courier, at):
        raise not_found()
    if answer not in (Glance.Answer.OPEN, Glance.Answer.CLOSED, Glance.Answer.MISSED):
        raise Refused("invalid", Text("请选一个回答。", "Choose an answer."), status=422)
    if glance.answer:
        return glance
    glance.answer, glance.answered_at = answer, at
    glance.save(update_fields=["answer", "answered_at"])
    if answer == Glance.Answer.OPEN:
        for check in _behind(glance.spot, glance.day):
            _take_sign(check, at)
    return glance


def _take_sign(check: Check, at: datetime) -> None:
    """A check that moved on meanwhile needs no sign; the courier's answer stands and tells nothing of it."""
    try:
        act(check.matter, "glance", by=None, at=at)  # has a savepoint of its own
    except Refused as refused:
        if refused.code not in ("wrong_stage", "out_of_step"):
            raise


def _behind(spot: Spot, day: date) -> list[Check]:
    """Today's checks of those who live behind a spot and agreed to couriers' glances."""
    waiting = Check.objects.filter(
        day=day, enrolment__couriers_look=True, enrolment__side=spot.side, enrolment__ended_at__isnull=True,
        matter__stage__in=(DUE, NEIGHBOUR),
    ).select_related("matter__place", "enrolment__home")  # fmt: skip
    return [
        check
        for check in waiting
        if check.enrolment.home and spot.building_id in (check.enrolment.home_id, check.enrolment.home.building_id)
    ]


def _is_courier(account: Account, at: datetime) -> bool:
    return any(post.role == COURIER for post in posts_of(account, at=at))
