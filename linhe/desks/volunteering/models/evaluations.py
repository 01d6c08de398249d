"""The frozen result of a year's evaluation: who, which figures, from which inputs; and the objections to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place


class EvaluationDetail(models.Model):
    """One-to-one with its matter: the year, and the hash over everything that the result was computed from."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="evaluation")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    inputs_hash = models.CharField(max_length=64, blank=True)
    computed_at = models.DateTimeField(null=True)
    over = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["place", "year"], condition=Q(over=False), name="evaluation_once_a_year_and_place"
            )
        ]

    def __str__(self) -> str:
        return f"evaluation of {self.year}"


class EvaluationRow(models.Model):
    """What one member or one organisation did in the year: ``figures`` by code, the points they come to, the grade."""

    evaluation = models.ForeignKey(EvaluationDetail, on_delete=models.CASCADE, related_name="rows")
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField()
    score = models.PositiveIntegerField()
    grade = models.CharField(max_length=20)
    inputs_hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["evaluation", "account"], name="evaluation_row_once_a_member"),
            models.UniqueConstraint(
                fields=["evaluation", "organisation"], condition=Q(account__isnull=True),
                name="evaluation_row_once_an_organisation",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"row {self.pk}"


class Objection(models.Model):
    """A member objects to their own figures; the words stay with the event. Nothing is confirmed before the answer."""

    evaluation = models.ForeignKey(EvaluationDetail, on_delete=models.PROTECT, related_name="objections")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["evaluation", "account"], condition=Q(answered_at__isnull=True),
                name="objection_one_open_a_member",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, upheld__isnull=True)
                | Q(answered_at__isnull=False, upheld__isnull=False),
                name="objection_answered_one_way_or_the_other",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"objection {self.pk}"
