"""What only this desk knows: homes and contracts, rounds with their sheets and surveys, fee ledgers, cases of exit."""

from __future__ import annotations

from datetime import date
from typing import ClassVar
from uuid import uuid4

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from linhe.core.loop.models import Matter
from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place


class Company(models.Model):
    """A property company's registration and whom to call; the organisation itself is core's."""

    organisation = models.OneToOneField(
        Organisation, primary_key=True, on_delete=models.PROTECT, related_name="property_company"
    )
    registration_no = models.CharField(max_length=40, unique=True)
    contact = EncryptedTextField(blank=True)
    contact_phone = EncryptedTextField(blank=True)

    class Meta:
        verbose_name_plural = "companies"

    def __str__(self) -> str:
        return self.organisation.name


class Home(models.Model):
    """A dwelling of a compound: the frame from which households are drawn. ``door_index`` finds it by its door."""

    compound = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    building = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    door = EncryptedTextField()
    door_index = models.CharField(max_length=64)
    area_dm2 = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["building", "door_index"], name="home_once_a_building"),
            models.CheckConstraint(condition=Q(area_dm2__gt=0), name="home_has_an_area"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["compound", "building"], name="home_compound")]


class Contract(models.Model):
    """A company serves a compound from a day until before another; ``ended_date`` when it ended earlier.

    Two contracts of a compound never hold on the same day.
    """

    class Kind(models.TextChoices):
        """Chosen by the owners, or filling a gap."""

        REGULAR = "regular"
        INTERIM = "interim"

    company = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="property_contracts")
    compound = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.REGULAR)
    from_date = models.DateField()
    to_date = models.DateField()
    ended_date = models.DateField(null=True)
    fee_fen = models.PositiveIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["compound", "-from_date"], name="contract_compound")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(to_date__gt=F("from_date")), name="contract_has_a_length"),
            models.CheckConstraint(
                condition=Q(ended_date__isnull=True)
                | Q(ended_date__gte=F("from_date"), ended_date__lte=F("to_date")),
                name="contract_ends_within_its_term",
            ),
            # Ranges on both sides, so that GiST needs no extension.
            ExclusionConstraint(
                name="contract_one_in_force_a_compound",
                expressions=[
                    (
                        Func(F("compound"), F("compound"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(
                            F("from_date"), Func(F("ended_date"), F("to_date"), function="COALESCE"),
                            Value("[)"), function="daterange",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]  # fmt: skip

    @property
    def until(self) -> date:
        """The first day on which it no longer holds."""
        return self.ended_date or self.to_date

    def in_force(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.from_date <= day < self.until


class Round(models.Model):
    """One-to-one with an assessment: what was scored, surveyed and counted, and what came out.

    ``asked``, ``answers``, ``satisfied`` and everything below are written when the result is settled, from the rows.
    """

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="assessment")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="rounds")
    year = models.PositiveSmallIntegerField()
    seed = models.PositiveBigIntegerField(null=True)
    drawn_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    score_tenths = models.PositiveSmallIntegerField(null=True)
    grade = models.CharField(max_length=4, blank=True)
    passed = models.BooleanField(null=True)
    outcome = models.JSONField(default=dict)
    cancelled = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["contract", "year"], condition=Q(cancelled=False), name="round_one_a_contract_and_year"
            ),
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True) | Q(seed__isnull=False), name="round_drawn_by_a_seed"
            ),
            models.CheckConstraint(
                condition=Q(score_tenths__isnull=True, grade="", passed__isnull=True)
                | Q(score_tenths__isnull=False, passed__isnull=False) & ~Q(grade=""),
                name="round_score_and_grade_together",
            ),
            models.CheckConstraint(
                condition=Q(score_tenths__isnull=True) | Q(score_tenths__lte=1000), name="round_score_at_most_100"
            ),
        ]


class Score(models.Model):
    """What one party gave for one item, in tenths of a point; the latest sheet of a party replaces the one before."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="scores", db_index=False)
    party = models.CharField(max_length=12)
    item = models.CharField(max_length=20)
    tenths = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "party", "item"], name="score_once_an_item"),
            models.CheckConstraint(
                condition=Q(party__in=["community", "committee", "company"]), name="score_party_is_known"
            ),
        ]


class Invitation(models.Model):
    """A household was asked by letter. Only whether its code was used is kept, not when, and not for which answer."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="invitations", db_index=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="invitations")
    code = EncryptedTextField(blank=True)
    code_index = models.CharField(max_length=64, unique=True)
    used = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["round", "home"], name="invitation_once_a_home")
        ]


class Answer(models.Model):
    """What some household of a building answered: no time, no order, nothing that leads to the home."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="answers", db_index=False)
    building = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    faces = models.JSONField()
    overall = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["round", "building"], name="answer_round")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(overall__range=(1, 5)), name="answer_one_of_five_faces")
        ]


class Ledger(models.Model):
    """Fees due and collected of a contract in a period, as the company reported them home by home.

    It counts once the committee has checked its sample and found nothing different.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="ledgers", db_index=False)
    from_date = models.DateField()
    to_date = models.DateField()
    due_fen = models.PositiveBigIntegerField()
    collected_fen = models.PositiveBigIntegerField()
    homes = models.PositiveIntegerField()
    uploaded_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["contract", "-id"], name="ledger_contract")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(to_date__gt=F("from_date")), name="ledger_period_has_a_length"),
            models.CheckConstraint(condition=Q(due_fen__gt=0), name="ledger_something_was_due"),
        ]


class LedgerRow(models.Model):
    """One home's line; only the drawn sample keeps what the committee found."""

    ledger = models.ForeignKey(Ledger, on_delete=models.CASCADE, related_name="rows", db_index=False)
    building = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    door = EncryptedTextField()
    due_fen = models.PositiveIntegerField()
    collected_fen = models.PositiveIntegerField()
    sampled = models.BooleanField(default=False)
    agrees = models.BooleanField(null=True)
    checked_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["ledger"], name="ledgerrow_sample", condition=Q(sampled=True)),
            models.Index(fields=["ledger", "id"], name="ledgerrow_ledger"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(agrees__isnull=True) | Q(sampled=True), name="ledgerrow_only_the_sample_is_checked"
            )
        ]


class Card(models.Model):
    """A yellow or red card that a failed re-check brought a company in a compound."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="card")
    company = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    colour = models.CharField(max_length=6)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(colour__in=["yellow", "red"]), name="card_yellow_or_red")
        ]


class ExitCase(models.Model):
    """One-to-one with an exit: which contract, on what ground, and until when the notice runs."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="exit_case")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="exits")
    assessment = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")
    notice_until = models.DateTimeField(null=True)
    interim = models.ForeignKey(Contract, null=True, on_delete=models.PROTECT, related_name="+")
    running = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["contract"], condition=Q(running=True), name="exit_one_running_a_contract")
        ]


class Opinion(models.Model):
    """What a department said in the joint review."""

    case = models.ForeignKey(ExitCase, on_delete=models.PROTECT, related_name="opinions", db_index=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    department = models.CharField(max_length=20)
    opinion = models.CharField(max_length=12)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "department"], name="opinion_once_a_department")
        ]


class Decision(models.Model):
    """A vote of the owners' assembly, as its minutes count it; ``outcome`` follows when the counts are checked."""

    case = models.ForeignKey(ExitCase, on_delete=models.PROTECT, related_name="decisions")
    held_on = models.DateField()
    owners = models.PositiveIntegerField()
    area_dm2 = models.PositiveBigIntegerField()
    voted = models.PositiveIntegerField()
    voted_dm2 = models.PositiveBigIntegerField()
    agreed = models.PositiveIntegerField()
    agreed_dm2 = models.PositiveBigIntegerField()
    outcome = models.CharField(max_length=10, blank=True)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(agreed__lte=F("voted"), voted__lte=F("owners"), agreed_dm2__lte=F("voted_dm2"))
                & Q(voted_dm2__lte=F("area_dm2"), owners__gt=0, area_dm2__gt=0),
                name="decision_counts_are_possible",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", verified_at__isnull=True)
                | Q(outcome__in=["carried", "lost", "no_quorum"], verified_at__isnull=False),
                name="decision_has_an_outcome_once_checked",
            ),
        ]


class HandedItem(models.Model):
    """A line of the hand-over list that was handed over."""

    case = models.ForeignKey(ExitCase, on_delete=models.PROTECT, related_name="handed", db_index=False)
    item = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "item"], name="handed_item_once")
        ]
