"""Follows everything that happens on Bluesky, and keeps what names an account under study."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode

from libipld import decode_dag_cbor_multi

from vigie.collect.bluesky_events import COLLECTIONS, FRAMES, LINES, as_frames
from vigie.collect.bluesky_posts import NETWORK
from vigie.collect.connector import Payload
from vigie.errors import GarbledError, NetworkError
from vigie.http import Http, Request
from vigie.words import _

MOST_KEPT = 1_000
MOST_SEEN = 20_000
LONGEST = timedelta(seconds=5)
"""After so many messages, or so long, a batch is handed on with its cursor."""
STREAM = "follow"
PLC = b"did:plc:"
LETTERS = 24
"""Of an identifier after ``did:plc:``."""
_FAILED = b"\xa1bop "
"""How a message begins that says what went wrong: ``{"op": -1}``."""
_INFO = b"#info"
"""What stands at the beginning of a message about the stream itself."""


@dataclass(kw_only=True)
class Batch:
    """Messages that name an account under study, and how far the stream was read."""

    url: str
    is_lines: bool
    wanted: frozenset[bytes]
    """The letters of identifiers that begin with ``did:plc:``."""
    others: frozenset[bytes]
    """Other identifiers whole: they have no fixed length, and there are few."""
    began: datetime
    cursor: str | None = None
    """Where it begins."""
    kept: list[bytes] = field(default_factory=list)
    seen: int = 0
    last: bytes = b""

    def add(self, message: bytes) -> None:
        """Keep a message that concerns somebody; whoever is named is named in it as text."""
        self.seen += 1
        self.last = message
        if self._is_wanted(message):
            self.kept.append(message)

    def _is_wanted(self, message: bytes) -> bool:
        if not (self.wanted or self.others) or _INFO in message[:20]:
            return True
        # Splitting is ten times as quick as an expression, and most messages concern nobody.
        for part in message.split(PLC)[1:]:
            if part[:LETTERS] in self.wanted:
                return True
        return any(one in message for one in self.others)

    def is_full(self, now: datetime) -> bool:
        """Return whether it is time to hand the batch on."""
        is_large = len(self.kept) >= MOST_KEPT or self.seen >= MOST_SEEN
        return is_large or now - self.began >= LONGEST

    def payload(self, now: datetime) -> Payload:
        """Return the batch; ``page`` is the cursor after it."""
        body = b"\n".join(self.kept) if self.is_lines else as_frames(self.kept)
        return Payload(
            connector=NETWORK,
            network=NETWORK,
            stream=STREAM,
            subject=NETWORK,
            url=self.url,
            status=200,
            received_at=now,
            body=body,
            headers={"content-type": LINES if self.is_lines else FRAMES},
            page=cursor_after(self.last, is_lines=self.is_lines) or self.cursor,
        )


def follow(
    http: Http, address: str, *, cursor: str | None, accounts: Collection[str]
) -> Iterator[Payload]:
    """Yield batches of messages; without accounts, of all messages."""
    is_lines = address.rstrip("/").endswith("/subscribe")
    url = address_of(address, cursor=cursor, is_lines=is_lines)

    def after(cursor: str | None) -> Batch:
        return batch_for(accounts, url=url, is_lines=is_lines, began=http.clock(), cursor=cursor)

    batch = after(cursor)
    try:
        for message in http.follow(Request(url=url)):
            batch.add(_checked(message))
            if batch.is_full(now := http.clock()):
                yield (full := batch.payload(now))
                batch = after(full.page)
    except NetworkError:
        # However the stream ends, what was read is handed on with its cursor.
        if batch.seen:
            yield batch.payload(http.clock())
        raise
    if batch.seen:
        yield batch.payload(http.clock())


def batch_for(
    accounts: Collection[str],
    *,
    url: str,
    is_lines: bool,
    began: datetime,
    cursor: str | None = None,
) -> Batch:
    """Return an empty batch for messages that name these accounts."""
    known = {one.encode() for one in accounts}
    short = {one for one in known if one.startswith(PLC)}
    return Batch(
        url=url,
        is_lines=is_lines,
        wanted=frozenset(one.removeprefix(PLC) for one in short),
        others=frozenset(known - short),
        began=began,
        cursor=cursor,
    )


def address_of(address: str, *, cursor: str | None, is_lines: bool) -> str:
    """Return what is opened: Jetstream is told which collections are wanted."""
    wanted = [("wantedCollections", name) for name in sorted(COLLECTIONS)] if is_lines else []
    query = urlencode([*wanted, *([("cursor", cursor)] if cursor else [])])
    return f"{address}?{query}" if query else address


def cursor_after(message: bytes, *, is_lines: bool) -> str | None:
    """Return the cursor that a message carries: a number, or a moment in microseconds."""
    try:
        if is_lines:
            return str(json.loads(message)["time_us"])
        _header, body = decode_dag_cbor_multi(message)
        return str(body["seq"])
    except (ValueError, TypeError, KeyError):
        return None


def _checked(message: bytes | str) -> bytes:
    """Return a message as bytes; raise what the server says went wrong."""
    found = message.encode() if isinstance(message, str) else message
    if found.startswith(_FAILED):
        _header, body = decode_dag_cbor_multi(found)
        raise GarbledError(
            _(
                "Bluesky ended the stream ({said}). It is followed again from where it was left.",
                said=str(body.get("message") or body.get("error")),
            )
        )
    return found
