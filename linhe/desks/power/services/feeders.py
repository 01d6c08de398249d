"""Feeders are stored once they have passed the engine's check, each version with the day from which it holds."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from linhe.core.loop.refusals import Refused, invalid
from linhe.core.people.models import Organisation
from linhe.core.places.models import Place
from linhe.desks.power.engine import Problem
from linhe.desks.power.models import Feeder, Truck
from linhe.desks.power.queries.outages import CASE_PARTS
from linhe.desks.power.services.feeder_faults import in_both
from linhe.lib.text import Text

READER = (sys.executable, "-m", "linhe.desks.power.engine.importers")
READ_S = 60


def store_feeder(
    *, code: str, name: Text, place: Place, from_date: date, source: str, case: Mapping[str, Any]
) -> Feeder:
    """A new version of a feeder, which may stand in the case as another program wrote it (CASE.md). What is wrong comes
    back as one line that names the element."""
    kept = {part: case[part] for part in CASE_PARTS if part in case}
    try:
        if "from" in kept.get("feeder", {}):
            kept["feeder"] = read_apart(kept["feeder"])
        Problem.from_json(kept)
    except ValueError as error:
        raise invalid({"case": str(in_both(str(error)))}) from error
    before = Feeder.objects.filter(code=code).aggregate(last=Max("version"))["last"] or 0
    try:
        with transaction.atomic():
            return Feeder.objects.create(
                code=code, version=before + 1, name=name.zh, name_en=name.en, place=place, from_date=from_date,
                source=source, case=kept,
            )  # fmt: skip
    except IntegrityError as error:
        text = Text("这条线路同时有人在更新，请重试。", "Somebody else stores a version of this feeder. Try again.")
        raise Refused("version_exists", text) from error


def read_apart(given: Mapping[str, Any], command: Sequence[str] = READER) -> dict[str, Any]:
    """The file of another program as a feeder in our words. ValueError tells what is wrong with it.

    Read in a process of its own: what reads OpenDSS is compiled, and a file that brings it down must not take the
    server with it.
    """
    try:
        done = subprocess.run(
            command, input=json.dumps(given), capture_output=True, text=True, timeout=READ_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise ValueError(f"feeder: reading the file took more than {READ_S} s") from None
    if done.returncode < 0:
        raise ValueError("feeder: the file brought its reader down")
    if done.returncode > 0:  # an importer stumbled over a table or a row that is not as it should be
        told_last = (done.stderr.strip().splitlines() or [""])[-1][:160]
        raise ValueError(f"feeder: has not the shape that was expected ({told_last})")
    told: dict[str, dict[str, Any]] = json.loads(done.stdout)
    if "error" in told:
        raise ValueError(told["error"])
    return told["feeder"]


def register_truck(
    *, code: str, name: Text, owner: Organisation, kw: int, kva: int, travel_min: int, fuel_hours: int | None = None,
    position: tuple[float, float] | None = None,
) -> Truck:  # fmt: skip
    """A generator truck, by its code; the same code again corrects it. ``position`` is (lat, lng), WGS-84."""
    lat, lng = position or (None, None)
    truck, _ = Truck.objects.update_or_create(
        code=code,
        defaults={
            "name": name.zh, "name_en": name.en, "owner": owner, "kw": kw, "kva": kva, "travel_min": travel_min,
            "fuel_hours": fuel_hours, "lat": lat, "lng": lng,
        },
    )  # fmt: skip
    return truck
