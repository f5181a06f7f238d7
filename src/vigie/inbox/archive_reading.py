"""Conversations as Messenger and Instagram hand them out: who wrote what, with letters repaired.

The downloads give no identifiers of messages or people. A message is known by its conversation,
its moment, its writer and its words; a person by the conversation with them.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from vigie.collect.cells import repaired
from vigie.collect.nested import Item
from vigie.errors import GarbledError, RowError
from vigie.words import _

FILES = ("photos", "videos", "audio_files", "files", "gifs", "media")
"""What may come with a message, by Meta's names."""
LATEST = 4_102_444_800_000
"""The year 2100, in milliseconds."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One message of a download."""

    key: str
    writer: str
    words: str
    said_at: datetime


@dataclass(frozen=True, kw_only=True)
class Thread:
    """One conversation of a download, or a part of one."""

    name: str
    """What tells it from the others: the end of its folder."""
    people: tuple[str, ...]
    title: str
    lines: tuple[Line, ...]
    unread: tuple[tuple[int, RowError], ...]
    aside: Mapping[str, int]


def looks_like_one(found: object) -> bool:
    """Whether a JSON file holds a conversation."""
    item = Item(found)
    named = item.at("participants").value, item.at("messages").value
    return all(isinstance(one, list) for one in named)


def read_thread(body: bytes) -> Thread:
    """Read a conversation; raise ``GarbledError`` where it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise GarbledError(_("This file is cut short or is not JSON.")) from error
    if not looks_like_one(found):
        raise GarbledError(_("This file holds no conversation of Messenger or Instagram."))
    return _thread(Item(found))


def _thread(found: Item) -> Thread:
    people = tuple(_named(one) for one in found.at("participants"))
    path = found.name("thread_path") or found.name("threadName") or _of_people(people)
    name = PurePosixPath(path).name
    lines: list[Line] = []
    unread: list[tuple[int, RowError]] = []
    aside: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for position, one in enumerate(found.at("messages"), 1):
        try:
            left = _left_aside(one)
            if left:
                aside[left] += 1
            else:
                lines.append(_line(one, name, seen))
        except RowError as error:
            unread.append((position, error))
    return Thread(
        name=name,
        people=tuple(person for person in people if person),
        title=letters(found.at("title").value) or letters(found.at("threadName").value),
        lines=tuple(lines),
        unread=tuple(unread),
        aside=dict(aside),
    )


def _of_people(people: tuple[str, ...]) -> str:
    return "of " + hashlib.sha256("\n".join(sorted(people)).encode()).hexdigest()[:24]


def _named(person: Item) -> str:
    """Return a participant's name: an object, or the name itself in newer downloads."""
    return letters(person.value if isinstance(person.value, str) else person.at("name").value)


def _left_aside(message: Item) -> str:
    """Return why a message is none that says anything."""
    if message.at("is_unsent").value is True or message.at("isUnsent").value is True:
        return "taken back"
    if message.at("call_duration").value is not None:
        return "call"
    return "" if _words(message) else "empty"


def _line(message: Item, thread: str, seen: Counter[str]) -> Line:
    writer = letters(message.at("sender_name").value) or letters(message.at("senderName").value)
    if not writer:
        raise RowError(_("{where} is missing.", where="sender_name"), column="sender_name")
    said_at, words = _moment(message), _words(message)
    plain = f"{thread}\x1f{said_at.timestamp():.3f}\x1f{writer}\x1f{words}"
    seen[plain] += 1
    marked = f"{plain}\x1f{seen[plain]}".encode("utf-8", "surrogatepass")
    return Line(
        key="archive:" + hashlib.sha256(marked).hexdigest(),
        writer=writer,
        words=words,
        said_at=said_at,
    )


def _moment(message: Item) -> datetime:
    value = message.at("timestamp_ms").value or message.at("timestamp").value
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < LATEST:
        raise RowError(
            _("{cell} is not a date that can be read.", cell=str(value)), column="timestamp_ms"
        )
    return datetime.fromtimestamp(value / 1000, UTC)


def _words(message: Item) -> str:
    """Return what was written, and a line for each file that came with it."""
    said = letters(message.at("content").value) or letters(message.at("text").value)
    lines = [said, letters(message.at("share", "link").value)]
    for kind in FILES:
        for file in message.at(kind):
            lines.append(f"[{PurePosixPath(letters(file.at('uri').value)).name or kind}]")
    if message.at("sticker").value:
        lines.append("[sticker]")
    return "\n".join(line for line in lines if line).strip()


def letters(value: object) -> str:
    """Return a text with its letters repaired: every byte of UTF-8 stands as a letter of its own.

    A text that is sound comes back unchanged, as newer downloads write it.
    """
    if not isinstance(value, str):
        return ""
    try:
        text = value.encode("latin-1").decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        text = repaired(value)
    return "".join(sign for sign in text if sign.isprintable() or sign in "\n\t").strip()


def in_parts(found: Mapping[str, Any], *, most: int) -> Iterator[bytes]:
    """Yield a long conversation in parts that are read by themselves.

    The same words by the same person in the same millisecond must not fall apart: what is alike
    is counted within a part.
    """
    messages = list(found["messages"])
    start = 0
    while start < len(messages) or not messages:
        end = min(start + most, len(messages))
        while end < len(messages) and _stamp(messages[end]) == _stamp(messages[end - 1]):
            end += 1
        part = {**found, "messages": messages[start:end]}
        yield json.dumps(part, ensure_ascii=False).encode("utf-8", "surrogatepass")
        if not messages:
            return
        start = end


def _stamp(message: object) -> object:
    item = Item(message)
    return item.at("timestamp_ms").value or item.at("timestamp").value
