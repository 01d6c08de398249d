"""Ties: declared by whoever has them, ended by them, never deleted while the account stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from linhe.core.loop.refusals import Refused, invalid
from linhe.core.people.models import Account, Organisation
from linhe.core.people.queries import posts_of
from linhe.desks.exchange.loop.review import EXCHANGE
from linhe.desks.exchange.models import Tie
from linhe.lib.text import Text
from linhe.lib.working_calendar import local_date

LONGEST_WORDS = 200


@transaction.atomic
def declare_tie(*, account: Account, organisation: Organisation, words: str, at: datetime) -> Tie:
    """Declare a tie with an institution from today on. Twice is once."""
    if not any(post.role in EXCHANGE for post in posts_of(account, at=at)):
        raise Refused("not_allowed", Text("只有交易所人员申报关联。", "Ties are declared at the exchange."), status=403)
    if len(words) > LONGEST_WORDS:
        raise invalid({"words": str(Text("说明过长。", "The explanation is too long."))})
    try:
        with transaction.atomic():
            return Tie.objects.create(
                account=account, organisation=organisation, words=words, from_date=local_date(at), declared_at=at
            )
    except IntegrityError:
        return Tie.objects.get(account=account, organisation=organisation, until_date__isnull=True)


@transaction.atomic
def end_tie(tie: Tie, *, at: datetime) -> None:
    """The tie is over from tomorrow on; a day begun under it stays under it."""
    Tie.objects.filter(pk=tie.pk, until_date__isnull=True).update(until_date=local_date(at) + timedelta(days=1))
