"""Text encrypted at rest (AES-256-GCM) and the keyed hash that lets an encrypted phone number be found.

A stored value is ``v1:`` + base64(nonce | ciphertext | tag); the field's name is bound as associated data, so that a
value cannot be moved to another column. Source: NIST SP 800-38D (GCM), RFC 2104 (HMAC).
"""

import base64
import hashlib
import hmac
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_VERSION = "v1:"


class Undecryptable(ValueError):
    """A stored value does not decrypt with this machine's key, or was changed."""


def _key(purpose: str) -> bytes:
    """A 32-byte key derived for one purpose from the configured field key."""
    return hmac.new(settings.FIELD_KEY.encode(), purpose.encode(), hashlib.sha256).digest()


def encrypt(text: str, *, column: str) -> str:
    """Encrypt ``text`` for ``column``; every call gives another ciphertext."""
    nonce = os.urandom(12)
    sealed = AESGCM(_key("encrypt")).encrypt(nonce, text.encode(), column.encode())
    return _VERSION + base64.b64encode(nonce + sealed).decode()


def decrypt(stored: str, *, column: str) -> str:
    """Undo :func:`encrypt`; raises :class:`Undecryptable` when the key or the value is another."""
    raw = base64.b64decode(stored.removeprefix(_VERSION))
    try:
        return AESGCM(_key("encrypt")).decrypt(raw[:12], raw[12:], column.encode()).decode()
    except InvalidTag as error:
        raise Undecryptable(f"{column} does not decrypt with this key") from error


def blind_index(text: str) -> str:
    """A keyed hash (hex) by which an encrypted value can be looked up for equality, and for nothing else."""
    return hmac.new(_key("index"), text.encode(), hashlib.sha256).hexdigest()


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # not subscriptable when run
    """A text column that only this application can read; empty stays empty."""

    def _column(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"

    def get_prep_value(self, value: Any) -> Any:
        text = super().get_prep_value(value)
        return encrypt(text, column=self._column()) if text else text

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return decrypt(value, column=self._column()) if value else value
