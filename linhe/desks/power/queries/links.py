"""The links by which other counties watch: signed, so that none can be guessed; looked up, so that each can end."""

from __future__ import annotations

from datetime import datetime

from django.core.signing import BadSignature, Signer

from linhe.desks.power.models import GuestLink, Outage

_SALT = "linhe.power.guest"


def token_of(link: GuestLink) -> str:
    """What the address of a link ends with."""
    return Signer(salt=_SALT).sign(str(link.pk)).replace(":", ".")


def link_of(token: str, *, at: datetime) -> GuestLink | None:
    """The link that a token leads to; None when it was not made here, has expired or was taken back."""
    try:
        number = Signer(salt=_SALT).unsign(token.replace(".", ":"))
    except BadSignature:
        return None
    rows = GuestLink.objects.filter(pk=int(number), revoked_at__isnull=True, expires_at__gt=at)
    return rows.select_related("outage__feeder__place", "outage__matter__place", "outage__plan").first()


def links_of(outage: Outage) -> list[GuestLink]:
    """Those that work or worked, the oldest first; what was taken back is left out."""
    return list(GuestLink.objects.filter(outage=outage, revoked_at__isnull=True).order_by("id"))
