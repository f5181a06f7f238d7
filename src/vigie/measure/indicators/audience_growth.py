"""The change of the audience since the previous month's end."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import exact
from vigie.measure.audience import growth_over
from vigie.measure.indicator import Indicator, Tables
from vigie.words import Words, _


class AudienceGrowth(Indicator):
    """The change of *followers* since the previous month's end, in percent.

    Two different looks are needed: one look that serves for both months says nothing of a change.
    Across a break of the series (a purge of inactive followers, merged pages) growth is not
    computed.
    """

    label: ClassVar[Words] = _("Growth of the audience in a month")
    unit: ClassVar[Words] = _("%")
    needs: ClassVar[frozenset[str]] = frozenset({"snapshots", "accounts", "events"})
    least_n: ClassVar[int] = 2
    lookback: ClassVar[tuple[int, ...]] = (1, 2)

    def compute(self, tables: Tables) -> ir.Table:
        """Return the growth between two month's ends."""
        found = growth_over(tables, months=1)
        return exact(found, found.growth, least_n=self.least_n)
