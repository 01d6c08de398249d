"""QR codes: as SVG for a page, as PNG for a printed sheet."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def svg(text: str, *, title: str = "") -> SafeString:
    """An inline SVG drawn in the page's colours with a quiet zone; ``title`` is read out instead of the pattern."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(
        out, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=4, light="#fff", title=title or None,
        svgclass="qr", lineclass=None,
    )  # fmt: skip
    return mark_safe(out.getvalue().decode())


def png(text: str, *, scale: int = 8) -> bytes:
    """A PNG, ``scale`` pixels a module, with a quiet zone."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="png", scale=scale, border=4)
    return out.getvalue()
