"""Reads the rows of Matomo's reports of campaigns."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import isfinite

from vigie.collect.connector import Context, Payload
from vigie.collect.items import Skipped
from vigie.collect.nested import Item
from vigie.errors import RowError
from vigie.model import Visit
from vigie.words import _

OTHERS = frozenset({"others", "autres"})
"""What Matomo calls the row in which it adds up small campaigns."""
COUNTS = ("nb_visits", "nb_uniq_visitors", "nb_conversions", "nb_visits_converted", "revenue")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Reads one row of a report."""

    payload: Payload
    context: Context
    has_sources: bool

    def visit(self, row: Item) -> Visit | Skipped:
        """Read what came from one campaign on one day."""
        day = date_of(row.needed("day"))
        label, campaign = name_of(row.at("label")), name_of(row.at("campaign"))
        if OTHERS & {(label or "").casefold(), (campaign or "").casefold()}:
            return Skipped("small campaigns added up by Matomo")
        if label is None:
            raise RowError(_("{where} is missing.", where="label"), column="label")
        source, medium = source_and_medium(label) if self.has_sources else ("", "")
        counts = row.at("counts")
        return Visit(
            site=self.payload.subject,
            day=day,
            utm_source=source,
            utm_medium=medium,
            utm_campaign=(campaign or "") if self.has_sources else label,
            observed_at=self.payload.received_at,
            visits=counts.count("nb_visits"),
            visitors=counts.count("nb_uniq_visitors"),
            conversions=conversions(counts),
            revenue=amount(counts.at("revenue").value),
            source=self.payload.connector,
            run=self.context.run,
        )


def rows_of(body: Item, *, has_sources: bool) -> Iterator[dict[str, object]]:
    """Yield the rows of all days; below a source and medium, those of its campaigns."""
    days = body.value if isinstance(body.value, dict) else {}
    for day, rows in days.items():
        for row in map(Item, rows if isinstance(rows, list) else [rows]):
            campaigns = list(row.at("subtable")) if has_sources else []
            said = {"day": day, "label": row.at("label").value}
            for one in campaigns:
                yield {**said, "campaign": one.at("label").value, "counts": one.value}
            if not campaigns:
                counts = {name: row.at(name).value for name in COUNTS}
                yield {**said, "counts": counts}


def date_of(text: str) -> date:
    """Return a day; refuse the row where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise RowError(
            _("{cell} is not a date that can be read.", cell=text), column="day"
        ) from error


def name_of(label: Item) -> str | None:
    """Return a name without the marks that Matomo puts for signs of web pages."""
    found = label.name()
    return html.unescape(found) if found is not None else None


def source_and_medium(label: str) -> tuple[str, str]:
    """Return the two that Matomo joins by a dash; a source alone has none."""
    source, dash, medium = label.rpartition(" - ")
    return (source, medium) if dash else (label, "")


def conversions(counts: Item) -> int | None:
    """Return how many goals were reached; Matomo leaves the number out where there were none."""
    found = counts.count("nb_conversions")
    return 0 if found is None and counts.count("nb_visits_converted") == 0 else found


def amount(value: object) -> float | None:
    """Return an amount of money in the site's currency."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if isfinite(found) else None
