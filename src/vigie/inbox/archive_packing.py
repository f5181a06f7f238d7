"""Conversations and the files that came with them as one ZIP, which flows as it is written."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from vigie.errors import InboxError
from vigie.inbox.archive_writing import lines
from vigie.inbox.own_archives import LINES
from vigie.inbox.own_files import FOLDER, MOST_FILES
from vigie.words import _

CHUNK = 1 << 18
"""Bytes of lines that are held until they flow on."""


class _Flow:
    """Takes what a ZIP writes, and gives it on."""

    def __init__(self) -> None:
        self.held: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.held.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Hold nothing back: whoever asks gets all."""

    def taken(self) -> bytes:
        """Return what was written since this was asked."""
        taken, self.held = b"".join(self.held), []
        return taken


def packed(
    keys: Sequence[int], *, files: Mapping[str, str], home: Path, now: datetime
) -> Iterator[bytes]:
    """Yield a ZIP piece by piece: every file once, under its digest, then the lines.

    A file that is gone, or no longer what it was, is only named.
    """
    if len(files) > MOST_FILES - 1:
        raise InboxError(
            _("More than {most} files came with these conversations. Export one service at a time.",
              most=MOST_FILES - 1)
        )  # fmt: skip
    return _packed(keys, files=files, home=home, now=now)


def _packed(
    keys: Sequence[int], *, files: Mapping[str, str], home: Path, now: datetime
) -> Iterator[bytes]:
    flow, beside = _Flow(), set()
    at = (now.year, now.month, now.day, now.hour, now.minute, now.second)
    with zipfile.ZipFile(flow, "w") as archive:  # type: ignore[call-overload]  # writes and flushes alone
        for digest, file in files.items():
            content = _content(home / file, digest)
            if content is not None:
                archive.writestr(zipfile.ZipInfo(f"{FOLDER}/{digest}", at), content)
                beside.add(digest)
                yield flow.taken()
        about = zipfile.ZipInfo(LINES, at)
        about.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(about, "w", force_zip64=True) as told:
            written = 0
            for line in lines(keys, now=now, beside=beside):
                written += told.write(line)
                if written > CHUNK:
                    yield flow.taken()
                    written = 0
    yield flow.taken()


def _content(path: Path, digest: str) -> bytes | None:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == digest else None
