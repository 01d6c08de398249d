"""QR codes and PDF files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from linhe.lib import qr
from linhe.lib.pdf import KNOWN, document
from linhe.lib.refusals import Refused


def test_a_qr_code_can_be_drawn_on_a_page_and_on_paper() -> None:
    drawn = qr.svg("https://linhe.example.org/r/1", title="<一号楼>")
    assert drawn.startswith("<svg")
    assert "<一号楼>" not in drawn
    assert "style=" not in drawn
    assert qr.png("https://linhe.example.org/r/1").startswith(b"\x89PNG")


@pytest.mark.skipif(not any(Path(name).is_file() for name in KNOWN), reason="no Chinese font on this machine")
def test_a_document_holds_chinese() -> None:
    paper = document("邻和")
    paper.heading("一号楼二维码")
    paper.paragraph("扫码报事，不用付款，不用密码。")
    assert paper.bytes().startswith(b"%PDF")


def test_without_a_font_it_says_so(settings: Any) -> None:
    settings.PDF_FONT = "/nowhere.ttf"
    with pytest.raises(Refused) as refused:
        document("邻和")
    assert refused.value.status == 503
