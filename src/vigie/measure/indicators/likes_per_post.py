"""How many likes an average post gathers."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.indicator import Indicator, Tables
from vigie.measure.reactions import mean
from vigie.words import Words, _


class LikesPerPost(Indicator):
    """The mean, over the own posts of the month, of their likes.

    The mean, as rankings that count per post print it: one post that everybody likes moves
    it, and its interval (Student's) shows so. A post whose likes are unknown is left out.
    """

    label: ClassVar[Words] = _("Likes per post")
    unit: ClassVar[Words] = _("likes")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 5
    source: ClassVar[Words | None] = _("Student, Biometrika 6 (1908), the interval of a mean.")

    def compute(self, tables: Tables) -> ir.Table:
        """Return the mean over the posts where it is known."""
        return mean(tables, "likes", least_n=self.least_n)
