"""X Analytics, posts (since 2024)."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import published
from vigie.collect.x_exports import is_reply, is_repost, moment_of_day, own_post
from vigie.model import Post
from vigie.words import _


class XContent(HeadedImporter):
    """Posts from *Content* of X Analytics (``account_analytics_content_…csv``), since 2024.

    The file gives the day only (``Tue, Jul 14, 2026``); the exact moment is in the post's
    identifier and is read from there. The account is read from the post's address. *Shares*
    are reposts: what X calls *Shares* (sent with a button) is a newer and smaller count that
    other looks at X do not have.
    """

    label = _("X Analytics, posts (since 2024)")
    headings = Headings(
        required={
            "post": "Post id",
            "published": "Date",
            "text": "Post text",
            "url": "Post Link",
            "impressions": "Impressions",
        },
        also={
            "likes": "Likes",
            "interactions": "Engagements",
            "saves": "Bookmarks",
            "sent": "Shares",
            "followers": "New follows",
            "comments": "Replies",
            "shares": "Reposts",
            "visits": "Profile visits",
            "details": "Detail Expands",
            "clicks": "URL Clicks",
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[Post]:
        """Yield the post of a row."""
        post, account = own_post(cells, context)
        text = cells.text("text")
        yield Post(
            network="x",
            post=post,
            account=account,
            **published(self, context, moment_of_day(cells, context, post)),
            text=text,
            url=cells.name("url"),
            is_repost=is_repost(text),
            is_reply=is_reply(text),
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            saves=cells.count("saves"),
            clicks=cells.count("clicks"),
            impressions=cells.count("impressions"),
        )
