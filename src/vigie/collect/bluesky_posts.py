"""Reads posts of Bluesky: as their authors wrote them, and as its servers show them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from vigie.collect.cells import clean_text, plain_text
from vigie.collect.connector import Context
from vigie.collect.moments import EARLIEST, TOLERANCE, local_day
from vigie.collect.nested import Item
from vigie.collect.post_kinds import kind_of_images
from vigie.errors import GarbledError, RowError
from vigie.model import Mention, Post
from vigie.words import _

NETWORK = "bluesky"
LOGIN_ONLY = "!no-unauthenticated"
"""What people put on their profile who want to be shown to those who sign in, and nobody else."""
INVALID = "handle.invalid"
"""Shown for a handle whose domain does not point back to the account."""
KINDS = {
    "app.bsky.embed.video": "video",
    "app.bsky.embed.external": "link",
    "app.bsky.embed.images": "image",
    "app.bsky.embed.record": "text",
}
"""What is beside the words → what kind of post that makes; a quote adds nothing of its own."""


class Look(NamedTuple):
    """What every record of one look has in common."""

    context: Context
    subject: str
    """The account's key, or the query's name."""
    at: datetime
    """UTC."""


class Seen(NamedTuple):
    """A post and what is around it, wherever it was met: in an answer or in the live stream.

    Like a look it is a tuple: one is made for every post of a stream, and a class that is frozen
    takes five times as long to make.
    """

    uri: str
    author: str
    """The identifier of who published it."""
    record: object
    """What the author wrote."""
    first_seen: object = None
    """When the network saw it first, as it says, or read already."""
    handle: str | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None


def seen(view: Item) -> Seen:
    """Return a post as a server shows it."""
    return Seen(
        uri=view.needed("uri"),
        author=view.needed("author", "did"),
        record=view.at("record").value,
        first_seen=view.at("indexedAt").value,
        handle=view.name("author", "handle"),
        likes=view.count("likeCount"),
        comments=view.count("replyCount"),
        shares=_shares(view),
        saves=view.count("bookmarkCount"),
    )


def own_post(post: Seen, look: Look) -> Post:
    """Return what an account under study published itself.

    A reply to oneself goes on a thread and is not a reply to someone else.
    """
    record, context = post.record, look.context
    reply, embed = _part(record, "reply"), _part(record, "embed")
    parent = _reference(_part(reply, "parent"))
    images, described = _images(embed) if embed else (0, 0)
    when = published_at(post, look)
    return Post(
        network=NETWORK,
        post=post.uri,
        account=look.subject,
        published_at=when,
        published_on=local_day(when, context.zone),
        observed_at=look.at,
        kind="text" if not embed else _kind(embed, images),
        text=_text(_part(record, "text")),
        url=address(post.uri, post.handle),
        language=_language(record),
        is_repost=False,
        is_reply=parent is not None and did_of(parent) != post.author,
        answers_to=parent,
        thread=_reference(_part(reply, "root")),
        likes=post.likes,
        comments=post.comments,
        shares=post.shares,
        saves=post.saves,
        images=images,
        images_described=described,
        source=NETWORK,
        run=context.run,
    )


def repost(post: Item, reason: Item, look: Look) -> Post:
    """Return what an account under study passed on: the counts of the original are not its own.

    It has the key of the repost, so that it does not meet the original, which another account
    under study may have published.
    """
    uri = post.needed("uri")
    when = _possible(reason.when("indexedAt"), look)
    return Post(
        network=NETWORK,
        post=reason.name("uri") or f"{uri}#{reason.needed('by', 'did')}",
        account=look.subject,
        published_at=when,
        published_on=local_day(when, look.context.zone),
        observed_at=look.at,
        text=post.text("record", "text"),
        url=address(uri, post.name("author", "handle")),
        language=post.name("record", "langs", 0),
        is_repost=True,
        is_reply=False,
        source=NETWORK,
        run=look.context.run,
    )


def mention(post: Seen, look: Look, *, kind: str) -> Mention:
    """Return what someone else published about an account; nobody's handle is kept."""
    record, context = post.record, look.context
    reply = _part(record, "reply")
    when = published_at(post, look)
    return Mention(
        network=NETWORK,
        post=post.uri,
        subject=look.subject,
        kind=kind,
        author=context.pseudonym(NETWORK, post.author),
        published_at=when,
        published_on=local_day(when, context.zone),
        observed_at=look.at,
        text=_text(_part(record, "text")),
        url=address(post.uri),
        language=_language(record),
        answers_to=_reference(_part(reply, "parent")),
        thread=_reference(_part(reply, "root")),
        likes=post.likes,
        comments=post.comments,
        shares=post.shares,
        source=NETWORK,
        run=context.run,
    )


def relations(record: object) -> Iterator[tuple[str, str]]:
    """Yield whom a post concerns and how, the closest first: (identifier, kind of mention)."""
    if not isinstance(record, dict):
        return
    if reply := record.get("reply"):
        for place in ("parent", "root"):
            if uri := _reference(_part(reply, place)):
                yield did_of(uri), "reply"
    if embed := record.get("embed"):
        quoted = _part(embed, "record")
        for one in (quoted, _part(quoted, "record")):
            if uri := _reference(one):
                yield did_of(uri), "quote"
    if facets := record.get("facets"):
        yield from ((did, "mention") for did in _named(facets))


def _named(facets: object) -> Iterator[str]:
    """Yield who is named in a text, as its author marked it."""
    for facet in _list(facets):
        for feature in _list(_part(facet, "features")):
            if did := _name(_part(feature, "did")):
                yield did


def published_at(post: Seen, look: Look) -> datetime:
    """Return when a post appeared.

    Its author's program says when it was made, and may say anything; the network says when it
    saw it first. The earlier of the two counts, as in the network's own order.
    """
    made, first = moment(_part(post.record, "createdAt")), moment(post.first_seen)
    when = min(made, first) if made and first else made or first
    if when is None:
        raise RowError(_("{where} is missing.", where="createdAt"), column="record.createdAt")
    return _possible(when, look)


def moment(value: object) -> datetime | None:
    """Return a moment as the network writes it, in UTC."""
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        if found.tzinfo is UTC:
            return found
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def _possible(when: datetime, look: Look) -> datetime:
    if when <= look.at + TOLERANCE and when.date() >= EARLIEST:
        return when
    raise RowError(
        _(
            "This post is dated {day}, and it was seen on {seen}. Look at its date on the network.",
            day=when.date(),
            seen=look.at.date(),
        ),
        column="record.createdAt",
    )


def did_of(uri: str) -> str:
    """Return whose a post is: ``at://did/collection/name``."""
    return uri.removeprefix("at://").partition("/")[0]


def address(uri: str, handle: str | None = None) -> str:
    """Return where a reader finds a post; without a handle its author is named by identifier."""
    who = handle if handle and handle != INVALID else did_of(uri)
    return f"https://bsky.app/profile/{who}/post/{uri.rpartition('/')[2]}"


def is_login_only(view: Item) -> bool:
    """Return whether the author of a post, or the owner of a profile, wants no other readers."""
    return any(
        label.name("val") == LOGIN_ONLY and not label.at("neg").value for label in view.at("labels")
    )


def moment_of_cursor(cursor: str | None) -> datetime | None:
    """Return how far back a feed was read, which its cursor says in one of two ways.

    Pages are in the network's own order, so a post that claims to be old, or a repost, says
    nothing about what comes next.
    """
    written = (cursor or "").partition("::")[0].partition("__")[0]
    try:
        found = Item(written).when()
    except RowError:
        return None
    return found if found.date() >= EARLIEST else None


def read_json(body: bytes, url: str) -> object:
    """Return the JSON of an answer; half a letter, which no text may hold, becomes a ``?``."""
    try:
        found: object = json.loads(body)
        if rb"\ud" in body or rb"\uD" in body:
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise GarbledError(
            _(
                "{url} answered something that is not JSON. Is this a server of Bluesky? "
                "See the option service.",
                url=url,
            )
        ) from error
    return found


# The live stream brings thousands of records a second: they are read without an object for each
# step into them.


def _part(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _name(value: object) -> str | None:
    if not isinstance(value, str):
        return None
    return value if value.isprintable() and value else plain_text(value)


def _text(value: object) -> str | None:
    return clean_text(value) if isinstance(value, str) else None


def _reference(value: object) -> str | None:
    return _name(_part(value, "uri"))


def _language(record: object) -> str | None:
    langs = _list(_part(record, "langs"))
    return _name(langs[0]) if langs else None


def _shares(view: Item) -> int | None:
    """Return reposts and quotes together."""
    known = [n for n in (view.count("repostCount"), view.count("quoteCount")) if n is not None]
    return sum(known) if known else None


def _images(embed: object) -> tuple[int, int]:
    """Return how many images a post has, beside a quote or not, and how many are described."""
    images = _list(_part(embed, "images")) or _list(_part(_part(embed, "media"), "images"))
    return len(images), sum(_text(_part(image, "alt")) is not None for image in images)


def _kind(embed: object, images: int) -> str | None:
    """Return the kind of a post; a form that came after this was written is unknown."""
    written = _name(_part(_part(embed, "media"), "$type")) or _name(_part(embed, "$type"))
    kind = KINDS.get(written or "")
    return kind_of_images(images) if kind == "image" else kind
