"""The yearly selection of ten: candidates, who has voted (never for whom), jury marks, the result."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q

from linhe.core.loop.models import Matter
from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place

_JUROR_IS_NEAR = """
    IF EXISTS (SELECT 1 FROM volunteering_recusal r
               WHERE r.juror_id = NEW.juror_id AND r.candidate_id = NEW.candidate_id)
       OR EXISTS (SELECT 1 FROM volunteering_juror j JOIN volunteering_candidate c ON c.id = NEW.candidate_id
                  WHERE j.id = NEW.juror_id AND (j.account_id = c.account_id OR j.selection_id <> c.selection_id))
    THEN
        RAISE EXCEPTION 'this juror may not mark this candidate' USING ERRCODE = 'check_violation',
            CONSTRAINT = 'mark_by_someone_not_near';
    END IF;
    RETURN NEW;
"""


class SelectionDetail(models.Model):
    """One-to-one with its matter: the year, and what the counted result was computed from."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="selection")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    quota = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(default=0)
    inputs_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "year"], name="selection_once_a_year_and_place")
        ]

    def __str__(self) -> str:
        return f"selection of {self.year}"


class Candidate(models.Model):
    """Somebody nominated. ``votes`` is a count without ballots: who voted is kept apart, for whom nowhere."""

    class Source(models.TextChoices):
        """Who nominates."""

        RESIDENT = "resident"
        COMPANY = "company"
        COMMUNITY = "community"

    selection = models.ForeignKey(SelectionDetail, on_delete=models.PROTECT, related_name="candidates")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    nominated_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=10, choices=Source)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    story = EncryptedTextField(blank=True)
    agreed = models.BooleanField(null=True)
    passed = models.BooleanField(null=True)
    number = models.PositiveSmallIntegerField(null=True)
    votes = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["selection", "account"], name="candidate_nominated_once"),
            models.UniqueConstraint(fields=["selection", "number"], name="candidate_one_a_number"),
            models.CheckConstraint(
                condition=~Q(passed=True) | Q(agreed=True, agreed__isnull=False), name="candidate_passes_with_consent"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True, votes=0) | Q(passed=True, passed__isnull=False),
                name="candidate_on_the_ballot_has_passed",
            ),
        ]

    def __str__(self) -> str:
        return f"candidate {self.pk}"


class Voted(models.Model):
    """That somebody has voted in a selection. It has no moment and no link to a candidate."""

    selection = models.ForeignKey(SelectionDetail, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["selection", "account"], name="voted_once_a_person")
        ]


class Juror(models.Model):
    """A member of the jury of a selection."""

    selection = models.ForeignKey(SelectionDetail, on_delete=models.PROTECT, related_name="jurors")
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["selection", "account"], name="juror_named_once")
        ]


class Recusal(models.Model):
    """A juror is near to a candidate (family, same company, ...) and does not mark this one."""

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="recusals")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["juror", "candidate"], name="recusal_declared_once")
        ]


class Mark(models.Model):
    """A juror's mark for a candidate, once, out of a hundred."""

    juror = models.ForeignKey(Juror, on_delete=models.PROTECT, related_name="marks")
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="marks")
    marks = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["juror", "candidate"], name="mark_once_a_juror_and_candidate"),
            models.CheckConstraint(condition=Q(marks__lte=100), name="mark_out_of_a_hundred"),
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="mark_is_final", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="mark_by_someone_not_near", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_JUROR_IS_NEAR
            ),
        ]


class ResultRow(models.Model):
    """A candidate's line in a counted result; a recount has a version of its own. Totals are exact fractions."""

    selection = models.ForeignKey(SelectionDetail, on_delete=models.PROTECT, related_name="results")
    version = models.PositiveSmallIntegerField()
    candidate = models.ForeignKey(Candidate, on_delete=models.PROTECT, related_name="+")
    votes = models.PositiveIntegerField()
    jury = models.CharField(max_length=40)
    points = models.PositiveIntegerField()
    total = models.CharField(max_length=80)
    rank = models.PositiveIntegerField()
    chosen = models.BooleanField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["selection", "version", "candidate"], name="result_row_one_a_candidate")
        ]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Protect(name="result_row_is_frozen", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"rank {self.rank}"
