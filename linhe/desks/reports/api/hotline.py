"""12345 orders by API, for the hotline's own system: send them, fetch the answers. It has a key, not a session."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema, Status
from ninja.security import APIKeyHeader
from pydantic import Field

from linhe.core.loop.api import MOST_ID, RequestKey
from linhe.core.loop.refusals import invalid
from linhe.desks.reports.models import ApiKey
from linhe.desks.reports.queries.hotline import answers_page
from linhe.desks.reports.services.hotline_import import receive_by_key
from linhe.desks.reports.services.keys import use_key
from linhe.lib.text import Text
from linhe.lib.working_calendar import SHANGHAI

MOST_ORDERS = 5000
Cell = Annotated[str, Field(max_length=4000)]


class KeyHeader(APIKeyHeader):
    """The key that an administrator made, in the header ``X-API-Key``."""

    param_name = "X-API-Key"

    def authenticate(self, request: HttpRequest, key: str | None) -> ApiKey | None:
        """The key when it is good for the hotline."""
        return use_key(key or "", purpose=ApiKey.Purpose.HOTLINE, at=timezone.now())


router = Router(tags=["reports"], auth=KeyHeader())


class OrdersIn(Schema):
    """Orders by the columns of the import file, by their Chinese names or codes; see the page of the import."""

    orders: list[dict[str, Cell]] = Field(min_length=1, max_length=MOST_ORDERS)


class FaultOut(Schema):
    """What is wrong in one column."""

    column: str
    message: str


class ReceivedOut(Schema):
    """What became of one order: taken now, known before, or bad."""

    number: str
    state: str
    matter_id: int | None
    faults: list[FaultOut]


class AllReceivedOut(Schema):
    """The orders in the order in which they were sent. ``repeated``: the same request had its effect before."""

    rows: list[ReceivedOut]
    repeated: bool


class AnswerOut(Schema):
    """An answered order, without the caller."""

    number: str
    state: str
    organisation: str
    limit_at: datetime
    answered_at: datetime | None
    in_time: bool | None
    result: str
    answer: str
    satisfied: bool | None


class AnswersOut(Schema):
    """A page of answers; ask again with ``before=next_before``."""

    rows: list[AnswerOut]
    next_before: int | None


@router.post("/orders", response={201: AllReceivedOut, 200: AllReceivedOut})
def send_orders(request: HttpRequest, body: OrdersIn, key: RequestKey) -> Status[dict[str, Any]]:
    """Send orders. The same ``Idempotency-Key`` again returns the first result; a known number stays as it is."""
    done = receive_by_key(key=_key(request), orders=body.orders, request_key=key, at=timezone.now())
    return Status(200 if done["repeated"] else 201, done)


@router.get("/orders", response=AnswersOut)
def list_answers(
    request: HttpRequest,
    answered_since: datetime | None = None,
    before: Annotated[int | None, Query(ge=1, le=MOST_ID)] = None,
) -> AnswersOut:
    """The answered orders of the key's territory, the latest received first."""
    page = answers_page(_key(request).place, since_at=_moment(answered_since), before=before)
    rows = [
        AnswerOut(
            number=m.hotline.number, state=m.stage, organisation=m.organisation.name if m.organisation else "",
            limit_at=m.hotline.limit_at, answered_at=m.hotline.answered_at, in_time=m.hotline.in_time,
            result=m.hotline.result, answer=m.hotline.answer, satisfied=m.hotline.satisfied,
        )
        for m in page.rows
    ]  # fmt: skip
    return AnswersOut(rows=rows, next_before=page.next_before)


def _moment(sent: datetime | None) -> datetime | None:
    """In Shanghai unless it says its zone, in a year that can be."""
    if sent is None:
        return None
    if not 2000 <= sent.year < 2999:
        raise invalid({"answered_since": str(Text("时间不对。", "This is no time that can be."))})
    return sent if sent.tzinfo else sent.replace(tzinfo=SHANGHAI)


def _key(request: HttpRequest) -> ApiKey:
    key = request.auth  # type: ignore[attr-defined]  # what KeyHeader found
    assert isinstance(key, ApiKey)
    return key
