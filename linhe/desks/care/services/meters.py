"""Readings of water, gas or power meters that a utility sends count as a sign of life. No reading is kept."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from linhe.core.dated import value
from linhe.core.loop.acting import act
from linhe.core.loop.refusals import Refused, invalid, not_allowed
from linhe.core.people.encryption import blind_index
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.care.loop import DISTRICT
from linhe.desks.care.models import Check, Enrolment, MeterSource
from linhe.desks.care.services.enrolling import meter_index
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date


@dataclass(frozen=True, slots=True)
class Reading:
    """How much a meter counted, and until when."""

    meter: str
    used: float
    at: datetime
    reading_id: str


def source_of(key: str) -> MeterSource | None:
    """The utility of a key that still counts."""
    if not key or len(key) > 200:
        return None
    return MeterSource.objects.filter(key_index=_index(key), ended_at__isnull=True).select_related("district").first()


@transaction.atomic
def make_source(*, name: str, district: Place, by: Account, at: datetime) -> tuple[MeterSource, str]:
    """Admit a utility; its key is told once and kept as a keyed hash."""
    if not any(p.role == DISTRICT and p.place_id == district.pk for p in posts_of(by, at=at)):
        raise not_allowed()
    if not name.strip():
        raise invalid({"name": str(Text("请填写单位名称。", "Give the name of the utility."))})
    key = secrets.token_urlsafe(32)
    source = MeterSource.objects.create(
        name=name.strip()[:40], key_index=_index(key), district=district, made_by=by, made_at=at
    )
    return source, key


@transaction.atomic
def end_source(*, source: MeterSource, by: Account, at: datetime) -> None:
    """The key stops counting with the next request."""
    if not any(p.role == DISTRICT and p.place_id == source.district_id for p in posts_of(by, at=at)):
        raise not_allowed()
    MeterSource.objects.filter(pk=source.pk, ended_at__isnull=True).update(ended_at=at)


def take_readings(*, source: MeterSource, readings: list[Reading], at: datetime) -> int:
    """Count today's readings as signs of life. Unknown meters, old readings and repeats change nothing, and the answer
    is the same for all: the sender never learns whose meter is looked after. Returns how many checks ended."""
    least, day, ended = value("care.meter_least", at=at, place_code=source.district.code), local_date(at), 0
    for reading in readings:
        if reading.used < least or local_date(reading.at) != day or reading.at > at:
            continue
        check = _waiting(source, meter_index(reading.meter), day)
        if check is None:
            continue
        try:
            outcome = act(
                check.matter, "meter", by=None, at=at,
                key=blind_index(f"reading:{source.pk}:{reading.reading_id}"),
            )  # fmt: skip
            ended += not outcome.repeated
        except Refused as refused:
            if refused.code not in ("wrong_stage", "key_reused"):
                raise
    return ended


def _waiting(source: MeterSource, index: str, day: date) -> Check | None:
    enrolment = Enrolment.objects.filter(
        meter_index=index, ended_at__isnull=True, community__district=source.district
    ).first()
    if enrolment is None:
        return None
    today = Check.objects.filter(enrolment=enrolment, day=day, matter__closed_at__isnull=True)
    return today.select_related("matter__place").first()


def _index(key: str) -> str:
    return blind_index(f"meter source:{key}")
