"""Keys of other systems: made once and shown once, kept as a hash, revoked, counted by the minute."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Case, F, Q, Value, When
from django.utils.crypto import salted_hmac

from linhe.core.dated import value
from linhe.core.loop.refusals import Refused, not_allowed
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.core.places.models import Place
from linhe.desks.reports.models import ApiKey
from linhe.lib.text import Text

MINUTE = timedelta(minutes=1)
LONGEST_KEY = 100
_SALT = "linhe.reports.keys"


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A new key, and its text: it is told this one time."""

    key: ApiKey
    text: str


def administered(account: Account, *, at: datetime) -> list[Place]:
    """The territories whose keys someone makes and revokes."""
    return [post.place for post in posts_of(account, at=at) if post.role == "administrator"]


def make_key(
    *, by: Account, name: str, purpose: str, place: Place, on_trial: bool, at: datetime, request_key: str
) -> MadeKey:
    """Make a key for a purpose at a place. The same request again makes nothing new and tells the same key."""
    if not any(where.contains(place) for where in administered(by, at=at)):
        raise not_allowed()
    secret = salted_hmac(_SALT, f"{by.pk}:{request_key}", algorithm="sha256").digest()
    text = f"lh_{urlsafe_b64encode(secret).decode().rstrip('=')}"
    key, _ = ApiKey.objects.get_or_create(
        digest=digest_of(text),
        defaults={
            "name": name, "purpose": purpose, "place": place, "hint": text[-4:], "made_by": by, "made_at": at,
            "on_trial": on_trial and purpose == ApiKey.Purpose.OPEN311,
        },
    )  # fmt: skip
    return MadeKey(key, text)


def revoke_key(*, by: Account, key: ApiKey, at: datetime) -> ApiKey:
    """From now on the key opens nothing. Twice is once."""
    if not any(where.contains(key.place) for where in administered(by, at=at)):
        raise not_allowed()
    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=at)
    key.refresh_from_db()
    return key


def use_key(text: str, *, purpose: str, at: datetime) -> ApiKey | None:
    """The key of that text when it is good for the purpose, counted; None otherwise.

    Raises ``Refused`` (429) when it was used too often within a minute.
    """
    if not text or len(text) > LONGEST_KEY:
        return None
    found = ApiKey.objects.filter(digest=digest_of(text), purpose=purpose, revoked_at__isnull=True)
    key = found.select_related("place").first()
    if key is None:
        return None
    most = value("reports.key_calls_a_minute", at=at, place_code=key.place.code)
    stale = Q(minute_at__isnull=True) | Q(minute_at__lte=at - MINUTE)
    counted = ApiKey.objects.filter(stale | Q(minute_used__lt=most), pk=key.pk).update(
        used_at=at,
        minute_at=Case(When(stale, then=Value(at)), default=F("minute_at")),
        minute_used=Case(When(stale, then=Value(1)), default=F("minute_used") + 1),
    )
    if not counted:
        raise Refused(
            "too_many", Text("调用太频繁，请一分钟后再试。", "Too many calls. Try again in a minute."), status=429
        )
    return key


def digest_of(text: str) -> str:
    """What is kept of a key. It is random and long, so a plain hash cannot be guessed back."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
