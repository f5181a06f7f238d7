"""Statuses of Mastodon, read: who says what to us, in which matter, before whose eyes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vigie.collect.fediverse import NETWORK, post_id, without_emoji
from vigie.collect.html_words import words_of
from vigie.collect.nested import Item
from vigie.errors import GarbledError, RowError
from vigie.inbox.channel import Author, Incoming, PublicPost, Received, Unread, Withdrawn
from vigie.words import _

PUBLIC = frozenset({"public", "unlisted"})
LONGEST_NAME = 512


@dataclass(frozen=True, kw_only=True)
class Us:
    """The account whose messages are read."""

    account: str
    """Its identifier on its own server."""
    host: str
    """Its server: people there are named without it."""


def payload(
    us: Us,
    statuses: Sequence[Mapping[str, Any]] = (),
    *,
    gone: Sequence[str] = (),
    is_found: bool = False,
) -> bytes:
    """Return statuses with what is above each as a payload, or which ones are gone."""
    said = {
        "us": {"account": us.account, "host": us.host},
        "statuses": list(statuses),
        "gone": list(gone),
        "found": is_found,
    }
    return json.dumps(said, ensure_ascii=False, sort_keys=True).encode("utf-8", "replace")


def received(body: bytes) -> Received:
    """Read a payload: every status becomes a message, or is refused with the reason."""
    whole = _opened(body)
    us = Us(account=whole.needed("us", "account"), host=whole.needed("us", "host"))
    messages, unread, alone = [], [], 0
    for position, one in enumerate(whole.at("statuses"), 1):
        try:
            if _is_by(one.at("status"), us.account) and not _others(list(one.at("above")), us):
                alone += 1
            else:
                messages.append(message(one, us, is_found=whole.at("found").value is True))
        except RowError as error:
            unread.append(Unread(reason=error.words, position=position))
    return Received(
        messages=tuple(messages),
        withdrawn=tuple(Withdrawn(key=str(one.value)) for one in whole.at("gone")),
        unread=tuple(unread),
        ignored={"answers nobody": alone} if alone else {},
    )


def _opened(body: bytes) -> Item:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise GarbledError(_("This is not an answer of Mastodon: it is no JSON.")) from error
    return Item(found)


def message(one: Item, us: Us, *, is_found: bool) -> Incoming:
    """Return a status as a message; ``above`` holds what it answers, the first post first."""
    status, above = one.at("status"), list(one.at("above"))
    key = key_of(status)
    visibility = status.needed("visibility")
    is_public, is_ours = visibility in PUBLIC, _is_by(status, us.account)
    other = (_others(above, us)[-1] if is_ours else status).at("account")
    return Incoming(
        key=key,
        thread=thread_of(above[0] if above else status, other, us, is_public=is_public),
        kind=_kind(status, us, is_public=is_public, is_found=is_found),
        is_public=is_public,
        author=author_of(status.at("account"), us),
        words=words_said(status),
        said_at=status.when("created_at"),
        answers_to=key_of(above[-1]) if above else "",
        also_threads=_also(above, other, us, is_public=is_public, is_ours=is_ours),
        url=status.name("url") or key,
        language=(status.name("language") or "")[:2],
        post=_post(above, status, is_public=is_public, is_found=is_found),
        is_ours=is_ours,
        is_automatic=not is_ours and status.at("account", "bot").value is True,
        facts={
            "id": status.needed("id"),
            "acct": status.needed("account", "acct"),
            "visibility": visibility,
            "language": status.name("language") or "",
        },
        edited_at=edited_at(status),
    )


def edited_at(status: Item) -> datetime | None:
    """Return when its author changed a status; unknown: never."""
    return status.when("edited_at") if status.name("edited_at") else None


def key_of(status: Item) -> str:
    """Return what a status is known by on every server."""
    return post_id(status.needed("uri"))[:LONGEST_NAME]


def thread_of(first: Item, other: Item, us: Us, *, is_public: bool) -> str:
    """Return the name of a matter: what began it, with whom, and whether everybody reads it.

    A private word under a public post is a conversation of its own, and stays private.
    """
    where = "" if is_public else " direct"
    return f"{key_of(first)} {address_of(other, us)}{where}"[:LONGEST_NAME]


def address_of(account: Item, us: Us) -> str:
    """Return ``name@server`` of anybody, the people of our own server included."""
    acct = account.needed("acct").casefold()
    return acct if "@" in acct else f"{acct}@{us.host}"


def author_of(account: Item, us: Us) -> Author:
    """Return who wrote a status."""
    address = address_of(account, us)
    codes = {emoji.name("shortcode") or "" for emoji in account.at("emojis")}
    name = without_emoji(account.text("display_name"), codes) or account.needed("username")
    return Author(network=NETWORK, address=address[:320], shown=f"@{address}", name=name[:200])


def words_said(status: Item) -> str:
    """Return the words of a status as a person reads them, then what is attached by its name."""
    parts = [status.text("spoiler_text"), words_of(status.name("content"))]
    parts += [attached(one) for one in status.at("media_attachments")]
    parts += [f"( ) {option.text('title') or ''}" for option in status.at("poll", "options")]
    return "\n".join(part for part in parts if part)


def attached(media: Item) -> str:
    """Return what is attached: its kind, its description and where it is."""
    described = media.text("description")
    kind = media.name("type") or "file"
    where = media.name("url") or media.name("remote_url") or ""
    return f"[{kind}{f': {described}' if described else ''}] {where}".rstrip()


def _is_by(status: Item, account: str) -> bool:
    return status.needed("account", "id") == account


def _others(above: Sequence[Item], us: Us) -> list[Item]:
    """Return what others wrote above an answer of ours: the last of them is who is answered."""
    return [one for one in above if not _is_by(one, us.account)]


def _also(
    above: Sequence[Item], other: Item, us: Us, *, is_public: bool, is_ours: bool
) -> tuple[str, ...]:
    """Return other names of the matter: what that person said above, the nearest first.

    What we answer in private to a public question still answers it.
    """
    wanted = other.needed("id")
    said = [
        key_of(one)
        for one in reversed(above)
        if _is_by(one, wanted) and (is_ours or (one.name("visibility") in PUBLIC) == is_public)
    ]
    public = [thread_of(above[0], other, us, is_public=True)] if is_ours and not is_public else []
    return (*said, *public)


def _kind(status: Item, us: Us, *, is_public: bool, is_found: bool) -> str:
    if not is_public:
        return "direct"
    if is_found:
        return "found"
    return "comment" if status.name("in_reply_to_account_id") == us.account else "mention"


def _post(
    above: Sequence[Item], status: Item, *, is_public: bool, is_found: bool
) -> PublicPost | None:
    """Return the public post that began it all; of one that was found, itself where it did."""
    quoted = status.at("quote", "quoted_status")
    first = above[0] if above else quoted if quoted else status
    if first.name("visibility") not in PUBLIC or (first is status and not is_found):
        return None
    if not is_public and not above:
        return None
    return PublicPost(
        network=NETWORK,
        post=key_of(first),
        url=first.name("url") or key_of(first),
        words=words_said(first),
        said_at=first.when("created_at"),
    )
