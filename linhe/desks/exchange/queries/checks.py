"""What was lodged and found: the filing in force, its runs, its findings."""

from __future__ import annotations

from linhe.desks.exchange.models import Check, Filing, Finding, Listing

WORST_FIRST = {"fail": 0, "unknown": 1, "pass": 2, "not_applicable": 3}
GRAVEST_FIRST = {"refuse": 0, "return": 1, "note": 2}


def listing_of(matter_id: int) -> Listing:
    """A listing with its lot and the seller."""
    return Listing.objects.select_related("matter__place", "lot__seller", "lot__province").get(pk=matter_id)


def filing_of(listing: Listing) -> Filing:
    """What was lodged last."""
    return Filing.objects.filter(listing=listing).order_by("-number")[0]


def latest_check(listing: Listing) -> Check:
    """The last run over what was lodged last."""
    return Check.objects.filter(filing__listing=listing).select_related("filing").order_by("-filing__number", "-pk")[0]


def findings_of(run: Check) -> list[Finding]:
    """The findings of a run, what is wrong first."""
    found = Finding.objects.filter(run=run)
    return sorted(found, key=lambda f: (WORST_FIRST[f.status], GRAVEST_FIRST[f.severity], f.pk))
