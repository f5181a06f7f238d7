"""The audience of a whole sector."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import exact
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.sector import totals
from vigie.words import Words, _


class SectorAudience(Indicator):
    """The sum of *followers* of the principal accounts of a group of institutions.

    n is the number of institutions seen, the coverage their share of those that ought to be: on a
    network, the institutions that have an account there; over all networks, every institution
    of the group. People who follow several institutions count several times.
    """

    label: ClassVar[Words] = _("Audience of the sector")
    unit: ClassVar[Words] = _("people")
    needs: ClassVar[frozenset[str]] = frozenset({"snapshots", "accounts", "institutions"})
    least_n: ClassVar[int] = 1
    lookback: ClassVar[tuple[int, ...]] = (1,)
    level: ClassVar[str] = "sector"

    def compute(self, tables: Tables) -> ir.Table:
        """Return the sum of each group, network and month."""
        found = totals(tables)
        return exact(found, found.total, least_n=self.least_n)
