"""What the pages of the desk share besides what all pages do."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone

from linhe.core.loop.models import Matter
from linhe.core.loop.pages import holds, matter_or_404
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.people.roles import role
from linhe.desks.errands.loop import COURIER, ERRAND


def errand_or_404(request: HttpRequest, matter_id: int) -> Matter:
    """An errand that the reader may see; the same answer whether it exists or not."""
    return matter_or_404(request, matter_id, ERRAND.code)


def is_courier(account: Account) -> bool:
    """Whether someone holds the post of a courier now."""
    return holds(account, COURIER)


def works_for_community(account: Account) -> bool:
    """Whether someone holds a staff post that reads errands."""
    return any(post.role in ERRAND.reads and role(post.role).staff for post in posts_of(account, at=timezone.now()))


def map_link(lat: float | None, lng: float | None) -> str:
    """A link that phones open in the map of their owner's choice; empty without a point."""
    return "" if lat is None or lng is None else f"geo:{lat:.6f},{lng:.6f}?q={lat:.6f},{lng:.6f}"
