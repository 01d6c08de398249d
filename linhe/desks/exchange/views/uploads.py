"""Files of a draft inside its form: taken, shown, confirmed value by value; and each file for those who may read it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from linhe.core.loop.pages import reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.desks.exchange import services
from linhe.desks.exchange.engine.fields import DOCUMENTS
from linhe.desks.exchange.models import Draft, Upload
from linhe.desks.exchange.queries.lists import draft_for
from linhe.desks.exchange.queries.uploads import Suggested, suggestions_of, upload_for, uploads_of
from linhe.desks.exchange.schemas.sheets import blank_sheet
from linhe.desks.exchange.services.extraction import LABELS, MOST_BYTES, too_large
from linhe.desks.exchange.services.uploads import ENDINGS, XLSX
from linhe.lib.text import Text
from linhe.lib.uploads import dropped

MOST_IDS, LONGEST_ID = 100, 18


SHEET = Text("Excel 申请表", "Excel form")


@dataclass(frozen=True, slots=True)
class Shown:
    """What the form shows of files."""

    rows: list[tuple[Upload, Text, bool, bool]]
    """Each file, what it is, whether it is a form that can be taken whole, and whether it can be thrown away here."""
    by_path: dict[str, list[Suggested]]
    documents: list[tuple[str, Text]]
    most_mb: int = MOST_BYTES >> 20

    @property
    def waiting(self) -> int:
        """How many facts have suggestions."""
        return len(self.by_path)


def shown(draft: Draft) -> Shown:
    """The files of a draft with what waits to be confirmed."""
    waiting = suggestions_of(draft, draft.content)
    held = [one.row.upload_id for found in waiting.values() for one in found]
    rows = [
        (one, SHEET if one.media == XLSX else Text(*DOCUMENTS[one.document]), one.media == XLSX and one.pk in held,
         one.draft_id == draft.pk)
        for one in uploads_of(draft)
    ]  # fmt: skip
    return Shown(rows, waiting, [(code, Text(*DOCUMENTS[code])) for code in LABELS])


def take(request: HttpRequest, draft: Draft) -> None:
    """Take the file of the form. Raises :class:`Refused`; then nothing of it is kept."""
    if dropped(request, "file"):
        raise too_large()
    sent = request.FILES.get("file")
    if sent is None:
        text = Text("请先选择文件。", "Choose a file first.")
        raise Refused("no_file", text, status=422, details={"file": str(text)})
    document = text_in(request.POST, "document", 12)
    upload = services.keep_upload(draft, document, sent, by=reader(request), at=timezone.now())
    if upload.readable:
        found = upload.suggestions.filter(decided="").count()
        say(
            request,
            f"已读取「{upload.name}」，有 {found} 条建议待您确认。",
            f"{found} suggestions were read; confirm them.",
        )
    else:
        say(
            request,
            f"已保存「{upload.name}」。这是扫描件或照片，没有可读取的文字，请对照原件填写。",
            "The file is kept. It is a scan or photo without text: type in what it says.",
        )


def settle(request: HttpRequest, draft: Draft, do: str) -> None:
    """Let the ticked suggestions count (``confirm``), or all of a filled form (``take-1``); or throw a file away
    (``remove-1``)."""
    by, now = reader(request), timezone.now()
    what, _, one = do.partition("-")
    upload = Upload.objects.filter(draft=draft, pk=_number(one)).first()
    if what == "remove" and upload is not None:
        services.remove_upload(upload, by=by, at=now)
    elif what == "take" and upload is not None and upload.media == XLSX:
        services.confirm(draft, upload.suggestions.values_list("pk", flat=True), by=by, at=now)
    elif do == "confirm":
        ids = [_number(sent) for sent in request.POST.getlist("suggestion")[:MOST_IDS]]
        services.confirm(draft, ids, by=by, at=now)


def _number(sent: str) -> int:
    """An id; 0, which none has, for what is no such number."""
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < LONGEST_ID else 0


@signed_in
@require_safe
def form(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The application as an Excel form, with what is typed already."""
    draft = draft_for(reader(request), draft_id, at=timezone.now())
    if draft is None:
        raise Http404
    answer = HttpResponse(blank_sheet(draft.content), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="application-{draft.pk}.xlsx"'
    return answer


@signed_in
@require_safe
def file(request: HttpRequest, upload_id: int) -> HttpResponse:
    """A file, shown in the browser; nothing in it may load or run anything here."""
    upload = _upload(request, upload_id)
    with upload.file.open("rb") as kept:  # no larger than the cap
        answer = HttpResponse(kept.read(), content_type=upload.media)
    how, ending = "attachment" if upload.media == XLSX else "inline", ENDINGS[upload.media]
    answer["Content-Disposition"] = f'{how}; filename="{upload.document}-{upload.pk}.{ending}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _upload(request: HttpRequest, upload_id: int) -> Upload:
    found = upload_for(reader(request), upload_id, at=timezone.now())
    if found is None:
        raise Http404
    return found
