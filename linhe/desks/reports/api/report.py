"""Reports over the API: raising one with its photos, the categories, and the masked list that is open to everyone.

Every further step goes through the generic ``/matters/{id}/{action}``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from django.utils import timezone
from ninja import File, Form, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from linhe.core.loop.api import RequestKey
from linhe.core.loop.refusals import Refused, not_found
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.desks.reports import queries, services
from linhe.desks.reports.queries import PublicReport
from linhe.desks.reports.schemas import MOST_ID, Latitude, Longitude
from linhe.lib.text import Text

router = Router()


class CategoryOut(Schema):
    """A category that can be reported."""

    code: str
    name: str
    radius_m: int
    result_photo: bool


class PublicReportOut(Schema):
    """A report as everyone may see it: nobody's name, a rounded point, no words that were typed."""

    number: int
    category: str
    what: str
    place: str
    lat: float
    lng: float
    stage: str
    words: str
    followers: int
    raised_at: datetime
    moved_at: datetime


class PublicReportsOut(Schema):
    """A page of the public list; ask again with ``before=next_before``."""

    rows: list[PublicReportOut]
    next_before: int | None


class RaiseIn(Schema):
    """A report; photos come in the same request as ``files``."""

    place_code: str = Field(max_length=32)
    category: str = Field(max_length=40)
    words: str = Field(default="", max_length=500)
    spot: str = Field(default="", max_length=80)
    lat: Latitude | None = None
    lng: Longitude | None = None
    private: bool = False


class RaisedOut(Schema):
    """Under which number it goes on, and whether the same request had its effect before."""

    number: int
    repeated: bool


@router.get("/categories", response=list[CategoryOut], auth=None)
def list_categories(request: HttpRequest) -> list[CategoryOut]:
    """The categories in force."""
    return [
        CategoryOut(code=c.code, name=str(c.name), radius_m=c.radius_m, result_photo=c.result_photo)
        for c in queries.categories(at=timezone.now())
    ]


@router.get("/public", response=PublicReportsOut, auth=None)
def list_public_reports(
    request: HttpRequest,
    place_code: str | None = None,
    category: str = "",
    open_only: bool = False,
    before: int | None = None,
) -> PublicReportsOut:
    """What is wrong and how it goes, newest first; open to everyone."""
    texts = (place_code, category)
    if any(t and "\x00" in t for t in texts) or (before is not None and not 0 < before <= MOST_ID):
        raise not_found()
    at = timezone.now()
    place = _place(place_code) if place_code else None
    page = queries.public_page(at=at, place=place, category=category, open_only=open_only, before=before)
    rows = [_out(view) for view in queries.public_views(page.rows, at=at)]
    return PublicReportsOut(rows=rows, next_before=page.next_before)


@router.post("/raise", response={201: RaisedOut})
def raise_one(
    request: HttpRequest,
    body: Form[RaiseIn],
    key: RequestKey,
    files: Annotated[list[UploadedFile], File(default_factory=list)],
) -> Status[RaisedOut]:
    """Report something, with up to four photos (``multipart/form-data``)."""
    assert isinstance(request.user, Account)
    data = body.dict(exclude={"place_code"}, exclude_none=True)
    outcome = services.raise_report(
        by=request.user, place=_place(body.place_code), data=data, at=timezone.now(), key=key, files=files
    )
    return Status(201, RaisedOut(number=outcome.matter.pk, repeated=outcome.repeated))


def _out(view: PublicReport) -> PublicReportOut:
    return PublicReportOut(
        number=view.number, category=view.category, what=str(view.what), place=str(view.where), lat=view.lat,
        lng=view.lng, stage=view.stage_code, words=view.words, followers=view.followers, raised_at=view.since_at,
        moved_at=view.moved_at,
    )  # fmt: skip


def _place(code: str) -> Place:
    place = Place.objects.select_related("parent").filter(code=code).first() if "\x00" not in code else None
    if place is None:
        raise Refused("unknown_place", Text("没有这个地点。", "There is no such place."), status=422,
                      details={"place_code": code[:32]})  # fmt: skip
    return place
