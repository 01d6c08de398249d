"""A cap on every uploaded file: what is larger is thrown away as it arrives, what was typed beside it is kept."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

MOST_BYTES = 20 * 1024 * 1024
DROPPED = "linhe.dropped_files"


class CappedUpload(FileUploadHandler):
    """Stops keeping a file at the cap. It stands before the handlers that store: no more than that is ever stored."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass a piece on, or drop the file whole."""
        if start + len(raw_data) > MOST_BYTES:
            if self.request is not None:
                self.request.META.setdefault(DROPPED, []).append(self.field_name)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The next handler has it."""
        return None


def dropped(request: HttpRequest, field: str) -> bool:
    """Whether a file of this field was dropped for its size. Read after the form."""
    return field in request.META.get(DROPPED, ())
