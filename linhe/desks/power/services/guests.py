"""Links by which other counties watch a run: made together, taken back one by one or all at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction

from linhe.core.dated import value
from linhe.core.loop.refusals import Refused, not_allowed
from linhe.core.people.models import Account
from linhe.core.people.queries import posts_of
from linhe.desks.power.loop.roles import DISPATCHER, SUPERVISOR
from linhe.desks.power.models import GuestLink, Outage
from linhe.lib.text import Text

LONGEST_NAME = 40


def invite(outage: Outage, counties: Iterable[Text], *, by: Account, at: datetime) -> list[GuestLink]:
    """A link for each county that has none that works; the others keep theirs."""
    _check(outage, by, at)
    wanted = {one.zh.strip()[:LONGEST_NAME]: one for one in counties if one.zh.strip()}
    most = value("power.guest_links", at=at, place_code=outage.matter.place.code)
    until = at + timedelta(hours=value("power.guest_hours", at=at, place_code=outage.matter.place.code))
    with transaction.atomic():
        Outage.objects.select_for_update().get(pk=outage.pk)
        GuestLink.objects.filter(outage=outage, revoked_at__isnull=True, expires_at__lte=at).update(revoked_at=at)
        known = set(GuestLink.objects.filter(outage=outage, revoked_at__isnull=True).values_list("county", flat=True))
        missing = [one for name, one in wanted.items() if name not in known]
        if len(known) + len(missing) > most:
            text = Text(f"一次最多邀请 {most} 家。", f"At most {most} counties may watch a run.")
            raise Refused("too_many_guests", text, status=422)
        GuestLink.objects.bulk_create(
            GuestLink(
                outage=outage,
                county=one.zh.strip()[:LONGEST_NAME],
                county_en=one.en.strip()[:60],
                made_by=by,
                made_at=at,
                expires_at=until,
            )
            for one in missing
        )
    return list(GuestLink.objects.filter(outage=outage, revoked_at__isnull=True).order_by("id"))


def revoke(link: GuestLink, *, by: Account, at: datetime) -> None:
    """The link leads nowhere from now on. Twice is once."""
    _check(link.outage, by, at)
    GuestLink.objects.filter(pk=link.pk, revoked_at__isnull=True).update(revoked_at=at)


def note_visit(link: GuestLink, *, at: datetime) -> None:
    """That a county has opened its link, noted the first time."""
    if link.first_seen_at is None:
        GuestLink.objects.filter(pk=link.pk, first_seen_at__isnull=True).update(first_seen_at=at)


def _check(outage: Outage, by: Account, at: datetime) -> None:
    posts = posts_of(by, at=at)
    if not any(post.role in (DISPATCHER, SUPERVISOR) and post.place.contains(outage.matter) for post in posts):
        raise not_allowed()
