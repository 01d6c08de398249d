"""``act()`` and ``begin()``: the one door through which every change of every matter goes.

In one transaction: remember the request, lock the matter, check person, stage and version, validate the data, run the
desk's effect, append the event to the hash chain, move the clocks, tell the listeners.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from pydantic import BaseModel, ValidationError

from linhe.core.loop import access, chain, refusals, registry, storing
from linhe.core.loop.announcing import announce
from linhe.core.loop.clocks import move_clocks
from linhe.core.loop.evidence import Photo, keep_photo, read_photo
from linhe.core.loop.kinds import NEW, Action, Kind
from linhe.core.loop.listeners import tell
from linhe.core.loop.messages import plain_errors
from linhe.core.loop.models import Event, Matter, Particular, Remembered
from linhe.core.loop.step import Outcome, Step
from linhe.core.people.models import Account
from linhe.core.people.queries import principals_of
from linhe.core.places.models import Place
from linhe.lib.text import Text

LONGEST_KEY = 80


def begin(
    kind_code: str,
    action_code: str,
    *,
    by: Account | None,
    place: Place,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    at: datetime | None = None,
    beneficiary: Account | None = None,
    parent: Matter | None = None,
    files: Sequence[UploadedFile[Any]] = (),
) -> Outcome:
    """Begin a matter of a kind at a place. ``beneficiary`` is whom it is for, when not the one who asks.

    Raises :class:`Refused` when it may not begin; then nothing was written.
    """
    kind = registry.kind(kind_code)
    action = _declared(kind, action_code)
    at = at or timezone.now()
    body, photos = _parse(kind, action, data, files)
    with _all_or_nothing():
        request = _remember(
            by,
            f"begin:{kind_code}:{action_code}",
            key,
            at,
            [place.pk, beneficiary and beneficiary.pk, _dump(body)],
            photos,
        )
        if isinstance(request, Event):
            return Outcome(request.matter, request, repeated=True)
        if NEW not in action.frm:
            raise refusals.wrong_stage(Text("未开始", "not begun"))
        role = access.standing(by, action, place, at=at)
        if role is None or not _may_ask_for(by, beneficiary, role, at):
            raise refusals.not_allowed()
        matter = storing.insert_matter(
            _kept_at(kind, place), kind=kind.code, kind_version=kind.version, stage=action.to, title=kind.name.zh,
            title_en=kind.name.en, requester=None if kind.impersonal else by,
            beneficiary=None if kind.impersonal else beneficiary, parent=parent, created_at=at, updated_at=at,
        )  # fmt: skip
        return _carry_out(Step(kind, action, matter, by, role, body, at, NEW, action.to or NEW), request, photos)


def act(
    matter: Matter,
    action_code: str,
    *,
    by: Account | None,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
    at: datetime | None = None,
    version: int | None = None,
    files: Sequence[UploadedFile[Any]] = (),
) -> Outcome:
    """Take an action on a matter. ``version`` is the one that the actor saw; when the matter has moved on since,
    the action is refused. ``by=None`` is the system itself.

    Raises :class:`Refused` when the action may not be taken; then nothing was written.
    """
    kind = matter.declared
    action = _declared(kind, action_code)
    at = at or timezone.now()
    body, photos = _parse(kind, action, data, files)
    with _all_or_nothing():
        request = _remember(by, f"act:{matter.pk}:{action_code}", key, at, [_dump(body)], photos)
        if isinstance(request, Event):
            return Outcome(request.matter, request, repeated=True)
        locked = storing.lock_matter(matter)
        at = max(at, locked.updated_at)  # whoever waited for the lock acts after the one who held it
        role = access.standing(by, action, locked, at=at)
        if role is None:
            raise refusals.not_allowed()
        if version is not None and version != locked.version:
            raise refusals.out_of_step()
        if locked.stage not in action.frm:
            raise refusals.wrong_stage(locked.stage_declared.name)
        _check_second_person(action, locked, by)
        step = Step(kind, action, locked, by, role, body, at, locked.stage, action.to or locked.stage)
        return _carry_out(step, request, photos)


@contextmanager
def _all_or_nothing() -> Iterator[None]:
    """A transaction; a refusal undoes it, then keeps what the refusal asks to be kept."""
    try:
        with transaction.atomic():
            yield
    except refusals.Refused as refused:
        if refused.afterwards:
            refused.afterwards()
            refused.afterwards = None
        raise


def _declared(kind: Kind, action_code: str) -> Action:
    try:
        return kind.action(action_code)
    except KeyError:
        raise refusals.Refused(
            "unknown_action",
            Text("没有这一步。", "There is no such action."),
            status=404,
        ) from None


def _parse(
    kind: Kind,
    action: Action,
    data: Mapping[str, Any] | None,
    files: Sequence[UploadedFile[Any]],
) -> tuple[BaseModel | None, list[Photo]]:
    """Validate what came with an action, before anything is locked."""
    least, most = action.evidence
    if not least <= len(files) <= most:
        text = Text(f"需要 {least}–{most} 张照片。", f"{least} to {most} photos are needed.")
        raise refusals.invalid({"files": str(text)})
    schema = registry.schema_of(kind, action)
    try:
        body = schema.model_validate(dict(data or {})) if schema else None
    except ValidationError as error:
        raise refusals.invalid(plain_errors(error)) from error
    return body, [read_photo(upload) for upload in files]


def _remember(
    by: Account | None, route: str, key: str | None, at: datetime, body: list[Any], photos: list[Photo]
) -> Event | int | None:
    """Claim an idempotency key: the id for the event to come, or the event that the key led to before."""
    if not key:
        return None
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise refusals.invalid({"key": str(Text("请求编号不对，请刷新页面。", "Bad request key. Reload the page."))})
    digest = hashlib.sha256(chain.canonical([*body, [photo.sha256 for photo in photos]])).digest()
    account_id = by.pk if by else 0
    event_id = storing.remember(account_id=account_id, route=route, key=key, body_hash=digest, at=at)
    if event_id is not None:
        return event_id
    kept = Remembered.objects.select_related("event__matter__place").get(account_id=account_id, route=route, key=key)
    if bytes(kept.body_hash) != digest:
        raise refusals.key_reused()
    return kept.event


def _kept_at(kind: Kind, place: Place) -> Place:
    """A matter of a discreet kind names no building: whoever counts it at a place learns of a whole community."""
    return place.community or place if kind.discreet else place


def _may_ask_for(by: Account | None, beneficiary: Account | None, role: str, at: datetime) -> bool:
    """Nobody asks in another's name, unless they are the confirmed delegate or hold a role at the place."""
    if beneficiary is None or by is None or by.pk == beneficiary.pk or role not in ("anyone", "delegate"):
        return True
    return beneficiary.pk in principals_of(by, at=at)


def _check_second_person(action: Action, matter: Matter, by: Account | None) -> None:
    for code in action.unlike:
        last = Event.objects.filter(matter=matter, action=code).order_by("-seq").first()
        if last is not None and by is not None and last.actor_id == by.pk:
            raise refusals.Refused(
                "second_person",
                Text(
                    "这一步需要另一位工作人员办理。",
                    "This step needs another person than the one before.",
                ),
                status=403,
            )


def _carry_out(step: Step, event_id: int | None, photos: list[Photo]) -> Outcome:
    """The effect, the clocks, then the event and the matter in one statement."""
    matter = step.matter
    _take_apart(step)
    if photos:
        step.record["photos"] = [photo.sha256 for photo in photos]
    if effect := registry.effect_of(step.kind, step.action):
        step.record |= effect(step) or {}
    matter.closed_at = (matter.closed_at or step.at) if step.kind.stage(step.to).final else None
    clocks = move_clocks(step)
    event, particulars = _entry(step, event_id)
    storing.append_and_move(matter, event, clocks)
    if particulars:
        Particular.objects.bulk_create(particulars)
    for photo in photos:
        keep_photo(photo, event=event)
    step.finish(event)
    tell(event, step)
    people = {matter.requester_id, matter.beneficiary_id, matter.handler_id} - {None}
    channels = [f"m:{matter.pk}", *(f"a:{i}" for i in matter.place.ancestor_ids()), *(f"u:{i}" for i in people)]
    transaction.on_commit(lambda: announce(channels))
    return Outcome(matter, event)


def _take_apart(step: Step) -> None:
    """Sort what was sent into what the event keeps and the private text that may be erased later."""
    if step.data is None:
        return
    for name, field in type(step.data).model_fields.items():
        sent = step.data.model_dump(mode="json", include={name})[name]
        extra = field.json_schema_extra
        keep = extra.get("keep", "event") if isinstance(extra, dict) else "event"
        if keep == "private" and sent:
            step.private[name] = str(sent)
        elif keep == "event" and sent is not None:
            step.record[name] = sent


def _entry(step: Step, event_id: int | None) -> tuple[Event, list[Particular]]:
    matter = step.matter
    salts = {name: chain.seal(text) for name, text in step.private.items()}
    data = step.record | {name: {"sealed": digest} for name, (_, digest) in salts.items()}
    entry: dict[str, Any] = {
        "matter_id": matter.pk, "seq": 1 if step.from_stage == NEW else matter.version + 1, "action": step.action.code,
        "from_stage": step.from_stage, "to_stage": step.to, "actor_id": step.by.pk if step.by else None,
        "actor_role": step.role, "at": step.at, "data": data, "prev_hash": bytes(matter.last_hash),
    }  # fmt: skip
    event = Event(pk=event_id, **entry, hash=chain.hash_of(**entry))
    event.matter = matter
    return event, [
        Particular(event=event, name=name, value=step.private[name], salt=salt) for name, (salt, _) in salts.items()
    ]


def _dump(body: BaseModel | None) -> Any:
    return body.model_dump(mode="json") if body else None
