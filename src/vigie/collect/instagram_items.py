"""Reads profiles, media, comments and figures as the Graph API answers them for Instagram."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from vigie.collect.graph import Reading, after, figures, first, said_under
from vigie.collect.nested import Item
from vigie.collect.post_kinds import kind_of
from vigie.collect.trail import Below
from vigie.errors import RowError
from vigie.model import AccountDay, Mention, Post, Snapshot
from vigie.words import _


@dataclass(frozen=True, kw_only=True)
class InstagramReading(Reading):
    """Reads one item of an answer about an Instagram account."""

    def profile(self, item: Item) -> Snapshot:
        """Read the account itself."""
        item.needed("id")
        return Snapshot(
            network=self.payload.network,
            account=self.payload.subject,
            observed_at=self.payload.received_at,
            observed_on=self.day(self.payload.received_at),
            followers=item.count("followers_count"),
            following=item.count("follows_count"),
            posts=item.count("media_count"),
            name=item.text("name"),
            description=item.text("biography"),
            website=item.name("website"),
            source=self.payload.connector,
            run=self.context.run,
        )

    def published(self, item: Item) -> Post:
        """Read a post of the account."""
        found = figures(item)
        images = pictures(item)
        described = [one for one in images or () if one.text("alt_text")]
        knows_words = any(has(one, "alt_text") for one in images or ())
        return replace(
            self.post(item, when="timestamp"),
            kind=kind(item),
            text=item.text("caption"),
            url=item.name("permalink"),
            likes=item.count("like_count"),
            comments=item.count("comments_count"),
            shares=first(found, "shares"),
            saves=first(found, "saved"),
            impressions=first(found, "views", "impressions"),
            reach=first(found, "reach"),
            views=item.count("view_count"),
            images=None if images is None else len(images),
            images_described=len(described) if knows_words else None,
        )

    def comment(self, spoken: Item) -> Mention | Post:
        """Read what was said under a post: the account's own answers are its posts."""
        media, item = spoken.needed("post"), spoken.at("comment")
        author = item.needed("username")
        parent = item.name("parent_id") or spoken.name("parent")
        if author.casefold() == (spoken.name("owner") or "").casefold():
            own = self.answer(item, when="timestamp", answers_to=parent, thread=media)
            return replace(own, text=item.text("text"), likes=item.count("like_count"))
        return replace(
            self.mention(item, when="timestamp", kind="reply", author=author),
            text=item.text("text"),
            answers_to=parent or media,
            thread=media,
            likes=item.count("like_count"),
        )

    def tagged(self, item: Item) -> Mention:
        """Read a public post by someone else on which the account is marked."""
        return replace(
            self.mention(item, when="timestamp", kind="tag", author=item.needed("username")),
            text=item.text("caption"),
            url=item.name("permalink"),
            likes=item.count("like_count"),
            comments=item.count("comments_count"),
        )

    def account_day(self, item: Item, *, day: date) -> AccountDay:
        """Read the figures of one day."""
        found = {
            name: Item({name: value}).count(name)
            for one in item.at("data")
            if (name := one.name("name"))
            and (value := one.at("total_value", "value").value) is not None
        }
        if not found:
            raise RowError(_("None of the figures of this day is known."), column="data")
        return AccountDay(
            network=self.payload.network,
            account=self.payload.subject,
            day=day,
            observed_at=self.payload.received_at,
            impressions=first(found, "views"),
            reach=first(found, "reach"),
            clicks=first(found, "profile_links_taps", "website_clicks"),
            likes=first(found, "likes"),
            comments=first(found, "comments"),
            shares=first(found, "shares"),
            saves=first(found, "saves"),
            interactions=first(found, "total_interactions"),
            profile_visits=first(found, "profile_views"),
            source=self.payload.connector,
            run=self.context.run,
        )


def kind(item: Item) -> str | None:
    """Return what a post is made of; a reel is a video."""
    product = item.name("media_product_type")
    if product == "STORY":
        return "story"
    return "video" if product == "REELS" else kind_of(item.name("media_type"))


def pictures(item: Item) -> list[Item] | None:
    """Return the pictures of a post; unknown where a carousel does not say what it holds."""
    parts = list(item.at("children", "data"))
    if item.name("media_type") == "CAROUSEL_ALBUM" and not parts:
        return None
    if item.name("media_type") is None:
        return None
    return [one for one in parts or [item] if one.name("media_type") == "IMAGE"]


def has(item: Item, name: str) -> bool:
    """Whether an answer names something, be it empty: a picture without words says so."""
    return isinstance(item.value, dict) and name in item.value


def spoken_under(media: Item) -> Iterator[dict[str, object]]:
    """Yield the comments that come with a post, and the answers that come with each."""
    root = media.name("id") or ""
    for comment in media.at("comments", "data"):
        yield from with_answers(root, comment, owner=media.name("username"))


def with_answers(media: str, comment: Item, *, owner: str | None) -> Iterator[dict[str, object]]:
    """Yield a comment and the answers to it."""
    yield {**said_under(media, comment.value), "owner": owner}
    for answer in comment.at("replies", "data"):
        yield {**said_under(media, answer.value), "owner": owner, "parent": comment.name("id")}


def answers_below(media: str, comments: Iterator[Item]) -> Iterator[Below]:
    """Yield the comments that have more answers than came with them."""
    for comment in comments:
        root, token = comment.name("id"), after(comment.at("replies"))
        if root and token:
            yield Below(root=root, token=token, thread=media)
