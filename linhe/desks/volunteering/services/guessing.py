"""Wrong guesses at codes and numbers, counted for each person; after some in an hour the next are refused unread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from linhe.core.dated import value
from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Step
from linhe.desks.volunteering.models import WrongCode
from linhe.lib.text import Text

HOUR = timedelta(hours=1)


def check_guesses(step: Step, field: str) -> None:
    """Whether whoever acts may try again at ``field``. Raises :class:`Refused` (429) after too many wrong ones."""
    at = step.at
    wrong = WrongCode.objects.filter(clerk=step.by, at__gt=at - HOUR).count()
    if wrong >= value("volunteering.wrong_codes_an_hour", at=at, place_code=step.matter.place.code):
        message = Text("输错太多次，请一小时后再试。", "Too many wrong tries. Try again in an hour.")
        raise Refused("code_locked", message, status=429, details={field: str(message)})


def wrong_guess(step: Step) -> Callable[[], object]:
    """What a refusal does ``afterwards`` so that the wrong try is kept."""
    by, at = step.by, step.at
    assert by is not None
    return lambda: WrongCode.objects.create(clerk=by, at=at)
