"""Error pages, in both languages at once: whoever lands here may not have been able to choose one yet."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string

from linhe.lib.text import Text


@dataclass(frozen=True, slots=True)
class Fault:
    """What an error page says."""

    drawing: str
    title: Text
    text: Text
    try_again: bool = False


FAULTS = {
    400: Fault(
        "broken",
        Text("这个请求看不懂", "This request makes no sense"),
        Text("请回到上一页重新提交，填写的内容还在。", "Go back and send it again; what you typed is still there."),
    ),
    403: Fault(
        "locked",
        Text("这扇门您打不开", "This door is not yours"),
        Text(
            "您没有查看这一页的权限。如果觉得不对，请联系社区工作人员。",
            "You may not see this page. If that seems wrong, ask your community worker.",
        ),
    ),
    404: Fault(
        "lost",
        Text("没有找到这一页", "There is no such page"),
        Text(
            "地址可能写错了，或者这件事已经不在这里。", "The address may be mistyped, or the matter is no longer here."
        ),
    ),
    429: Fault(
        "busy",
        Text("太快了，歇一会儿", "Too fast, please wait"),
        Text(
            "短时间内尝试太多次，为了安全请稍后再来。",
            "Too many attempts in a short time. For safety, try again later.",
        ),
        try_again=True,
    ),
    500: Fault(
        "broken",
        Text("我们这边出了点问题", "Something broke on our side"),
        Text(
            "您提交的内容没有办成，也没有办一半。请过一会儿再试。",
            "Nothing was done, not even half of it. Please try again in a moment.",
        ),
        try_again=True,
    ),
    503: Fault(
        "busy",
        Text("现在人有点多", "Many people at once"),
        Text(
            "请稍等一分钟再试，急事请直接打电话给社区。",
            "Please try again in a minute. If it is urgent, call your community.",
        ),
        try_again=True,
    ),
}
CSRF = Fault(
    "locked",
    Text("页面放得太久了", "This page has been open too long"),
    Text(
        "为了安全，请回到上一页刷新后再提交，草稿还在。",
        "For safety, go back, reload and send again; your draft is kept.",
    ),
)


API_CODES = {
    400: "bad_request", 403: "not_allowed", 404: "not_found", 429: "too_many", 500: "broken", 503: "busy",
}  # fmt: skip


def show(request: HttpRequest, status: int, fault: Fault | None = None) -> HttpResponse:
    """The page of a status. It asks nothing of the database, so that it also works when that is away."""
    fault = fault or FAULTS[status]
    if request.path.startswith("/api/"):  # the API's own error shape, for addresses that lead to none of its endpoints
        return JsonResponse({"code": API_CODES[status], "message": str(fault.title), "details": {}}, status=status)
    context = {
        "status": status,
        "title": fault.title,
        "text": fault.text,
        "drawing": f"drawings/{fault.drawing}.svg",
        "again": request.get_full_path() if fault.try_again and request.method == "GET" else "",
        "theme": request.COOKIES.get("linhe_theme", "auto"),
        "elder": request.COOKIES.get("linhe_elder") == "1",
    }
    response = HttpResponse(render_to_string("error.html", context), status=status)
    if status in (429, 503):
        response.setdefault("Retry-After", "60")
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The address plan's handler of unreadable requests."""
    return show(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The address plan's handler of refused pages."""
    return show(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The address plan's handler of unknown addresses."""
    return show(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """The address plan's handler of our own faults."""
    return show(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Where a form without a valid token ends."""
    return show(request, 403, CSRF)


def too_many(request: HttpRequest, *_: object, **__: object) -> HttpResponse:
    """Too many attempts (rate limits, lock-outs)."""
    return show(request, 429)
