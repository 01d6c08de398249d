"""Pages that import 12345 orders: choose a file, see every row before it counts, take the bad ones home."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from linhe.core.loop.pages import reader, say, staff_only
from linhe.core.loop.refusals import Refused
from linhe.desks.reports.models import HotlineFile
from linhe.desks.reports.queries.hotline import categories
from linhe.desks.reports.services import hotline_import as services
from linhe.desks.reports.services.hotline_rows import COLUMNS
from linhe.desks.reports.views.hotline import FORMS
from linhe.lib.tables import MOST_BYTES, write_xlsx
from linhe.lib.text import Text

MOST_SHOWN = 300
EXAMPLE = (
    "2026-0302-000117", "2026-03-02 09:30", "物业管理", "3号楼电梯停运两天，没人来修", "安居小区", "和平社区",
    "东街道", "", "安居小区3号楼2单元", "", "5个工作日", "", "",
)  # fmt: skip


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def import_orders(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is read at once and shown before anything is received."""
    account, at = reader(request), timezone.now()
    if not services.clerk_places(account, at=at):
        raise Http404
    refused = None
    if request.method == "POST":
        try:
            sent = request.FILES.get("file")
            if sent is None:
                text = Text("请选择一个文件。", "Choose a file.")
                raise Refused("no_file", text, status=422, details={"file": str(text)})
            file = services.upload(account=account, name=str(sent.name), content=sent.read(MOST_BYTES + 1), at=at)
            return HttpResponseRedirect(reverse("reports:hotline_preview", args=[file.pk]))
        except Refused as error:
            refused = error
    context = {
        "columns": COLUMNS, "categories": categories(at=at), "refused": refused,
        "recent": HotlineFile.objects.filter(account=account).order_by("-id")[:8],
    }  # fmt: skip
    return render(request, "reports/hotline_import.html", context, status=refused.status if refused else 200)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, file_id: int) -> HttpResponse:
    """Every row of a file: what would be taken, what is known, what is wrong where. Then receive the good ones."""
    file, at = _file(request, file_id), timezone.now()
    if request.method == "POST":
        done = services.import_file(file, at=at)
        say(request, f"已导入 {done.taken} 件。", f"{done.taken} orders received.")
        return HttpResponseRedirect(reverse("reports:hotline_preview", args=[file.pk]))
    rows = services.preview(file, at=at) if file.imported_at is None else []
    counts = {state: sum(row.state == state for row in rows) for state in ("taken", "known", "bad")}
    if file.imported_at is not None:
        counts = {"taken": file.taken, "known": file.known, "bad": file.bad}
    rows.sort(key=lambda row: (row.state != "bad", row.row.line))
    context = {
        "file": file, "rows": rows[:MOST_SHOWN], "more": max(0, len(rows) - MOST_SHOWN), "counts": counts,
        "bad": [
            (row[services.LINE], row[services.FAULTS]) for row in services.bad_rows(file, at=at)[:MOST_SHOWN]
        ] if file.imported_at is not None else [],
    }  # fmt: skip
    return render(request, "reports/hotline_preview.html", context)


@staff_only
@require_safe
def bad_rows(request: HttpRequest, file_id: int) -> HttpResponse:
    """The bad rows as a file, with what is wrong in the last column: correct them and import it again."""
    rows = services.bad_rows(_file(request, file_id), at=timezone.now())
    head = list(dict.fromkeys(name for row in rows for name in row)) or [COLUMNS[0].names[0]]
    return _excel([head, *([row.get(name, "") for name in head] for row in rows)], "12345-bad.xlsx")


@staff_only
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """An empty file with all columns and one row as an example."""
    return _excel([[column.names[0] for column in COLUMNS], list(EXAMPLE)], "12345-template.xlsx")


def _file(request: HttpRequest, file_id: int) -> HotlineFile:
    try:
        return services.file_of(reader(request), file_id)
    except Refused:
        raise Http404 from None


def _excel(table: list[list[str]], name: str) -> HttpResponse:
    answer = HttpResponse(write_xlsx({"12345": table}), content_type=FORMS["xlsx"])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
