"""Reads of posts and family delegation, always from the database: a revocation counts at once."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from linhe.core.people.models import Account, Delegation, Post
from linhe.core.people.roles import role


def posts_of(account: Account, *, at: datetime) -> list[Post]:
    """The posts that someone holds at a moment, each with its place."""
    return list(
        Post.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=at),
            account=account,
            valid_from__lte=at,
        )
        .select_related("place")
        .order_by("id")
    )


def principals_of(account: Account, *, at: datetime) -> set[int]:
    """Ids of the people that someone acts for at a moment (confirmed and not ended)."""
    return set(
        Delegation.objects.filter(
            Q(ended_at__isnull=True) | Q(ended_at__gt=at),
            delegate=account,
            confirmed_at__lte=at,
        ).values_list("principal_id", flat=True)
    )


def is_staff(account: Account, *, at: datetime) -> bool:
    """Whether someone holds a post whose role signs in with password and TOTP."""
    return any(role(post.role).staff for post in posts_of(account, at=at))
