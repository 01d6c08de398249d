"""A file above the cap is dropped as it arrives; what was typed before and after it is kept."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from linhe.lib import uploads


@pytest.mark.parametrize(("size", "kept"), [(uploads.MOST_BYTES, True), (uploads.MOST_BYTES + 1, False)])
def test_the_cap_is_exact(size: int, kept: bool) -> None:
    sent = {"before": "一", "file": SimpleUploadedFile("a.pdf", b"0" * size), "small": SimpleUploadedFile("b", b"1"),
            "after": "二"}  # fmt: skip
    request = RequestFactory().post("/", sent)
    assert (request.POST["before"], request.POST["after"]) == ("一", "二")
    assert ("file" in request.FILES) is kept
    assert uploads.dropped(request, "file") is not kept
    assert not uploads.dropped(request, "small")
    assert request.FILES["small"].read() == b"1"
    for file in request.FILES.values():
        file.close()
