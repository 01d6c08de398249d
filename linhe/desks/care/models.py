"""What only this desk knows: who agreed to be looked after and how, each day's check, visits, sessions and seats."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from linhe.core.loop.models import Matter
from linhe.core.people.encryption import EncryptedTextField
from linhe.core.people.models import Account
from linhe.core.places.models import Place


class Side(models.TextChoices):
    """The side of a building on which a window can be seen."""

    STREET = "street"
    SOUTH = "south"
    NORTH = "north"
    EAST = "east"
    WEST = "west"


class Enrolment(models.Model):
    """Someone agreed to a daily look-in. When they no longer do, everything but the two dates is emptied."""

    class Consented(models.TextChoices):
        """How the consent was given."""

        SELF = "self"
        SIGNED = "signed"
        SPOKEN = "spoken"

    person = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    home = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    community = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    door = EncryptedTextField(blank=True)
    look_for = EncryptedTextField(blank=True)
    habits = EncryptedTextField(blank=True)
    side = models.CharField(max_length=8, choices=Side, default=Side.SOUTH)
    check_time = models.TimeField()
    neighbour = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    couriers_look = models.BooleanField(default=False)
    family_sees_steps = models.BooleanField(default=False)
    meter_index = models.CharField(max_length=64, unique=True, null=True)
    consented_how = models.CharField(max_length=8, choices=Consented)
    enrolled_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    enrolled_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["community", "-id"], name="enrolment_list", condition=Q(ended_at__isnull=True)),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True), name="enrolment_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(home__isnull=False), name="enrolment_has_a_home"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("enrolled_at")),
                name="enrolment_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(home__isnull=True, neighbour__isnull=True,
                                                       meter_index__isnull=True),
                name="enrolment_forgets_when_it_ends",
            ),
        ]  # fmt: skip


class Contact(models.Model):
    """Whom to call, in this order: a relative who may have no account."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="contacts")
    seq = models.PositiveSmallIntegerField()
    name = EncryptedTextField()
    phone = EncryptedTextField()
    relation = EncryptedTextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["enrolment", "seq"], name="contact_one_a_turn")
        ]


class Absence(models.Model):
    """From a day until another (both included; open without an end) nobody is at home, and nobody is asked to look."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="absences")
    reason = EncryptedTextField()
    first = models.DateField()
    last = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(last__isnull=True) | Q(last__gte=F("first")), name="absence_in_order")
        ]


class Check(models.Model):
    """One day of one person. ``sign`` is how the day ended well; ``alarmed`` that others had to go there."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="care_check")
    person = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="checks")
    day = models.DateField()
    sign = models.CharField(max_length=12, blank=True)
    looked_by = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")
    alarmed = models.BooleanField(default=False)
    tapped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "day"], name="check_one_a_person_and_day")
        ]


class Spot(models.Model):
    """A side of a building that couriers glance at. Most have nobody behind them; once drawn, a spot stays for ever,
    so that neither its coming nor its going tells anything."""

    building = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["building", "side"], name="spot_once")
        ]


class Glancer(models.Model):
    """A courier who is willing to glance at buildings in passing."""

    courier = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()


class Glance(models.Model):
    """A courier was asked on a day to glance at a spot, and what they answered."""

    class Answer(models.TextChoices):
        """What was seen."""

        ASKED = ""
        OPEN = "open"
        CLOSED = "closed"
        MISSED = "missed"

    spot = models.ForeignKey(Spot, on_delete=models.PROTECT, related_name="glances")
    courier = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    answer = models.CharField(max_length=8, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["courier", "day"], name="glance_courier")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["courier", "day", "spot"], name="glance_once_a_day"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="glance_answered_at_some_time",
            ),
        ]


class MeterSource(models.Model):
    """A utility that sends readings, known by the keyed hash of its key."""

    name = models.CharField(max_length=40)
    key_index = models.CharField(max_length=64, unique=True)
    district = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)


class Opening(models.Model):
    """Someone said what for, and may see a person's record until a moment. The matter is what binds the purpose."""

    reader = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["reader", "person", "-until"], name="opening_of_a_reader"),
            models.Index(fields=["person", "-id"], name="opening_of_a_person"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="opening_has_a_length")
        ]


class Need(models.Model):
    """What someone needs help with, by their own wish."""

    person = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    community = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+", db_index=False)
    code = EncryptedTextField()
    words = EncryptedTextField(blank=True)
    noted_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    noted_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["person"], name="need_person"),
            models.Index(fields=["community", "-id"], name="need_list"),
        ]


class Visit(models.Model):
    """The window and the length of a planned visit; the door is read from the person's account when it is shown."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="care_visit")
    home = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["from_at"], name="visit_from")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(until_at__gt=F("from_at")), name="visit_window_has_a_length")
        ]


class Session(models.Model):
    """A service at a place: ``slots`` stretches of ``slot_minutes``, ``seats`` people in each."""

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="care_session")
    service = models.CharField(max_length=40)
    starts_at = models.DateTimeField()
    slots = models.PositiveSmallIntegerField()
    slot_minutes = models.PositiveSmallIntegerField()
    seats = models.PositiveSmallIntegerField()
    couriers_only = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["starts_at"], name="session_starts")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(slots__gte=1, seats__gte=1, slot_minutes__gte=1), name="session_has_room"
            )
        ]


class Seat(models.Model):
    """One person's place in a session: numbered when booked, without a number on the waiting list.

    A number is held once, and none is above ``most``, the seats of the slot: more people than seats cannot be stored.
    """

    matter = models.OneToOneField(Matter, primary_key=True, on_delete=models.PROTECT, related_name="care_seat")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="taken", db_index=False)
    person = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    slot = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(null=True)
    most = models.PositiveSmallIntegerField()
    freed = models.BooleanField(default=False)
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["session", "slot", "matter"], name="seat_list"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["session", "slot", "number"], name="seat_one_person"),
            models.UniqueConstraint(
                fields=["session", "person"], condition=Q(freed=False), name="seat_once_a_person"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(number__gte=1, number__lte=F("most")), name="seat_within_the_room"
            ),
            models.CheckConstraint(condition=Q(freed=False) | Q(number__isnull=True), name="seat_freed_has_no_number"),
        ]  # fmt: skip
