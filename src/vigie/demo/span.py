"""When the invented sector lives: two years of whole months, and what is over of this one."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import numpy as np

from vigie.invented.names import CALENDAR
from vigie.measure.months import shifted

MONTHS = 24
"""Whole months."""
EDITIONS = 3
"""The last of them have an edition."""
SEEN_AT = time(5)
"""When everything is looked at, UTC."""


@dataclass(frozen=True, kw_only=True)
class Span:
    """The months of the sector, numbered from 0; the last one is not over."""

    today: date

    @property
    def count(self) -> int:
        """Return how many months there are, with the one that is not over."""
        return MONTHS + 1

    @property
    def first(self) -> date:
        """Return the first day of all."""
        return shifted(self.today.replace(day=1), -MONTHS)

    @property
    def until(self) -> datetime:
        """Return the last look: nothing came later."""
        return datetime.combine(self.today, SEEN_AT, UTC)

    @property
    def editions(self) -> tuple[date, ...]:
        """Return the months whose comparison is published."""
        return tuple(self.start(MONTHS - back) for back in range(EDITIONS, 0, -1))

    def start(self, number: int) -> date:
        """Return the first day of a month."""
        return shifted(self.first, number)

    def number(self, day: date) -> int:
        """Return the number of the month of a day."""
        return (day.year - self.first.year) * 12 + day.month - self.first.month

    def days(self, number: int) -> int:
        """Return how many days of a month there were before today."""
        start = self.start(number)
        return self.today.day - 1 if number == MONTHS else monthrange(start.year, start.month)[1]

    def last_look(self, number: int) -> date:
        """Return the day of a month on which audiences were last looked at."""
        start = self.start(number)
        return self.today if number == MONTHS else start.replace(day=self.days(number))

    @property
    def pace(self) -> np.ndarray:
        """Return the share of the usual pace in every month."""
        usual = np.array(
            [CALENDAR[(self.start(number).month - 11) % 12] for number in range(self.count)]
        )
        usual[-1] *= self.days(MONTHS) / monthrange(self.today.year, self.today.month)[1]
        return usual
