"""Raising a report, by whichever way it comes: page, QR code, telephone, courier, hotline, open interface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile

from linhe.core.dated import value
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Matter
from linhe.core.loop.refusals import Refused, invalid
from linhe.core.loop.step import Outcome
from linhe.core.people.encryption import blind_index
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.core.places.queries import places_near
from linhe.desks.reports.loop.report import REPORT
from linhe.lib.text import Text

HOUR_S = 3600


def raise_report(
    *,
    by: Account | None,
    place: Place,
    data: Mapping[str, Any],
    at: datetime,
    key: str | None = None,
    beneficiary: Account | None = None,
    files: Sequence[UploadedFile[Any]] = (),
    behalf: bool = False,
    address: str = "",
) -> Outcome:
    """Raise a report and route it. ``by=None`` stores nobody at all: an anonymous report, or one that came from
    another system. ``address`` is the network address of an anonymous sender, counted and forgotten within the hour.
    ``behalf`` is a clerk who writes down what a resident told; ``beneficiary`` is that resident.

    Raises :class:`Refused` when it may not begin; then nothing was written.
    """
    if by is None and address:
        _count(address, at=at, place=place)
    action = "report_for" if behalf else "report" if by is not None else "report_unnamed"
    return begin(
        REPORT.code, action, by=by, place=place, data=data, key=key, at=at, beneficiary=beneficiary, files=files
    )


def hand_on(*, by: Account, parent: Matter, data: Mapping[str, Any], at: datetime, key: str | None = None) -> Outcome:
    """Hand a part of a report on to another organisation, as a matter of its own below it."""
    return begin(REPORT.code, "part", by=by, place=parent.place, data=data, key=key, at=at, parent=parent)


def answer_by_link(
    *, matter: Matter, action: str, at: datetime, data: Mapping[str, Any] | None = None, key: str | None = None
) -> Outcome:
    """Confirm or reopen an anonymous report; the caller has checked the link."""
    return act(matter, action, by=None, data=data, at=at, key=key)


def place_at(*, lat: float, lng: float, at: datetime) -> Place:
    """The building or compound nearest to a tap on the map; refused where there is none around."""
    radius_m = value("reports.place_radius_m", at=at)
    near = places_near(lng=lng, lat=lat, radius_m=radius_m, kinds=("building", "compound", "community", "village"))
    if not near:
        text = str(
            Text("这附近没有登记的楼栋，请按名称查找。", "No registered building is near. Please search by name.")
        )
        raise invalid({"place": text})
    return near[0].place


def _count(address: str, *, at: datetime, place: Place) -> None:
    most = value("reports.unnamed_an_hour", at=at, place_code=place.code)
    name = f"reports.unnamed.{blind_index(f'address:{address}')[:32]}"
    cache.add(name, 0, HOUR_S)
    if cache.incr(name) > most:
        text = Text("这个网络一小时内匿名上报太多了，请稍后再来，或者登录后上报。",
                    "Too many anonymous reports from this network. Try again later, or sign in.")  # fmt: skip
        raise Refused("too_many", text, status=429)
