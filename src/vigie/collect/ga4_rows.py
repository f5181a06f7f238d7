"""Reads the rows of a report of Google Analytics, and what it says of their quality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite

from vigie.collect.connector import Context, Payload
from vigie.collect.items import Skipped
from vigie.collect.nested import Item
from vigie.errors import GarbledError, RowError
from vigie.model import Visit
from vigie.words import _

DIMENSIONS = ("date", "sessionSource", "sessionMedium", "sessionCampaignName")
METRICS = ("sessions", "totalUsers", "keyEvents", "purchaseRevenue")
UNKNOWN = frozenset({"(not set)", "(none)", ""})
NO_CAMPAIGN = frozenset({"(direct)", "(organic)", "(referral)"})
"""What Google writes where nobody named a campaign."""
OTHER = "(other)"
KIND = "analyticsData#runReport"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Reads one row, whose values stand in the order in which they were asked for."""

    payload: Payload
    context: Context

    def row(self, row: Item) -> Visit | Skipped:
        """Read what came from one campaign on one day; or a notice about the whole report."""
        if (notice := row.name("notice")) is not None:
            return Skipped(notice)
        named = [one.name("value") for one in row.at("dimensionValues")]
        counted = [Item({"value": one.at("value").value}) for one in row.at("metricValues")]
        if len(named) != len(DIMENSIONS) or len(counted) != len(METRICS):
            raise RowError(_("This row does not hold what was asked for."), column="row")
        day, source, medium, campaign = (value or "" for value in named)
        if OTHER in (day, source, medium, campaign):
            return Skipped("small campaigns added up by Google")
        if campaign in NO_CAMPAIGN:
            return Skipped("no campaign")
        visits, visitors, conversions, revenue = counted
        return Visit(
            site=self.payload.subject,
            day=_day(day),
            utm_source=_named(source),
            utm_medium=_named(medium),
            utm_campaign=_named(campaign),
            observed_at=self.payload.received_at,
            visits=visits.count("value"),
            visitors=visitors.count("value"),
            conversions=_whole(conversions.name("value")),
            revenue=_amount(revenue.name("value")),
            source=self.payload.connector,
            run=self.context.run,
        )


def rows_of(body: Item) -> Sequence[object]:
    """Return the rows of a report, and a notice for each thing that makes it inexact.

    Google leaves ``rows`` out where there are none.
    """
    if body.name("kind") != KIND:
        raise GarbledError(
            _("The answer is no report of Google Analytics: its interface may have changed.")
        )
    rows = body.at("rows").value
    return [*(rows if isinstance(rows, list) else []), *_notices(body.at("metadata"))]


def _notices(about: Item) -> Iterator[dict[str, str]]:
    if about.at("samplingMetadatas"):
        yield {"notice": "notice: figures estimated from a sample"}
    if about.at("subjectToThresholding").value is True:
        yield {"notice": "notice: rows about few people withheld by Google"}
    if about.at("dataLossFromOtherRow").value is True:
        yield {"notice": "notice: some campaigns only in the row of others"}


def _named(value: str) -> str:
    return "" if value in UNKNOWN else value


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007  a day of the site's zone
    except ValueError as error:
        raise RowError(
            _("{cell} is not a date that can be read.", cell=text), column="date"
        ) from error


def _amount(text: str | None) -> float | None:
    try:
        found = float(text or "")
    except ValueError:
        return None
    return found if isfinite(found) else None


def _whole(text: str | None) -> int | None:
    """Return a count; Google writes key events as a number that may have a point."""
    found = _amount(text)
    return None if found is None or found < 0 else round(found)
