"""Copies front-end files from npm packages at the versions in ``static/vendor/VERSIONS.toml``, with checksums.

Run by a developer who changes a version (needs npm): ``python -m linhe.web.vendor``. Nothing runs it at build time.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import tarfile
import tempfile
import tomllib
from pathlib import Path

VENDOR = Path(__file__).parent / "static" / "vendor"
VERSIONS = VENDOR / "VERSIONS.toml"


def declared() -> dict[str, dict[str, str]]:
    """File name to its ``from`` and ``sha256``, over all packages."""
    packages = tomllib.loads(VERSIONS.read_text("utf-8"))
    return {name: entry for package in packages.values() for name, entry in package["files"].items()}


def checksum(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def wrong_files() -> list[str]:
    """Names of vendored files that are missing, changed, or not declared."""
    files = declared()
    bad = [name for name, entry in files.items() if not (VENDOR / name).exists()
           or checksum(VENDOR / name) != entry["sha256"]]  # fmt: skip
    present = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} - {VERSIONS.name}
    return sorted({*bad, *(present - files.keys())})


def _without_source_map(body: bytes) -> bytes:
    """The file without its trailing pointer to a source map that is not shipped."""
    return re.sub(rb"\n?(//# sourceMappingURL=\S+|/\*# sourceMappingURL=[^*]*\*/)\s*$", b"\n", body)


def fetch() -> None:
    """Download every package at its version, copy the declared files, and write their checksums into the list."""
    text = VERSIONS.read_text("utf-8")
    for package, entry in tomllib.loads(text).items():
        with tempfile.TemporaryDirectory() as folder:
            done = subprocess.run(
                ["npm", "pack", "--silent", f"{package}@{entry['version']}"],
                cwd=folder, check=True, capture_output=True, text=True,
            )  # fmt: skip
            with tarfile.open(Path(folder) / done.stdout.split()[-1]) as archive:
                for name, file in entry["files"].items():
                    source = archive.extractfile(f"package/{file['from']}")
                    if source is None:
                        raise FileNotFoundError(f"{package}: {file['from']}")
                    body = _without_source_map(source.read())
                    (VENDOR / name).parent.mkdir(exist_ok=True)
                    (VENDOR / name).write_bytes(body)
                    text = re.sub(
                        rf'("{re.escape(name)}" = {{ from = "[^"]+", sha256 = ")[0-9a-f]*"',
                        rf'\g<1>{checksum(VENDOR / name)}"', text,
                    )  # fmt: skip
    VERSIONS.write_text(text, "utf-8")


if __name__ == "__main__":
    fetch()
