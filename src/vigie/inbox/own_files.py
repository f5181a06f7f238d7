"""Files beside conversations that Vigie wrote: looked at before any is taken, then put in place.

One at a time is held, and none is larger than one that comes with a message may be.
"""

from __future__ import annotations

import hashlib
import re
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vigie.errors import FileError, UnsafeFileError
from vigie.inbox.channel import Enclosed
from vigie.inbox.enclosures import MOST_BYTES, keep, refusal, type_of
from vigie.inbox.own_archives import LINES, Own, conversations, files_in, named
from vigie.words import LANGUAGES, Words, _, say

FOLDER = "files"
MOST_FILES = 500_000
_PLACE = re.compile(rf"{FOLDER}/[0-9a-f]{{64}}")
Looked = tuple[str, Words | None]
"""What a file is, and why it is not kept; none: it is."""
Place = tuple[int, str, str]
"""The line that names a file first, what people called it, and what it was said to be."""


@dataclass(frozen=True, kw_only=True)
class Beside:
    """The files of an archive, as looking at each has shown them."""

    path: Path
    looked: Mapping[str, Looked] = field(default_factory=dict)
    """By digest."""

    def told(self, found: Mapping[str, Any]) -> dict[str, Any]:
        """Return a conversation that says of its files what they are here."""
        for file in files_in(found):
            media_type, refused = self.looked[file["digest"]]
            file["media_type"] = media_type
            if refused is not None:
                said = {language: say(refused, language) for language in LANGUAGES}
                file.update(is_here=False, refused=said)
        return dict(found)

    def put(
        self, files: Iterable[Mapping[str, Any]], archive: zipfile.ZipFile, *, home: Path
    ) -> None:
        """Put files in their place, where they are kept once however often they are named."""
        for file in files:
            content = _content(archive, file["digest"])
            keep(Enclosed(name="", content=content, media_type=file["media_type"]), home=home)


def beside(own: Own) -> Beside:
    """Look at every conversation and every file of an archive; refuse one that is not whole."""
    places: dict[str, Place] = {}
    sizes = _sizes(own.path) if own.is_zip else {}
    for number, found in conversations(own):
        for file in files_in(found):
            digest = file.get("digest")
            size = sizes.get(digest) if isinstance(digest, str) else None
            if not isinstance(digest, str) or size is None or size != file.get("size"):
                raise _missing(own, number, file)
            # No more of it than is said of it: half a million of them are held at once.
            kind = sys.intern(str(file.get("media_type", "")))
            places.setdefault(digest, (number, named(file), kind))
    return Beside(path=own.path, looked=_looked(own, places) if places else {})


def _looked(own: Own, places: Mapping[str, Place]) -> dict[str, Looked]:
    looked: dict[str, Looked] = {}
    with unpacked(own.path) as archive:
        for digest, (number, name, called) in places.items():
            content = _content(archive, digest)
            if hashlib.sha256(content).hexdigest() != digest:
                raise _altered(own, number, name)
            kind = type_of(content, called=called)
            looked[digest] = kind, refusal(len(content), kind)
    return looked


def _content(archive: zipfile.ZipFile, digest: str) -> bytes:
    with archive.open(f"{FOLDER}/{digest}") as packed:
        return packed.read(MOST_BYTES + 1)


@contextmanager
def unpacked(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP of ours; one that is damaged, or locked, is said to be."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise FileError(
            _(
                "{file} is damaged, or locked with a password. Give the file as it was written, or "
                "export it again.",
                file=path.name,
            )
        ) from error


def _sizes(path: Path) -> dict[str, int]:
    """Return the files of a ZIP by their digest; anything that Vigie never writes is refused."""
    with unpacked(path) as archive:
        members = archive.infolist()
    if len(members) > MOST_FILES:
        raise UnsafeFileError(
            _("{file} holds more than {most} files and was not opened. Export one service at a "
              "time.", file=path.name, most=MOST_FILES)
        )  # fmt: skip
    sizes: dict[str, int] = {}
    has_lines = False
    for one in members:
        digest = one.filename.rpartition("/")[2]
        if one.filename == LINES and not has_lines:
            has_lines = True
        elif not _PLACE.fullmatch(one.filename) or digest in sizes or one.file_size > MOST_BYTES:
            raise UnsafeFileError(
                _(
                    "{file} holds “{name}”, which Vigie never writes: it may be built to harm, and "
                    "nothing was taken in. Give the file as it was written, or export it again.",
                    file=path.name,
                    name=one.filename[:200],
                )
            )
        else:
            sizes[digest] = one.file_size
    return sizes


def _missing(own: Own, number: int, file: Mapping[str, Any]) -> FileError:
    if not own.is_zip:
        return FileError(
            _(
                "Line {number} of {file} names “{name}”, which came in the same ZIP. Give the ZIP "
                "file as it was written.",
                number=number,
                file=own.path.name,
                name=named(file),
            )
        )
    return FileError(
        _(
            "Line {number} of {file} names “{name}”, which is not in it as it was: the file was "
            "changed. Give it as it was written, or export it again.",
            number=number,
            file=own.path.name,
            name=named(file),
        )
    )


def _altered(own: Own, number: int, name: str) -> FileError:
    return FileError(
        _(
            "“{name}”, which line {number} of {file} names, is not what was written: it was "
            "damaged or changed. Give the file as it was written, or export it again.",
            name=name,
            number=number,
            file=own.path.name,
        )
    )
