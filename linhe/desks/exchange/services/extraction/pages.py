"""The text of an uploaded PDF page by page, read in a process of its own that is ended when it takes too much."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from linhe.lib.refusals import Refused
from linhe.lib.text import Text
from linhe.lib.uploads import MOST_BYTES

log = logging.getLogger(__name__)

MAGIC = b"%PDF-"
_WITHIN = 1024
"""Readers accept the mark within the first kilobyte."""
LIMITS = {
    "seconds": 10,
    "memory_bytes": 512 * 1024 * 1024,
    "stream_bytes": 24 * 1024 * 1024,
    "pages": 300,
    "letters": 1_000_000,
}
_WORKER = Path(__file__).with_name("worker.py")
_REFUSALS = {
    "damaged": Text("这个 PDF 已损坏，打不开，请重新导出后再传。", "This PDF is damaged. Export it again."),
    "encrypted": Text("这个 PDF 有密码，请去掉密码后再传。", "This PDF has a password. Remove it first."),
    "too_many_pages": Text(
        f"这个 PDF 超过 {LIMITS['pages']} 页，请只传需要审核的部分。",
        f"This PDF has more than {LIMITS['pages']} pages. Upload only what is to be reviewed.",
    ),
    "too_much": Text(
        "这个 PDF 展开后过大，为安全起见没有读取，请重新导出后再传。",
        "This PDF unpacks to far too much and was not read, for safety. Export it again.",
    ),
}


def is_pdf(head: bytes) -> bool:
    """Whether a file begins like a PDF."""
    return MAGIC in head[:_WITHIN]


def read_pages(content: bytes) -> tuple[str, ...]:
    """The text of each page; a page without text (a scan) is empty.

    Raises :class:`Refused` when the file is too large, damaged, locked, has too many pages or unpacks to too much.
    """
    if len(content) > MOST_BYTES:
        raise too_large()
    with tempfile.NamedTemporaryFile(prefix="exchange-", suffix=".pdf") as kept:
        kept.write(content)
        kept.flush()
        answer = _asked(Path(kept.name))
    if "pages" not in answer:
        raise _refused(str(answer["refused"]))
    return tuple(answer["pages"])


def too_large() -> Refused:
    """The refusal of a file that is larger than the desk takes."""
    most = MOST_BYTES >> 20
    return _refused_with(
        Text(
            f"文件超过 {most} MB，没有接收。请压缩或拆分后再传，您填写的内容都还在。",
            f"The file is larger than {most} MB and was not taken. Split or compress it; what you typed is still here.",
        )
    )


def _asked(file: Path) -> dict[str, Any]:
    command = [sys.executable, "-I", str(_WORKER), str(file)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(LIMITS),
            capture_output=True,
            text=True,
            timeout=LIMITS["seconds"] + 5,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"refused": "too_much"}
    if done.returncode < 0:  # ended by a limit
        return {"refused": "too_much"}
    if done.returncode:
        log.warning("a PDF could not be read: %s", done.stderr.strip().rpartition("\n")[2])
        return {"refused": "damaged"}
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _refused(why: str) -> Refused:
    return _refused_with(_REFUSALS[why])


def _refused_with(message: Text) -> Refused:
    return Refused("bad_document", message, status=422, details={"file": str(message)})
