"""Keeps the key that signs sessions: made once, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY_FILE = "secret-key"
KEY_BYTES = 50


def secret_key(home: Path) -> str:
    """Return the key kept in the home folder; make it the first time."""
    path = home / KEY_FILE
    if not path.exists():
        _make(path)
    return path.read_text(encoding="ascii").strip()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f"{KEY_FILE}.{os.getpid()}")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(KEY_BYTES))
    try:
        # A link is refused when another process was first: both then read the same key.
        os.link(written, path)
    except FileExistsError:
        pass
    finally:
        written.unlink()
