"""Reads what happens on Bluesky as it happens: the firehose of the protocol, and Jetstream."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from libipld import decode_dag_cbor, decode_dag_cbor_multi

from vigie.collect.bluesky_posts import (
    NETWORK,
    Look,
    Seen,
    mention,
    moment,
    own_post,
    read_json,
    relations,
    repost,
)
from vigie.collect.connector import Context, Page, Payload
from vigie.collect.items import Skipped, page_of
from vigie.collect.moments import local_day
from vigie.collect.nested import Item
from vigie.errors import GarbledError, RowError
from vigie.model import Record, Snapshot, Tombstone
from vigie.words import _

FRAMES = "application/x-bluesky-frames"
"""Binary messages of the firehose, each after its length in four bytes."""
LINES = "application/jsonl"
"""Messages of Jetstream, one on a line."""
SIZE = 4
POST, REPOST, PROFILE = "app.bsky.feed.post", "app.bsky.feed.repost", "app.bsky.actor.profile"
COLLECTIONS = frozenset({POST, REPOST, PROFILE})
"""What is read; likes and follows are people's own, and their counts come with posts."""
OWN = "own"
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError, RecursionError, OverflowError,
              OSError)  # fmt: skip
"""What goes wrong in a message that is not as it should be."""
ELSEWHERE = Skipped("about no account under study")
ACCOUNT = Skipped("about an account")
OTHER = Skipped("likes, follows and the like")
GAP = Skipped("the stream does not reach back to the cursor")
EMPTIED = Skipped("profile emptied")

Event = dict[str, Any]
"""One thing that happened, whatever the form it came in."""
Concerning = tuple[Event, str, str]
"""An event, the key of an account it concerns, and how: own, reply, quote, mention."""


def events_page(payload: Payload, context: Context) -> Page:
    """Return what a batch of messages says about the accounts under study.

    What is seen here is seen at the moment the network gives it, which is that of publishing:
    later looks, which bring counts, are newer.
    """
    look = Look(context=context, subject="", at=payload.received_at)
    handles: dict[str, str] = {}

    def found() -> Iterator[Concerning]:
        for event in _events(payload):
            if event.get("kind") == "identity":
                handles.update(_handle(event, context.accounts))
            yield from concerning(event, context.accounts)

    page = page_of(found(), lambda one: _read(one.value, look), next_page=payload.page)
    return replace(page, oldest=None, handles=handles)


def as_frames(messages: Iterable[bytes]) -> bytes:
    """Return messages as one body."""
    return b"".join(part for one in messages for part in (len(one).to_bytes(SIZE), one))


def frames_of(body: bytes) -> Iterator[bytes]:
    """Yield the messages of a body; what follows one that is cut short is one more."""
    place = 0
    while place < len(body):
        start = place + SIZE
        place = start + int.from_bytes(body[place:start])
        yield body[start:place]


def _events(payload: Payload) -> Iterator[Event]:
    if payload.headers.get("content-type") == LINES:
        for line in payload.body.splitlines():
            yield from from_line(line)
    else:
        for frame in frames_of(payload.body):
            yield from from_frame(frame)


def _handle(event: Event, accounts: Mapping[str, str]) -> Mapping[str, str]:
    """Return the handle that an account under study has now."""
    did, handle = event.get("did"), event.get("handle")
    if isinstance(did, str) and did in accounts and isinstance(handle, str):
        return {did: handle}
    return {}


def from_frame(frame: bytes) -> Iterator[Event]:
    """Yield what a message of the firehose says: a commit may hold many things."""
    try:
        header, body = decode_dag_cbor_multi(frame)
        kind, when = header.get("t", ""), body.get("time")
        if kind == "#commit":
            yield from _from_commit(body, when)
        else:
            yield {**_plain(body), "kind": kind.removeprefix("#"), "time": when}
    except UNREADABLE:
        yield {"frame": base64.b64encode(frame).decode()}


def _from_commit(body: Event, when: object) -> list[Event]:
    """Return all that a commit says, or nothing: half of one would be read twice."""
    did, found = body["repo"], []
    for op in body["ops"]:
        collection, _slash, name = op["path"].partition("/")
        event = {"kind": "other", "did": did, "time": when}
        if collection in COLLECTIONS:
            event["kind"], event["operation"] = "commit", op["action"]
            event["collection"], event["name"] = collection, name
            event["record"] = block_of(body["blocks"], op["cid"]) if op.get("cid") else None
        found.append(event)
    return found


def block_of(archive: bytes, link: bytes) -> object:
    """Return one block of an archive (CAR), none where it is not there.

    The others, of the tree on the way to it, are most of an archive and are not decoded. Each
    part is its length, then a link, then the block it leads to; the first part is a header.
    """
    size, place = _length(archive, 0)
    place += size
    while place < len(archive):
        size, start = _length(archive, place)
        place = start + size
        if archive.startswith(link, start):
            return decode_dag_cbor(archive[start + len(link) : place])
    return None


def _length(archive: bytes, place: int) -> tuple[int, int]:
    """Return a length written seven bits a byte, and the place after it."""
    size = shift = 0
    while True:
        byte = archive[place]
        place += 1
        size |= (byte & 0x7F) << shift
        if byte < 0x80:
            return size, place
        shift += 7


def _plain(body: Event) -> Event:
    """Leave out what is not text: signatures and blocks."""
    return {name: value for name, value in body.items() if not isinstance(value, bytes)}


def from_line(line: bytes) -> Iterator[Event]:
    """Yield what a message of Jetstream says."""
    try:
        said: Any = read_json(line, "")
        when = datetime.fromtimestamp(said["time_us"] / 1e6, UTC).isoformat()
        kind, did = said["kind"], said["did"]
        detail = said.get(kind) or {}
        if kind != "commit":
            yield {**detail, "kind": kind, "did": did, "time": when}
            return
        yield {
            "kind": "commit" if detail["collection"] in COLLECTIONS else "other",
            "did": did,
            "time": when,
            "operation": detail["operation"],
            "collection": detail["collection"],
            "name": detail["rkey"],
            "record": detail.get("record"),
        }
    except (*UNREADABLE, GarbledError):
        yield {"frame": line.decode("utf-8", "replace")}


def concerning(event: Event, accounts: Mapping[str, str]) -> list[Concerning]:
    """Return an event once for each account under study it concerns, or once for none."""
    did, found = event.get("did"), {}
    if isinstance(did, str) and did in accounts:
        found[did] = OWN
    if event.get("collection") == POST and event["operation"] != "delete":
        for other, relation in relations(event.get("record")):
            if other in accounts:
                found.setdefault(other, relation)
    return [(event, accounts[one], relation) for one, relation in found.items()] or [
        (event, "", "")
    ]


def _read(one: Any, look: Look) -> Record | Skipped:
    event, subject, relation = one
    if "frame" in event:
        raise RowError(_("This message of the network cannot be decoded."))
    kind = event["kind"]
    if kind != "commit":
        return {"other": OTHER, "info": GAP}.get(kind, ACCOUNT)
    if event["operation"] == "delete":
        return _deleted(event, look)
    if not relation:
        return ELSEWHERE
    when = moment(event["time"])
    if when is None:
        raise RowError(_("{where} is missing.", where="time"), column="time")
    at = min(look.at, when)
    return _made(event, Look(context=look.context, subject=subject, at=at), relation)


def _made(event: Event, look: Look, relation: str) -> Record | Skipped:
    """Return what was written or changed."""
    uri, record = _uri(event), event["record"]
    if not isinstance(record, dict):
        raise RowError(_("{where} is missing.", where="record"), column="record")
    if event["collection"] == POST:
        post = Seen(uri=uri, author=event["did"], record=record, first_seen=look.at)
        return own_post(post, look) if relation == OWN else mention(post, look, kind=relation)
    if event["collection"] == PROFILE:
        return _profile(Item(record), look)
    reason = {"uri": uri, "indexedAt": event["time"]}
    original = {"uri": Item(record).needed("subject", "uri")}
    return repost(Item(original), Item(reason), look)


def _deleted(event: Event, look: Look) -> Record | Skipped:
    """Return that a post or a repost is gone: what is not kept here is not found again either."""
    if event["collection"] == PROFILE:
        return EMPTIED
    return Tombstone(
        network=NETWORK,
        post=_uri(event),
        observed_at=look.at,
        reason="deleted",
        source=NETWORK,
        run=look.context.run,
    )


def _profile(record: Item, look: Look) -> Record:
    return Snapshot(
        network=NETWORK,
        account=look.subject,
        observed_at=look.at,
        observed_on=local_day(look.at, look.context.zone),
        name=record.text("displayName"),
        description=record.text("description"),
        website=record.name("website"),
        source=NETWORK,
        run=look.context.run,
    )


def _uri(event: Event) -> str:
    did, name = event["did"], event["name"]
    if isinstance(did, str) and isinstance(name, str) and name and did.startswith("did:"):
        return f"at://{did}/{event['collection']}/{name}"
    raise RowError(_("{where} is missing.", where="name"), column="name")
