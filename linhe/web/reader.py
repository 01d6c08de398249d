"""Who is reading: the signed-in account of a request, typed, and the doors that need one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from linhe.core.people.models import Account
from linhe.core.people.queries import is_staff

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def reader(request: HttpRequest) -> Account:
    """The account that is signed in; only for views behind :func:`signed_in`."""
    account = request.user
    if not isinstance(account, Account):
        raise PermissionDenied
    return account


def signed_in(view: View[P]) -> View[P]:
    """Only for those who are signed in; others are asked to sign in first."""
    return login_required(view)


def staff_only(view: View[P]) -> View[P]:
    """Only for those who hold a staff post now."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not is_staff(reader(request), at=timezone.now()):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast("View[P]", login_required(guarded))
