"""Partner shops: what they give for points, the one-time codes that residents show, and what was redeemed."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation


class Item(models.Model):
    """What a shop gives for points, at most ``stock_a_month`` times in a month."""

    shop = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    points = models.PositiveIntegerField()
    stock_a_month = models.PositiveIntegerField()
    offered = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shop", "name"], name="item_named_once_a_shop"),
            models.CheckConstraint(condition=Q(points__gte=1), name="item_has_a_price"),
        ]

    def __str__(self) -> str:
        return self.name


class RedeemCode(models.Model):
    """The code that someone shows at a shop now: kept as a keyed hash, good for a minute or two, once. ``serial`` is
    the one code's own; ``made`` counts the codes since ``counted_from``."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="+")
    serial = models.UUIDField(unique=True)
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    counted_from = models.DateTimeField()
    made = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="redeem_code_is_good_for_a_while"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(used_at__lt=F("expires_at")), name="redeem_code_used_in_time"
            ),
        ]

    def __str__(self) -> str:
        return f"code of account {self.account_id}"


class WrongCode(models.Model):
    """Somebody typed a code that is none, or a number of nobody; after some in a short time the next ones are refused
    unread. ``clerk`` is whoever typed it."""

    clerk = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["clerk", "at"], name="wrong_code_clerk")]


class Redemption(models.Model):
    """One-to-one with its matter: what was given, for how many points, against which code."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="redemption")
    shop = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = models.UUIDField()
    points = models.PositiveIntegerField()
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["shop", "at"], name="redemption_shop"),
            models.Index(fields=["item", "at"], name="redemption_item", condition=Q(undone_at__isnull=True)),
            models.Index(fields=["account", "-at"], name="redemption_account"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["code"], name="redemption_one_a_code"),
            models.CheckConstraint(condition=Q(points__gte=1), name="redemption_has_a_price"),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("at")), name="redemption_undone_afterwards"
            ),
        ]

    def __str__(self) -> str:
        return f"redemption {self.pk}"
