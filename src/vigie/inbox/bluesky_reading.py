"""Posts of Bluesky, read as messages: who says what to us, and in which matter."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from vigie.collect.bluesky_posts import NETWORK, address, did_of, moment
from vigie.collect.cells import clean_text
from vigie.collect.nested import Item
from vigie.errors import GarbledError, RowError
from vigie.inbox.bluesky_text import whole
from vigie.inbox.channel import Author, Incoming, PublicPost, Received, Unread, Withdrawn
from vigie.words import _

LONGEST_NAME = 512
BACKDATED = timedelta(days=1)
"""A post said to be older than this when the network first saw it was written when it was seen."""
KINDS = {"reply": "comment", "mention": "mention", "quote": "mention", "found": "found"}


def payload(
    us: str,
    views: Sequence[Mapping[str, Any]] = (),
    *,
    above: Mapping[str, Any] | None = None,
    own: Sequence[Mapping[str, Any]] = (),
    gone: Sequence[str] = (),
) -> bytes:
    """Return posts with those they hang under as a payload, our own ones, and those gone."""
    said = {
        "us": us, "views": list(views), "above": above or {}, "own": list(own), "gone": list(gone),
    }  # fmt: skip
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def received(body: bytes) -> Received:
    """Read a payload: every post becomes a message, is left aside, or refused with the reason."""
    try:
        opened = Item(json.loads(body))
    except (ValueError, RecursionError) as error:
        raise GarbledError(_("This is not an answer of Bluesky: it is no JSON.")) from error
    us, above = opened.needed("us"), opened.at("above")
    messages, unread, alone = [], [], 0
    for position, view in enumerate([*opened.at("views"), *opened.at("own")], 1):
        try:
            is_ours = _author(view) == us
            if is_ours and _other(view, us) is None:
                alone += 1
            else:
                messages.append(message(view, us, above))
        except RowError as error:
            unread.append(Unread(reason=error.words, position=position))
    return Received(
        messages=tuple(messages),
        withdrawn=tuple(Withdrawn(key=str(one.value)) for one in opened.at("gone")),
        unread=tuple(unread),
        ignored={"answers nobody": alone} if alone else {},
    )


def message(view: Item, us: str, above: Item) -> Incoming:
    """Return a post as a message; ``above`` holds the posts that others hang under."""
    key, record = view.needed("uri")[:LONGEST_NAME], _record(view)
    author = _author(view)
    is_ours = author == us
    root = record.name("reply", "root", "uri") or key
    parent = record.name("reply", "parent", "uri") or ""
    other = _other(view, us) if is_ours else author
    own_words = bool(parent) and did_of(parent) == other
    return Incoming(
        key=key,
        thread=f"{root} {other}"[:LONGEST_NAME],
        kind=KINDS.get(view.name("reason") or "", "mention"),
        is_public=True,
        author=_as_author(view),
        words=words_of(record),
        said_at=_said_at(view, record),
        answers_to=parent[:LONGEST_NAME],
        also_threads=(parent[:LONGEST_NAME],) if own_words else (),
        url=address(key, view.name("author", "handle")),
        language=(record.name("langs", 0) or "")[:2],
        post=_post(view, record, root, above),
        is_ours=is_ours,
        is_automatic=not is_ours and _is_robot(view),
        edited_at=moment(view.at("edited_at").value),
        facts={
            "uri": key,
            "cid": view.needed("cid"),
            "root_uri": root,
            "root_cid": record.name("reply", "root", "cid") or view.needed("cid"),
            "language": record.name("langs", 0) or "",
        },
    )


def _record(view: Item) -> Item:
    return view.at("record") if view.at("record") else view.at("value")


def _author(view: Item) -> str:
    return view.name("author", "did") or did_of(view.needed("uri"))


def _other(view: Item, us: str) -> str | None:
    """Return with whom we speak in a post of ours; none: with nobody, or with ourselves."""
    parent = _record(view).name("reply", "parent", "uri")
    return None if parent is None or did_of(parent) == us else did_of(parent)


def _as_author(view: Item) -> Author:
    did = _author(view)
    handle = view.name("author", "handle") or ""
    name = view.text("author", "displayName") or handle
    return Author(
        network=NETWORK, address=did, shown=f"@{handle}" if handle else did, name=name[:200]
    )


def _is_robot(view: Item) -> bool:
    """Whether an account says of itself that a machine writes there."""
    labels = view.at("author", "labels")
    own = [one for one in labels if one.name("src") == view.name("author", "did")]
    return any(one.name("val") == "bot" for one in own)


def words_of(record: Item) -> str:
    """Return the words of a post with the addresses behind its links, and what is beside them."""
    links = [
        (start, end, uri)
        for facet in record.at("facets")
        for feature in facet.at("features")
        if (uri := feature.name("uri")) is not None
        and (start := facet.count("index", "byteStart")) is not None
        and (end := facet.count("index", "byteEnd")) is not None
    ]
    raw = record.at("text").value
    said = clean_text(whole(raw, links)) if isinstance(raw, str) else None
    return "\n".join(part for part in (said, *_beside(record.at("embed"))) if part)


def _beside(embed: Item) -> list[str]:
    """Return what stands beside the words, by its name: pictures, a video, a page."""
    media = embed.at("media") if embed.at("media") else embed
    kind = (media.name("$type") or "").rpartition(".")[2]
    if kind == "external":
        page = media.at("external")
        return [" ".join(filter(None, (page.text("title"), page.name("uri"))))]
    if kind == "video":
        return [_named("video", media.text("alt"))]
    return [_named("image", one.text("alt")) for one in media.at("images")]


def _named(kind: str, described: str | None) -> str:
    return f"[{kind}: {described}]" if described else f"[{kind}]"


def _said_at(view: Item, record: Item) -> datetime:
    """Return when a post was written: as its author's program says, where that can be."""
    made, first = moment(record.at("createdAt").value), moment(view.at("indexedAt").value)
    if made is None and first is None:
        raise RowError(_("{where} is missing.", where="createdAt"), column="record.createdAt")
    if made is None or first is None:
        return (made or first or datetime.now(UTC)).astimezone(UTC)
    return made if first - BACKDATED <= made <= first else first


def _post(view: Item, record: Item, root: str, above: Item) -> PublicPost | None:
    """Return the public post it all hangs under; of one that was found, itself where it began."""
    embed = record.at("embed", "record")
    quoted = embed.name("uri") or embed.name("record", "uri")
    uri = root if root != view.name("uri") else quoted or root
    if uri == view.name("uri") and view.name("reason") != "found":
        return None
    shown = above.at(uri) if above.at(uri) else view if uri == view.name("uri") else Item({})
    return PublicPost(
        network=NETWORK,
        post=uri,
        url=address(uri, shown.name("author", "handle")),
        words=words_of(_record(shown)),
        said_at=moment(_record(shown).at("createdAt").value),
    )


def hung_under(view: Mapping[str, Any]) -> list[str]:
    """Return the posts that a post hangs under, or quotes."""
    record = _record(Item(view))
    embed = record.at("embed", "record")
    named = (record.name("reply", "root", "uri"), embed.name("uri"), embed.name("record", "uri"))
    return [uri for uri in named if uri and "/app.bsky.feed.post/" in uri]
