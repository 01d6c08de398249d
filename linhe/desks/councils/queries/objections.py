"""Who objected to a resolution, and what they were answered."""

from __future__ import annotations

from linhe.core.loop.models import Event, Matter, Particular
from linhe.core.people.models import Account


def objected(account: Account, matter: Matter) -> bool:
    """Whether someone has objected to this resolution before."""
    return Event.objects.filter(matter=matter, action="object", actor=account).exists()


def objectors_waiting(matter: Matter) -> list[Account]:
    """Everyone whose objection has not been answered yet."""
    answered = Event.objects.filter(matter=matter, action="dismiss").order_by("-seq").values_list("seq", flat=True)
    since = Event.objects.filter(matter=matter, action="object", seq__gt=answered.first() or 0)
    return list(Account.objects.filter(pk__in=since.values("actor"), is_active=True).only("pk").order_by("pk"))


def answers(matter: Matter) -> list[Particular]:
    """What the objections were answered, the newest first; for those who objected."""
    told = Particular.objects.filter(event__matter=matter, event__action__in=("dismiss", "uphold"), name="words")
    return list(told.select_related("event").order_by("-event__seq"))
