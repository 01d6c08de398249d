"""Typed readers of environment variables: a wrong value stops the start with one clear sentence."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadEnvironment(ValueError):
    """An environment variable holds something that its setting cannot be."""


def load_file(path: Path) -> None:
    """Take ``NAME=value`` lines of a ``.env`` file over; what the environment already says wins."""
    if not path.is_file():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.strip().isidentifier():
            raise BadEnvironment(f"{path.name}, line {number}: expected NAME=value")
        os.environ.setdefault(name.strip(), value.strip().strip("'\""))


def text(name: str, default: str) -> str:
    """The variable as it stands, or the default when it is unset or empty."""
    return os.environ.get(name) or default


def flag(name: str, default: bool) -> bool:
    """1, true, yes, on or 0, false, no, off."""
    value = text(name, str(default)).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise BadEnvironment(f"{name} must be 1 or 0, not {value!r}")


def number(name: str, default: int, *, least: int, most: int) -> int:
    """A whole number within bounds, both included."""
    value = text(name, str(default))
    if not value.lstrip("-").isdigit() or not least <= int(value) <= most:
        raise BadEnvironment(f"{name} must be a whole number from {least} to {most}, not {value!r}")
    return int(value)


def names(name: str, default: str = "") -> list[str]:
    """A comma-separated list; empty entries are dropped."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def folder(name: str, default: Path) -> Path:
    """An absolute folder, which need not exist yet."""
    path = Path(text(name, str(default))).expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise BadEnvironment(f"{name} must be a folder, and {path} is a file")
    return path


def choice(name: str, default: str, *, among: tuple[str, ...]) -> str:
    """One word out of a fixed set."""
    value = text(name, default)
    if value not in among:
        raise BadEnvironment(f"{name} must be one of {', '.join(among)}, not {value!r}")
    return value


def web_address(name: str, default: str) -> str:
    """An ``http://`` or ``https://`` origin without a path."""
    value = text(name, default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise BadEnvironment(f"{name} must look like https://linhe.example.org, not {value!r}")
    return value


def database(name: str) -> dict[str, Any] | None:
    """``postgresql://user:password@host[:port]/name?option=value`` as Django's settings, None when unset.

    Several hosts (``host1:5432,host2:5432``) and libpq's options such as ``target_session_attrs`` go through.
    """
    value = text(name, "")
    if not value:
        return None
    parts = urlsplit(value)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise BadEnvironment(f"{name} must look like postgresql://user:password@host/name")
    login, _, places = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    hosts = [place.rpartition(":") if ":" in place else (place, "", "") for place in places.split(",")]
    options = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": options.pop("host", "") or ",".join(host for host, _, _ in hosts),
        "PORT": ",".join(port for _, _, port in hosts) if any(port for _, _, port in hosts) else "",
        "OPTIONS": options,
    }


def secret(name: str, *, kept_in: Path) -> str:
    """The variable, or else a random text made once and kept in a file only its owner can read.

    Two processes that start at once agree: the file appears complete, by a hard link that fails when it is there.
    """
    value = text(name, "")
    if value:
        if len(value) < 50:
            raise BadEnvironment(f"{name} must have at least 50 characters")
        return value
    path = kept_in / name.lower()
    try:
        if not path.exists():
            _keep_new_secret(path)
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise BadEnvironment(f"{name} is not set and cannot be kept in {kept_in}: {error.strerror}") from error


def _keep_new_secret(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.parent / f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(64))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
