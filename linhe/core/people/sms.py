"""How a sign-in code reaches a phone: one small interface, and adapters for the console and for a file.

``settings.SMS_ADAPTER`` is ``console``, ``file``, or the dotted path of a class with the same ``send``.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class SmsFailed(Exception):
    """The provider did not take the message."""


class SmsAdapter(Protocol):
    """Delivers one short message; raises :class:`SmsFailed` when it could not."""

    def send(self, *, phone: str, text: str) -> None:
        """Hand ``text`` for ``phone`` (11 digits) over to the provider."""


class ConsoleSms:
    """Writes messages to the terminal of the server, for one's own machine."""

    def send(self, *, phone: str, text: str) -> None:
        """Print the message."""
        sys.stderr.write(f"SMS {phone}: {text}\n")
        sys.stderr.flush()


class FileSms:
    """Appends messages to ``outbox/sms.jsonl`` of the data folder, readable by its owner only."""

    def send(self, *, phone: str, text: str) -> None:
        """Append the message as one line of JSON."""
        folder = settings.DATA_FOLDER / "outbox"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        line = json.dumps({"at": datetime.now(UTC).isoformat(), "phone": phone, "text": text}, ensure_ascii=False)
        with os.fdopen(os.open(folder / "sms.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a") as file:
            file.write(line + "\n")


_ADAPTERS: dict[str, type[SmsAdapter]] = {"console": ConsoleSms, "file": FileSms}


def sms_adapter() -> SmsAdapter:
    """The configured adapter."""
    name = str(settings.SMS_ADAPTER)
    adapter: SmsAdapter = (_ADAPTERS.get(name) or import_string(name))()
    return adapter
