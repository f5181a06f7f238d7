"""How much an account publishes."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.activity import activity
from vigie.measure.answers import exact
from vigie.measure.indicator import Indicator, Tables
from vigie.words import Words, _


class Posts(Indicator):
    """Own posts of the month.

    A repost of someone else's words is not a post; a carousel of nine images is one. A month is 0
    only when the network's own counter of posts was looked at on its last day and had not moved
    since before its first; otherwise a month without posts is unknown.
    """

    label: ClassVar[Words] = _("Posts")
    unit: ClassVar[Words] = _("posts")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 1
    lookback: ClassVar[tuple[int, ...]] = (1, 2)
    is_additive: ClassVar[bool] = True

    def compute(self, tables: Tables) -> ir.Table:
        """Return the count of each month."""
        found = activity(tables)
        return exact(found, found["count"], least_n=self.least_n)
