"""What was typed into a form waits, encrypted, in the session while its writer is sent elsewhere first."""

from __future__ import annotations

from django.http import HttpRequest, QueryDict

from linhe.core.people.encryption import decrypt, encrypt

NAME = "errands_draft"
LONGEST = 4000


def keep(request: HttpRequest, service: str) -> None:
    """Keep the form that was sent, until it is taken."""
    typed = request.POST.copy()
    for name in ("csrfmiddlewaretoken", "step", "key"):
        typed.pop(name, None)
    words = typed.urlencode()
    if len(words) <= LONGEST:
        request.session[NAME] = {"service": service, "typed": encrypt(words, column=NAME)}


def take(request: HttpRequest, service: str) -> QueryDict | None:
    """What was kept of this service's form; it is gone afterwards."""
    kept = request.session.get(NAME)
    if not isinstance(kept, dict) or kept.get("service") != service:
        return None
    del request.session[NAME]
    return QueryDict(decrypt(kept["typed"], column=NAME))
