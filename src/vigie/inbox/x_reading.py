"""Posts and private messages of X, read as messages: who says what to us, and in which matter."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from vigie.collect.nested import Item
from vigie.collect.x_naming import either, references
from vigie.collect.x_posts import identity, language
from vigie.errors import GarbledError, RowError
from vigie.inbox.channel import Author, Incoming, PublicPost, Received, Unread, Withdrawn
from vigie.inbox.x_text import words_of
from vigie.words import _

NETWORK = "x"
DIRECT = "dm:"
"""Begins the key of a private message: its number could be that of a post."""
BEGAN = datetime.fromtimestamp(1_288_834_974.657, UTC)
"""When X began to count its numbers: https://github.com/twitter-archive/snowflake."""


def payload(us: str, kind: str, answer: Any, *, gone: Sequence[str] = ()) -> bytes:
    """Return an answer of X as a payload: of ``posts``, ``found`` posts, or ``direct`` messages."""
    said = {"us": us, "kind": kind, "answer": answer, **({"gone": list(gone)} if gone else {})}
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def received(body: bytes) -> Received:
    """Read a payload: every item becomes a message, is left aside, or refused with the reason."""
    try:
        opened = Item(json.loads(body))
    except (ValueError, RecursionError) as error:
        raise GarbledError(_("This is not an answer of X: it is no JSON.")) from error
    us, kind, answer = opened.needed("us"), opened.needed("kind"), opened.at("answer")
    read: Callable[[Item], Incoming | str] = (
        (lambda item: direct(item, us, answer))
        if kind == "direct"
        else (lambda item: post(item, us, answer, is_found=kind == "found"))
    )
    messages, unread, aside = [], [], dict[str, int]()
    for position, item in enumerate(answer.at("data"), 1):
        try:
            found = read(item)
        except RowError as error:
            unread.append(Unread(reason=error.words, position=position))
            continue
        if isinstance(found, str):
            aside[found] = aside.get(found, 0) + 1
        else:
            messages.append(found)
    return Received(
        messages=tuple(messages),
        withdrawn=tuple(Withdrawn(key=str(one.value)) for one in opened.at("gone")),
        unread=tuple(unread),
        ignored=aside,
    )


def post(item: Item, us: str, answer: Item, *, is_found: bool) -> Incoming | str:
    """Return a post as a message, or why it is left aside."""
    refers = references(item)
    author = item.needed("author_id")
    other = item.name("in_reply_to_user_id") if author == us else author
    if "retweeted" in refers:
        return "repost"
    if other is None or other == us:
        return "answers nobody"
    key, began = identity(item), item.name("conversation_id") or identity(item)
    return Incoming(
        key=key,
        thread=f"{began} {other}",
        kind="found" if is_found else _kind(item, us),
        is_public=True,
        author=author_of(author, answer),
        words=words_of(item) + attached(item, answer),
        said_at=item.when("created_at"),
        answers_to=refers.get("replied_to", ""),
        url=f"https://x.com/i/status/{item.needed('id')}",
        language=(language(item) or "")[:2],
        post=_above(item, key, refers, answer, is_found=is_found),
        is_ours=author == us,
        facts={"id": item.needed("id"), "kind": "post"},
        edited_at=_edited_at(item),
    )


def edition(item: Item) -> str:
    """Return the number of the latest edition of a post."""
    history = list(either(item, "edit_history_post_ids", "edit_history_tweet_ids"))
    return str(history[-1].value) if history else item.needed("id")


def _edited_at(item: Item) -> datetime | None:
    """Return when this edition of a post was written; unknown: it is the first.

    Each has a number of its own, which holds the milliseconds since X began to count.
    """
    number = item.needed("id")
    if number == identity(item) or not number.isdecimal():
        return None
    return BEGAN + timedelta(milliseconds=int(number[:19]) >> 22)


def gone(answer: Mapping[str, Any]) -> set[str]:
    """Return which posts X says there are none of; who may not see one is told otherwise."""
    missing = (one for one in Item(answer).at("errors") if _is_missing(one))
    return {number for one in missing if (number := one.name("resource_id"))}


def _is_missing(error: Item) -> bool:
    return (error.name("type") or "").endswith("/resource-not-found")


def _kind(item: Item, us: str) -> str:
    return "comment" if item.name("in_reply_to_user_id") == us else "mention"


def direct(item: Item, us: str, answer: Item) -> Incoming | str:
    """Return a private message, or why it is left aside."""
    if (item.name("event_type") or "MessageCreate") != "MessageCreate":
        return "no message"
    sender, number = item.needed("sender_id"), item.needed("id")
    where = item.name("dm_conversation_id") or sender
    return Incoming(
        key=f"{DIRECT}{number}",
        thread=f"{DIRECT}{where}",
        kind="direct",
        is_public=False,
        author=author_of(sender, answer),
        words=words_of(item) + attached(item, answer),
        said_at=item.when("created_at"),
        is_ours=sender == us,
        facts={"id": number, "kind": "direct", "with": sender, "conversation": where},
    )


def author_of(number: str, answer: Item) -> Author:
    """Return who wrote something, as what is beside it says."""
    found = _by_id(answer.at("includes", "users"), number)
    handle = found.name("username") or ""
    name = found.text("name") or handle
    shown = f"@{handle}" if handle else number
    return Author(network=NETWORK, address=number, shown=shown, name=name[:200])


def attached(item: Item, answer: Item) -> str:
    """Return what is attached, by its kind and its description."""
    known = {one.name("media_key"): one for one in answer.at("includes", "media")}
    lines = []
    for key in item.at("attachments", "media_keys"):
        media = known.get(str(key.value), Item(None))
        kind, described = media.name("type") or "file", media.text("alt_text")
        lines.append(f"\n[{kind}: {described}]" if described else f"\n[{kind}]")
    return "".join(lines)


def _above(
    item: Item, key: str, refers: dict[str, str], answer: Item, *, is_found: bool
) -> PublicPost | None:
    """Return the post that is answered or quoted; of one that was found, itself where it began."""
    number = refers.get("replied_to") or refers.get("quoted") or (key if is_found else None)
    if number is None:
        return None
    beside = either(answer.at("includes"), "posts", "tweets")
    found = item if number == key else _by_id(beside, number)
    return PublicPost(
        network=NETWORK,
        post=number,
        url=f"https://x.com/i/status/{number}",
        words=words_of(found),
        said_at=found.when("created_at") if found.at("created_at") else None,
    )


def _by_id(items: Item, number: str) -> Item:
    return next((one for one in items if one.name("id") == number), Item(None))
