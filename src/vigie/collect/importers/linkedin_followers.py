"""LinkedIn page, new followers by day."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import given_account, on_day
from vigie.model import AccountDay
from vigie.words import _


class LinkedinFollowers(HeadedImporter):
    """New followers of one page by day, from *Followers* of LinkedIn's page analytics.

    What LinkedIn calls *Total followers* is the sum of those gained **that day**, not how many
    there are: it is kept as *followers gained* and never as the audience. The file does not
    say whose it is. Dates are written with the month first.
    """

    label = _("LinkedIn page, new followers by day")
    needs_account = True
    headings = Headings(
        required={
            "day": "Date",
            "gained": "Total followers",
            "organic": "Organic followers",
            "sponsored": "Sponsored followers",
        },
        also={"invited": "Auto-invited followers"},
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[AccountDay]:
        """Yield the day of a row."""
        yield AccountDay(
            network="linkedin",
            account=given_account(context, "linkedin"),
            **on_day(self, context, cells.day("day", context, day_first=False)),
            followers_gained=cells.count("gained"),
        )
