"""The address plan: the API, one prefix a desk, accounts, and the shell for everything else.

Uploaded files have no address here: views hand them out after checking who asks.
"""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from linhe.config.api import api
from linhe.core.loop import registry

handler400 = "linhe.web.views.errors.bad_request"
handler403 = "linhe.web.views.errors.forbidden"
handler404 = "linhe.web.views.errors.not_found"
handler500 = "linhe.web.views.errors.broken"


def _desks() -> list[URLPattern | URLResolver]:
    rooms = ((desk.code, desk.room("urls")) for desk in registry.desks())
    return [path(f"{code}/", include(room)) for code, room in rooms if room is not None]


urlpatterns: list[URLPattern | URLResolver] = [path("api/", api.urls), *_desks()]
urlpatterns.append(path("", include("linhe.web.accounts.urls")))
if find_spec("linhe.web.urls"):
    urlpatterns.append(path("", include("linhe.web.urls")))
