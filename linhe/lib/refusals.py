"""How linhe says no: one exception with a code, a message in both languages and the fields concerned."""

from __future__ import annotations

from collections.abc import Callable

from linhe.lib.text import Text


class Refused(Exception):
    """An action that may not be taken now. Nothing was written.

    ``status`` is the HTTP status that fits: 403 not allowed, 404 not there, 409 out of step, 422 invalid data.
    ``afterwards`` runs once the action is undone, for the one thing that must be kept even so: that it was tried.
    """

    def __init__(
        self,
        code: str,
        message: Text,
        *,
        status: int = 409,
        details: dict[str, str] | None = None,
        afterwards: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(f"{code}: {message.en}")
        self.code = code
        self.message = message
        self.status = status
        self.details = details or {}
        self.afterwards = afterwards
