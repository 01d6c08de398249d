"""PDFs made by hand for the tests: hostile ones, and one with what a page says."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

MEGABYTE = 1024 * 1024
FONT = b"/Font<</T<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"


def pdf_of(objects: Sequence[bytes], *, root: int = 1) -> bytes:
    """A PDF of raw objects, numbered from 1, with a right cross-reference table."""
    out, offsets = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return bytes(out + b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, root, start))


def stream(content: bytes, extra: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(content), extra, content)


def one_page(contents: bytes, resources: bytes = b"", *more: bytes) -> bytes:
    """A PDF of one page with a content stream; further objects begin at number 5."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%b%b>>>>" % (FONT, resources)
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page, contents, *more])


def flate_bomb(megabytes: int = 512) -> bytes:
    """A page whose content unpacks to half a gigabyte from half a megabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(megabytes)) + packer.flush()
    return one_page(stream(packed, b"/Filter/FlateDecode"))


def nested_bomb() -> bytes:
    """The same, packed twice: a few kilobytes."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * MEGABYTE) for _ in range(512)) + packer.flush()
    return one_page(stream(zlib.compress(packed, 9), b"/Filter[/FlateDecode/FlateDecode]"))


def many_small_bombs(count: int = 200) -> bytes:
    """Pages that each unpack to just below what one stream may."""
    packed = zlib.compress(b" " * (20 * MEGABYTE), 9)
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(count))
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R/Resources<<%b>>>>" % (3 + count, FONT)
    pages = b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count)
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", pages, *[page] * count, stream(packed, b"/Filter/FlateDecode")])


def page_loop() -> bytes:
    """A tree of pages that is its own branch."""
    return pdf_of([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"])


def form_loop() -> bytes:
    """A form that draws itself."""
    head = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>%b>>" % FONT
    form = stream(b"BT /T 9 Tf (round) Tj ET /F Do /F Do", head)
    return one_page(stream(b"/F Do"), b"/XObject<</F 5 0 R>>", form)


def many_pages(count: int = 2_000) -> bytes:
    """More pages than anybody reviews, all the same one."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>"
    kids = b" ".join(b"%d 0 R" % (3 + n) for n in range(count))
    return pdf_of(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%b]/Count %d>>" % (kids, count), *[page] * count]
    )


def deep_arrays(depth: int = 100_000) -> bytes:
    """Brackets within brackets."""
    return one_page(stream(b"[" * depth + b"]" * depth))


def previous_loop() -> bytes:
    """A cross-reference table that comes before itself."""
    whole = one_page(stream(b""))
    start = whole.rindex(b"startxref\n") + len(b"startxref\n")
    offset = whole[start : whole.index(b"\n", start)]
    return whole.replace(b"/Root 1 0 R>>", b"/Root 1 0 R/Prev %b>>" % offset)


HOSTILE = {
    one.__name__: one
    for one in (
        flate_bomb, nested_bomb, many_small_bombs, page_loop, form_loop, many_pages, deep_arrays, previous_loop,
    )
}  # fmt: skip
