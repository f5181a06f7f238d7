"""How concentrated the audience of a sector is."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.answers import exact
from vigie.measure.indicator import Indicator, Tables
from vigie.measure.sector import totals
from vigie.words import Words, _


class SectorTopTen(Indicator):
    """The share of the *sector audience* that its ten largest institutions hold, in percent.

    In a group of ten or fewer it would always be 100: there is no value below eleven.
    """

    label: ClassVar[Words] = _("Share of the ten largest")
    unit: ClassVar[Words] = _("%")
    needs: ClassVar[frozenset[str]] = frozenset({"snapshots", "accounts", "institutions"})
    least_n: ClassVar[int] = 11
    lookback: ClassVar[tuple[int, ...]] = (1,)
    level: ClassVar[str] = "sector"

    def compute(self, tables: Tables) -> ir.Table:
        """Return the share of the ten largest of each group, network and month."""
        found = totals(tables)
        return exact(found, found.top / found.total.nullif(0) * 100, least_n=self.least_n)
