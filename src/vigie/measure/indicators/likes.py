"""How many likes an account's posts gathered."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.indicator import Indicator, Tables
from vigie.measure.reactions import total
from vigie.words import Words, _


class Likes(Indicator):
    """Likes of the own posts of the month, added up.

    A post whose likes are unknown is left out: the coverage says how many posts went in.
    """

    label: ClassVar[Words] = _("Likes")
    unit: ClassVar[Words] = _("likes")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 1

    def compute(self, tables: Tables) -> ir.Table:
        """Return the sum over the posts where it is known."""
        return total(tables, "likes", least_n=self.least_n)
