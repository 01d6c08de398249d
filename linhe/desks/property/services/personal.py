"""What the desk forgets with an assessment: the codes of its letters, and the homes of the ledgers behind it.

The desk keeps nothing under a person's account but who handed in a ledger, which the law asks to be kept.
"""

from __future__ import annotations

from django.db.models import QuerySet

from linhe.core.loop.models import Matter
from linhe.desks.property.models import Invitation, LedgerRow


def forget(matters: QuerySet[Matter]) -> int:
    """Empty the codes and delete the ledgers' lines; sums, scores and answers stay for the figures."""
    emptied = Invitation.objects.filter(round__matter__in=matters).exclude(code="").update(code="")
    contracts = matters.filter(assessment__isnull=False).values("assessment__contract")
    years = matters.filter(assessment__isnull=False).values("assessment__year")
    old = LedgerRow.objects.filter(ledger__contract__in=contracts, ledger__from_date__year__in=years)
    deleted, _ = old.delete()
    return emptied + deleted
