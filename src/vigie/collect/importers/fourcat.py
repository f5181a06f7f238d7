"""4CAT, posts as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from vigie.collect.address import parse_addresses
from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import account_key, published
from vigie.collect.post_addresses import read_post_address
from vigie.collect.post_kinds import kind_of
from vigie.errors import RowError
from vigie.model import Post
from vigie.words import _


class Fourcat(HeadedImporter):
    """Posts from a dataset of 4CAT, downloaded as CSV: Instagram, TikTok, X, LinkedIn, Bluesky.

    Every dataset of 4CAT has *id*, *thread_id*, *timestamp*, *body* and *author*; other names
    differ by network. The network is read from the post's address. Times are in UTC. A row
    that answers another one (*thread_id*) is a reply, a *comment* is passed over. *Shares*
    are reposts; quotes, where they are counted, are left out.
    """

    label = _("4CAT, posts")
    headings = Headings(
        required={
            "post": "id",
            "thread": "thread_id",
            "published": "timestamp",
            "text": "body",
            "author": "author",
        },
        also={
            "url": "post_url|tiktok_url|link|url",
            "exact": "unix_timestamp",
            "kind": "type|media_type",
            "images": "num_media",
            "language": "language_guess|language|lang",
            "repost": "is_retweet|is_repost",
            "reply": "is_reply",
            "likes": "likes|like_count|num_likes|amount_likes|reactions|likes_count",
            "comments": "comments|reply_count|num_comments|amount_comments|replies|replies_count",
            "shares": "shares|retweet_count|repost_count|amount_shares|reposts|reposts_count",
            "views": "plays|amount_plays|views|view_count",
            "impressions": "impression_count",
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[Post]:
        """Yield the post of a row; nothing for a comment."""
        if cells.name("kind") == "comment":
            return
        url = cells.name("url")
        address = read_post_address(url)
        if address is None:
            raise RowError(
                _("The address {url} does not say which post it is, nor where.", url=url or "–"),
                column=cells.places.get("url"),
            )
        network = address.network
        identifier = cells.identifier("post")
        is_reply = cells.flag("reply")
        yield Post(
            network=network,
            post=identifier,
            account=_account(network, cells.identifier("author")),
            **published(self, context, _moment(cells, context)),
            kind=_kind(cells, network),
            text=cells.text("text"),
            url=url,
            language=cells.name("language"),
            is_repost=bool(cells.flag("repost")),
            is_reply=cells.identifier("thread") != identifier if is_reply is None else is_reply,
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            views=cells.count("views"),
            impressions=cells.count("impressions"),
        )


def _kind(cells: Cells, network: str) -> str | None:
    if (cells.count("images") or 1) > 1:
        return "carousel"
    return kind_of(cells.name("kind")) or ("video" if network == "tiktok" else None)


def _moment(cells: Cells, context: Context) -> datetime:
    return cells.moment(
        "exact" if cells.raw("exact") else "published", replace(context, zone=ZoneInfo("UTC"))
    )


def _account(network: str, author: str) -> str:
    """Return the author's key; on LinkedIn an author is ``school/name`` or ``in/name``."""
    found = parse_addresses(f"https://www.linkedin.com/{author}").found if "/" in author else ()
    return found[0].account if found else account_key(network, author)
