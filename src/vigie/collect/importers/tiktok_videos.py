"""TikTok Studio, videos."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import account_for_row, account_key, published
from vigie.collect.post_addresses import read_post_address
from vigie.collect.snowflakes import tiktok_moment
from vigie.errors import RowError
from vigie.model import Post
from vigie.words import _


class TiktokVideos(HeadedImporter):
    """Videos from *Content* of TikTok Studio.

    *Post time* has no year; the exact moment is in the video's identifier, which stands in its
    address, and is read from there. The account is read from the address too. A set of
    photos (``/photo/``) is a carousel.
    """

    label = _("TikTok Studio, videos")
    headings = Headings(
        required={
            "text": "Video title",
            "url": "Video link",
            "published": "Post time",
            "views": "Total views",
        },
        also={
            "looked": "Time",
            "likes": "Total likes",
            "comments": "Total comments",
            "shares": "Total shares",
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[Post]:
        """Yield the video of a row."""
        url = cells.name("url")
        link = read_post_address(url)
        if link is None or link.network != "tiktok":
            raise RowError(
                _("The address {url} holds no identifier of a video.", url=url or "–"),
                column=cells.places["url"],
            )
        if link.handle:
            account = account_key("tiktok", link.handle)
        else:
            account = account_for_row(context, "tiktok", column=cells.places["url"])
        when = tiktok_moment(link.post)
        yield Post(
            network="tiktok",
            post=link.post,
            account=account,
            **published(self, context, when or cells.moment("published", context)),
            kind="carousel" if link.form == "photo" else "video",
            text=cells.text("text"),
            url=url,
            is_repost=False,
            is_reply=False,
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            views=cells.count("views"),
        )
