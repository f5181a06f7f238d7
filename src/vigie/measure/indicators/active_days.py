"""On how many days an account publishes."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.activity import active_days
from vigie.measure.answers import exact
from vigie.measure.indicator import Indicator, Tables
from vigie.words import Words, _


class ActiveDays(Indicator):
    """Days of the month with at least one own post."""

    label: ClassVar[Words] = _("Active days")
    unit: ClassVar[Words] = _("days")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 1
    lookback: ClassVar[tuple[int, ...]] = (1, 2)

    def compute(self, tables: Tables) -> ir.Table:
        """Return the count of days of each month."""
        found = active_days(tables)
        return exact(found, found["count"], least_n=self.least_n)
