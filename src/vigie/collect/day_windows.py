"""Goes back through days some at a time: statistics are asked for by their first and last day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from vigie.collect.connector import Page

DAY = timedelta(days=1)
LONGEST = timedelta(days=31)
"""Days of one question."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """Some days in a row, both ends included."""

    first: date
    last: date

    @property
    def before(self) -> Window:
        """The days before these."""
        return Window(first=self.first - LONGEST, last=self.first - DAY)

    @property
    def begins(self) -> datetime:
        """When the first day begins; sites count in zones of their own, a few hours off."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def text(self) -> str:
        """How a page names these days."""
        return f"{self.first}..{self.last}"

    @classmethod
    def read(cls, text: str | None) -> Window | None:
        """Read the name of a page."""
        first, _dots, last = (text or "").partition("..")
        try:
            return cls(first=date.fromisoformat(first), last=date.fromisoformat(last))
        except ValueError:
            return None

    @classmethod
    def latest(cls, now: datetime, since: datetime | None) -> Window:
        """Return the last days that are over, as far back as is wanted."""
        last = now.astimezone(UTC).date() - DAY
        first = last - LONGEST + DAY
        if since is not None:
            first = min(last, max(first, since.astimezone(UTC).date() - DAY))
        return cls(first=first, last=last)


def windowed(page: Page, window: Window, *, now: datetime, kept: timedelta) -> Page:
    """Say where the page of a window leads: to the days before, as long as they are kept."""
    before = window.before.text if now - window.begins < kept else None
    return replace(page, next_page=before, oldest=window.begins)
