"""Makes the notices of an event, in its transaction: a handful of statements, however many people are told."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from linhe.core.loop.announcing import announce
from linhe.core.loop.kinds import HANDLER, ORGANISATION, REQUESTER
from linhe.core.loop.models import Event, Matter
from linhe.core.loop.step import Step
from linhe.core.notices.models import Delivery, Notice, Preference
from linhe.core.notices.quiet import not_before
from linhe.core.people.models import Delegation, Post
from linhe.core.people.roles import speaking_roles
from linhe.core.places.models import Place


def notice_event(event: Event, step: Step) -> None:
    """Tell those whom the action's ``notify`` names, except the one who acted."""
    if step.action.notify:
        notice_people(event, step, recipients(step))


def notice_people(event: Event, step: Step, told: dict[int, str]) -> None:
    """Tell these people of an event, each as what they are to it, except the one who acted."""
    if step.by is not None:
        told.pop(step.by.pk, None)
    if not told:
        return
    matter = step.matter
    params = {
        "kind": step.kind.code, "version": step.kind.version, "action": step.action.code, "stage": step.to,
        "title": {"zh": matter.title, "en": matter.title_en or matter.title}, "place": _names_of(matter.place),
    }  # fmt: skip
    waits_until = not_before(step.at, urgent=matter.urgent, place_code=matter.place.code)
    store(
        [
            Notice(
                account_id=account_id, code=f"{step.kind.code}.{step.action.code}", matter=matter, event=event,
                params=params | {"for": whom}, urgent=matter.urgent, created_at=step.at, not_before=waits_until,
            )
            for account_id, whom in told.items()
        ]
    )  # fmt: skip


def recipients(step: Step) -> dict[int, str]:
    """Who is to be told, and as what: the first relation or role of ``notify`` that fits."""
    matter = step.matter
    told: dict[int, str] = {}
    for whom in step.action.notify:
        if whom == REQUESTER:
            found = _side_of_requester(step)
        elif whom == HANDLER:
            found = [matter.handler_id] if matter.handler_id else []
        elif whom == ORGANISATION:
            found = _members_at(matter, step.at)
        else:
            found = _holders_of(whom, matter, step.at)
        for account_id in found:
            told.setdefault(account_id, whom)
    return told


def store(notices: list[Notice]) -> None:
    """Write notices with the first delivery of each, and have open pages of these people look again."""
    made = Notice.objects.bulk_create(notices)
    orders = channel_orders([notice.account_id for notice in made])
    Delivery.objects.bulk_create(
        Delivery(notice=notice, channel=orders[notice.account_id][0], next_at=notice.not_before)
        for notice in made
        if orders[notice.account_id]
    )
    channels = [f"u:{notice.account_id}" for notice in made]
    transaction.on_commit(lambda: announce(channels))


def channel_orders(account_ids: list[int]) -> dict[int, list[str]]:
    """The outside channels of each person in their order: their own choice among what is configured, or all of it."""
    configured: list[str] = list(settings.NOTICE_CHANNELS)
    if not configured:
        return {account_id: [] for account_id in account_ids}
    chosen = dict(Preference.objects.filter(account__in=account_ids).values_list("account_id", "channels"))
    return {i: [c for c in chosen[i] if c in configured] if i in chosen else configured for i in account_ids}


def _side_of_requester(step: Step) -> list[int]:
    """Who asked, whom it is for, and the confirmed delegates of the latter; of a discreet kind its desk decides what
    these learn."""
    matter, at = step.matter, step.at
    people = [i for i in (matter.requester_id, matter.beneficiary_id) if i]
    if step.kind.discreet:
        return people
    running = Delegation.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at), confirmed_at__lte=at)
    principal_id = matter.beneficiary_id or matter.requester_id
    return [*people, *running.filter(principal=principal_id).values_list("delegate_id", flat=True)]


def _holders_of(role: str, matter: Matter, at: datetime) -> list[int]:
    """Who holds a role at the matter's place or at one that contains it."""
    return _holders(Q(role=role), matter, at)


def _members_at(matter: Matter, at: datetime) -> list[int]:
    """Who acts for the matter's organisation at its place or at one that contains it."""
    if matter.organisation_id is None:
        return []
    return _holders(Q(organisation=matter.organisation_id, role__in=speaking_roles()), matter, at)


def _holders(which: Q, matter: Matter, at: datetime) -> list[int]:
    held = Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), which, valid_from__lte=at)
    held = held.filter(place__in=matter.place.ancestor_ids(), account__is_active=True)
    return list(held.order_by("account_id").values_list("account_id", flat=True).distinct())


def _names_of(place: Place) -> dict[str, str]:
    return {"zh": place.name, "en": place.name_en or place.name}
