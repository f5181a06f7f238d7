"""TikTok Studio, followers by day."""

from __future__ import annotations

from collections.abc import Iterator

from vigie.collect.headings import Cells, Headings
from vigie.collect.importer import Context
from vigie.collect.observed import end_of, given_account, looked
from vigie.collect.yearless import YearlessImporter
from vigie.model import Snapshot
from vigie.words import _


class TiktokFollowers(YearlessImporter):
    """The audience of one account day by day, from *Followers* of TikTok Studio.

    *Followers* is the audience at the end of the day: each day is a snapshot. The difference
    from the day before is left out, since it follows. A day whose audience TikTok does not
    know (``undefined``) is passed over. Dates have no year: see the overview. The file does
    not say whose it is.
    """

    label = _("TikTok Studio, followers by day")
    needs_account = True
    needs_year = True
    headings = Headings(
        required={
            "day": "Date",
            "followers": "Followers",
            "difference": "Difference in followers from previous day",
        },
    )

    def observations(self, cells: Cells, context: Context) -> Iterator[Snapshot]:
        """Yield the snapshot of a row."""
        followers = cells.count("followers")
        if followers is None:
            return
        day = cells.day("day", context)
        yield Snapshot(
            network="tiktok",
            account=given_account(context, "tiktok"),
            **looked(self, context, end_of(day, context)),
            followers=followers,
        )
