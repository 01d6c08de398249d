"""What someone is at a place of this desk."""

from __future__ import annotations

from datetime import datetime

from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place


def roles_at(account: Account, place: Place, *, at: datetime) -> set[str]:
    """The roles that someone holds at a place now."""
    return {post.role for post in posts_of(account, at=at) if post.place.contains(place)}
