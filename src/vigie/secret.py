"""Keeps secrets that an installation makes for itself: once, readable by their owner only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path

KEY_BYTES = 50


def _new() -> str:
    return secrets.token_urlsafe(KEY_BYTES)


def kept_secret(home: Path, name: str, *, make: Callable[[], str] = _new) -> str:
    """Return the secret of that name kept in the home folder; make it the first time."""
    path = home / name
    if not path.exists():
        _write(path, make())
    return path.read_text(encoding="ascii").strip()


def _write(path: Path, secret: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secret)
    try:
        # A link is refused when another process was first: both then read the same secret.
        os.link(written, path)
    except FileExistsError:
        pass
    finally:
        written.unlink()
