"""Files of a draft: read, confirmed, refused without losing what was typed, and readable by the right people only."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from PIL import Image

from linhe.core.loop.refusals import Refused
from linhe.core.people.models import Account
from linhe.desks.exchange import services
from linhe.desks.exchange.models import Draft, Suggestion, Upload
from linhe.desks.exchange.queries.checks import filing_of
from linhe.desks.exchange.schemas.content import facts_of
from linhe.desks.exchange.schemas.typed import as_typed
from linhe.desks.exchange.services import uploads as uploading
from linhe.desks.exchange.services.files import forget_uploads
from linhe.desks.exchange.services.uploads import confirm, keep_upload
from linhe.lib import pdf
from tests.integration.desks.exchange.world import AT, World, as_
from tests.unit.desks.exchange import crafted

TYPED = {
    "do": "upload",
    "document": "appraisal",
    "application.object_name": "手工填写的标的",
    "contact": "金建国",
    "key": "k" * 8,
}


@cache
def paper(*lines: str) -> bytes:
    """A PDF with text."""
    made = pdf.document("评估报告")
    for line in lines:
        made.paragraph(line)
    return made.bytes()


APPRAISAL = ("评估报告编号：中和评报字〔2025〕第12号", "评估值：1,000.00万元", "评估基准日：2025年10月31日")


def status(account: Account | None, url: str) -> int:
    """What somebody gets at an address."""
    return int((as_(account).get(url) if account else Client().get(url)).status_code)


def file(content: bytes, name: str = "评估报告.pdf") -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content, content_type="application/pdf")


@pytest.fixture
def draft(world: World) -> Draft:
    """An empty draft."""
    return services.begin_draft(
        organisation_id=world.trust.pk, province=world.province, by=world.people["seller"], key="d", at=AT
    )


def test_what_is_read_waits_beside_the_fields_until_somebody_confirms_it(world: World, draft: Draft) -> None:
    client, url = as_(world.people["seller"]), f"/exchange/drafts/{draft.pk}/"
    sent = TYPED | {"version": draft.version, "file": file(paper(*APPRAISAL))}
    assert client.post(url, sent).status_code == 302
    upload = Upload.objects.get()
    assert (upload.document, upload.pages, upload.readable, upload.media) == ("appraisal", 1, True, "application/pdf")
    draft.refresh_from_db()
    assert "appraisal" not in draft.content, "a suggestion does not count"
    assert draft.content["application"]["values"]["object_name"] == "手工填写的标的"
    page = client.get(url).content.decode()
    assert "10,000,000.00 元" in page
    assert "评估基准日：2025年10月31日" in page
    row = Suggestion.objects.get(path="appraisal.value_fen")
    ticked = {"do": "confirm", "version": draft.version, "suggestion": [row.pk], "key": "k" * 9}
    ticked |= {"application.object_name": "又改了一次", "contact": "金建国"}
    assert client.post(url, ticked).status_code == 302
    draft.refresh_from_db()
    assert draft.content["application"]["values"]["object_name"] == "又改了一次", "what was typed beside is kept too"
    fact = facts_of(draft.content)["appraisal.value_fen"]
    assert (fact.value, fact.document, fact.page) == (1_000_000_000, "评估报告.pdf", 1)
    row.refresh_from_db()
    assert (row.decided, row.decided_by) == ("confirmed", world.people["seller"])
    assert Suggestion.objects.filter(decided="").count() == 2
    assert "appraisal.base_on" not in facts_of(draft.content)


def test_contradicting_suggestions_are_settled_by_the_one_that_is_ticked(world: World, draft: Draft) -> None:
    seller = world.people["seller"]
    keep_upload(draft, "appraisal", file(paper("评估值：1,000.00万元", "评估值：900.00万元")), by=seller, at=AT)
    first, second = Suggestion.objects.order_by("pk")
    confirm(draft, [second.pk], by=seller, at=AT)
    assert [one.decided for one in Suggestion.objects.order_by("pk")] == ["dismissed", "confirmed"]
    before = Draft.objects.get(pk=draft.pk).version
    confirm(draft, [first.pk], by=seller, at=AT)
    assert Draft.objects.get(pk=draft.pk).version == before, "what was dismissed is not taken later"


def test_two_values_for_one_fact_are_refused_and_nothing_is_taken(world: World, draft: Draft) -> None:
    keep_upload(
        draft, "appraisal", file(paper("评估值：1,000.00万元", "评估值：900.00万元")), by=world.people["seller"], at=AT
    )
    ids = list(Suggestion.objects.values_list("pk", flat=True))
    answer = as_(world.people["seller"]).post(
        f"/exchange/drafts/{draft.pk}/", TYPED | {"do": "confirm", "version": draft.version, "suggestion": ids}
    )
    assert answer.status_code == 422
    assert "请只勾选一个" in answer.content.decode()
    assert set(Suggestion.objects.values_list("decided", flat=True)) == {""}
    assert "appraisal" not in Draft.objects.get(pk=draft.pk).content


def test_files_of_one_name_are_told_apart_and_are_not_without_number(
    world: World, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller = world.people["seller"]
    for words in APPRAISAL:
        keep_upload(draft, "appraisal", file(paper(words)), by=seller, at=AT)
    assert [one.name for one in Upload.objects.order_by("pk")] == [
        "评估报告.pdf", "评估报告（2）.pdf", "评估报告（3）.pdf",
    ]  # fmt: skip
    monkeypatch.setattr(uploading, "MOST_FILES", 3)
    kept = set(default_storage.listdir("exchange")[1])
    with pytest.raises(Refused, match="too_many_files"):
        keep_upload(draft, "appraisal", file(paper("一")), by=seller, at=AT)
    assert set(default_storage.listdir("exchange")[1]) == kept


@pytest.mark.parametrize("name", ["flate_bomb", "page_loop", "many_pages"])
def test_a_hostile_file_is_refused_and_what_was_typed_comes_back(world: World, draft: Draft, name: str) -> None:
    client, url = as_(world.people["seller"]), f"/exchange/drafts/{draft.pk}/"
    answer = client.post(url, TYPED | {"version": draft.version, "file": file(crafted.HOSTILE[name]())})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "手工填写的标的" in page
    assert "PDF" in page
    assert not Upload.objects.exists()
    answer = client.post(url, TYPED | {"do": "save", "version": draft.version})
    assert answer.status_code == 302, "the version is still the one that was seen"


def test_fifty_megabytes_are_not_taken_and_what_was_typed_comes_back(world: World, draft: Draft) -> None:
    client, url = as_(world.people["seller"]), f"/exchange/drafts/{draft.pk}/"
    large = file(b"%PDF-1.7 " + b"0" * (50 * crafted.MEGABYTE))
    answer = client.post(url, TYPED | {"version": draft.version, "file": large})
    assert answer.status_code == 422
    assert "20 MB" in answer.content.decode()
    assert "手工填写的标的" in answer.content.decode()
    assert not Upload.objects.exists()


def test_photos_are_kept_afresh_and_typed_in(world: World, draft: Draft) -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG", exif=b"Exif\x00\x00secret-camera")
    upload = keep_upload(draft, "certificate", file(out.getvalue(), "证.jpg"), by=world.people["seller"], at=AT)
    assert (upload.media, upload.readable, upload.pages) == ("image/webp", False, 0)
    with upload.file.open("rb") as kept:
        assert b"secret-camera" not in kept.read()
    with pytest.raises(Refused, match="bad_document"):
        keep_upload(draft, "certificate", file(b"MZ\x00\x01", "证.exe"), by=world.people["seller"], at=AT)


def test_the_same_file_twice_is_one_upload(world: World, draft: Draft) -> None:
    content = paper(*APPRAISAL)
    one = keep_upload(draft, "appraisal", file(content), by=world.people["seller"], at=AT)
    assert keep_upload(draft, "appraisal", file(content, "again.pdf"), by=world.people["colleague"], at=AT) == one
    assert Suggestion.objects.count() == 3


def lodged(world: World) -> Upload:
    """A file of an application that was lodged."""
    draft = world.draft()
    upload = keep_upload(draft, "appraisal", file(paper(*APPRAISAL)), by=world.people["seller"], at=AT)
    world.lodge_draft(draft)
    return upload


def test_a_file_is_read_by_its_seller_and_once_lodged_by_reviewers_and_the_province(world: World, draft: Draft) -> None:
    upload = keep_upload(draft, "appraisal", file(paper(*APPRAISAL)), by=world.people["seller"], at=AT)
    after = lodged(world)
    may = {
        upload.pk: {"seller", "colleague"},
        after.pk: {"seller", "colleague", "reviewer", "second", "manager", "supervisor"},
    }
    for pk, names in may.items():
        found = {
            name for name, who in world.people.items() if as_(who).get(f"/exchange/files/{pk}/").status_code == 200
        }
        assert found == names
        assert status(None, f"/exchange/files/{pk}/") in (302, 401)
    answer = as_(world.people["reviewer"]).get(f"/exchange/files/{after.pk}/")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "filename*" not in answer["Content-Disposition"], "the name that somebody gave it stays here"
    assert answer.content.startswith(b"%PDF")


def test_nobody_else_uploads_confirms_or_removes(world: World, draft: Draft) -> None:
    upload = keep_upload(draft, "appraisal", file(paper(*APPRAISAL)), by=world.people["seller"], at=AT)
    row = Suggestion.objects.first()
    assert row is not None
    for name in ("bank", "reviewer", "manager", "supervisor", "stranger"):
        who = world.people[name]
        acts: list[Any] = [
            lambda who=who: keep_upload(draft, "appraisal", file(paper("x")), by=who, at=AT),
            lambda who=who: confirm(draft, [row.pk], by=who, at=AT),
            lambda who=who: services.remove_upload(upload, by=who, at=AT),
        ]
        for act in acts:
            with pytest.raises(Refused, match="not_yours"):
                act()
        sent = {"do": f"remove-{upload.pk}", "version": "1", "key": "k" * 8}
        assert as_(who).post(f"/exchange/drafts/{draft.pk}/", sent).status_code == 404
    other = world.draft(by="bank")
    confirm(other, [row.pk], by=world.people["bank"], at=AT)
    row.refresh_from_db()
    assert row.decided == "", "a suggestion of another draft is not taken"


def test_files_go_with_their_draft_and_stay_once_lodged(
    world: World, draft: Draft, django_capture_on_commit_callbacks: Any
) -> None:
    seller = world.people["seller"]
    upload = keep_upload(draft, "appraisal", file(paper(*APPRAISAL)), by=seller, at=AT)
    kept = upload.file.name
    assert kept is not None
    with django_capture_on_commit_callbacks(execute=True):
        services.drop_draft(draft, by=seller, at=AT)
    assert not default_storage.exists(kept)
    after = lodged(world)
    for change in (lambda: services.remove_upload(after, by=seller, at=AT),
                   lambda: confirm(after.draft, [], by=seller, at=AT)):  # fmt: skip
        after.draft.refresh_from_db()
        with pytest.raises(Refused, match="lodged"):
            change()
    listing = after.draft.lodged_as
    assert listing is not None
    from linhe.core.loop.models import Matter

    with django_capture_on_commit_callbacks(execute=True):
        assert forget_uploads(Matter.objects.filter(pk=listing.pk))
    assert after.file.name is not None
    assert not default_storage.exists(after.file.name)
    assert filing_of(listing).content["appraisal"], "the facts stay"


def test_a_removed_file_leaves_what_was_confirmed(world: World, draft: Draft) -> None:
    seller = world.people["seller"]
    upload = keep_upload(draft, "appraisal", file(paper(*APPRAISAL)), by=seller, at=AT)
    confirm(draft, Suggestion.objects.values_list("pk", flat=True), by=seller, at=AT + timedelta(minutes=1))
    draft.refresh_from_db()
    sent = as_typed(draft.content) | {"do": f"remove-{upload.pk}", "version": str(draft.version), "key": "k" * 8}
    assert as_(seller).post(f"/exchange/drafts/{draft.pk}/", sent).status_code == 302
    draft.refresh_from_db()
    fact = facts_of(draft.content)["appraisal.value_fen"]
    assert (fact.value, fact.page) == (1_000_000_000, None), "and no longer names the file and page"
    assert "评估报告" not in fact.document.replace("资产评估报告及核准、备案", "")
    assert not Upload.objects.exists()


def test_the_rows_hold_by_themselves(world: World, draft: Draft) -> None:
    upload = keep_upload(draft, "appraisal", file(paper(*APPRAISAL)), by=world.people["seller"], at=AT)
    same = {"draft": draft, "document": "appraisal", "sha256": upload.sha256, "media": "image/webp", "size_bytes": 1}
    first = Suggestion.objects.order_by("pk")[0]
    wrong: list[tuple[str, Any]] = [
        ("upload_once_a_document", lambda: Upload.objects.create(name="x", at=AT, **same)),
        ("upload_document_is_known", lambda: Upload.objects.update(document="letter")),
        ("upload_media_is_known", lambda: Upload.objects.update(media="text/html")),
        ("suggestion_names_its_page", lambda: Suggestion.objects.update(page=0)),
        ("suggestion_decided_by_somebody", lambda: Suggestion.objects.update(decided="confirmed")),
        ("suggestion_once_a_value", lambda: Suggestion.objects.create(
            upload=upload, path=first.path, value=first.value, page=1, words="x")),
    ]  # fmt: skip
    for name, change in wrong:
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            change()
