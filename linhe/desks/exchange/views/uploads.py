"""Files of a draft inside its form: taken, shown, confirmed value by value; and each file for those who may read it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from linhe.core.loop.pages import reader, say, signed_in, text_in
from linhe.core.loop.refusals import Refused
from linhe.desks.exchange import services
from linhe.desks.exchange.engine.fields import DOCUMENTS
from linhe.desks.exchange.models import Draft, Upload
from linhe.desks.exchange.queries.uploads import Suggested, suggestions_of, upload_for, uploads_of
from linhe.desks.exchange.services.extraction import LABELS, MOST_BYTES, too_large
from linhe.lib.text import Text
from linhe.lib.uploads import dropped

MOST_IDS, LONGEST_ID = 100, 18


@dataclass(frozen=True, slots=True)
class Shown:
    """What the form shows of files."""

    rows: list[tuple[Upload, Text]]
    by_path: dict[str, list[Suggested]]
    documents: list[tuple[str, Text]]
    most_mb: int = MOST_BYTES >> 20

    @property
    def waiting(self) -> int:
        """How many facts have suggestions."""
        return len(self.by_path)


def shown(draft: Draft) -> Shown:
    """The files of a draft with what waits to be confirmed."""
    rows = [(one, Text(*DOCUMENTS[one.document])) for one in uploads_of(draft)]
    return Shown(rows, suggestions_of(draft, draft.content), [(code, Text(*DOCUMENTS[code])) for code in LABELS])


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


def confirm(request: HttpRequest, draft: Draft) -> Draft:
    """Let the ticked suggestions count."""
    sent = request.POST.getlist("suggestion")[:MOST_IDS]
    ids = [int(one) for one in sent if one.isascii() and one.isdecimal() and len(one) < LONGEST_ID]
    return services.confirm(draft, ids, by=reader(request), at=timezone.now())


@signed_in
@require_safe
def file(request: HttpRequest, upload_id: int) -> HttpResponse:
    """A file, shown in the browser; nothing in it may load or run anything here."""
    upload = _upload(request, upload_id)
    with upload.file.open("rb") as kept:  # no larger than the cap
        answer = HttpResponse(kept.read(), content_type=upload.media)
    answer["Content-Disposition"] = (
        f'inline; filename="{upload.document}-{upload.pk}.{upload.media.rpartition("/")[2]}"'
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@signed_in
@require_POST
def remove(request: HttpRequest, upload_id: int) -> HttpResponse:
    """Throw a file of an open draft away."""
    upload = _upload(request, upload_id)
    try:
        services.remove_upload(upload, by=reader(request), at=timezone.now())
    except Refused as refused:
        if refused.code == "not_yours":
            raise Http404 from None
        say(request, refused.message.zh, refused.message.en)
    return HttpResponseRedirect(reverse("exchange:draft", args=[upload.draft_id]))


def _upload(request: HttpRequest, upload_id: int) -> Upload:
    found = upload_for(reader(request), upload_id, at=timezone.now())
    if found is None:
        raise Http404
    return found
