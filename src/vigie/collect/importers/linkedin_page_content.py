"""LinkedIn page, content statistics by day."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import given_account, on_day
from vigie.model import AccountDay
from vigie.words import _


class LinkedinPageContent(HeadedImporter):
    """The days of one page from *Content*, *Metrics* of LinkedIn's page analytics.

    The file does not say whose it is. Counts are the totals, paid ones included; *reach* is
    the organic *unique impressions*, the only one LinkedIn gives. Dates are written with the
    month first.
    """

    label = _("LinkedIn page, content by day")
    needs_account = True
    headings = Headings(
        required={
            "day": "Date",
            "impressions": "Impressions (total)",
            "clicks": "Clicks (total)",
        },
        also={
            "organic": "Impressions (organic)",
            "sponsored": "Impressions (sponsored)",
            "reach": "Unique impressions (organic)",
            "likes": "Reactions (total)",
            "comments": "Comments (total)",
            "shares": "Reposts (total)",
            "rate": "Engagement rate (total)",
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[AccountDay]:
        """Yield the day of a row."""
        yield AccountDay(
            network="linkedin",
            account=given_account(context, "linkedin"),
            **on_day(self, context, cells.day("day", context, day_first=False)),
            impressions=cells.count("impressions"),
            reach=cells.count("reach"),
            clicks=cells.count("clicks"),
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
        )
