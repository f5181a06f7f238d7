"""Files of conversations that Vigie wrote, read again: whole, or refused in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vigie.collect.nested import Item
from vigie.errors import FileError, RowError
from vigie.inbox.channel import Author, Incoming, PublicPost, Received, Unread
from vigie.inbox.words import KIND_WORDS
from vigie.words import _

FORMAT, ONE = "vigie-conversations", "vigie-conversation"
"""How the first line names the file, and each further one a conversation."""
VERSION = 1
LONGEST_LINE = 64 << 20


@dataclass(frozen=True, kw_only=True)
class Head:
    """The first line of a file."""

    version: int
    conversations: int


def head_of(path: Path) -> Head | None:
    """Return what the first line says; none: this is no file of ours."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        found = _as_json(file.readline(1_000))
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        return None
    version, count = found.get("version"), found.get("conversations")
    if not isinstance(version, int) or not isinstance(count, int):
        return None
    return Head(version=version, conversations=count)


def check(path: Path, head: Head) -> None:
    """Refuse a file that is not whole: it holds as many conversations as it says."""
    if head.version > VERSION:
        raise FileError(
            _(
                "{file} was written by a later version of Vigie. Bring this one up to date first.",
                file=path.name,
            )
        )
    count = sum(1 for _one in conversations(path))
    if count != head.conversations:
        raise FileError(
            _(
                "{file} says that it holds {said} conversations and holds {found}: it was cut "
                "short. Export it again.",
                file=path.name,
                said=head.conversations,
                found=count,
            )
        )


def conversations(path: Path) -> Iterator[dict[str, Any]]:
    """Yield every conversation of a file; raise ``FileError`` for a line that is none."""
    with path.open("rb") as file:
        file.readline(LONGEST_LINE)
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 2):
            found = _as_json(line)
            if not isinstance(found, dict) or found.get("format") != ONE:
                raise FileError(
                    _(
                        "Line {number} of {file} is no conversation: the file was cut short or "
                        "changed. Export it again.",
                        number=number,
                        file=path.name,
                    )
                )
            yield found


def _as_json(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def keys_of(found: Mapping[str, Any]) -> list[str]:
    """Return the keys of what was said in a conversation."""
    return [
        key for one in Item(found).at("messages") if isinstance(key := one.at("key").value, str)
    ]


def parts(found: Mapping[str, Any], *, but: set[str], most: int) -> Iterator[bytes]:
    """Yield payloads of a conversation, without messages that are there already."""
    said = [one.value for one in Item(found).at("messages") if one.at("key").value not in but]
    for start in range(0, len(said), most):
        part = {**found, "messages": said[start : start + most]}
        yield json.dumps(part, ensure_ascii=False).encode("utf-8", "surrogatepass")


def read(body: bytes) -> Received | None:
    """Read a payload that is a conversation of ours; none: it is something else."""
    found = _as_json(body)
    if not isinstance(found, dict) or found.get("format") != ONE:
        return None
    item = Item(found)
    messages: list[Incoming] = []
    unread: list[Unread] = []
    for position, one in enumerate(item.at("messages"), 1):
        try:
            messages.append(_message(one, item))
        except RowError as error:
            unread.append(Unread(reason=error.words, position=position))
    return Received(messages=tuple(messages), unread=tuple(unread))


def _message(one: Item, whole: Item) -> Incoming:
    author = one.at("author")
    named = Author(
        network=_needed(author, "network")[:16],
        address=_needed(author, "address")[:320],
        shown=_text(author, "shown"),
        name=_text(author, "name"),
    )
    return Incoming(
        key=_needed(one, "key")[:512],
        thread=_needed(whole, "thread")[:512],
        kind=_among(_text(whole, "kind"), tuple(KIND_WORDS), "direct"),
        is_public=whole.at("is_public").value is True,
        author=named,
        words=_said(one, named.name),
        said_at=one.when("said_at"),
        answers_to=_text(one, "answers_to"),
        subject=_text(whole, "subject"),
        url=_text(one, "url"),
        language=_text(whole, "language")[:8],
        post=_post(whole.at("post")),
        is_ours=_text(one, "direction") == "out",
        is_automatic=one.at("is_automatic").value is True,
        is_past=True,
        service=_text(whole, "service"),
    )


def _said(one: Item, name: str) -> str:
    """Return what was said, and a line for each file that came with it: files do not travel."""
    words = _text(one, "words")
    files = [file.value for file in one.at("files") if isinstance(file.value, str)]
    missing = [f"[{file}]" for file in files if f"[{file}]" not in words]
    return "\n".join([*([words] if words else []), *missing])


def _post(found: Item) -> PublicPost | None:
    if not isinstance(found.value, dict):
        return None
    return PublicPost(
        network=_text(found, "network"), post=_text(found, "post"), url=_text(found, "url"),
        words=_text(found, "words"),
    )  # fmt: skip


def _text(item: Item, name: str) -> str:
    value = item.at(name).value
    # No database keeps a NUL in a text.
    return value.replace("\x00", "") if isinstance(value, str) else ""


def _needed(item: Item, name: str) -> str:
    value = _text(item, name)
    if not value:
        raise RowError(_("{where} is missing.", where=name), column=name)
    return value


def _among(value: str, known: Sequence[str], otherwise: str) -> str:
    return value if value in known else otherwise
