"""The generic API: kinds, matters, timelines and actions of every desk."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Header, Router, Schema, Status
from pydantic import BaseModel, Field

from linhe.core.loop import queries, registry
from linhe.core.loop.access import allowed_actions
from linhe.core.loop.acting import act, begin
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.refusals import Refused, not_allowed, not_found
from linhe.core.people.models import Account
from linhe.core.places.models import Place
from linhe.lib.text import Text

router = Router(tags=["loop"])
MOST_ID = 2**63 - 1
RequestKey = Annotated[str, Header(min_length=8, max_length=80, alias="Idempotency-Key")]


class LabelOut(Schema):
    """A label in both languages."""

    zh: str
    en: str


class ActionOut(Schema):
    """An action of a kind and the JSON schema of its data."""

    code: str
    name: LabelOut
    frm: list[str]
    to: str | None
    who: list[str]
    data: dict[str, Any] | None


class KindOut(Schema):
    """A kind with its stages and actions."""

    code: str
    version: int
    desk: str
    name: LabelOut
    stages: list[str]
    actions: list[ActionOut]


class MatterOut(Schema):
    """A matter as its readers see it. Who it concerns is told by the desk's own endpoints, by their rules."""

    id: int
    kind: str
    stage: str
    version: int
    title: str
    place_code: str
    urgent: bool
    due_at: datetime | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    actions: list[str] = Field(default_factory=list)


class MattersOut(Schema):
    """A page of matters; ask again with ``before=next_before``."""

    rows: list[MatterOut]
    next_before: int | None


class EventOut(Schema):
    """An event without names: the role that acted, and the data that is not personal."""

    seq: int
    action: str
    from_stage: str
    to_stage: str
    actor_role: str
    at: datetime
    data: dict[str, Any]
    hash: str


class BeginIn(Schema):
    """Where a matter begins and what its first action asks for."""

    place_code: str = Field(max_length=32)
    beneficiary_id: int | None = Field(default=None, ge=1, le=MOST_ID)
    data: dict[str, Any] = Field(default_factory=dict)


class ActIn(Schema):
    """What an action asks for, and the version of the matter that the actor saw."""

    version: int | None = Field(default=None, ge=1, le=2**31 - 1)
    data: dict[str, Any] = Field(default_factory=dict)


class OutcomeOut(Schema):
    """The matter after the action, the event's number, and whether the same request had its effect before."""

    matter: MatterOut
    seq: int
    repeated: bool


def matter_out(matter: Matter, actions: list[str] | None = None) -> MatterOut:
    """What the API tells of a matter."""
    return MatterOut(
        id=matter.pk, kind=matter.kind, stage=matter.stage, version=matter.version,
        title=str(Text(matter.title, matter.title_en or matter.title)), place_code=matter.place.code,
        urgent=matter.urgent, due_at=matter.due_at, created_at=matter.created_at, updated_at=matter.updated_at,
        closed_at=matter.closed_at, actions=actions or [],
    )  # fmt: skip


def _event_out(event: Event) -> EventOut:
    return EventOut(
        seq=event.seq, action=event.action, from_stage=event.from_stage, to_stage=event.to_stage,
        actor_role=event.actor_role, at=event.at, data=event.data, hash=bytes(event.hash).hex(),
    )  # fmt: skip


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


@cache
def _described(schema: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of an action's data, worked out once a process."""
    return schema.model_json_schema()


@router.get("/kinds", response=list[KindOut])
def list_kinds(request: HttpRequest) -> list[KindOut]:
    """Every kind with its stages, actions and the data that each action asks for."""
    return [
        KindOut(
            code=kind.code, version=kind.version, desk=kind.desk, name=LabelOut(zh=kind.name.zh, en=kind.name.en),
            stages=[s.code for s in kind.stages],
            actions=[
                ActionOut(
                    code=a.code, name=LabelOut(zh=a.name.zh, en=a.name.en), frm=list(a.frm), to=a.to, who=list(a.who),
                    data=_described(schema) if (schema := registry.schema_of(kind, a)) else None,
                )
                for a in kind.actions
            ],
        )
        for kind in registry.kinds()
    ]  # fmt: skip


@router.get("/matters", response=MattersOut)
def list_matters(
    request: HttpRequest,
    kind: str | None = None,
    stage: str | None = None,
    place_code: str | None = None,
    open_only: bool = False,
    before: int | None = None,
) -> MattersOut:
    """The matters that the reader may see, newest first."""
    texts = (kind, stage, place_code)
    if any(t and "\x00" in t for t in texts) or (before is not None and not 0 < before <= MOST_ID):
        raise not_found()
    page = queries.matters_page(
        _account(request), at=timezone.now(), place=_place(place_code) if place_code else None,
        kind=kind, stage=stage, open_only=open_only, before=before,
    )  # fmt: skip
    return MattersOut(rows=[matter_out(m) for m in page.rows], next_before=page.next_before)


@router.get("/matters/{int:matter_id}", response=MatterOut)
def get_matter(request: HttpRequest, matter_id: int) -> MatterOut:
    """One matter and the actions that the reader may take now."""
    at = timezone.now()
    matter = _matter(request, matter_id, at)
    return matter_out(matter, [a.code for a in allowed_actions(_account(request), matter, at=at)])


@router.get("/matters/{int:matter_id}/events", response=list[EventOut])
def list_events(request: HttpRequest, matter_id: int) -> list[EventOut]:
    """The event log of one matter, oldest first, with the chained hashes."""
    return [_event_out(e) for e in queries.timeline(_matter(request, matter_id, timezone.now()))]


@router.post("/kinds/{kind}/{action}", response={201: OutcomeOut})
def begin_matter(
    request: HttpRequest,
    kind: str,
    action: str,
    body: BeginIn,
    key: RequestKey,
) -> Status[OutcomeOut]:
    """Begin a matter. The same ``Idempotency-Key`` again returns the first result."""
    beneficiary = Account.objects.filter(pk=body.beneficiary_id).first() if body.beneficiary_id else None
    if body.beneficiary_id and beneficiary is None:
        raise not_allowed()  # the same answer as for a person whom the reader may not speak for
    try:
        if registry.kind(kind).discreet:
            raise registry.UnknownKind(kind)
        outcome = begin(
            kind, action, by=_account(request), place=_place(body.place_code), data=body.data, key=key,
            beneficiary=beneficiary,
        )  # fmt: skip
    except registry.UnknownKind:
        raise Refused("unknown_kind", Text("没有这类事项。", "There is no such kind."), status=404) from None
    seen = matter_out(outcome.matter)
    return Status(201, OutcomeOut(matter=seen, seq=outcome.event.seq, repeated=outcome.repeated))


@router.post("/matters/{int:matter_id}/{action}", response=OutcomeOut)
def act_on_matter(
    request: HttpRequest,
    matter_id: int,
    action: str,
    body: ActIn,
    key: RequestKey,
) -> OutcomeOut:
    """Take an action on a matter. The same ``Idempotency-Key`` again returns the first result."""
    matter = _matter(request, matter_id, timezone.now())
    outcome = act(
        matter,
        action,
        by=_account(request),
        data=body.data,
        key=key,
        version=body.version,
    )
    return OutcomeOut(
        matter=matter_out(outcome.matter),
        seq=outcome.event.seq,
        repeated=outcome.repeated,
    )


def _matter(request: HttpRequest, matter_id: int, at: datetime) -> Matter:
    if not 0 < matter_id <= MOST_ID:
        raise not_found()
    return queries.matter_for(_account(request), matter_id, at=at)


def _place(code: str) -> Place:
    place = Place.objects.filter(code=code).first() if "\x00" not in code else None
    if place is None:
        raise Refused("unknown_place", Text("没有这个地点。", "There is no such place."), status=422,
                      details={"place_code": code[:32]})  # fmt: skip
    return place
