"""The audience at the month's end."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import exact
from vigie.measure.audience import month_ends
from vigie.measure.indicator import Indicator, Tables
from vigie.words import Words, _


class Followers(Indicator):
    """Those who follow the account at the month's end.

    The last look at or before the end of the month, at most 45 days old; an older look no longer
    says how many follow today, and the value is unknown.
    """

    label: ClassVar[Words] = _("Followers")
    unit: ClassVar[Words] = _("people")
    needs: ClassVar[frozenset[str]] = frozenset({"snapshots"})
    least_n: ClassVar[int] = 1
    lookback: ClassVar[tuple[int, ...]] = (1,)
    is_additive: ClassVar[bool] = True

    def compute(self, tables: Tables) -> ir.Table:
        """Return the last look of each month."""
        found = month_ends(tables)
        return exact(found, found.followers, least_n=self.least_n)
