"""Accounts, organisations, posts, family delegation, consent and the log of who read whose data."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.crypto import salted_hmac

from linhe.core.people.encryption import EncryptedTextField, blind_index
from linhe.core.places.models import Place


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by what people type."""

    def by_phone(self, phone: str) -> Account | None:
        """The account of a phone number, found by its keyed hash."""
        return self.filter(phone_index=blind_index(phone)).first()

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username=username)


class Account(AbstractBaseUser):
    """One person. Residents and couriers have a phone, staff a user name; name and phone are encrypted at rest."""

    username = models.CharField(max_length=40, unique=True, null=True, blank=True)
    name = EncryptedTextField(blank=True)
    phone = EncryptedTextField(blank=True)
    phone_index = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    phone_verified_at = models.DateTimeField(null=True, blank=True)
    email = models.EmailField(blank=True)
    home = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    door = EncryptedTextField(blank=True)
    language = models.CharField(
        max_length=8,
        default="zh-hans",
        choices=[("zh-hans", "简体中文"), ("en", "English")],
    )
    elder_mode = models.BooleanField(default=False)
    theme = models.CharField(
        max_length=5,
        default="auto",
        choices=[("auto", "auto"), ("light", "light"), ("dark", "dark")],
    )
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    sessions_ended = models.PositiveIntegerField(default=0, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.username or f"account {self.pk}"

    def set_phone(self, phone: str) -> None:
        """Set the number and the keyed hash it is found by."""
        self.phone, self.phone_index = phone, blind_index(phone) if phone else None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session is bound to: it ends with a new password and whenever ``sessions_ended`` counts up."""
        bound = f"{self.sessions_ended}:{self.password}"
        return salted_hmac("linhe.core.people.session", bound, secret=secret, algorithm="sha256").hexdigest()


class Organisation(models.Model):
    """A body that acts through those who hold a post in it: a department, a company, a partner shop, a branch."""

    class Kind(models.TextChoices):
        """What an organisation is."""

        DEPARTMENT = "department"
        COMPANY = "company"
        SHOP = "shop"
        BRANCH = "branch"
        GROUP = "group"

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    name_en = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["place", "kind"], name="organisation_place_kind"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="organisation_is_named"),
            models.CheckConstraint(
                condition=Q(kind__in=["department", "company", "shop", "branch", "group"]),
                name="organisation_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """A person holds a role at a place from a moment until another (half-open), perhaps in an organisation."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=40)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="posts")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="posts"
    )
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True, blank=True)
    delegated_from = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="delegates",
    )
    ended_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["place", "role"], name="post_place_role")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="post_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["account", "role", "place"],
                condition=Q(valid_to__isnull=True),
                name="post_held_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} at {self.place_id}"


class Delegation(models.Model):
    """A family member acts for an elder, once the elder (or the community worker by call) has confirmed it."""

    principal = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="delegates")
    delegate = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="principals")
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["principal", "delegate"],
                condition=Q(ended_at__isnull=True),
                name="delegation_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(principal=F("delegate")), name="delegation_to_someone_else"),
        ]


class Consent(models.Model):
    """What a person agreed to, in which words, and when they took it back."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=40)
    wording = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["account", "purpose"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_once_at_a_time",
            )
        ]


class ReadLog(models.Model):
    """Someone looked at a person's data: who, whose, what, why. The person can see it."""

    reader = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    subject = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="read_log")
    what = models.CharField(max_length=60)
    purpose = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["subject", "-at"], name="readlog_subject")]


class SignInCode(models.Model):
    """A one-time code that was sent to a phone: kept as a keyed hash, good for a few minutes and a few tries."""

    phone = EncryptedTextField()
    phone_index = models.CharField(max_length=64)
    address_index = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["phone_index", "-sent_at"], name="code_phone"),
            models.Index(fields=["address_index", "-sent_at"], name="code_address"),
            models.Index(fields=["sent_at"], name="code_sent"),
        ]
