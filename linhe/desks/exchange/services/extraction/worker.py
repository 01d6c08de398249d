"""Run apart from the house, by its path: takes the text of a PDF page by page, within limits of time and memory.

Called as ``python worker.py FILE``; the limits come as JSON on standard input, the answer leaves as JSON. It imports
nothing of the house, so that what a hostile file does to it ends with it.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any


def confine(limits: dict[str, int]) -> None:
    """Cap processor time, memory and files of this process for good."""
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the address space cannot be capped; time and pypdf's own limits remain
        resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"], limits["memory_bytes"]))


def read(file: Path, limits: dict[str, int]) -> dict[str, Any]:
    """The pages' texts, or why there are none: ``damaged``, ``encrypted``, ``too_many_pages``, ``too_much``."""
    import pypdf  # noqa: PLC0415 - only after the limits hold
    from pypdf import errors  # noqa: PLC0415 - loaded under the limits only

    most = limits["stream_bytes"]
    pypdf.overwrite_configuration(
        maximum_declared_stream_length=most, array_based_stream_maximum_output_length=most,
        lzw_maximum_output_length=most, run_length_maximum_output_length=most, zlib_maximum_output_length=most,
        brotli_maximum_output_length=most, stream_decoding_work_maximum_length=4 * most,
        page_tree_maximum_entries=20 * limits["pages"], xform_maximum_invocations_per_extraction=500,
        jbig2dec_binary=None,
    )  # fmt: skip
    try:
        with file.open("rb") as opened:
            reader = pypdf.PdfReader(opened)
            if reader.is_encrypted and not reader.decrypt(""):
                return {"refused": "encrypted"}
            if len(reader.pages) > limits["pages"]:
                return {"refused": "too_many_pages"}
            pages, letters = [], 0
            for page in reader.pages:
                name_identity(page)
                pages.append(page.extract_text().replace("\0", ""))
                letters += len(pages[-1])
                if letters > limits["letters"]:
                    return {"refused": "too_much"}
            return {"pages": pages} if pages else {"refused": "damaged"}
    except (errors.LimitReachedError, MemoryError, RecursionError):
        return {"refused": "too_much"}
    except (errors.PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, LookupError,
            ArithmeticError, AssertionError, NotImplementedError, EOFError):  # fmt: skip
        # pypdf meets a broken file with any of these
        return {"refused": "damaged"}


def name_identity(page: Any) -> None:
    """Name the encoding of fonts that spell out the identity map of two-byte codes: pypdf knows it by name only."""
    from pypdf.generic import NameObject  # noqa: PLC0415 - likewise

    resources = page.get("/Resources")  # a scan may name none, or none with fonts
    fonts = resources.get_object().get("/Font") if resources is not None else None
    for font in fonts.get_object().values() if fonts is not None else ():
        held = font.get_object()
        encoding = held.get("/Encoding")
        spelt = None if encoding is None else encoding.get_object()
        name = spelt.get("/CMapName", "") if isinstance(spelt, dict) else ""
        if held.get("/Subtype") == "/Type0" and "Identity" in str(name):
            held[NameObject("/Encoding")] = NameObject("/Identity-H")


def main() -> None:
    """Read the limits, hold to them, answer."""
    limits = json.loads(sys.stdin.read())
    confine(limits)
    json.dump(read(Path(sys.argv[1]), limits), sys.stdout, ensure_ascii=True)


if __name__ == "__main__":
    main()
