"""Quarters of a year: which one is meant, what lies in it, what the one before was."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from vigie.words import Words, _

MONTHS = 3
_NAME = re.compile(r"(\d{4})-?[QqTt]([1-4])")


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months, as 2026-Q3."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Quarter:
        """Return the quarter of a day."""
        return cls(day.year, (day.month - 1) // MONTHS + 1)

    @classmethod
    def read(cls, text: str) -> Quarter | None:
        """Read ``2026-Q3`` or, in French, ``2026-T3``; none when it is none."""
        found = _NAME.fullmatch(text.strip())
        return cls(int(found[1]), int(found[2])) if found else None

    @property
    def first(self) -> date:
        """Return its first day."""
        return date(self.year, (self.number - 1) * MONTHS + 1, 1)

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> Quarter:
        """Return the next one."""
        ended = self.number == 4
        return Quarter(self.year + ended, 1 if ended else self.number + 1)

    @property
    def before(self) -> Quarter:
        """Return the one before."""
        return Quarter.of(self.first - timedelta(days=1))

    @property
    def words(self) -> Words:
        """Return how it is called."""
        # The year is a text: no thousands are parted in it.
        return _("Q{number} {year}", number=self.number, year=str(self.year))

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def quarters_of(days: Iterable[date]) -> list[Quarter]:
    """Return the quarters in which these days lie, the latest first."""
    return sorted({Quarter.of(day) for day in days}, reverse=True)


def usual(known: list[Quarter], today: date) -> Quarter:
    """Return the latest quarter that is over, or the latest of all."""
    over = [one for one in known if one.last < today]
    return over[0] if over else known[0]
