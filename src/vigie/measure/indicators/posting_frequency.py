"""The pace at which an account publishes."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.activity import activity
from vigie.measure.answers import exact
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.months import last_day
from vigie.words import Words, _


class PostingFrequency(Indicator):
    """Own posts per week of the month: *posts* over its days, times seven."""

    label: ClassVar[Words] = _("Posting frequency")
    unit: ClassVar[Words] = _("posts per week")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 1
    lookback: ClassVar[tuple[int, ...]] = (1, 2)

    def compute(self, tables: Tables) -> ir.Table:
        """Return the weekly pace of each month."""
        found = activity(tables)
        pace = found["count"] * 7 / last_day(found.month_on).day()
        return exact(found, pace, least_n=self.least_n)
