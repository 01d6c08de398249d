"""The one API object: session sign-in with CSRF protection, one error shape, one router a desk."""

from __future__ import annotations

from typing import Any

from django.db.utils import DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.renderers import JSONRenderer
from ninja.security import SessionAuth

from linhe.core.loop import registry
from linhe.core.loop.api import router as loop_router
from linhe.core.loop.messages import plain_sentence
from linhe.core.loop.refusals import Refused, invalid
from linhe.lib.text import Text

RETRY_AFTER_S = 5
_SENTENCES = {
    400: ("bad_request", Text("请求的内容读不懂。", "The request cannot be read.")),
    401: ("sign_in", Text("请先登录。", "Sign in first.")),
    403: ("not_allowed", Text("您没有这个权限。", "You may not do this.")),
    404: ("not_found", Text("没有找到。", "There is no such thing.")),
    405: ("method_not_allowed", Text("这个地址不支持这种请求。", "This address does not take that kind of request.")),
    429: ("too_many", Text("操作太频繁，请稍后再试。", "Too many requests. Try again later.")),
    503: ("busy", Text("系统正忙，请稍后再试。", "The system is busy. Try again in a moment.")),
}


class _Renderer(JSONRenderer):
    """Chinese stays readable."""

    json_dumps_params = {"ensure_ascii": False}


api = NinjaAPI(
    title="邻和 linhe",
    version="1",
    description=(
        "Every change of a matter is an action of its kind; send an `Idempotency-Key` header with it. "
        "Errors have one shape: `{code, message, details}`."
    ),
    auth=SessionAuth(),
    urls_namespace="api",
    renderer=_Renderer(),
)


def _answer(request: HttpRequest, status: int, code: str, message: object, details: Any = None) -> HttpResponse:
    body = {"code": code, "message": str(message), "details": details or {}}
    return api.create_response(request, body, status=status)


def _plain(request: HttpRequest, status: int) -> HttpResponse:
    code, message = _SENTENCES.get(status, ("error", Text("请求没有成功。", "The request did not succeed.")))
    return _answer(request, status, code, message)


@api.exception_handler(Refused)
def on_refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The loop said no."""
    return _answer(request, refused.status, refused.code, refused.message, refused.details)


@api.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Fields are missing or wrong; each is named with what to do."""
    details: dict[str, str] = {}
    for one in error.errors:
        place = [str(part) for part in one["loc"]]
        details[".".join(place[2:] or place[-1:])] = plain_sentence(one)
    refused = invalid(details)
    return _answer(request, refused.status, refused.code, refused.message, refused.details)


@api.exception_handler(DataError)
def on_unstorable(request: HttpRequest, error: DataError) -> HttpResponse:
    """A value that no column can hold, such as a NUL character or a number out of range."""
    refused = invalid({})
    return _answer(request, refused.status, refused.code, refused.message)


@api.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    """There is no such thing for this reader."""
    return _plain(request, 404)


@api.exception_handler(AuthenticationError)
def on_anonymous(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Nobody is signed in."""
    return _plain(request, 401)


@api.exception_handler(Throttled)
def on_throttled(request: HttpRequest, error: Throttled) -> HttpResponse:
    """Too many requests."""
    response = _plain(request, 429)
    response["Retry-After"] = str(error.wait or RETRY_AFTER_S)
    return response


@api.exception_handler(HttpError)
def on_http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Anything else that has an HTTP status, such as a body that is no JSON."""
    return _plain(request, error.status_code)


@api.exception_handler(OperationalError)
def on_busy(request: HttpRequest, error: OperationalError) -> HttpResponse:
    """No connection of the pool became free in time, or the database is just starting."""
    response = _plain(request, 503)
    response["Retry-After"] = str(RETRY_AFTER_S)
    return response


def _collect() -> None:
    api.add_router("", loop_router)
    for desk in registry.desks():
        room = desk.room("api")
        if room is not None:
            api.add_router(f"/{desk.code}", room.router, tags=[desk.code])


_collect()
