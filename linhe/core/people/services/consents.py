"""Consent is given to a purpose in certain words, and can be taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from linhe.core.people import withdrawals
from linhe.core.people.models import Account, Consent
from linhe.core.people.queries import purpose_of
from linhe.lib.refusals import Refused
from linhe.lib.text import Text


@transaction.atomic
def give_consent(*, account: Account, purpose: str, at: datetime) -> Consent:
    """Agree to a purpose in today's wording. Agreed again to the same words, the first consent stands; newer words
    replace older ones."""
    wording = purpose_of(purpose, at=at).wording
    Account.objects.select_for_update().get(pk=account.pk)
    standing = Consent.objects.filter(account=account, purpose=purpose, withdrawn_at__isnull=True).first()
    if standing and standing.wording == wording:
        return standing
    if standing:
        standing.withdrawn_at = at
        standing.save(update_fields=["withdrawn_at"])
    return Consent.objects.create(account=account, purpose=purpose, wording=wording, given_at=at)


@transaction.atomic
def withdraw_consent(*, account: Account, purpose: str, at: datetime) -> None:
    """Take a consent back from now on: what goes on with it stops at once. The required one goes with the account."""
    if purpose_of(purpose, at=at).required:
        raise Refused(
            "required_consent",
            Text("没有这项同意就无法使用。如不再使用，可以注销账号。",
                 "linhe cannot be used without it. To stop using linhe, erase your account."),
        )  # fmt: skip
    found = Consent.objects.filter(account=account, purpose=purpose, withdrawn_at__isnull=True).update(withdrawn_at=at)
    if not found:
        raise Refused("no_consent", Text("您没有同意过这一项。", "You have not agreed to this."))
    withdrawals.stop(purpose, account, at)
