"""Downloads of messages as files: found in a ZIP or a folder, checked, put into a box."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from vigie.collect.source import Source
from vigie.errors import FileError, InboxError, UnsafeFileError
from vigie.inbox import own_archives
from vigie.inbox.archive_reading import in_parts, letters, looks_like_one, read_thread
from vigie.inbox.intake import put
from vigie.inbox.models import Box, Message
from vigie.register.models import Service
from vigie.store.room import writing
from vigie.words import _

MOST_BYTES = 64 << 20
"""Of one file of conversations; Meta begins another one after ten thousand messages."""
MOST_FILES = 100_000
MOST_MESSAGES = 2_000
"""In a payload: what is read in one go."""
CHANNEL = "archive"
_MESSAGES = re.compile(r"(?:^|/)messages/(?:.+/)?[^/]+\.json$", re.IGNORECASE)
_PAGES = re.compile(r"(?:^|/)messages/(?:.+/)?message_\d+\.html$", re.IGNORECASE)
_ASIDE = re.compile(r"(?:^|/)(?:\.|__MACOSX/)")


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What was found in a download."""

    conversations: int
    payloads: int
    known: int = 0
    """Conversations of which every word is in another box already."""


def take(path: Path, box: Box, *, home: Path, now: datetime) -> Taken:
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
    head = own_archives.head_of(path)
    if head is not None:
        own_archives.check(path, head)
        _require_confidential(path)
        return _take_own(path, box, home=home, now=now)
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


def _require_confidential(path: Path) -> None:
    """Refuse what only a confidential service may see where there is no such service."""
    told = own_archives.conversations(path)
    wanted = {str(one.get("service")) for one in told if one.get("is_confidential") is True}
    known = set(Service.objects.filter(is_confidential=True).values_list("slug", flat=True))
    if missing := sorted(wanted - known):
        raise FileError(
            _(
                "{file} holds conversations of a confidential service, {service}, and there is "
                "none here: everybody could read them. Add it first, with this address, and say "
                "that it is confidential.",
                file=path.name,
                service=missing[0],
            )
        )


def _take_own(path: Path, box: Box, *, home: Path, now: datetime) -> Taken:
    """Put what Vigie itself wrote into a box, but for messages that another box holds already."""
    count = payloads = known = 0
    for found in own_archives.conversations(path):
        keys = own_archives.keys_of(found)
        there = Message.objects.filter(key__in=keys).exclude(box=box)
        others = set(there.values_list("key", flat=True))
        count += 1
        known += bool(keys) and others >= set(keys)
        for body in own_archives.parts(found, but=others, most=MOST_MESSAGES):
            with writing(home):
                put(box, body, home=home, now=now)
            payloads += 1
    return Taken(conversations=count, payloads=payloads, known=known)


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
        if isinstance(found, dict) and looks_like_one(found):
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
        raise FileError(
            _("{file} is cut short or damaged. Download it again.", file=path.name)
        ) from error
    if len(names) > MOST_FILES:
        raise UnsafeFileError(
            _("{file} holds more than {most} files and was not opened. Ask for messages only.",
              file=path.name, most=MOST_FILES)
        )  # fmt: skip
    for name in names:
        if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name):
            raise _tricky(path, name)
    return names


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
