"""Effects of the toy's actions."""

from typing import Any

from linhe.core.loop.refusals import Refused
from linhe.core.loop.step import Step
from linhe.core.people.models import Organisation
from linhe.lib.text import Text


def take(step: Step) -> dict[str, Any]:
    """Whoever takes it handles it."""
    step.matter.handler = step.by
    return {"taken": 1}


def hand_over(step: Step) -> None:
    """The first organisation there is answers for it."""
    step.matter.organisation = Organisation.objects.order_by("id").first()


def check(step: Step) -> None:
    """Refuse urgent ones after the effect has begun to write: nothing may remain of it."""
    if step.matter.urgent:
        step.matter.title = "half written"
        raise Refused("toy", Text("不行", "no"))
