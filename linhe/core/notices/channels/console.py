"""The terminal of the server, for one's own machine."""

from __future__ import annotations

import sys

from linhe.core.notices.channels.base import Message


class ConsoleChannel:
    """Writes messages to standard error."""

    def send(self, message: Message) -> None:
        """Print the message with the number of the account, never its name or phone."""
        sys.stderr.write(f"notice {message.notice_id} to account {message.account.pk}: {message.text}\n")
