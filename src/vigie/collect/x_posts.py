"""Reads posts, mentions and profiles as X answers them, under either naming."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from vigie.collect.connector import Context, Payload
from vigie.collect.items import Skipped
from vigie.collect.nested import Item
from vigie.collect.post_kinds import kind_of_images
from vigie.collect.x_naming import either, references
from vigie.model import Mention, Post, Snapshot

NO_LANGUAGE = frozenset({"und", "zxx", "art", "qam", "qct", "qht", "qme", "qst"})
"""What X writes for posts without words: only hashtags, only mentions, only a picture …"""
OWN_HOSTS = frozenset({"x.com", "twitter.com", "pic.x.com", "pic.twitter.com", "t.co"})


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What is needed to read one post of an answer."""

    payload: Payload
    context: Context
    media: Mapping[str, Item]
    """Attachments by their key."""
    owner: str | None = None
    """X's number of the account that is asked about, where the question held it."""

    def post(self, item: Item) -> Post:
        """Read a post of the account itself."""
        refers = references(item)
        is_repost = "retweeted" in refers
        published = item.when("created_at")
        counted = Item(None) if is_repost else item.at("public_metrics")
        answered = item.name("in_reply_to_user_id")
        images = self.images(item)
        return Post(
            network=self.payload.network,
            post=identity(item),
            account=self.payload.subject,
            published_at=published,
            published_on=published.astimezone(self.context.zone).date(),
            observed_at=self.payload.received_at,
            kind=self.kind(item),
            text=words(item),
            url=f"https://x.com/i/status/{item.needed('id')}",
            language=language(item),
            is_repost=is_repost,
            is_reply="replied_to" in refers and (answered is None or answered != self.owner),
            answers_to=refers.get("replied_to"),
            thread=item.name("conversation_id"),
            likes=counted.count("like_count"),
            comments=counted.count("reply_count"),
            shares=reposts(counted),
            saves=counted.count("bookmark_count"),
            views=None if is_repost else self.plays(item),
            impressions=counted.count("impression_count"),
            images=None if images is None else len(images),
            images_described=None if images is None else described(images),
            source=self.payload.connector,
            run=self.context.run,
        )

    def mention(self, item: Item, *, kind: str) -> Mention | Skipped:
        """Read a post of someone else."""
        refers = references(item)
        if "retweeted" in refers:
            return Skipped("repost")
        author = item.needed("author_id")
        if author == self.owner:
            return Skipped("own post")
        published = item.when("created_at")
        counted = item.at("public_metrics")
        return Mention(
            network=self.payload.network,
            post=identity(item),
            subject=self.payload.subject,
            kind=kind,
            author=self.context.pseudonym(self.payload.network, author),
            published_at=published,
            published_on=published.astimezone(self.context.zone).date(),
            observed_at=self.payload.received_at,
            text=words(item),
            url=f"https://x.com/i/status/{item.needed('id')}",
            language=language(item),
            answers_to=refers.get("replied_to"),
            thread=item.name("conversation_id"),
            likes=counted.count("like_count"),
            comments=counted.count("reply_count"),
            shares=reposts(counted),
            views=self.plays(item),
            source=self.payload.connector,
            run=self.context.run,
        )

    def kind_of_mention(self, item: Item) -> str:
        """Tell a reply to the account from a post that only names it."""
        return (
            "reply" if self.owner and item.name("in_reply_to_user_id") == self.owner else "mention"
        )

    def attached(self, item: Item) -> list[Item | None]:
        """Return what is attached; unknown where the answer names it and does not hold it."""
        keys = item.at("attachments", "media_keys")
        return [self.media.get(str(key.value)) for key in keys]

    def images(self, item: Item) -> list[Item] | None:
        """Return the pictures of a post; unknown when one attachment is not in the answer."""
        found = self.attached(item)
        known = [one for one in found if one is not None]
        if len(known) < len(found):
            return None
        return [one for one in known if one.name("type") == "photo"]

    def plays(self, item: Item) -> int | None:
        """Return how often the videos of a post were played."""
        counts = [
            one.count("public_metrics", "view_count")
            for one in self.attached(item)
            if one is not None and one.name("type") == "video"
        ]
        known = [count for count in counts if count is not None]
        return sum(known) if known else None

    def kind(self, item: Item) -> str | None:
        """Return what a post is made of."""
        found = self.attached(item)
        if None in found:
            return None
        types = [one.name("type") for one in found if one is not None]
        if item.at("attachments", "poll_ids"):
            return "poll"
        if "video" in types:
            return "video"
        if types:
            return kind_of_images(len(types))
        return "link" if leads_elsewhere(item) else "text"

    def profile(self, item: Item) -> Snapshot:
        """Read the account itself."""
        counted = item.at("public_metrics")
        address = item.at("entities", "url", "urls", 0)
        verified = item.at("verified").value
        return Snapshot(
            network=self.payload.network,
            account=self.payload.subject,
            observed_at=self.payload.received_at,
            observed_on=self.payload.received_at.astimezone(self.context.zone).date(),
            followers=counted.count("followers_count"),
            following=counted.count("following_count"),
            posts=_first_count(counted, "post_count", "tweet_count"),
            name=item.text("name"),
            description=item.text("description"),
            website=address.name("expanded_url") or item.name("url"),
            is_verified=verified if isinstance(verified, bool) else None,
            source=self.payload.connector,
            run=self.context.run,
        )


def reading_of(payload: Payload, context: Context, body: Item, *, owner: str | None) -> Reading:
    """Return the reading of an answer: what is attached to its posts stands beside them."""
    media = {key: one for one in body.at("includes", "media") if (key := one.name("media_key"))}
    return Reading(payload=payload, context=context, media=media, owner=owner)


def identity(item: Item) -> str:
    """Return what a post is known by: the first of its editions, so that an edit is a new look."""
    history = either(item, "edit_history_post_ids", "edit_history_tweet_ids")
    return history.name(0) or item.needed("id")


def words(item: Item) -> str | None:
    """Return the words of a post in full: a long one has them in a note."""
    return either(item, "note_post", "note_tweet").text("text") or item.text("text")


def language(item: Item) -> str | None:
    """Return the language X found, where it found words."""
    found = item.name("lang")
    return None if found in NO_LANGUAGE else found


def reposts(counted: Item) -> int | None:
    """Return how often a post was reposted."""
    return _first_count(counted, "repost_count", "retweet_count")


def described(images: list[Item]) -> int:
    """Return how many pictures carry an alternative text."""
    return sum(1 for image in images if image.text("alt_text"))


def leads_elsewhere(item: Item) -> bool:
    """Whether a post links to a page outside X."""
    addresses = [one.name("expanded_url") for one in item.at("entities", "urls")]
    return any(_host(address) not in OWN_HOSTS for address in addresses if address)


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _first_count(item: Item, *names: str) -> int | None:
    return next((count for name in names if (count := item.count(name)) is not None), None)
