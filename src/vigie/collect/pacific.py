"""Goes through the days of California, which are those that Meta counts, one question a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vigie.collect.connector import Page

PACIFIC = ZoneInfo("America/Los_Angeles")
KEPT = timedelta(days=720)
"""How long Meta keeps the figures of a day, a little less than its two years."""


def day_of(page: str | None, now: datetime) -> date:
    """Return the day that is asked about: first the last that is over."""
    try:
        return date.fromisoformat(page or "")
    except ValueError:
        return now.astimezone(PACIFIC).date() - timedelta(days=1)


def midnight(day: date) -> datetime:
    """Return when a day begins, UTC."""
    return datetime.combine(day, time(), PACIFIC).astimezone(UTC)


def moments_of(day: date) -> dict[str, str]:
    """Return the parameters that ask for one day."""
    begin, end = midnight(day), midnight(day + timedelta(days=1))
    return {"since": str(int(begin.timestamp())), "until": str(int(end.timestamp()))}


def day_page(page: Page, day: date, *, now: datetime) -> Page:
    """Say where the page of a day leads: to the day before, as long as Meta keeps it."""
    begun = midnight(day)
    before = f"{day - timedelta(days=1)}" if now - begun < KEPT else None
    return replace(page, next_page=before, oldest=begun)
