"""One-time codes for signing in by phone.

A code is bound to the browser that asked for it (which alone knows the row's id), kept as a keyed hash, good for a few
minutes and a few tries, once. Nothing here depends on whether the phone has an account, so nothing tells.
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import datetime, timedelta

from django.db import connection, transaction

from linhe.core.dated import value
from linhe.core.people.encryption import blind_index
from linhe.core.people.models import Account, SignInCode
from linhe.core.people.sms import SmsFailed, sms_adapter
from linhe.lib.refusals import Refused
from linhe.lib.text import Text

PHONE = re.compile(r"1[3-9]\d{9}", re.ASCII)
DIGITS = 6
HOUR = timedelta(hours=1)


def clean_phone(text: str) -> str:
    """``+86 138-1234-5678`` -> ``13812345678``; refuses what is no mobile number of mainland China."""
    digits = re.sub(r"[\s()\-–]", "", text)
    digits = re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", digits)
    if not PHONE.fullmatch(digits):
        message = Text("请填写 11 位手机号。", "Enter a mobile number of 11 digits.")
        raise Refused("bad_phone", message, status=422, details={"phone": str(message)})
    return digits


def account_of_phone(typed: str) -> Account | None:
    """Whose number somebody typed, in whatever way it is written; None when it is nobody's, or no number."""
    try:
        return Account.objects.by_phone(clean_phone(typed))
    except Refused:
        return None


def send_code(*, phone: str, address: str, at: datetime) -> SignInCode:
    """Make a code, keep its hash and send it. Refuses when the phone or the network address asked too often."""
    minutes = int(value("people.code_minutes", at=at))
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"
    with transaction.atomic():
        index, address_index = blind_index(phone), blind_index(f"address:{address}")
        _stand_in_line(index)
        _refuse_too_many(index, address_index, at=at)
        kept = SignInCode.objects.create(
            phone=phone, phone_index=index, address_index=address_index, digest=secrets.token_hex(32),
            sent_at=at, expires_at=at + timedelta(minutes=minutes),
        )  # fmt: skip
        kept.digest = _digest(kept, code)
        kept.save(update_fields=["digest"])
    _deliver(phone, code, minutes)
    return kept


def check_code(*, code_id: int, code: str, at: datetime) -> SignInCode:
    """Use a code up and return it; a wrong try counts even though it is refused."""
    most = int(value("people.code_tries", at=at))
    with transaction.atomic():
        kept = SignInCode.objects.select_for_update().filter(pk=code_id).first()
        if kept is None or kept.used_at or kept.expires_at <= at or kept.tries >= most:
            raise code_over()
        right = hmac.compare_digest(kept.digest, _digest(kept, code.strip()))
        if right:
            kept.used_at = at
        else:
            kept.tries += 1
        kept.save(update_fields=["used_at", "tries"])
    if right:
        return kept
    left = most - kept.tries
    if not left:
        raise code_over()
    message = Text(f"验证码不对，还可以试 {left} 次。", f"That code is not right. {left} tries left.")
    raise Refused("code_wrong", message, status=422, details={"code": str(message)})


def code_over() -> Refused:
    """The code was used, is too old, or was tried too often."""
    return Refused(
        "code_over",
        Text("这个验证码已失效，请重新获取。", "This code is no longer good. Ask for a new one."),
        status=422,
    )


def _digest(kept: SignInCode, code: str) -> str:
    return blind_index(f"code:{kept.pk}:{kept.phone_index}:{code}")


def _stand_in_line(phone_index: str) -> None:
    """Requests for one phone are counted one after another, however many arrive at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"code:{phone_index}"])


def _refuse_too_many(phone_index: str, address_index: str, *, at: datetime) -> None:
    recent = SignInCode.objects.filter(sent_at__gt=at - HOUR)
    to_phone = recent.filter(phone_index=phone_index)
    pause = timedelta(seconds=int(value("people.code_pause_seconds", at=at)))
    if to_phone.filter(sent_at__gt=at - pause).exists():
        message = Text("刚发过一条，请等一分钟再取。", "A code was just sent. Wait a minute before asking again.")
        raise Refused("too_soon", message, status=429)
    if (
        to_phone.count() >= value("people.codes_per_phone_hour", at=at)
        or recent.filter(address_index=address_index).count() >= value("people.codes_per_address_hour", at=at)
    ):  # fmt: skip
        raise Refused(
            "too_many",
            Text("取验证码次数太多，请一小时后再试。", "Too many codes were asked for. Try again in an hour."),
            status=429,
        )


def _deliver(phone: str, code: str, minutes: int) -> None:
    text = Text(
        f"【邻和】登录验证码 {code},{minutes} 分钟内有效。不要告诉任何人。",
        f"[linhe] Your sign-in code is {code}, good for {minutes} minutes. Tell no one.",
    )
    try:
        sms_adapter().send(phone=phone, text=str(text))
    except SmsFailed as error:
        message = Text("短信没有发出去，请稍后再试。", "The message could not be sent. Try again later.")
        raise Refused("not_sent", message, status=503) from error
