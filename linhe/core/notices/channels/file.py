"""A file of the data folder, to look at what would be sent."""

from __future__ import annotations

import json
import os

from django.conf import settings

from linhe.core.notices.channels.base import Message


class FileChannel:
    """Appends messages to ``outbox/notices.jsonl`` of the data folder, readable by its owner only."""

    def send(self, message: Message) -> None:
        """Append one line of JSON."""
        folder = settings.DATA_FOLDER / "outbox"
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        entry = {"at": message.at.isoformat(), "account": message.account.pk, "text": message.text}
        file = os.open(folder / "notices.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(file, "a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
