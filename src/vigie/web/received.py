"""Files people sent: kept in a folder each, with what is known of them beside."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from vigie.errors import FileError
from vigie.words import LANGUAGES, Words, _, say

NAME = re.compile(r"[0-9a-f]{16}")
LONGEST_NAME = 120

Saying = Mapping[str, str]
"""One sentence in every language of the site: kept on disk, so already said."""

WAITING, IMPORTING, MEASURING, DONE, FAILED = "waiting", "importing", "measuring", "done", "failed"
SILENCE = 60
"""Seconds without a sign of life after which an import is thought dead."""


@dataclass(frozen=True, kw_only=True)
class Received:
    """A file someone sent, and how far its import is."""

    name: str
    file: str
    size: int
    by: str
    at: str
    state: str = WAITING
    account: str | None = None
    year: int | None = None
    rows: int = 0
    total: int | None = None
    seconds: float = 0.0
    left: float | None = None
    heard_at: str | None = None
    """The last sign of life of the import."""
    result: Mapping[str, object] = field(default_factory=dict)
    remarks: Sequence[Saying] = ()
    mistake: Saying | None = None

    @property
    def is_working(self) -> bool:
        """Whether the import goes on."""
        return self.state in (IMPORTING, MEASURING)

    def is_silent(self, now: datetime) -> bool:
        """Whether an import that should go on has given no sign of life for a while."""
        if not self.is_working or self.heard_at is None:
            return False
        return (now - datetime.fromisoformat(self.heard_at)).total_seconds() > SILENCE


class Shelf:
    """The folder of the files received."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "received"

    def keep(self, sent: UploadedFile[bytes], *, by: str, now: datetime) -> Received:
        """Keep a file that was just sent."""
        received = Received(
            name=secrets.token_hex(8),
            file=_safe(sent.name or ""),
            size=int(sent.size or 0),
            by=by,
            at=now.astimezone(UTC).isoformat(timespec="seconds"),
        )
        place = self.folder / received.name
        place.mkdir(parents=True, mode=0o700)
        with (place / received.file).open("xb") as file:
            for piece in sent.chunks(1024 * 1024):
                file.write(piece)
        self.note(received)
        return received

    def find(self, name: str) -> Received:
        """Return what is known of a file; ``FileError`` when there is none by that name."""
        note = self.folder / name / "state.json"
        if not NAME.fullmatch(name) or not note.exists():
            raise FileError(
                _("This file is no longer here. Send it again: nothing will be doubled.")
            )
        known = {one.name for one in fields(Received)}
        found = json.loads(note.read_text(encoding="utf-8"))
        return Received(**{key: value for key, value in found.items() if key in known})

    def note(self, received: Received) -> Received:
        """Write down how far a file is, whole or not at all."""
        place = self.folder / received.name
        written = place / f"state.{os.getpid()}.{secrets.token_hex(4)}"
        written.write_text(json.dumps(asdict(received), ensure_ascii=False), encoding="utf-8")
        written.replace(place / "state.json")
        return received

    def change(self, received: Received, **changes: object) -> Received:
        """Write down a change and a sign of life."""
        heard = datetime.now(UTC).isoformat()
        return self.note(replace(received, heard_at=heard, **changes))  # type: ignore[arg-type]  # named by the caller

    def path(self, received: Received) -> Path:
        """Return where the file itself is."""
        return self.folder / received.name / received.file

    def drop(self, received: Received) -> None:
        """Throw a file away with what is known of it."""
        shutil.rmtree(self.folder / received.name)

    def waiting(self) -> list[Received]:
        """Return the files not yet imported, the newest first."""
        if not self.folder.is_dir():
            return []
        names = [place.name for place in self.folder.iterdir() if (place / "state.json").exists()]
        found = [self.find(name) for name in names if NAME.fullmatch(name)]
        return sorted((one for one in found if one.state != DONE), key=lambda one: one.at)[::-1]


def saying(words: Words) -> Saying:
    """Say a sentence in every language, to be kept."""
    return {language: say(words, language) for language in LANGUAGES}


def _safe(name: str) -> str:
    """Return the name a file was sent under, fit to be kept under."""
    last = re.split(r"[/\\]", name)[-1]
    bare = "".join(sign for sign in last if sign.isprintable()).strip(". ")
    stem, dot, ending = bare.rpartition(".")
    bare = f"{stem[: LONGEST_NAME - 10]}{dot}{ending[:9]}" if dot else bare[:LONGEST_NAME]
    while len(bare.encode()) > 2 * LONGEST_NAME:
        bare = bare[1:]
    return bare if bare and bare != "state.json" else "file"
