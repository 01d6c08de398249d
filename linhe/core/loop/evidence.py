"""Photos as evidence: recognised by content, size-capped, metadata stripped, re-encoded as WebP."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps, UnidentifiedImageError

from linhe.core.loop.models import Event, Evidence
from linhe.core.loop.refusals import Refused, invalid
from linhe.lib.text import Text

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_EDGE_PX = 1600
FORMATS = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo that passed: WebP bytes without metadata, and its size in pixels."""

    content: bytes
    sha256: str
    width: int
    height: int


def read_photo(upload: UploadedFile[Any] | io.BytesIO) -> Photo:
    """Decode an upload by its content and encode it afresh; raises ``Refused`` when it is no photo or too large."""
    raw = upload.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise _refuse(
            "照片超过 12 MB，请换一张小一些的。",
            "The photo is larger than 12 MB. Choose a smaller one.",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise _refuse(
                        "照片像素太多，请换一张。",
                        "The photo has too many pixels. Choose another one.",
                    )
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except (
        UnidentifiedImageError,
        OSError,
        ValueError,
        SyntaxError,
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
    ) as error:
        raise _refuse(
            "这个文件不是照片(支持 JPEG、PNG、WebP)。",
            "This file is not a photo (JPEG, PNG or WebP).",
        ) from error
    upright.thumbnail((LONGEST_EDGE_PX, LONGEST_EDGE_PX))
    clean = Image.frombytes("RGB", upright.size, upright.tobytes())
    out = io.BytesIO()
    clean.save(out, "WEBP", quality=80)
    content = out.getvalue()
    return Photo(content, hashlib.sha256(content).hexdigest(), *clean.size)


def keep_photo(photo: Photo, *, event: Event) -> Evidence:
    """Store a photo that passed as evidence of an event."""
    name = default_storage.save(f"evidence/{uuid4().hex}.webp", ContentFile(photo.content))
    return Evidence.objects.create(
        matter_id=event.matter_id, event=event, file=name, sha256=photo.sha256,
        width=photo.width, height=photo.height, size_bytes=len(photo.content),
    )  # fmt: skip


def _refuse(zh: str, en: str) -> Refused:
    refused = invalid({"files": ""})
    refused.details = {"files": str(Text(zh, en))}
    refused.message = Text(zh, en)
    return refused
