"""What only this desk knows of a post in the neighbourhood: which one, whose, from when until when."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Post
from linhe.core.places.models import Place


class PostDetail(models.Model):
    """One-to-one with its matter. ``seat`` numbers the posts of one role at one place, once it is held.

    ``over`` is set when it ended or came to nothing, so that the same person may be proposed again.
    """

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="posting")
    role = models.CharField(max_length=40)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="postings")
    seat = models.PositiveSmallIntegerField(null=True)
    post = models.OneToOneField(Post, null=True, on_delete=models.PROTECT, related_name="+")
    held_from = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    reason = models.CharField(max_length=20, blank=True)
    over = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "role"], name="posting_place_role", condition=Q(over=False))
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["role", "place", "seat"], condition=Q(over=False), name="posting_one_holder_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["account", "role", "place"], condition=Q(over=False), name="posting_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(held_from__isnull=True, seat__isnull=True)
                | Q(held_from__isnull=False, seat__isnull=False, seat__gte=1),
                name="posting_held_on_a_seat",
            ),
            models.CheckConstraint(
                condition=Q(held_until__isnull=True)
                | Q(held_until__gte=F("held_from"), held_from__isnull=False, over=True),
                name="posting_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.place_id}"
