"""X Analytics, account overview by day."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import given_account, on_day
from vigie.model import AccountDay
from vigie.words import _


class XAccountOverview(HeadedImporter):
    """The days of one account from *Account overview* of X Analytics, since 2024.

    The file does not say whose it is. Followers are those won and lost that day, never the
    audience itself. *Shares* are reposts, as in the file of posts.
    """

    label = _("X Analytics, account overview")
    needs_account = True
    headings = Headings(
        required={
            "day": "Date",
            "impressions": "Impressions",
            "interactions": "Engagements",
            "followers_gained": "New follows",
            "followers_lost": "Unfollows",
        },
        also={
            "likes": "Likes",
            "saves": "Bookmarks",
            "sent": "Shares",
            "comments": "Replies",
            "shares": "Reposts",
            "profile_visits": "Profile visits",
            "posts": "Create Post",
            "views": "Video views",
            "media": "Media views",
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[AccountDay]:
        """Yield the day of a row."""
        yield AccountDay(
            network="x",
            account=given_account(context, "x"),
            **on_day(self, context, cells.day("day", context)),
            impressions=cells.count("impressions"),
            views=cells.count("views"),
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            saves=cells.count("saves"),
            interactions=cells.count("interactions"),
            profile_visits=cells.count("profile_visits"),
            followers_gained=cells.count("followers_gained"),
            followers_lost=cells.count("followers_lost"),
            posts=cells.count("posts"),
        )
