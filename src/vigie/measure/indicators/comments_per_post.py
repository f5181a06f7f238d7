"""How many comments an average post gathers."""

from __future__ import annotations

from typing import ClassVar

import ibis.expr.types as ir

from vigie.measure.indicator import Indicator, Tables
from vigie.measure.reactions import mean
from vigie.words import Words, _


class CommentsPerPost(Indicator):
    """The mean, over the own posts of the month, of their comments.

    The mean, as rankings that count per post print it: one post that everybody comments on moves
    it, and its interval (Student's) shows so. A post whose comments are unknown is left out.
    """

    label: ClassVar[Words] = _("Comments per post")
    unit: ClassVar[Words] = _("comments")
    needs: ClassVar[frozenset[str]] = frozenset({"posts", "snapshots"})
    least_n: ClassVar[int] = 5
    source: ClassVar[Words | None] = _("Student, Biometrika 6 (1908), the interval of a mean.")

    def compute(self, tables: Tables) -> ir.Table:
        """Return the mean over the posts where it is known."""
        return mean(tables, "comments", least_n=self.least_n)
