"""TikTok Studio, overview by day."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Cells, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import given_account, on_day
from vigie.collect.yearless import YearlessImporter
from vigie.model import AccountDay
from vigie.words import _


class TiktokOverview(YearlessImporter):
    """The days of one account from *Overview* of TikTok Studio.

    Dates have no year (*September 28*): it is the one given for the newest day, or else the
    latest that is not after the export, and the import says which. ``undefined`` is unknown.
    TikTok takes back likes and views it finds invalid, so a count can be below zero: that
    cell is refused, the rest of the day is kept. The file does not say whose it is.
    """

    label = _("TikTok Studio, overview by day")
    needs_account = True
    needs_year = True
    headings = Headings(
        required={
            "day": "Date",
            "views": "Video Views",
            "visits": "Profile Views",
            "likes": "Likes",
        },
        also={
            "comments": "Comments",
            "shares": "Shares",
            "reach": "Reached Audience|Unique Viewers",
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[AccountDay]:
        """Yield the day of a row."""
        yield AccountDay(
            network="tiktok",
            account=given_account(context, "tiktok"),
            **on_day(self, context, cells.day("day", context)),
            reach=cells.count("reach"),
            views=cells.count("views"),
            likes=cells.count("likes"),
            comments=cells.count("comments"),
            shares=cells.count("shares"),
            profile_visits=cells.count("visits"),
        )
