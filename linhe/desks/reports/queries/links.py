"""The link by which whoever reported anonymously sees how it goes: signed, so that nothing has to be stored."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from linhe.core.loop.models import Matter
from linhe.core.people.models import Account
from linhe.desks.reports.loop import REPORT

_SALT = "linhe.reports.link"


def link_of(matter: Matter) -> str:
    """The token of a report's link."""
    return Signer(salt=_SALT).sign(str(matter.pk)).replace(":", ".")


def matter_of_link(token: str) -> Matter | None:
    """The anonymous report that a link leads to, None when the token was not made here."""
    try:
        number = Signer(salt=_SALT).unsign(token.replace(".", ":"))
    except BadSignature:
        return None
    found = Matter.objects.filter(pk=int(number), kind=REPORT.code, requester__isnull=True, beneficiary__isnull=True)
    return found.select_related("place__parent", "report").first()


def owner_mark(account: Account | None) -> str:
    """Whose draft a device keeps, told apart without telling who: empty for nobody."""
    return salted_hmac(_SALT, f"draft:{account.pk}", algorithm="sha256").hexdigest()[:24] if account else ""
