"""How many comments an account's posts gathered."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.indicator import Indicator, Tables
from vigie.measure.reactions import total
from vigie.words import Words, _


class Comments(Indicator):
    """Comments of the own posts of the month, added up.

    A post whose comments are unknown is left out: the coverage says how many posts went in.
    """

    label: ClassVar[Words] = _("Comments")
    unit: ClassVar[Words] = _("comments")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 1

    def compute(self, tables: Tables) -> ir.Table:
        """Return the sum over the posts where it is known."""
        return total(tables, "comments", least_n=self.least_n)
