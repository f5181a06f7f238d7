"""Meta Business Suite, one metric of a page by day."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from vigie.collect.headings import Cells, HeadedImporter, Headings
from vigie.collect.importer import Context
from vigie.collect.meta_sections import SECTION, metric_of, network_of, sections
from vigie.collect.observed import given_account, on_day
from vigie.collect.sample import Sample
from vigie.errors import RowError
from vigie.model import AccountDay
from vigie.words import _


class MetaPageDaily(HeadedImporter):
    """One metric of a page or an account by day, from *Results* of Meta Business Suite.

    The file is UTF-16 with ``sep=,`` first; its metric stands in a title above the columns
    *Date* and *Primary*: views (times shown, kept as *impressions*), reach or viewers,
    interactions, link clicks, visits, follows and unfollows. A file may hold two such
    sections, for Facebook and for Instagram; rows of the network that the account is not on
    are refused. Each metric is kept apart, so that the files of one day complete each other.
    The file does not say whose it is. Titles were seen in English; French ones are our best
    knowledge.
    """

    label = _("Meta Business Suite, page by day")
    needs_account = True
    headings = Headings(
        required={"day": "Date", "count": "Primary|Principal|Principale"}, also={"title": SECTION}
    )

    def read(self, sample: Sample) -> Iterator[pa.Table]:
        """Yield the rows with the title of the section that each stands in."""
        return sections(super().read(sample), sample)

    def recognises(self, sample: Sample) -> int:
        """Count the columns; a third for a title that we know."""
        found = super().recognises(sample)
        titles = [line for line in sample.preamble if metric_of(line)]
        return found + bool(titles) if found and len(sample.columns) <= 2 else 0

    def observations(self, cells: Cells, context: Context) -> Iterator[AccountDay]:
        """Yield the day of a row; nothing for a day without a figure."""
        title = cells.name("title") or ""
        metric = metric_of(title)
        if metric is None:
            raise RowError(
                _(
                    "The title {title} names no metric that we keep. These are kept: "
                    "views, reach, interactions, link clicks, visits, follows.",
                    title=title or "–",
                ),
                column="Date",
            )
        network = _network(title, context)
        counts = {metric: cells.count("count")}
        if counts[metric] is None and not cells.slips:
            return
        yield AccountDay(
            network=network,
            account=given_account(context, network),
            **on_day(self, context, cells.day("day", context, day_first=False), metric=metric),
            impressions=counts.get("impressions"),
            reach=counts.get("reach"),
            interactions=counts.get("interactions"),
            clicks=counts.get("clicks"),
            profile_visits=counts.get("profile_visits"),
            followers_gained=counts.get("followers_gained"),
            followers_lost=counts.get("followers_lost"),
        )


def _network(title: str, context: Context) -> str:
    """Return the network of a section; refuse its rows if the account is on another."""
    given = (context.account or "facebook:").partition(":")[0]
    named = network_of(title) or given
    if named != given and context.account is not None:
        raise RowError(
            _(
                "{title} is not about {account}. "
                "Import the file again and give the account on {network}.",
                title=title,
                account=context.account,
                network=named,
            ),
            column="Date",
        )
    return named
