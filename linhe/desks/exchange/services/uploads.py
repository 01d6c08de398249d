"""Files of a draft: taken, read for suggestions, confirmed value by value, thrown away with the draft."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from copy import deepcopy
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from linhe.core.loop.evidence import read_photo
from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.desks.exchange.models import Draft, Suggestion, Upload
from linhe.desks.exchange.schemas.content import LONGEST_SOURCE, Content
from linhe.desks.exchange.schemas.legible import legible
from linhe.desks.exchange.schemas.sheets import is_sheet, read_sheet
from linhe.desks.exchange.schemas.typed import as_typed
from linhe.desks.exchange.services.drafts import save_draft
from linhe.desks.exchange.services.extraction import LABELS, MOST_BYTES, is_pdf, read_pages, suggest, too_large
from linhe.desks.exchange.services.extraction.suggesting import MOST_WORDS
from linhe.desks.exchange.services.files import delete_files
from linhe.desks.exchange.services.guarding import must_sell_for
from linhe.lib.text import Text

NEITHER = Text(
    "请上传 PDF、照片（JPEG、PNG、WebP，照片不超过 12 MB）或填好的 Excel 申请表。",
    "Upload a PDF, a photo (JPEG, PNG, WebP, up to 12 MB) or the Excel form filled in.",
)
FORM = "application"
"""A filled form speaks of all documents; it is kept with the application."""
LODGED = Text("这份草稿已经提交，不能再改。", "This draft has been lodged.")
MOST_FILES = 60
PDF, WEBP = "application/pdf", "image/webp"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS = {PDF: "pdf", WEBP: "webp", XLSX: "xlsx"}


def keep_upload(draft: Draft, document: str, sent: UploadedFile[Any], *, by: Account, at: datetime) -> Upload:
    """Take a file for one document and note what it suggests. The same file twice is the same upload.

    Raises
    ------
    Refused : too large, no PDF, photo or form, damaged, locked or hostile; nothing is kept then.
    """
    must_sell_for(by, draft.organisation_id, draft.province, at=at)
    _must_be_open(draft)
    if document not in LABELS:
        raise Refused("no_document", Text("请选择材料。", "Choose the document."), status=422)
    if sent.size is None or sent.size > MOST_BYTES:
        raise too_large()
    content = sent.read(MOST_BYTES + 1)
    name, rows = _named(sent.name or ""), list[Suggestion]()
    pages: tuple[str, ...] = ()
    if is_sheet(content):
        document, media, rows = FORM, XLSX, _stated(read_sheet(content, name=name))
    elif is_pdf(content[:1024]):
        media, pages = PDF, read_pages(content)
        rows = _suggested(document, pages)
    else:
        media, content = WEBP, _photo(content)
    return _kept(draft, document, content, media, pages, rows, name=name, by=by, at=at)


@transaction.atomic
def confirm(draft: Draft, ids: Iterable[int], *, by: Account, at: datetime) -> Draft:
    """Let suggestions count: each value goes into the draft with its document and page.

    Other suggestions for the same fact are dismissed. Raises :class:`Refused` when two values of one fact are chosen.
    """
    must_sell_for(by, draft.organisation_id, draft.province, at=at)
    locked = _locked(draft)
    chosen = Suggestion.objects.filter(upload__draft=locked, pk__in=list(ids), decided="")
    rows = list(chosen.select_related("upload").order_by("pk"))
    _must_agree(rows)
    content = deepcopy(locked.content)
    for row in rows:
        code, _, name = row.path.partition(".")
        part = content.setdefault(code, {"source": "", "values": {}, "pages": {}, "sources": {}})
        part["values"][name] = row.value
        part["pages"].pop(name, None)
        if row.page is not None:
            part["pages"][name] = row.page
        part["sources"].pop(name, None)
        if row.upload.media != XLSX:  # a form says what a document says, and is none
            part["sources"][name] = row.upload.name
    saved = save_draft(
        locked,
        content,
        contact=locked.contact,
        contact_phone=locked.contact_phone,
        version=locked.version,
        by=by,
        at=at,
    )
    told = Suggestion.objects.filter(upload__draft=locked, path__in=[row.path for row in rows], decided="")
    told.filter(pk__in=[row.pk for row in rows]).update(decided="confirmed", decided_by=by, decided_at=at)
    told.update(decided="dismissed", decided_by=by, decided_at=at)
    return saved


@transaction.atomic
def remove_upload(upload: Upload, *, by: Account, at: datetime) -> None:
    """Throw a file away before it is lodged. What was confirmed from it stays, but names the file and page no longer:
    another file of that name may come."""
    must_sell_for(by, upload.draft.organisation_id, upload.draft.province, at=at)
    locked = _locked(upload.draft)
    content = deepcopy(locked.content)
    for part in content.values():
        for name in [name for name, source in part.get("sources", {}).items() if source == upload.name]:
            del part["sources"][name]
            part["pages"].pop(name, None)
    if content != locked.content:
        save_draft(locked, content, contact=locked.contact, contact_phone=locked.contact_phone, version=locked.version,
                   by=by, at=at)  # fmt: skip
    delete_files(Upload.objects.filter(pk=upload.pk))


def _locked(draft: Draft) -> Draft:
    """The draft, which nobody lodges meanwhile."""
    locked = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    _must_be_open(locked)
    return locked


def _must_agree(rows: list[Suggestion]) -> None:
    paths = [row.path for row in rows]
    if twice := sorted({path for path in paths if paths.count(path) > 1}):
        text = Text("同一项只能采用一个值，请只勾选一个。", "Take one value for each fact: tick one only.")
        raise Refused("two_values", text, status=422, details={path: str(text) for path in twice})


def _must_be_open(draft: Draft) -> None:
    if draft.lodged_as_id is not None:
        raise Refused("lodged", LODGED)


def _photo(content: bytes) -> bytes:
    try:
        return read_photo(io.BytesIO(content)).content
    except Refused:
        raise Refused("bad_document", NEITHER, status=422, details={"file": str(NEITHER)}) from None


def _suggested(document: str, pages: tuple[str, ...]) -> list[Suggestion]:
    """What the text of a document suggests."""
    found = (one for held in suggest(document, pages).values() for one in held)
    return [Suggestion(path=one.path, value=_plain(one.value), page=one.page, words=one.words) for one in found]


def _stated(content: Content) -> list[Suggestion]:
    """What a filled form states, field by field."""
    typed = as_typed(content)
    return [
        Suggestion(
            path=f"{code}.{name}", value=value, page=part["pages"].get(name), words=typed[f"{code}.{name}"][:MOST_WORDS]
        )
        for code, part in content.items()
        for name, value in part["values"].items()
    ]


def _kept(draft: Draft, document: str, content: bytes, media: str, pages: tuple[str, ...], rows: list[Suggestion], *,
          name: str, by: Account, at: datetime) -> Upload:  # fmt: skip
    digest = hashlib.sha256(content).hexdigest()
    known = Upload.objects.filter(draft=draft, document=document, sha256=digest).first()
    if known is not None:
        return known
    file = default_storage.save(f"exchange/{uuid4().hex}.{ENDINGS[media]}", ContentFile(content))
    try:
        with transaction.atomic():
            _locked(draft)
            upload = Upload.objects.create(
                draft=draft, document=document, name=_own(draft, name), file=file, media=media, sha256=digest,
                size_bytes=len(content), pages=len(pages),
                readable=media == XLSX or any(page.strip() for page in pages), by=by, at=at,
            )  # fmt: skip
            for row in rows:
                row.upload = upload
            Suggestion.objects.bulk_create(rows)
    except IntegrityError:
        default_storage.delete(file)  # the same file was sent twice at the same moment
        return Upload.objects.get(draft=draft, document=document, sha256=digest)
    except (Refused, Draft.DoesNotExist):
        default_storage.delete(file)  # the draft was lodged or dropped at the same moment
        raise
    return upload


def _own(draft: Draft, name: str) -> str:
    """A name that no other file of the draft has: fields name the file they were read from."""
    taken = [one.name for one in Upload.objects.filter(draft=draft)]
    if len(taken) >= MOST_FILES:
        raise Refused(
            "too_many_files",
            Text(f"一份申请最多 {MOST_FILES} 个文件。", f"At most {MOST_FILES} files for an application."),
            status=422,
        )
    stem, dot, ending = name.rpartition(".")
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{stem or ending}（{number}）{dot if stem else ''}{ending if stem else ''}"[-LONGEST_SOURCE:]
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _named(name: str) -> str:
    """A file's name as people know it, without what cannot be shown."""
    cleaned = "".join(letter for letter in name if letter.isprintable() and legible(letter, line=True)).strip()
    return cleaned[-LONGEST_SOURCE:] or str(Text("未命名文件", "unnamed file"))
