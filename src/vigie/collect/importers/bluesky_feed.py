"""Bluesky, the feed of an author."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Headings, Row
from vigie.collect.importer import Context, RowImporter
from vigie.collect.nested import Item, item_of
from vigie.collect.observed import account_key, published
from vigie.collect.post_kinds import kind_of_images
from vigie.collect.sample import Sample
from vigie.model import Post
from vigie.words import _


class BlueskyFeed(RowImporter):
    """Posts from ``app.bsky.feed.getAuthorFeed``, saved as JSON: ``{"feed": [...]}``.

    An entry with a *reason* is a repost: it belongs to the account that reposted, and the
    counts of the original are not its own. A reply to oneself goes on a thread and is not a
    reply to someone else. *Shares* are reposts and quotes. Images count as described when
    their alternative text is not blank.
    """

    label = _("Bluesky, feed of an author")
    headings = Headings(
        required={
            "uri": "post.uri",
            "handle": "post.author.handle",
            "made": "post.record.createdAt",
        },
        also={
            "text": "post.record.text",
            "likes": "post.likeCount",
            "shares": "post.repostCount",
            "comments": "post.replyCount",
        },
    )

    def recognises(self, sample: Sample) -> int:
        """Count the fields of this format."""
        return self.headings.found(sample)

    def records(self, row: Row, context: Context) -> Iterator[Post]:
        """Yield the post of an entry."""
        entry = item_of(row)
        post = entry.at("post")
        reason = entry.at("reason")
        if (reason.name("$type") or "").endswith("reasonPin"):
            reason = Item(None)
        yield self._repost(post, reason, context) if reason else self._own(post, context)

    def _repost(self, post: Item, reason: Item, context: Context) -> Post:
        uri = post.needed("uri")
        return Post(
            network="bluesky",
            post=reason.name("uri") or f"{uri}#{reason.needed('by', 'did')}",
            account=account_key("bluesky", reason.needed("by", "handle")),
            **published(self, context, reason.when("indexedAt")),
            text=post.text("record", "text"),
            url=_address(post),
            is_repost=True,
            is_reply=False,
        )

    def _own(self, post: Item, context: Context) -> Post:
        record = post.at("record")
        images = _images(record.at("embed"))
        parent = record.name("reply", "parent", "uri")
        shares = [post.count("repostCount"), post.count("quoteCount")]
        known = [count for count in shares if count is not None]
        return Post(
            network="bluesky",
            post=post.needed("uri"),
            account=account_key("bluesky", post.needed("author", "handle")),
            **published(self, context, record.when("createdAt")),
            kind=_kind(record.at("embed"), len(images)),
            text=record.text("text"),
            url=_address(post),
            language=record.name("langs", 0),
            is_repost=False,
            is_reply=parent is not None and f"//{post.name('author', 'did')}/" not in parent,
            likes=post.count("likeCount"),
            comments=post.count("replyCount"),
            shares=sum(known) if known else None,
            images=len(images),
            images_described=sum(image.text("alt") is not None for image in images),
        )


def _images(embed: Item) -> list[Item]:
    """Return the images of a post, beside a quote or not."""
    return list(embed.at("images")) or list(embed.at("media", "images"))


def _kind(embed: Item, images: int) -> str:
    kinds = f"{embed.name('$type')} {embed.name('media', '$type')}"
    if "embed.video" in kinds:
        return "video"
    return "link" if "embed.external" in kinds else kind_of_images(images)


def _address(post: Item) -> str:
    name = post.needed("uri").rpartition("/")[2]
    return f"https://bsky.app/profile/{post.needed('author', 'handle')}/post/{name}"
