"""What was seen on the networks: posts, mentions, audiences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from vigie.model.record import Record


@dataclass(frozen=True, kw_only=True)
class Post(Record):
    """Something an account under study published, as it was seen at a moment."""

    table: ClassVar[str] = "posts"
    key: ClassVar[tuple[str, ...]] = ("network", "post")
    month: ClassVar[str | None] = "published_on"
    looked: ClassVar[str | None] = "observed_at"
    lasting: ClassVar[tuple[str, ...]] = ("answers_to", "thread")

    network: str
    post: str
    """The network's own identifier: text from the first byte."""
    account: str
    """``network:handle``, the key of the account that published."""
    published_at: datetime
    """UTC."""
    published_on: date
    """The day in the institution's own time zone: months are counted on it."""
    observed_at: datetime
    """UTC."""
    kind: str | None = None
    """text, image, carousel, video, link, audio, poll, story, or unknown."""
    text: str | None = None
    url: str | None = None
    language: str | None = None
    is_repost: bool | None = None
    """The words of someone else: not an own post."""
    is_reply: bool | None = None
    """An answer to someone else, not a thread of one's own."""
    answers_to: str | None = None
    """The identifier of the post it answers, where the network says."""
    thread: str | None = None
    """The identifier of the post that began the conversation it is in."""
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None
    clicks: int | None = None
    views: int | None = None
    """Plays of a video."""
    impressions: int | None = None
    reach: int | None = None
    images: int | None = None
    images_described: int | None = None
    """Images that carry an alternative text."""
    source: str | None = None
    """The importer or connector that saw it."""
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Mention(Record):
    """A public post by someone else that concerns an account: a reply, a mention, a quote, a find.

    Who wrote it is a pseudonym from the first byte; a post that concerns two accounts is two rows.
    """

    table: ClassVar[str] = "mentions"
    key: ClassVar[tuple[str, ...]] = ("network", "post", "subject")
    month: ClassVar[str | None] = "published_on"
    looked: ClassVar[str | None] = "observed_at"
    lasting: ClassVar[tuple[str, ...]] = ("answers_to", "thread")

    network: str
    post: str
    """The network's own identifier."""
    subject: str
    """The account it concerns (``network:handle``), or the name of the query that caught it."""
    kind: str
    """reply, mention, quote, tag, review, or found (by a query)."""
    author: str
    """A pseudonym: the same person on one network has the same one, and nobody can undo it."""
    published_at: datetime
    """UTC."""
    published_on: date
    """The day in the institution's own time zone."""
    observed_at: datetime
    """UTC."""
    text: str | None = None
    url: str | None = None
    language: str | None = None
    answers_to: str | None = None
    """The identifier of the post it answers."""
    thread: str | None = None
    """The identifier of the post that began the conversation."""
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    views: int | None = None
    stands_for: int | None = None
    """Finds of its query for which it stands, where that brings too many; unknown: itself."""
    source: str | None = None
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class Snapshot(Record):
    """The audience and profile of an account at a moment."""

    table: ClassVar[str] = "snapshots"
    key: ClassVar[tuple[str, ...]] = ("account", "observed_at")
    month: ClassVar[str | None] = "observed_on"
    looked: ClassVar[str | None] = None

    network: str
    account: str
    observed_at: datetime
    observed_on: date
    """The day in the institution's own time zone."""
    followers: int | None = None
    following: int | None = None
    posts: int | None = None
    """Posts published since the account was opened, as the network counts them."""
    views: int | None = None
    """Plays since the account was opened (video networks)."""
    name: str | None = None
    description: str | None = None
    website: str | None = None
    is_verified: bool | None = None
    source: str | None = None
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class AccountDay(Record):
    """What a network says happened on an account in one day (its own page statistics)."""

    table: ClassVar[str] = "account_days"
    key: ClassVar[tuple[str, ...]] = ("account", "day", "source")
    month: ClassVar[str | None] = "day"
    looked: ClassVar[str | None] = "observed_at"

    network: str
    account: str
    day: date
    observed_at: datetime
    impressions: int | None = None
    reach: int | None = None
    views: int | None = None
    clicks: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    saves: int | None = None
    interactions: int | None = None
    """As the network sums them; which ones it sums differs from one to the next."""
    profile_visits: int | None = None
    followers_gained: int | None = None
    """New followers that day: a flow, never the stock."""
    followers_lost: int | None = None
    posts: int | None = None
    source: str | None = None
    run: str | None = None
