"""Files of conversations that Vigie wrote, opened again: whole, or refused in words.

Lines of JSON: one that says how many conversations follow, one for each of them, and one with the
digest of all before it. By themselves, or in a ZIP beside the files that came with messages.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from vigie.collect.source import Source, refuse_explosion
from vigie.errors import FileError
from vigie.words import _

FORMAT, ONE, END = "vigie-conversations", "vigie-conversation", "vigie-conversations-end"
"""How the first line names the file, each further one a conversation, and the last one the end."""
VERSION = 3
"""1 had no last line, and files by their names alone; 2 did not say who had it, nor its history."""
LINES = "conversations.jsonl"
"""What holds the lines in a ZIP."""
LONGEST_LINE = 64 << 20


@dataclass(frozen=True, kw_only=True)
class Own:
    """A file that Vigie wrote, and what its first line says."""

    path: Path
    is_zip: bool
    version: int
    conversations: int

    @contextmanager
    def opened(self) -> Iterator[IO[bytes]]:
        """Open the lines."""
        with Source(path=self.path, entry=LINES if self.is_zip else None).opened() as file:
            yield file


def own_of(path: Path) -> Own | None:
    """Return a file that Vigie wrote as its first line says; none: it is no file of ours."""
    if not path.is_file():
        return None
    is_zip = zipfile.is_zipfile(path)
    if is_zip and not _holds_lines(path):
        return None
    with Source(path=path, entry=LINES if is_zip else None).opened() as file:
        found = as_json(file.readline(1_000))
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return None
    version, count = found.get("version"), found.get("conversations")
    if not isinstance(version, int) or not isinstance(count, int):
        return None
    return Own(path=path, is_zip=is_zip, version=version, conversations=count)


def _holds_lines(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return LINES in archive.NameToInfo
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def require_known(own: Own) -> None:
    """Refuse a file whose form is not known here yet."""
    if own.version > VERSION:
        raise FileError(
            _(
                "{file} was written by a later version of Vigie. Bring this one up to date first.",
                file=own.path.name,
            )
        )


def conversations(own: Own) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield every conversation with the number of its line; a file that is not whole is refused.

    Once all are yielded, the file is as it was written.
    """
    count, is_ended, told = 0, False, hashlib.sha256()
    for number, line in enumerate(_lines(own), 1):
        if number > 1:
            found = as_json(line)
            form = found.get("format") if isinstance(found, dict) else None
            if is_ended or form not in (ONE, END):
                raise _no_conversation(own, number)
            is_ended = form == END
            if is_ended and found.get("sha256") != told.hexdigest():
                raise _changed(own)
            if form == ONE:
                count += 1
                yield number, found
        told.update(line)
    if count != own.conversations or (own.version > 1 and not is_ended):
        raise _cut_short(own, count)


def _lines(own: Own) -> Iterator[bytes]:
    packed = Source(path=own.path, entry=LINES).packed if own.is_zip else None
    unpacked = 0
    with own.opened() as file:
        while line := file.readline(LONGEST_LINE):
            unpacked += len(line)
            if packed is not None:
                refuse_explosion(own.path, unpacked, packed)
            yield line


def as_json(line: bytes) -> Any:
    """Return what a line says; none: it says nothing."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _no_conversation(own: Own, number: int) -> FileError:
    return FileError(
        _(
            "Line {number} of {file} is no conversation: the file was cut short or "
            "changed. Export it again.",
            number=number,
            file=own.path.name,
        )
    )


def _changed(own: Own) -> FileError:
    return FileError(
        _(
            "{file} is not as Vigie wrote it: a line was changed, left out or put elsewhere. Give "
            "it as it was written, or export it again.",
            file=own.path.name,
        )
    )


def _cut_short(own: Own, count: int) -> FileError:
    return FileError(
        _(
            "{file} says that it holds {said} conversations and holds {found}: it was cut "
            "short. Export it again.",
            file=own.path.name,
            said=own.conversations,
            found=count,
        )
    )


def parts(found: Mapping[str, Any], *, but: set[str], most: int) -> Iterator[bytes]:
    """Yield payloads of a conversation, without messages that are there already."""
    said = [one for one in said_in(found) if one.get("key") not in but]
    # What was noted and how it came there stands where the rest of the conversation is.
    whole = {**found, "notes": [], "passages": [], "satisfaction": None} if but else found
    for start in range(0, len(said), most):
        part = {**whole, "messages": said[start : start + most]}
        yield json.dumps(part, ensure_ascii=False).encode("utf-8", "surrogatepass")


def said_in(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what was said in a conversation, as it is written there."""
    messages = found.get("messages")
    return [one for one in messages if isinstance(one, dict)] if isinstance(messages, list) else []


def files_in(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the files that a conversation says are beside it."""
    for one in said_in(found):
        files = one.get("files")
        for file in files if isinstance(files, list) else []:
            if isinstance(file, dict) and file.get("is_here") is True:
                yield file


def named(file: Mapping[str, Any]) -> str:
    """Return what people called a file."""
    return str(file.get("name") or "file")[:200]
