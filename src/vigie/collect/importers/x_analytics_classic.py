"""Twitter Analytics, posts (until 2024)."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import published
from vigie.collect.x_exports import is_reply, is_repost, own_post
from vigie.model import Post
from vigie.words import _


class XAnalyticsClassic(HeadedImporter):
    """Posts from *Export data* of Twitter Analytics, one row per post, as it was until 2024.

    Times carry their offset (``+0000``). Counts are written ``2386.0`` and ``-`` means that
    there is none. The account is read from the post's address. *Clicks* are clicks on links.
    What was shown because it was paid for (``promoted …``) is left out, as are *media views*,
    which count images too and are not plays of a video.
    """

    label = _("Twitter Analytics, posts (until 2024)")
    headings = Headings(
        required={
            "post": "Tweet id",
            "url": "Tweet permalink",
            "text": "Tweet text",
            "published": "time",
            "impressions": "impressions",
        },
        also={
            "interactions": "engagements",
            "shares": "retweets",
            "comments": "replies",
            "likes": "likes",
            "clicks": "url clicks",
            "views": "media views",
            "promoted": "promoted impressions",
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
            **published(self, context, cells.moment("published", context)),
            text=text,
            url=cells.name("url"),
            is_repost=is_repost(text),
            is_reply=is_reply(text),
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            clicks=cells.count("clicks"),
            impressions=cells.count("impressions"),
        )
