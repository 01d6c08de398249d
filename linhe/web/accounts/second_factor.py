"""The second factor of staff: authenticator secrets encrypted at rest, codes counted against guessing."""

from __future__ import annotations

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, validate_totp_code
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction

from linhe.core.people.encryption import decrypt, encrypt
from linhe.core.people.models import Account

COLUMN = "mfa.secret"
__all__ = ["AuthenticateForm", "SecondFactorAdapter", "enrol", "has_second_factor", "new_secret", "qr_svg"]


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """Keeps secrets encrypted and names the account in the authenticator app by its user name."""

    def encrypt(self, text: str) -> str:
        """What is stored."""
        return encrypt(text, column=COLUMN)

    def decrypt(self, encrypted_text: str) -> str:
        """What was stored."""
        return decrypt(encrypted_text, column=COLUMN)

    def _get_user_identifier(self, user: AbstractBaseUser) -> str:
        return user.get_username() or str(user)


def has_second_factor(account: Account) -> bool:
    """Whether the account enrolled an authenticator."""
    return bool(Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists())


def new_secret() -> str:
    """A fresh secret, sealed so that it can wait in the session until the first code proves it."""
    return encrypt(generate_totp_secret(), column=COLUMN)


def qr_svg(account: Account, sealed: str) -> tuple[str, str]:
    """The QR code of a sealed secret for authenticator apps as SVG, and the secret to type by hand."""
    adapter, secret = SecondFactorAdapter(), decrypt(sealed, column=COLUMN)
    return adapter.build_totp_svg(adapter.build_totp_url(account, secret)), secret


def enrol(account: Account, sealed: str, code: str) -> list[str]:
    """Keep the authenticator once its first code is right; returns the recovery codes, shown this once.

    Raises ValidationError when the code is wrong or was guessed at too often.
    """
    clear = check_rate_limit(account, error_key="too_many_login_attempts")
    secret = decrypt(sealed, column=COLUMN)
    if not validate_totp_code(secret, code):
        raise ValidationError(SecondFactorAdapter.error_messages["incorrect_code"])
    with transaction.atomic():
        Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
        if has_second_factor(account):
            raise ValidationError(SecondFactorAdapter.error_messages["incorrect_code"])
        Authenticator.objects.filter(user=account).delete()
        TOTP.activate(account, secret)
        codes: list[str] = RecoveryCodes.activate(account).get_unused_codes()
    clear()
    return codes
