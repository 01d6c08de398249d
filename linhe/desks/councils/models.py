"""Bodies and their members, and what only this desk knows of a petition, a meeting and a resolution."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Matter
from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account, Organisation
from linhe.core.places.models import Place


class Body(models.Model):
    """Who deliberates at a place (议事组织)."""

    class Kind(models.TextChoices):
        """The three kinds; each has its own notice period and quorum."""

        COUNCIL = "council"
        JOINT = "joint"
        ASSEMBLY = "assembly"

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=80, blank=True)
    founded_at = models.DateTimeField()
    founded_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["place", "kind"], name="body_one_of_a_kind_a_place"),
            models.CheckConstraint(condition=Q(kind__in=["council", "joint", "assembly"]), name="body_kind_is_known"),
            models.CheckConstraint(condition=~Q(name=""), name="body_is_named"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def by_owners(self) -> bool:
        """Whether its votes count owners and their area, as the Civil Code asks."""
        return self.kind == self.Kind.ASSEMBLY


class Membership(models.Model):
    """A person sits in a body for a term. In an owners' assembly one person stands for all the homes they own."""

    class Function(models.TextChoices):
        """What a member is in the body."""

        CHAIR = "chair"
        MEMBER = "member"

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="memberships", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    function = models.CharField(max_length=8, choices=Function, default=Function.MEMBER)
    part_time = models.BooleanField(default=False)
    area_dm2 = models.PositiveBigIntegerField(default=0)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    renews = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="renewed_by")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["body", "id"], name="membership_body"),
            models.Index(fields=["account", "-id"], name="membership_account"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["body", "account"], condition=Q(ended_at__isnull=True), name="membership_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["body"],
                condition=Q(ended_at__isnull=True, function="chair"),
                name="membership_one_chair_a_body",
            ),
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="membership_term_has_a_length"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("from_at")),
                name="membership_ends_after_it_began",
            ),
            models.CheckConstraint(condition=Q(function__in=["chair", "member"]), name="membership_function_is_known"),
        ]


class PetitionDetail(models.Model):
    """What is proposed, in the residents' own words, and how many supporters it needs."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="petition")
    topic = models.CharField(max_length=12)
    subject = EncryptedTextField(blank=True)
    words = EncryptedTextField(blank=True)
    needed = models.PositiveIntegerField()
    supporters = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(needed__gte=1), name="petition_needs_someone"),
        ]


class Support(models.Model):
    """Somebody supports a petition. Who does is shown to nobody."""

    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="supports", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["matter", "account"], name="support_once_a_person")
        ]


class MeetingDetail(models.Model):
    """When and where a body meets, and the secret from which the check-in codes come."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="meeting")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings", db_index=False)
    starts_at = models.DateTimeField()
    room = EncryptedTextField(blank=True)
    link = EncryptedTextField(blank=True)
    secret = EncryptedTextField(blank=True)
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["body", "-matter"], name="meeting_body")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=F("opened_at")),
                name="meeting_closes_after_it_opened",
            ),
        ]


class AgendaItem(models.Model):
    """Something to talk about: from a petition, from a matter of any desk, or of the body itself.

    Without a meeting it waits for the body's next one. ``source`` is the matter that it comes from.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="items", db_index=False)
    meeting = models.ForeignKey(
        MeetingDetail, null=True, on_delete=models.PROTECT, related_name="items", db_index=False
    )  # fmt: skip
    source = models.ForeignKey(Matter, null=True, on_delete=models.PROTECT, related_name="+")
    topic = models.CharField(max_length=12)
    title = models.CharField(max_length=80)
    title_en = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["body", "id"], name="item_waiting", condition=Q(meeting__isnull=True)),
            models.Index(fields=["meeting", "id"], name="item_meeting"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["meeting", "source"], condition=Q(source__isnull=False), name="item_once_a_meeting"
            ),
            models.UniqueConstraint(
                fields=["body", "source"], condition=Q(meeting__isnull=True, source__isnull=False),
                name="item_waits_once",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="item_has_a_title"),
        ]  # fmt: skip


class Seat(models.Model):
    """A member who was called to a meeting, with the weight of that day, and how their presence was shown."""

    class Way(models.TextChoices):
        """How someone came."""

        ONSITE = "onsite"
        ONLINE = "online"
        SECRETARY = "secretary"

    meeting = models.ForeignKey(MeetingDetail, on_delete=models.PROTECT, related_name="seats", db_index=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="seats")
    area_dm2 = models.PositiveBigIntegerField(default=0)
    attended_at = models.DateTimeField(null=True)
    way = models.CharField(max_length=10, choices=Way, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "membership"], name="seat_one_a_member"),
            models.CheckConstraint(
                condition=Q(attended_at__isnull=True, way="") | (Q(attended_at__isnull=False) & ~Q(way="")),
                name="seat_present_in_some_way",
            ),
        ]


class Remark(models.Model):
    """A point of the discussion that the secretary noted, or a resident's comment, shown once it was moderated."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="remarks", db_index=False)
    author = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField(blank=True)
    at = models.DateTimeField()
    shown = models.BooleanField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["item", "id"], name="remark_item")]


class Motion(models.Model):
    """What is put to the vote under an item, under which rule, and what came of it."""

    class Rule(models.TextChoices):
        """Which majority decides."""

        SIMPLE = "simple"
        ORDINARY = "ordinary"
        SPECIAL = "special"

    class State(models.TextChoices):
        """Where it stands."""

        PUT = "put"
        VOTING = "voting"
        CARRIED = "carried"
        LOST = "lost"
        INQUORATE = "inquorate"

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="motions")
    words = EncryptedTextField(blank=True)
    rule = models.CharField(max_length=8, choices=Rule)
    secret = models.BooleanField(default=False)
    by_hands = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State, default=State.PUT)
    result = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state__in=["put", "voting"], result={})
                | (Q(state__in=["carried", "lost", "inquorate"]) & ~Q(result={})),
                name="motion_result_after_the_close",
            ),
            models.CheckConstraint(condition=~Q(secret=True, by_hands=True), name="motion_hands_are_not_secret"),
        ]  # fmt: skip


class Turnout(models.Model):
    """A seat has voted on a motion: once. ``choice`` is kept here for open votes only."""

    motion = models.ForeignKey(Motion, on_delete=models.PROTECT, related_name="turnout", db_index=False)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")
    secret = models.BooleanField()
    choice = models.CharField(max_length=8, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["motion", "seat"], name="turnout_one_ballot_a_seat"),
            models.CheckConstraint(
                condition=Q(secret=True, choice="") | Q(secret=False, choice__in=["yes", "no", "abstain"]),
                name="turnout_keeps_no_secret_choice",
            ),
        ]


class Urn(models.Model):
    """The ballots of a secret vote, sealed as one text of constant length. It names nobody and nothing in order:
    every ballot only adds to the sums inside, so that no row, time or position leads from a voter to a choice."""

    motion = models.OneToOneField(Motion, primary_key=True, on_delete=models.PROTECT, related_name="urn")
    sealed = EncryptedTextField()


class Minutes(models.Model):
    """A version of a meeting's minutes. A correction is a new version; the old one stays."""

    meeting = models.ForeignKey(MeetingDetail, on_delete=models.PROTECT, related_name="minutes", db_index=False)
    version = models.PositiveSmallIntegerField()
    text = EncryptedTextField(blank=True)
    by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["meeting", "version"], name="minutes_version_once"),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(confirmed_at__isnull=False), name="minutes_confirmed_once"
            ),
        ]


class ResolutionDetail(models.Model):
    """What a carried motion became: who has to do it, and within how many working days."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="resolution")
    motion = models.OneToOneField(Motion, on_delete=models.PROTECT, related_name="resolution")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="resolutions", db_index=False)
    topic = models.CharField(max_length=12)
    role = models.CharField(max_length=40, blank=True)
    days = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["body", "-matter"], name="resolution_body")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(days__gte=1), name="resolution_has_some_days")
        ]
