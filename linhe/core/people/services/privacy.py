"""What a person may ask of their data: who read it, a copy of it, and that it goes."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from linhe.core.people import erasures
from linhe.core.people.holdings import holdings
from linhe.core.people.looks import CALLING, purpose_text
from linhe.core.people.models import Account, Consent, Delegation, Post, ReadLog, SignInCode
from linhe.core.people.queries import is_staff
from linhe.core.people.services.accounts import disable_account
from linhe.core.people.services.family import end_all_delegations
from linhe.core.people.services.posts import end_all_posts
from linhe.lib.refusals import Refused
from linhe.lib.text import Text


@transaction.atomic
def log_read(*, reader: Account, subject: Account, what: str, purpose: str, at: datetime) -> None:
    """Note that someone looked at a person's data. Looking at one's own is not noted."""
    if reader.pk != subject.pk:
        ReadLog.objects.create(reader=reader, subject=subject, what=what[:60], purpose=purpose[:200], at=at)


@transaction.atomic
def reveal_phone(
    *, number: str, reader: Account, subject: Account | None, reason: str, about: str, at: datetime
) -> str:
    """A number to call, for a reason that belongs to a matter (``about``: its kind and number). When the number is an
    account's, its owner sees who looked and what for. Whether the reader may is for the caller to decide.

    Raises :class:`Refused` without a reason of the list.
    """
    if reason not in CALLING:
        message = Text("请选择为什么打电话。", "Say what the call is for.")
        raise Refused("invalid", message, status=422, details={"reason": str(message)})
    if number and subject is not None:
        log_read(reader=reader, subject=subject, what="phone", purpose=purpose_text(reason, about), at=at)
    return number


@transaction.atomic
def erase_account(*, account: Account, at: datetime) -> None:
    """Make a person unknown: name, phone, door and sign-in go, posts and delegations end, every app erases its part.

    Matters keep their row with a number in place of a person. Refused while a staff post is held or a matter is open.
    """
    account = Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
    if is_staff(account, at=at):
        raise Refused("holds_post", Text("请先让管理员结束您的工作岗位。", "Have your post ended first."))
    for holding in holdings():
        if (reason := holding.open(account)) is not None:
            raise Refused("unfinished", reason)
    _erase(account, at)


@transaction.atomic
def erase_again(*, account_id: int, at: datetime) -> bool:
    """Repeat an erasure that a restored backup does not know; returns whether there was somebody to erase.

    Nothing is refused: what was open in the backup had been finished before the person went. Whoever joined after
    ``at`` is somebody else with the same number.
    """
    account = Account.objects.select_for_update(of=("self",)).filter(pk=account_id, erased_at__isnull=True).first()
    if account is None or account.joined_at > at:
        return False
    _erase(account, at)
    return True


def _erase(account: Account, at: datetime) -> None:
    for holding in holdings():
        holding.erase(account, at)
    end_all_posts(account=account, by=account, at=at)
    end_all_delegations(account=account, at=at)
    Consent.objects.filter(account=account, withdrawn_at__isnull=True).update(withdrawn_at=at)
    SignInCode.objects.filter(phone_index=account.phone_index).delete()
    Authenticator.objects.filter(user=account).delete()
    ReadLog.objects.filter(subject=account).delete()
    account.name = account.door = account.email = ""
    account.username, account.home, account.phone_verified_at = None, None, None
    account.set_phone("")
    account.set_unusable_password()
    account.erased_at = at
    account.save()
    disable_account(account=account)
    transaction.on_commit(partial(erasures.note, account.pk, at=at), robust=True)


def export_account(*, account: Account, at: datetime) -> dict[str, Any]:
    """Everything that is kept about a person, as plain data for JSON. Other people appear by number only."""
    return {
        "exported_at": at.isoformat(),
        "account": {
            "id": account.pk, "username": account.username, "name": account.name, "phone": account.phone,
            "phone_verified_at": _iso(account.phone_verified_at), "email": account.email,
            "home": str(account.home) if account.home else None, "door": account.door,
            "language": account.language, "elder_mode": account.elder_mode, "theme": account.theme,
            "joined_at": _iso(account.joined_at), "last_sign_in_at": _iso(account.last_login),
        },
        "posts": [
            {"role": p.role, "place": p.place.code, "from": _iso(p.valid_from), "to": _iso(p.valid_to)}
            for p in Post.objects.filter(account=account).select_related("place").order_by("id")
        ],
        "acts_for_me": [_delegation(d, d.delegate_id) for d in Delegation.objects.filter(principal=account)],
        "i_act_for": [
            _delegation(d, d.principal_id)
            for d in Delegation.objects.filter(delegate=account, confirmed_at__isnull=False)
        ],
        "consents": [
            {"purpose": c.purpose, "wording": c.wording, "given_at": _iso(c.given_at),
             "withdrawn_at": _iso(c.withdrawn_at)}
            for c in Consent.objects.filter(account=account).order_by("id")
        ],
        "read_by": [
            {"reader": r.reader_id, "what": r.what, "purpose": r.purpose, "at": _iso(r.at)}
            for r in ReadLog.objects.filter(subject=account).order_by("id")
        ],
    } | {holding.code: holding.export(account) for holding in holdings()}  # fmt: skip


def _delegation(one: Delegation, other: int) -> dict[str, Any]:
    return {
        "account": other, "asked_at": _iso(one.asked_at), "confirmed_at": _iso(one.confirmed_at),
        "ended_at": _iso(one.ended_at),
    }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
