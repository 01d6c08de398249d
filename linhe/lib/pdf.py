"""PDF documents with Chinese text, set in a font of the machine."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from fontTools.ttLib import TTCollection
from fpdf import FPDF

from linhe.lib.refusals import Refused
from linhe.lib.text import Text

FONT = "cjk"
KNOWN = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/System/Library/Fonts/PingFang.ttc",
)
"""Where systems keep a font with Chinese, when ``LINHE_PDF_FONT`` names none."""
_SIMPLIFIED = ("SC", "GB", "Hei")


class Document(FPDF):
    """An A4 document in the Chinese font; ``title`` is shown by readers of the file."""

    def __init__(self, title: str) -> None:
        super().__init__(format="A4")
        file = _font_file()
        self.add_font(FONT, fname=str(file), collection_font_number=_face(file))
        self.set_title(title)
        self.set_creator("linhe")
        self.set_margins(18, 18)
        self.set_auto_page_break(auto=True, margin=18)
        self.set_font(FONT, size=11)
        self.add_page()

    def heading(self, text: str, *, size: float = 18) -> None:
        """A line of large text, then some room."""
        self.set_font(FONT, size=size)
        self.multi_cell(0, size * 0.55, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(size * 0.2)
        self.set_font(FONT, size=11)

    def paragraph(self, text: str, *, size: float = 11) -> None:
        """Text that wraps."""
        self.set_font(FONT, size=size)
        self.multi_cell(0, size * 0.6, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(1.5)

    def bytes(self) -> bytes:
        """The finished file."""
        return bytes(self.output())


def document(title: str) -> Document:
    """A new document; refuses with a clear message on a machine without a Chinese font."""
    return Document(title)


def _font_file() -> Path:
    named = settings.PDF_FONT
    for name in (named,) if named else KNOWN:
        if Path(name).is_file():
            return Path(name)
    raise Refused(
        "no_font",
        Text(
            "这台服务器没有中文字体，暂时不能生成 PDF，请联系管理员。",
            "This server has no Chinese font, so no PDF can be made. Tell the administrator.",
        ),
        status=503,
    )


def _face(file: Path) -> int:
    """In a collection, the face for simplified Chinese; else the first."""
    if file.suffix.lower() not in (".ttc", ".otc"):
        return 0
    with TTCollection(str(file), lazy=True) as collection:
        names = [str(face["name"].getDebugName(1)) for face in collection.fonts]
    return next((n for n, name in enumerate(names) if any(mark in name for mark in _SIMPLIFIED)), 0)
