"""Downloads of messages as files: found in a ZIP or a folder, checked, put into a box."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from vigie.collect.source import Source
from vigie.errors import FileError, InboxError, UnsafeFileError
from vigie.inbox.archive_reading import in_parts, letters, looks_like_one, read_thread
from vigie.inbox.forgetting import Mark
from vigie.inbox.intake import put
from vigie.inbox.models import Box
from vigie.inbox.own_archives import ONE, own_of
from vigie.inbox.own_taking import MOST_MESSAGES, Taken, take_own
from vigie.store.room import writing
from vigie.words import _

MOST_BYTES = 64 << 20
"""Of one file of conversations; Meta begins another one after ten thousand messages."""
MOST_FILES = 100_000
CHANNEL = "archive"
PACKED = b"PK\x03\x04"
"""How a ZIP begins, though its end may be missing."""
_MESSAGES = re.compile(r"(?:^|/)messages/(?:.+/)?[^/]+\.json$", re.IGNORECASE)
_PAGES = re.compile(r"(?:^|/)messages/(?:.+/)?message_\d+\.html$", re.IGNORECASE)
_ASIDE = re.compile(r"(?:^|/)(?:\.|__MACOSX/)")


def take(path: Path, box: Box, *, home: Path, mark: Mark, now: datetime) -> Taken:
    """Put every conversation of a download into a box, each safe on the disk before the next.

    All of it is looked at first: a file that is no download changes nothing. What was put before
    is known, so that it may be given again after a stop or a full disk.
    """
    if box.channel != CHANNEL:
        raise InboxError(
            _(
                "The box {box} takes no downloads. Connect one that does: vigie inbox connect "
                "archive.",
                box=box.name,
            )
        )
    own = own_of(path)
    if own is not None:
        return take_own(own, box, home=home, mark=mark, now=now)
    _check(path, box)
    names: set[str] = set()
    payloads = 0
    for found in _conversations(path):
        for body in in_parts(found, most=MOST_MESSAGES):
            with writing(home):
                put(box, body, home=home, now=now)
            names.add(str(found.get("thread_path") or found.get("threadName") or len(names)))
            payloads += 1
    return Taken(conversations=len(names), payloads=payloads)


def _check(path: Path, box: Box) -> None:
    """Refuse a file that holds no conversation, or none in which the institution writes."""
    own = letters(str(box.options.get("own_name", ""))).casefold()
    writers: dict[str, None] = {}
    count = 0
    for found in _conversations(path):
        count += 1
        writers |= dict.fromkeys(_writers(found))
    if not count:
        raise _none(path)
    if own not in {name.casefold() for name in writers}:
        raise FileError(
            _(
                "{name} writes in none of the conversations of {file}. Those who do are: "
                "{writers}. Correct the name of the box {box}.",
                name=box.options.get("own_name", ""),
                file=path.name,
                writers=", ".join(list(writers)[:8]),
                box=box.name,
            )
        )


def _writers(found: dict[str, Any]) -> Iterator[str]:
    thread = read_thread(json.dumps(found).encode())
    yield from thread.people
    yield from (line.writer for line in thread.lines)


def _none(path: Path) -> FileError:
    if _are_pages(path):
        return FileError(
            _(
                "{file} holds the messages as web pages. Ask for the download again and choose "
                "the format JSON instead of HTML.",
                file=path.name,
            )
        )
    return FileError(
        _(
            "{file} holds no conversations of Messenger or Instagram. Ask for a download of your "
            "messages in the format JSON, and give the ZIP file as it came.",
            file=path.name,
        )
    )


def _are_pages(path: Path) -> bool:
    if path.is_dir():
        return any(_PAGES.search(str(one)) for one in path.rglob("*.html"))
    return zipfile.is_zipfile(path) and any(_PAGES.search(name) for name in _names(path))


def _conversations(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every file of a download that holds a conversation."""
    for source in _sources(path):
        found = _read(source)
        if isinstance(found, dict) and looks_like_one(found) and found.get("format") != ONE:
            yield found


def _sources(path: Path) -> Iterator[Source]:
    if not path.exists():
        raise FileError(_("There is no file {file}. Check its name.", file=str(path)))
    if path.is_dir():
        yield from _in_folder(path)
    elif zipfile.is_zipfile(path):
        for name in sorted(_names(path)):
            if _MESSAGES.search(name) and not _ASIDE.search(name):
                yield Source(path=path, entry=name)
    elif Source(path=path).head(len(PACKED)) == PACKED:
        raise _cut_short(path)
    else:
        yield Source(path=path)


def _in_folder(path: Path) -> Iterator[Source]:
    """Yield the files below a folder; a link that leads out of it is refused."""
    root = path.resolve()
    for one in sorted(path.rglob("*.json")):
        if not one.resolve().is_relative_to(root):
            raise _tricky(path, str(one.relative_to(path)))
        if one.is_file():
            yield Source(path=one)


def _names(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _cut_short(path) from error
    if len(names) > MOST_FILES:
        raise UnsafeFileError(
            _("{file} holds more than {most} files and was not opened. Ask for messages only.",
              file=path.name, most=MOST_FILES)
        )  # fmt: skip
    for name in names:
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name):
            raise _tricky(path, name)
    return names


def _cut_short(path: Path) -> FileError:
    return FileError(_("{file} is cut short or damaged. Download it again.", file=path.name))


def _tricky(path: Path, name: str) -> UnsafeFileError:
    return UnsafeFileError(
        _(
            "{file} holds {name}, which leads out of it: it may be built to harm, and was not "
            "opened. Download it again from the network itself.",
            file=path.name,
            name=name,
        )
    )


def _read(source: Source) -> object:
    """Return the JSON of a file; one that unpacks to too much is refused before it is held."""
    parts, size = [], 0
    for piece in source.chunks():
        size += len(piece)
        if size > MOST_BYTES:
            raise UnsafeFileError(
                _(
                    "{name} in {file} is larger than {most} MB, which no download has, and was "
                    "not opened: it may be built to harm.",
                    name=source.entry or source.path.name,
                    file=source.path.name,
                    most=MOST_BYTES >> 20,
                )
            )
        parts.append(piece)
    try:
        return json.loads(b"".join(parts))
    except (ValueError, RecursionError) as error:
        raise FileError(
            _(
                "{name} in {file} is cut short or is not JSON. Ask for the download again.",
                name=source.entry or source.path.name,
                file=source.path.name,
            )
        ) from error
