"""Family members act for an elder: asked by one, confirmed by the other, ended by either."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from linhe.core.dated import value
from linhe.core.people.codes import clean_phone
from linhe.core.people.models import Account, Delegation
from linhe.core.people.queries import CONFIRMING_ROLES, posts_of
from linhe.lib.refusals import Refused
from linhe.lib.text import Text


@transaction.atomic
def ask_delegation(*, delegate: Account, phone: str, at: datetime) -> Delegation | None:
    """Ask to act for the person of a phone number.

    Asked for a number that has no account, nothing is kept and None returned; pages say the same either way, so that
    nobody learns who is here.
    """
    phone = clean_phone(phone)
    Account.objects.select_for_update().get(pk=delegate.pk)
    principal = Account.objects.filter(is_active=True).exclude(pk=delegate.pk).filter(pk__in=_ids_of(phone)).first()
    if principal is None:
        return None
    current = Delegation.objects.filter(principal=principal, delegate=delegate, ended_at__isnull=True).first()
    if current is not None:
        return current
    asked = Delegation.objects.filter(delegate=delegate, asked_at__gt=at - timedelta(days=1)).count()
    if asked >= value("people.family_asks_a_day", at=at):
        return None
    return Delegation.objects.create(principal=principal, delegate=delegate, asked_at=at)


def _ids_of(phone: str) -> list[int]:
    found = Account.objects.by_phone(phone)
    return [found.pk] if found else []


@transaction.atomic
def confirm_delegation(*, delegation: Delegation, by: Account, at: datetime) -> None:
    """The elder says yes, or the community worker of the elder's home after a call. The asker never can."""
    delegation = _locked(delegation)
    if delegation.ended_at is not None:
        raise Refused("ended", Text("这个请求已经取消。", "This request was withdrawn."))
    if by.pk != delegation.principal_id and not _looks_after(by, delegation, at=at):
        raise _not_yours()
    if delegation.confirmed_at is None:
        delegation.confirmed_at, delegation.confirmed_by = at, by
        delegation.save(update_fields=["confirmed_at", "confirmed_by"])


@transaction.atomic
def end_delegation(*, delegation: Delegation, by: Account, at: datetime) -> None:
    """Either of the two (or the community worker) ends it; it counts from the next request on."""
    delegation = _locked(delegation)
    if by.pk not in (delegation.principal_id, delegation.delegate_id) and not _looks_after(by, delegation, at=at):
        raise _not_yours()
    if delegation.ended_at is None:
        delegation.ended_at = at
        delegation.save(update_fields=["ended_at"])


def end_all_delegations(*, account: Account, at: datetime) -> None:
    """Nobody acts for this account, and it acts for nobody."""
    mine = Q(principal=account) | Q(delegate=account)
    Delegation.objects.filter(mine, ended_at__isnull=True).update(ended_at=at)


def _locked(delegation: Delegation) -> Delegation:
    return Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)


def _looks_after(by: Account, delegation: Delegation, *, at: datetime) -> bool:
    home = delegation.principal.home
    if home is None or by.pk == delegation.delegate_id:
        return False
    return any(post.role in CONFIRMING_ROLES and post.place.contains(home) for post in posts_of(by, at=at))


def _not_yours() -> Refused:
    return Refused("not_allowed", Text("这不是您能决定的。", "This is not yours to decide."), status=403)
