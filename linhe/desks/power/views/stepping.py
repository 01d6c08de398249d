"""One step of a matter, from the form on its page."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.utils import timezone

from linhe.core.loop import registry
from linhe.core.loop.acting import act
from linhe.core.loop.forms import data_of
from linhe.core.loop.kinds import NEW
from linhe.core.loop.models import Matter
from linhe.core.loop.pages import key_of, reader, say, version_of


def take(request: HttpRequest, matter: Matter, action: str) -> None:
    """Take the step with what the form sent, and say so. Raises ``Http404`` if it is not declared, and ``Refused``."""
    declared = next((a for a in matter.declared.actions if a.code == action and NEW not in a.frm), None)
    if declared is None:
        raise Http404
    outcome = act(
        matter, action, by=reader(request), data=data_of(registry.schema_of(matter.declared, declared), request.POST),
        key=key_of(request), at=timezone.now(), version=version_of(request.POST),
    )  # fmt: skip
    if not outcome.repeated:
        say(request, f"「{declared.name.zh}」已办好。", f"Done: {declared.name.en}.")
