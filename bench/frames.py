"""Makes messages of Bluesky's firehose as a server writes them: DAG-CBOR, commits with blocks.

A commit holds its record, the nodes of the tree on the way to it, and the signed root.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
SENTENCES = (
    "The library opens at eight and closes at ten during the examinations.",
    "Enrolment for the autumn term is open until the end of the month, come and meet us.",
    "Notre équipe a remporté le prix national pour ses travaux sur les batteries, bravo !",
    "Open day on Saturday: visit the campus, talk to students, see the laboratories at work.",
)
PASS = "aa"
"""Two letters in every name of a record: other ones make other posts of the same messages."""
DELETED, LIKED, OWN, REPLIED = 0.02, 0.07, 0.55, 0.90
"""Shares of what happens, added up; the rest mentions an account."""


@dataclass(frozen=True)
class Link:
    """A link to a block, by its digest."""

    content: bytes


def encoded(value: object) -> bytes:
    """Write a value as DAG-CBOR: keys by length, then by letters."""
    if isinstance(value, Link):
        return b"\xd8\x2a" + _head(2, len(value.content) + 1) + b"\0" + value.content
    if isinstance(value, bool) or value is None:
        return {True: b"\xf5", False: b"\xf4", None: b"\xf6"}[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, (list, tuple)):
        return _head(4, len(value)) + b"".join(map(encoded, value))
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: (len(name), name))
        pairs = b"".join(encoded(name) + encoded(value[name]) for name in names)
        return _head(5, len(value)) + pairs
    raise TypeError(type(value))


def _head(kind: int, size: int) -> bytes:
    for limit, mark, width in ((24, None, 0), (256, 24, 1), (1 << 16, 25, 2), (1 << 32, 26, 4)):
        if size < limit:
            first = kind << 5 | (size if mark is None else mark)
            return bytes([first]) + (size.to_bytes(width) if width else b"")
    return bytes([kind << 5 | 27]) + size.to_bytes(8)


def linked(block: bytes) -> Link:
    """Return the link to a block."""
    return Link(b"\x01\x71\x12\x20" + hashlib.sha256(block).digest())


def car(root: Link, blocks: list[bytes]) -> bytes:
    """Write blocks as an archive."""
    header = encoded({"version": 1, "roots": [root]})
    parts = [_length(len(header)) + header]
    for block in blocks:
        whole = linked(block).content + block
        parts.append(_length(len(whole)) + whole)
    return b"".join(parts)


def _length(size: int) -> bytes:
    written = b""
    while size >= 0x80:
        written += bytes([size & 0x7F | 0x80])
        size >>= 7
    return written + bytes([size])


def did(chance: random.Random) -> str:
    """Return an identifier of somebody."""
    return "did:plc:" + "".join(chance.choices(LETTERS, k=24))


def frames(count: int, accounts: list[str], *, seed: int = 1) -> Iterator[bytes]:
    """Yield messages that all concern one of these accounts, but for the likes among them."""
    chance = random.Random(seed)
    start = datetime(2026, 11, 1, tzinfo=UTC)
    for place in range(count):
        when = f"{start + timedelta(seconds=place):%Y-%m-%dT%H:%M:%S.000Z}"
        account, stranger = chance.choice(accounts), did(chance)
        drawn = chance.random()
        repo = account if drawn < DELETED or LIKED <= drawn < OWN else stranger
        kind = "like" if DELETED <= drawn < LIKED else "post"
        path = f"app.bsky.feed.{kind}/3k{PASS}{place:09d}"
        record = _record(drawn, account, when, chance)
        yield _commit(place, repo, path, record, when, chance)


def _record(drawn: float, account: str, when: str, chance: random.Random) -> Any:
    if drawn < DELETED:
        return None
    post = {"uri": f"at://{account}/app.bsky.feed.post/3kold{chance.randrange(10**8):08d}"}
    reference = {**post, "cid": "bafyrei" + "".join(chance.choices(LETTERS, k=52))}
    if drawn < LIKED:
        return {"$type": "app.bsky.feed.like", "subject": reference, "createdAt": when}
    text = f"{chance.choice(SENTENCES)} {chance.randrange(10**6)}"
    record: dict[str, Any] = {
        "$type": "app.bsky.feed.post", "text": text, "langs": ["en"], "createdAt": when,
    }  # fmt: skip
    if OWN <= drawn < REPLIED:
        record["reply"] = {"root": reference, "parent": reference}
    elif drawn >= REPLIED:
        feature = {"$type": "app.bsky.richtext.facet#mention", "did": account}
        index = {"byteStart": 0, "byteEnd": 8}
        record["facets"] = [{"index": index, "features": [feature]}]
    return record


def _commit(
    place: int, repo: str, path: str, record: Any, when: str, chance: random.Random
) -> bytes:
    written = encoded(record)
    nodes = [_node(chance) for _depth in range(3)]
    root = {"did": repo, "version": 3, "data": linked(nodes[0]), "rev": f"3k{place:011d}",
            "prev": None, "sig": chance.randbytes(64)}  # fmt: skip
    top = encoded(root)
    blocks = [top, *nodes, *([written] if record is not None else [])]
    action = "create" if record is not None else "delete"
    op = {"action": action, "path": path, "cid": linked(written) if record is not None else None}
    body = {"seq": 1_000_000_000 + place, "repo": repo, "time": when, "ops": [op], "blobs": [],
            "rev": root["rev"], "since": None, "rebase": False, "tooBig": False,
            "commit": linked(top), "blocks": car(linked(top), blocks)}  # fmt: skip
    return encoded({"t": "#commit", "op": 1}) + encoded(body)


def _node(chance: random.Random) -> bytes:
    """Return a node of the tree, with four entries."""
    entries = [
        {"k": f"{chance.randrange(10**8):08d}".encode(), "p": 12 if entry else 0,
         "v": linked(chance.randbytes(8)), "t": linked(chance.randbytes(8))}
        for entry in range(4)
    ]  # fmt: skip
    return encoded({"l": None, "e": entries})
