"""Accounts begin, change and stop."""

from __future__ import annotations

import re
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from linhe.core.people.codes import clean_phone
from linhe.core.people.models import Account
from linhe.core.people.queries import purposes
from linhe.core.people.services.consents import give_consent
from linhe.core.places.models import Place
from linhe.core.places.queries import is_lowest
from linhe.lib.refusals import Refused
from linhe.lib.text import Text

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}", re.ASCII)
NAME_LENGTH, DOOR_LENGTH = 40, 60
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@transaction.atomic
def create_account(
    *,
    name: str = "",
    username: str | None = None,
    phone: str = "",
    password: str | None = None,
    email: str = "",
    home: Place | None = None,
    door: str = "",
    language: str = "zh-hans",
    at: datetime,
    phone_proven: bool = False,
    must_change_password: bool = False,
) -> Account:
    """Make an account with a user name, a phone or both; refuses when either is taken.

    Without ``password`` none works until one is set. ``must_change_password``: somebody else knows it, so that the
    first sign-in leads to a new one and nowhere else.
    """
    if username is not None and not USERNAME.fullmatch(username):
        zh, en = (
            "用户名用 3 到 40 个小写字母、数字、点、横线。",
            "Use 3 to 40 lower-case letters, digits, dots or dashes.",
        )
        raise _wrong("username", Text(zh, en))
    account = Account(
        name=clean_name(name), username=username, email=email, home=home, door=door, language=language,
        phone_verified_at=at if phone_proven else None, must_change_password=must_change_password,
    )  # fmt: skip
    account.set_phone(clean_phone(phone) if phone else "")
    account.set_password(password)
    try:
        with transaction.atomic():
            account.save()
    except IntegrityError:
        field = "username" if username and Account.objects.filter(username=username).exists() else "phone"
        taken = {
            "username": Text("这个用户名已有人用。", "That user name is taken."),
            "phone": Text("这个手机号已有账号。", "That phone already has an account."),
        }
        raise _wrong(field, taken[field], status=409) from None
    return account


@transaction.atomic
def register_resident(
    *, phone: str, name: str, at: datetime, language: str = "zh-hans", agreed: tuple[str, ...] = ()
) -> Account:
    """A resident's first sign-in, the phone being proven by a code; every required consent must be in ``agreed``."""
    for purpose in purposes(at=at):
        if purpose.required and purpose.code not in agreed:
            raise _wrong("agree", Text("请先阅读并同意隐私告知。", "Read and agree to the privacy notice first."))
    account = create_account(name=name, phone=phone, language=language, at=at, phone_proven=True)
    for code in agreed:
        give_consent(account=account, purpose=code, at=at)
    return account


def clean_name(name: str) -> str:
    """A name without control characters and outer spaces, of bearable length."""
    text = _UNPRINTABLE.sub("", name).strip()
    if len(text) > NAME_LENGTH:
        raise _wrong("name", Text("姓名太长了。", "The name is too long."))
    return text


@transaction.atomic
def change_name(*, account: Account, name: str) -> None:
    """Change what someone is called; matters of the past keep no name, so nothing else moves."""
    account.name = clean_name(name)
    account.save(update_fields=["name"])


@transaction.atomic
def change_password(*, account: Account, password: str) -> None:
    """Set a password that its owner chose; every session of the account ends with the old one."""
    account.set_password(password)
    account.must_change_password = False
    account.save(update_fields=["password", "must_change_password"])


@transaction.atomic
def set_home(*, account: Account, place: Place, door: str) -> None:
    """Where someone lives: the building (or the compound, or the village, where nothing smaller is known) and door."""
    if not is_lowest(place):
        raise _wrong("place", Text("请选到楼栋。", "Please choose down to the building."))
    cleaned = _UNPRINTABLE.sub("", door).strip()
    if len(cleaned) > DOOR_LENGTH:
        raise _wrong("door", Text("门牌太长了。", "The door is too long."))
    account.home, account.door = place, cleaned
    account.save(update_fields=["home", "door"])


@transaction.atomic
def set_display(
    *, account: Account, language: str | None = None, elder_mode: bool | None = None, theme: str | None = None
) -> None:
    """Keep how someone wants to see linhe; what is None stays."""
    asked = {"language": language, "elder_mode": elder_mode, "theme": theme}
    changed = [name for name, choice in asked.items() if choice is not None]
    for name in changed:
        setattr(account, name, asked[name])
    account.clean_fields(exclude=[f.name for f in Account._meta.fields if f.name not in changed])
    account.save(update_fields=changed)


@transaction.atomic
def end_sessions(*, account: Account) -> None:
    """Sign someone out everywhere: every session is bound to the counter that moves here."""
    Account.objects.filter(pk=account.pk).update(sessions_ended=F("sessions_ended") + 1)
    account.refresh_from_db(fields=["sessions_ended"])


@transaction.atomic
def disable_account(*, account: Account) -> None:
    """Nobody gets in with this account any more, and whoever is in is out with the next request."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sessions(account=account)


def _wrong(field: str, message: Text, status: int = 422) -> Refused:
    return Refused("invalid", message, status=status, details={field: str(message)})
